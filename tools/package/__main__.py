"""`python -m tools.package`: looks at what is deployed.

show       how many files, how large, and what importing them costs a new process
list       each file
licences   write docs/licences.md anew: the licences of others' work that is deployed
sbom       list that work with versions and licences, as CycloneDX, in .local/package/sbom.json
audit      look it up, and what developers use, in the databases of known holes (needs the internet)
audit-offline  the same of Python's packages, in a copy of GitHub's advisories, of the day that it says (needs PyPI)

Exit codes: 0 all is well, 1 something is not: a file that does not belong there, an import that is too early or fails,
a licence that is not allowed, a known hole.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from tools.package.advisories import NoCopy, audit_offline
from tools.package.cold_import import HEAVY, TARGET_S, NotImported, measure
from tools.package.contents import contents, strangers
from tools.package.licences import DOCUMENT, document, licences
from tools.package.supply import audit, write_sbom

_RUNS: Final = 3
_HEAVIEST: Final = 10


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.package", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="?", choices=list(_COMMANDS), default="show")
    return _COMMANDS[parser.parse_args(argv).command]()


def _list() -> int:
    for packed in contents():
        print(f"{packed.size_bytes:>9,}  {packed.path}")
    return _strangers()


def _strangers() -> int:
    found = strangers(contents())
    for path in found:
        print(f"not part of the product: {path}")
    return 1 if found else 0


def _show() -> int:
    packed = contents()
    folders = Counter(each.path.partition("/")[0] for each in packed)
    inside = ", ".join(f"{name} {count}" if count > 1 else name for name, count in sorted(folders.items()))
    print(f"files   {len(packed)}, {sum(each.size_bytes for each in packed) / 1024:,.0f} KiB: {inside}")
    try:
        # The first one also reads the libraries from the disk, which a started instance has done.
        best = min((measure() for _ in range(_RUNS)), key=lambda each: each.cpu_s)
        timed = measure(heaviest=_HEAVIEST)
    except NotImported as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"import  {best.cpu_s:.2f} s of CPU ({best.wall_s:.2f} s by the clock), {len(best.modules):,} modules, "
        f"nothing compiled before; wanted are less than {TARGET_S} s"
    )
    for name, seconds in timed.heaviest:
        print(f"        {seconds:6.3f} s  {name}")
    early = sorted(HEAVY & best.modules)
    for name in early:
        print(f"imported too early: {name}")
    return 1 if early else _strangers()


def _licences() -> int:
    found = licences()
    DOCUMENT.write_text(document(found), encoding="utf-8")
    refused = [each for each in found if not each.is_allowed]
    for each in refused:
        print(f"not allowed without asking: {each.name}, {each.licence}")
    return 1 if refused else 0


def _sbom() -> int:
    print(write_sbom())
    return 0


def _audit() -> int:
    return audit(print)


def _audit_offline() -> int:
    try:
        return audit_offline(print)
    except NoCopy as error:
        print(error, file=sys.stderr)
        return 1


_COMMANDS: Final[dict[str, Callable[[], int]]] = {
    "show": _show,
    "list": _list,
    "licences": _licences,
    "sbom": _sbom,
    "audit": _audit,
    "audit-offline": _audit_offline,
}


if __name__ == "__main__":
    sys.exit(main())
