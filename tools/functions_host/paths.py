"""Blob paths with `{captures}`: matching a blob's name, and filling a path from what was captured.

Each capture is greedy and may hold slashes, as in the WebJobs SDK; doubled braces are literal.
Page: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#blob-name-patterns
"""

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from .settings import SettingsError

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")


class BlobPath:
    """`container/pattern`, where only the pattern may hold captures."""

    def __init__(self, path: str) -> None:
        self.container, _, self.pattern = path.partition("/")
        if "{" in self.container or not self.container:
            raise SettingsError(f"the blob path {path!r} must begin with a container's name")
        self.prefix, self._regex = _compile(self.pattern or "{name}")

    def match(self, blob_name: str) -> dict[str, str] | None:
        """Give the captures of a blob's name, or None where it does not match."""
        found = self._regex.fullmatch(blob_name)
        return found.groupdict() if found else None


def _compile(pattern: str) -> tuple[str, re.Pattern[str]]:
    regex, prefix, end, literal_so_far = "", "", 0, True
    for token in _TOKEN.finditer(pattern):
        text = pattern[end : token.start()] + ("" if token.group(1) else token.group()[0])
        regex += re.escape(text)
        prefix += text if literal_so_far else ""
        if token.group(1):
            regex += f"(?P<{token.group(1)}>.*)"
            literal_so_far = False
        end = token.end()
    rest = pattern[end:]
    return prefix + (rest if literal_so_far else ""), re.compile(regex + re.escape(rest), re.DOTALL)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill a path of an input or output binding."""

    def value(token: re.Match[str]) -> str:
        name = token.group(1)
        if name is None:
            return token.group()[0]
        if name in values:
            return values[name]
        if name == "rand-guid":
            return str(uuid.uuid4())
        if name == "DateTime":
            return datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
        raise SettingsError(f"nothing gives a value for {{{name}}} in {template!r}")

    return _TOKEN.sub(value, template)
