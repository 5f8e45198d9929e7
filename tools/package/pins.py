"""Reads pinned requirements: `name==version`, one a line, with hashes on lines of their own where there are any."""

import re
from pathlib import Path

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def pins_in(path: Path) -> dict[str, str]:
    """Version by name; names in lower case with hyphens, as indexes spell them."""
    found = _PIN.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def names_in(path: Path) -> frozenset[str]:
    """The names alone."""
    return frozenset(pins_in(path))
