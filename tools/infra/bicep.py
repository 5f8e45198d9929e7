"""A Bicep file as pycep reads it, and the two questions that are asked of it most.

pycep parses and gives nested dictionaries; it knows no types, and does not tell a name from a text of the same letters
(https://pypi.org/project/pycep-parser/). symbols.py therefore looks at the text itself.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"


class Unreadable(Exception):
    """A file that is no Bicep; the message says where."""


@dataclass(frozen=True, slots=True)
class Template:
    """One file. The trees are pycep's: a parameter has `type` and `default`, a resource `type` and `config`."""

    path: Path
    text: str = field(repr=False)
    parameters: Mapping[str, Any] = field(repr=False)
    variables: Mapping[str, Any] = field(repr=False)
    resources: Mapping[str, Any] = field(repr=False)
    modules: Mapping[str, Any] = field(repr=False)
    outputs: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """Its path in the project."""
        return self.path.relative_to(ROOT).as_posix() if self.path.is_relative_to(ROOT) else self.path.name

    @property
    def required(self) -> set[str]:
        """Parameters without a default."""
        return {name for name, said in self.parameters.items() if said["default"] is None}

    def value(self, variable: str) -> Any:
        """What a variable is set to."""
        return self.variables[variable]["value"]

    def body(self, resource: str) -> dict[str, Any]:
        """A resource's or module's object, without its condition or loop."""
        found = {**self.resources, **self.modules}[resource]["config"]
        while "config" in found:
            found = found["config"]
        return dict(found)


def read(path: Path) -> Template:
    """Parse a file. Raises Unreadable."""
    text = path.read_text(encoding="utf-8")
    try:
        tree = _parser().parse(text=text)
    except Exception as error:
        where = str(error).split("\n", 1)[0]
        raise Unreadable(where) from error
    parts = ("parameters", "variables", "resources", "modules", "outputs")
    return Template(path, text, *(tree.get(part, {}) for part in parts))


def files(folder: Path = INFRA) -> list[Path]:
    """Every Bicep file below a folder."""
    return sorted(folder.rglob("*.bicep"))


@functools.cache
def _parser() -> Any:
    """Imported late: the deployment hook runs where pycep is not installed."""
    from pycep import BicepParser

    return BicepParser(cache=False)
