"""Names that are hard: each file is in SharePoint under a valid name, with its content, and stays under it.

docs/hard-files.md is the same table for people; a test below holds the two together.
"""

import unicodedata
import uuid
from pathlib import Path

import pytest

from shared.model.directory import Links
from tests.sync.hard_files import Shelf
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint

DOCUMENT = Path(__file__).parents[2] / "docs" / "hard-files.md"
COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "naïve.txt") for form in ("NFC", "NFD"))

KEPT = [
    "x",
    "n" * 251 + ".txt",
    "100 % # of a + b & c's $.txt",
    "a%20b.txt",
    "%2e%2e%2f.txt",
    "#.txt",
    "~draft.txt",
    "~tmp.txt",
    ".env",
    "a..b.txt",
    "a;b,c=d@e!f(g)[h]{i}.txt",
    "common.txt",
    "CONTRACT.txt",
    "forms.txt",
    "lock",
    "Résumé.txt",
    "😀👩‍👩‍👧.txt",
    "مستند عربي.txt",
    "文件 名.txt",
    "Ελληνικά.txt",
    "ẞtraße İstanbul.txt",
]

CHANGED = {
    "n" * 252 + ".txt": "n" * 251 + ".txt",
    "😀" * 130 + ".txt": "😀" * 125 + ".txt",
    "~$Budget.docx": "Budget.docx",
    " leading.txt": "leading.txt",
    "trailing.txt ": "trailing.txt",
    "dots.txt...": "dots.txt",
    "both. . .": "both",
    "...": "Unnamed",
    "~$": "Unnamed",
    "CON": "CON_",
    "con.txt": "con_.txt",
    "PRN.pdf": "PRN_.pdf",
    "aux": "aux_",
    "NUL.tar.gz": "NUL_.tar.gz",
    "COM1": "COM1_",
    "LPT1.txt": "LPT1_.txt",
    ".lock": ".lock_",
    "desktop.ini": "desktop_.ini",
    "a_vti_b.txt": "a-vti-b.txt",
    '"*:<>?|\\/.txt': "---------.txt",
    DECOMPOSED: COMPOSED,
    "\u202egnp.exe": "gnp.exe",
    "zero\u200bwidth.txt": "zerowidth.txt",
    "tab\tand\nline.txt": "tab and line.txt",
    "half\ud800.txt": "half-.txt",
}


@pytest.fixture(scope="module")
def shelf(azurite: Azurite, shared_sharepoint: LocalSharePoint) -> Shelf:
    """One library for all names: they have to get along."""
    shared_sharepoint.reset()
    world = World.start(environ_for(azurite.connection_string, shared_sharepoint), shared_sharepoint)
    return Shelf(world, Links(world.customer().id))


def shown(name: str) -> str:
    return name.encode("unicode_escape").decode()[:40]


@pytest.mark.parametrize("name", KEPT, ids=shown)
def test_a_hard_name_that_sharepoint_takes_is_kept(shelf: Shelf, name: str):
    content = uuid.uuid4().bytes

    moved = shelf.move(name, content)

    shelf.is_in_sharepoint(moved, name, content)
    shelf.comes_back_unchanged(moved)


@pytest.mark.parametrize(("asked", "name"), CHANGED.items(), ids=map(shown, CHANGED))
def test_a_name_that_sharepoint_refuses_becomes_the_nearest_that_it_takes(shelf: Shelf, asked: str, name: str):
    content = uuid.uuid4().bytes

    alone = Shelf(shelf.world, Links(shelf.world.customer().id))
    moved = alone.move(asked, content)

    alone.is_in_sharepoint(moved, name, content)
    alone.comes_back_unchanged(moved)


@pytest.mark.parametrize(
    "asked", [name for name in CHANGED if name.isascii() and name.isprintable() and len(name) < 40]
)
def test_what_becomes_of_a_name_is_written_down(asked: str):
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()

    assert any(f"`{asked}`".replace("|", "\\|") in line and f"`{CHANGED[asked]}`" in line for line in lines)
