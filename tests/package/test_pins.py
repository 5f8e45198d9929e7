"""Everything that others made is pinned: to a version, and to the hashes of its files."""

import json
import re

import pytest

from tools.package.contents import ROOT
from tools.package.pins import pins_in
from tools.package.supply import PINNED

FILES = ("requirements.txt", "requirements-dev.txt", "requirements-audit.txt")


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_known_by_the_hashes_of_its_files(name: str):
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip())

    for block in blocks:
        pin, *hashes = [line.strip(" \\") for line in block.splitlines()]
        assert re.fullmatch(r"[\w.-]+==[\w.!+]+", pin), pin
        assert hashes, pin
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), pin


@pytest.mark.parametrize("name", FILES)
def test_what_is_asked_for_is_pinned(name: str):
    asked = (ROOT / name).with_suffix(".in").read_text("utf-8")
    names = set(re.findall(r"^([a-z][\w.-]+)", asked, re.MULTILINE))

    assert names <= set(pins_in(ROOT / name))


def test_every_file_of_pins_is_looked_up_for_known_holes():
    assert sorted(PINNED) == sorted(FILES) == sorted(path.name for path in ROOT.glob("requirements*.txt"))


def test_developers_have_what_is_deployed():
    deployed, developers = (pins_in(ROOT / name) for name in FILES[:2])

    assert deployed.items() <= developers.items()


def test_only_what_has_these_hashes_is_installed():
    setup = (ROOT / "tools/setup.sh").read_text("utf-8")
    installing = re.findall(r"pip (?:sync|install) .*", setup)

    assert len(installing) == 2
    assert all("--require-hashes" in each for each in installing)
    assert "--generate-hashes" in (ROOT / "Makefile").read_text("utf-8")


def test_what_npm_installs_has_its_hash():
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]

    assert [
        path for path, each in packages.items() if path and not each.get("integrity", "").startswith("sha512-")
    ] == []
