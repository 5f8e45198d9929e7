"""Pinned versions are looked up in a copy of advisories, of a day that is said; no internet is asked here."""

import json
from pathlib import Path

import pytest

from tools.package.advisories import DAYS, PACKAGE, NoCopy, advisories_in, holes, report
from tools.package.contents import ROOT
from tools.package.pins import pins_in
from tools.package.supply import PINNED


def row(versions: str, name: str = "GHSA-1") -> dict[str, str]:
    return {"id": name, "severity": "HIGH", "v": versions, "fixed_in": "2.0", "advisory": "Lets anybody in"}


def copied(folder: Path, document: object) -> Path:
    path = folder / "db.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


def pinned(folder: Path, *pins: str) -> Path:
    for name in PINNED:
        (folder / name).write_text("".join(f"{pin} \\\n    --hash=sha256:{'0' * 64}\n" for pin in pins), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("version", "versions", "is_known"),
    [
        ("1.9", "<2.0", True),
        ("2.0", "<2.0", False),
        ("1.5", ">=1.5,<2.0", True),
        ("1.4", ">=1.5,<2.0", False),
        ("2.0rc1", "<2.0", False),  # before 2.0, but not of the versions below it (PEP 440)
        ("2.0b3", ">=2.0b1", True),
        ("1.0", "<0.7.11p3", True),  # nobody can tell, so a person has to look
    ],
)
def test_a_version_inside_of_an_advisorys_range_has_a_hole(tmp_path: Path, version: str, versions: str, is_known: bool):
    advisories = advisories_in(copied(tmp_path, {"thing": [row(versions)]}))

    assert bool(holes({"thing": version}, advisories)) == is_known


def test_a_package_is_found_however_its_name_is_spelled(tmp_path: Path):
    advisories = advisories_in(copied(tmp_path, {"Some_Thing.else": [row("<2.0")]}))

    (hole,) = holes({"some-thing-else": "1.0", "another": "1.0"}, advisories)

    assert (hole.name, hole.version, hole.advisory.id) == ("some-thing-else", "1.0", "GHSA-1")


def test_a_hole_is_told_with_what_mends_it_and_the_day_of_the_copy(tmp_path: Path):
    advisories = advisories_in(copied(tmp_path, {"thing": [row("<2.0"), row("<1.0", "GHSA-2")]}))
    said: list[str] = []

    code = report(advisories, "2026-07-07", said.append, pinned(tmp_path, "thing==1.5", "other==1.0"))

    assert code == 1
    assert "as of 2026-07-07; none of npm's" in said[0]
    assert said[1] == "requirements.txt: 2 packages, advisories about them 2, holes 1"
    assert said.count("  thing 1.5: GHSA-1 (high), Lets anybody in") == len(PINNED)
    assert "    fixed in 2.0" in said
    assert not any("GHSA-2" in line for line in said)


def test_without_a_hole_it_ends_well_and_says_how_much_it_knew(tmp_path: Path):
    advisories = advisories_in(copied(tmp_path, {"thing": [row("<2.0")]}))
    said: list[str] = []

    assert report(advisories, "2026-07-07", said.append, pinned(tmp_path, "thing==2.0")) == 0
    assert said[1] == "requirements.txt: 1 packages, advisories about them 1, holes 0"


@pytest.mark.parametrize("document", [{}, {"thing": []}, [], {"thing": [{"id": "GHSA-1"}]}])
def test_a_copy_that_says_nothing_is_no_clean_bill(tmp_path: Path, document: object):
    with pytest.raises(NoCopy):
        advisories_in(copied(tmp_path, document))


def test_a_copy_that_is_missing_or_broken_is_said(tmp_path: Path):
    with pytest.raises(NoCopy, match="FileNotFoundError"):
        advisories_in(tmp_path / "db.json")
    (tmp_path / "db.json").write_text("{", "utf-8")
    with pytest.raises(NoCopy, match="JSONDecodeError"):
        advisories_in(tmp_path / "db.json")


def test_the_day_of_the_pinned_copy_is_known():
    assert pins_in(ROOT / "requirements-audit.txt")[PACKAGE] in DAYS
