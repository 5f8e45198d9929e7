"""Names in a Bicep file: which it declares, which it uses, and where the two do not fit.

The compiler finds that too, but it is no package of any registry that this project uses, so a typing error would show
only in Azure. Functions are not looked at, and a property of a resource is not either: nothing here knows their types.
"""

import re
from collections.abc import Iterator

_DECLARING = {"targetScope", "param", "var", "resource", "module", "output", "existing"}
_OTHER_KEYWORDS = {"if", "for", "in", "true", "false", "null"}
_TYPES = {"string", "int", "bool", "object", "array"}
_KEYWORDS = _DECLARING | _OTHER_KEYWORDS | _TYPES
_DECLARED = re.compile(r"^(param|var|resource|module|output) (\w+)", re.MULTILINE)
_LOCAL = re.compile(r"for (\w+) in|for \((\w+), (\w+)\) in|(\w+) =>|\((\w+), (\w+)\) =>")
_NAME = re.compile(r"[A-Za-z_]\w*")
_MUST_BE_USED = {"param", "var"}


def problems(text: str) -> list[str]:
    """Names that are used and not declared, or declared and not used."""
    declared = {name: kind for kind, name in _DECLARED.findall(text) if kind != "output"}
    local = {name for found in _LOCAL.findall(text) for name in found if name}
    used = set(names(text))
    unknown = sorted(used - set(declared) - local)
    idle = sorted(name for name, kind in declared.items() if kind in _MUST_BE_USED and name not in used)
    return [f"'{name}' is not declared" for name in unknown] + [f"'{name}' is never used" for name in idle]


def names(text: str) -> Iterator[str]:
    """The names that expressions use: no keys, no properties, no functions, no declarations."""
    code, inner = _split(text)
    for found in _NAME.finditer(code):
        before, after = code[: found.start()].rstrip(" "), code[found.end() :].lstrip(" ")
        line = code[code.rfind("\n", 0, found.start()) + 1 : found.start()]
        is_key = after.startswith(":") and (not before or before[-1] in "\n{,")
        is_declaration = re.fullmatch(r"(param|var|resource|module|output) (\w+ )?", line) is not None
        is_part = before.endswith((".", "@")) or after.startswith("(")
        if not (is_key or is_declaration or is_part or found[0] in _KEYWORDS):
            yield found[0]
    for expression in inner:
        yield from names(expression)


def _split(text: str) -> tuple[str, list[str]]:
    """The code without comments and texts, and the expressions inside of texts."""
    code: list[str] = []
    inner: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith("//", at):
            at = _end(text, "\n", at) - 1
        elif text.startswith("/*", at):
            at = _end(text, "*/", at)
        elif text.startswith("'''", at):
            at = _end(text, "'''", at + 3)
            code.append('""')
        elif text[at] == "'":
            at = _text(text, at + 1, inner)
            code.append('""')
        else:
            code.append(text[at])
            at += 1
    return "".join(code), inner


def _text(text: str, at: int, inner: list[str]) -> int:
    """Where a text ends that began before `at`; what it interpolates goes to `inner`."""
    while text[at] != "'":
        if text[at] == "\\":
            at += 2
        elif text.startswith("${", at):
            end = _interpolation(text, at + 2)
            inner.append(text[at + 2 : end])
            at = end + 1
        else:
            at += 1
    return at + 1


def _interpolation(text: str, at: int) -> int:
    """Where the closing brace is."""
    while text[at] != "}":
        at = _text(text, at + 1, []) if text[at] == "'" else at + 1
    return at


def _end(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)
