"""HTTP routes with ASP.NET Core's templates: constraints, optional parameters, defaults, catch-all.

Page: https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints. Matching ignores the case of
literals; the method is a constraint of the route, so a wrong method is 404; `%2F` in a parameter stays encoded.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from .bindings import FunctionSpec
from .settings import SettingsError

_PARAMETER = re.compile(r"\{(\*{0,2})([A-Za-z_]\w*)((?::[^{}()?=]+(?:\((?:[^()]|\([^()]*\))*\))?)*)(\?|=[^}]*)?\}")
_CONSTRAINT = re.compile(r":([A-Za-z]+)(?:\(((?:[^()]|\([^()]*\))*)\))?")
_SLASH = re.compile("%2f", re.IGNORECASE)
Check = Callable[[str], bool]


def _is_guid(value: str) -> bool:
    try:
        return bool(uuid.UUID(value))
    except ValueError:
        return False


def _number(value: str) -> float:
    return float(value) if re.fullmatch(r"-?\d+", value) else float("nan")


_PLAIN: Mapping[str, Check] = {
    "int": lambda v: bool(re.fullmatch(r"[+-]?\d+", v)) and -(2**31) <= int(v) < 2**31,
    "long": lambda v: bool(re.fullmatch(r"[+-]?\d+", v)) and -(2**63) <= int(v) < 2**63,
    "bool": lambda v: v.lower() in {"true", "false"},
    "guid": _is_guid,
    "alpha": lambda v: bool(re.fullmatch(r"[A-Za-z]*", v)),
    "decimal": lambda v: bool(re.fullmatch(r"[+-]?\d+(\.\d+)?", v)),
    "double": lambda v: bool(re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", v)),
    "float": lambda v: bool(re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", v)),
    "datetime": lambda v: bool(re.match(r"\d{4}-\d{2}-\d{2}", v)),
    "required": bool,
}
_WITH_ARGUMENTS: Mapping[str, Callable[[list[str]], Check]] = {
    "minlength": lambda a: lambda v: len(v) >= int(a[0]),
    "maxlength": lambda a: lambda v: len(v) <= int(a[0]),
    "length": lambda a: lambda v: int(a[0]) <= len(v) <= int(a[-1]),
    "min": lambda a: lambda v: _number(v) >= int(a[0]),
    "max": lambda a: lambda v: _number(v) <= int(a[0]),
    "range": lambda a: lambda v: int(a[0]) <= _number(v) <= int(a[1]),
}


@dataclass(frozen=True)
class _Parameter:
    name: str
    checks: tuple[Check, ...]
    optional: bool
    default: str | None
    catch_all: bool


@dataclass(frozen=True)
class _Segment:
    """One part between slashes: a literal, a parameter, or a mixture such as `report-{year}`."""

    regex: re.Pattern[str]
    parameters: tuple[_Parameter, ...]
    rank: int
    """What is more specific is tried first: literal, mixture, constrained, parameter, catch-all."""

    @property
    def may_be_absent(self) -> bool:
        return all(p.optional or p.default is not None or p.catch_all for p in self.parameters) and self.rank > 1

    @property
    def is_catch_all(self) -> bool:
        return any(parameter.catch_all for parameter in self.parameters)


class RouteTemplate:
    """A parsed template."""

    def __init__(self, template: str) -> None:
        self._segments = [_segment(part) for part in _split(template.strip("/")) if part]
        self.order = ([segment.rank for segment in self._segments], -len(self._segments))

    def match(self, raw_path: str) -> dict[str, str] | None:
        """Give the parameters of an undecoded path, or None."""
        parts = [part for part in raw_path.strip("/").split("/") if part]
        values: dict[str, str] = {}
        for place, segment in enumerate(self._segments):
            if segment.is_catch_all:
                parts[place:] = ["/".join(parts[place:])] if parts[place:] else []
            if place >= len(parts):
                if not segment.may_be_absent:
                    return None
                values |= {p.name: p.default for p in segment.parameters if p.default is not None}
            elif not _read_segment(segment, parts[place], values):
                return None
        return values if len(parts) <= len(self._segments) else None


def _read_segment(segment: _Segment, part: str, values: dict[str, str]) -> bool:
    found = segment.regex.fullmatch(_decoded(part))
    if not found:
        return False
    for parameter in segment.parameters:
        value = found.group(parameter.name)
        if not all(check(value) for check in parameter.checks):
            return False
        values[parameter.name] = value
    return True


def _decoded(part: str) -> str:
    return "/".join("%2F".join(unquote(piece) for piece in _SLASH.split(each)) for each in part.split("/"))


def _split(template: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, character in enumerate(template):
        depth += (character == "{") - (character == "}")
        if character == "/" and depth <= 0:
            parts.append(template[start:place])
            start = place + 1
    return [*parts, template[start:]]


def _segment(part: str) -> _Segment:
    regex, parameters, end = "", [], 0
    for found in _PARAMETER.finditer(part):
        parameter = _parameter(found)
        regex += re.escape(part[end : found.start()]) + f"(?P<{parameter.name}>.+)"
        parameters.append(parameter)
        end = found.end()
    rest = part[end:]
    if "{" in rest or "}" in rest:
        raise SettingsError(f"{part!r} is not a route segment that can be read")
    return _Segment(
        re.compile(regex + re.escape(rest), re.IGNORECASE | re.DOTALL), tuple(parameters), _rank(part, parameters)
    )


def _rank(part: str, parameters: list[_Parameter]) -> int:
    if not parameters:
        return 0
    if len(parameters) > 1 or not part.startswith("{") or not part.endswith("}"):
        return 1
    only = parameters[0]
    return 4 if only.catch_all else 2 if only.checks else 3


def _parameter(found: re.Match[str]) -> _Parameter:
    stars, name, constraints, tail = found.groups()
    checks = tuple(_check(kind, arguments) for kind, arguments in _CONSTRAINT.findall(constraints))
    default = tail[1:] if tail and tail.startswith("=") else None
    return _Parameter(name, checks, optional=tail == "?", default=default, catch_all=bool(stars))


def _check(kind: str, arguments: str) -> Check:
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "regex":
        pattern = re.compile(arguments, re.IGNORECASE)
        return lambda value: bool(pattern.search(value))
    if kind in _WITH_ARGUMENTS:
        return _WITH_ARGUMENTS[kind](arguments.split(","))
    raise SettingsError(f"the route constraint {kind!r} is unknown")


class Routes:
    """All HTTP functions of an app."""

    def __init__(self, functions: Iterable[FunctionSpec], prefix: str) -> None:
        entries = []
        for spec in functions:
            route = str(spec.trigger.values.get("route") or spec.name)
            methods = {str(each).upper() for each in spec.trigger.values.get("methods") or ()}
            entries.append((RouteTemplate(f"{prefix}/{route}"), methods, spec))
        self._entries = sorted(entries, key=lambda entry: entry[0].order)

    def find(self, method: str, raw_path: str) -> tuple[FunctionSpec, dict[str, str]] | None:
        """Find the function that answers, with its route parameters."""
        for template, methods, spec in self._entries:
            if not methods or method.upper() in methods:
                values = template.match(raw_path)
                if values is not None:
                    return spec, values
        return None
