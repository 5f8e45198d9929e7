"""The licences of others' work that is deployed, as each installed package names its own; docs/licences.md lists them.

https://packaging.python.org/en/latest/specifications/core-metadata/#license-expression
"""

import json
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tools.package.contents import ROOT
from tools.package.pins import names_in

DOCUMENT = ROOT / "docs" / "licences.md"

ALLOWED = frozenset({"Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0"})
"""What may be deployed without asking anybody: permissive ones, and MPL, which binds only changes of its own files."""

UNKNOWN = "unknown"

_SPELLINGS = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd license": "BSD",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "the mit license": "MIT",
}
_LONGEST_NAME = 40
"""Some packages put the whole text where the name belongs."""

_HEAD = """# Licences

What others have made and this app is deployed with. Written by `python -m tools.package licences`, which ends with an
error where one is not among those that are allowed without asking: {allowed}.

| | Licence |
|---|---|
"""


@dataclass(frozen=True, slots=True)
class Licensed:
    """A deployed package and the licence that it names: an SPDX expression where it names one."""

    name: str
    licence: str

    @property
    def is_allowed(self) -> bool:
        """Whether one of the choices (OR) has only parts (AND) that are allowed."""
        choices = re.split(r"\s+OR\s+", self.licence.strip("()"))
        return any(set(re.split(r"\s+AND\s+", choice.strip("()"))) <= ALLOWED for choice in choices)


def licences(root: Path = ROOT) -> list[Licensed]:
    """Of each package in requirements.txt, as it is installed here, and of what the page brings along; by name."""
    packages = [Licensed(name, _of_package(name)) for name in names_in(root / "requirements.txt")]
    copied = [Licensed(f"{folder.name} (in the page)", _of_copy(root, folder.name)) for folder in copies(root)]
    return sorted([*packages, *copied], key=lambda each: each.name)


def copies(root: Path = ROOT) -> list[Path]:
    """The folders of libraries whose files lie in the project itself."""
    return sorted(path for path in (root / "static" / "vendor").iterdir() if path.is_dir())


def _of_package(name: str) -> str:
    said = metadata.metadata(name)
    expression, named = said.get("License-Expression"), said.get("License")
    if expression:
        return str(expression)
    if named and "\n" not in named and len(named) <= _LONGEST_NAME:
        return _spelt(named)
    kinds = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    return " AND ".join(_spelt(kind) for kind in kinds) or UNKNOWN


def _spelt(named: str) -> str:
    return _SPELLINGS.get(named.lower(), named)


def _of_copy(root: Path, name: str) -> str:
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"].get(f"node_modules/{name}", {}).get("license", UNKNOWN))


def document(found: list[Licensed]) -> str:
    """docs/licences.md as it has to be. Without versions: a new one changes nothing here unless its licence changed."""
    rows = "".join(f"| {each.name} | {each.licence} |\n" for each in found)
    return _HEAD.format(allowed=", ".join(sorted(ALLOWED))) + rows
