"""The parsed Bicep files, and small ways to look at them."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from tools.infra.bicep import INFRA, Template, files, read


@cache
def all_templates() -> tuple[Template, ...]:
    return tuple(read(path) for path in files())


@cache
def module(name: str) -> Template:
    return read(INFRA / "modules" / f"{name}.bicep")


@cache
def main() -> Template:
    return read(INFRA / "main.bicep")


def resources(kind: str) -> list[tuple[Template, str, dict[str, Any]]]:
    """Every resource of a type that is made, not only referred to: its file, symbol and body."""
    return [
        (template, symbol, template.body(symbol))
        for template in all_templates()
        for symbol, said in template.resources.items()
        if said["type"] == kind and not said["existing"]
    ]


def strings(tree: Any) -> Iterator[str]:
    """Every text and name in a parsed tree."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from strings(value)
    elif isinstance(tree, list | tuple):
        for each in tree:
            yield from strings(each)
    elif isinstance(tree, str):
        yield tree


def words(text: str) -> str:
    """A text on one line, for comparing prose."""
    return re.sub(r"\s+", " ", text)
