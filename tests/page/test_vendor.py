"""What the page takes from npm is what npm has, byte for byte."""

import json
from pathlib import Path

import pytest

from tools.vendor import FILES, ROOT, SOURCE, TARGET


@pytest.mark.parametrize("name", FILES)
def test_the_served_copy_equals_the_package(name: str) -> None:
    assert (TARGET / name).read_bytes() == (SOURCE / name).read_bytes()


def test_nothing_else_is_served_as_a_copy() -> None:
    served = {path.relative_to(TARGET).as_posix() for path in TARGET.rglob("*") if path.is_file()}
    assert served == set(FILES)


def test_the_package_is_pinned_to_the_version_that_was_copied() -> None:
    pinned = json.loads(Path(ROOT, "package.json").read_text("utf-8"))["devDependencies"]["lit-html"]
    assert pinned == json.loads((SOURCE / "package.json").read_text("utf-8"))["version"]
