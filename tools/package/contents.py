"""The files that a deployment takes: everything below the project's folder that .funcignore leaves.

https://learn.microsoft.com/azure/developer/azure-developer-cli/service-packaging-ignore-files
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parents[2]
RULES = ".funcignore"

FILES = frozenset({"function_app.py", "host.json", "requirements.txt"})
"""The product's files at the root."""

FOLDERS = {
    "functions": frozenset({".py"}),
    "shared": frozenset({".py"}),
    "static": frozenset({".css", ".html", ".js", ".svg"}),
}
"""The product's folders, and what may be in them."""

_LICENCE = "LICENSE"
"""Of a copied library: it has to travel with it."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of the package: its path from the root, with slashes, and its size."""

    path: str
    size_bytes: int


def contents(root: Path = ROOT) -> list[Packed]:
    """What is deployed from this folder as it is now, tracked by git or not, in order of paths."""
    rules = GitIgnoreSpec.from_lines((root / RULES).read_text(encoding="utf-8").splitlines())
    return sorted(_walk(root, rules), key=lambda packed: packed.path)


def _walk(root: Path, rules: GitIgnoreSpec) -> Iterator[Packed]:
    for folder, names, files in os.walk(root, followlinks=True):
        place = Path(folder).relative_to(root)
        # A folder that is left out is not entered, so that nothing in it can be taken in again.
        names[:] = [name for name in names if not rules.match_file(f"{(place / name).as_posix()}/")]
        for name in files:
            path = (place / name).as_posix()
            if not rules.match_file(path):
                yield Packed(path, (root / path).stat().st_size)


def strangers(packed: Iterable[Packed]) -> list[str]:
    """Paths that are no part of the product, whatever they are."""
    return [each.path for each in packed if not _is_product(PurePosixPath(each.path))]


def _is_product(path: PurePosixPath) -> bool:
    if len(path.parts) == 1:
        return path.name in FILES
    allowed = FOLDERS.get(path.parts[0], frozenset())
    return path.suffix in allowed or (path.parts[:2] == ("static", "vendor") and path.name == _LICENCE)
