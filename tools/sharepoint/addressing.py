"""Reading a URL: which part is an id, which is a path between colons.

https://learn.microsoft.com/graph/onedrive-addressing-driveitems. A path is decoded exactly once, and ``+`` is a plus.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from tools.sharepoint.state.errors import invalid_request

# SDKs that treat "root:/a/b:" as one id encode its slashes and colons; the service reads them as if they had not.
_ENCODED_ADDRESS = re.compile(r"[^/:]*?(?:%3A|:)%2F[^/]*", re.IGNORECASE)


@dataclass(slots=True)
class Segment:
    """A part of the path, with the relative path that followed it between colons."""

    text: str
    path: tuple[str, ...] | None = None


def split_url(raw: str) -> tuple[str, dict[str, str]]:
    """Return the undecoded path and the decoded query options."""
    path, _, query = raw.partition("?")
    if not query:
        return path, {}
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    if len(options) != len(pairs):
        raise invalid_request("A query option is given twice")
    return path, options


def read_path(raw_path: str) -> list[Segment]:
    """Split an undecoded path into segments; ``x:/a/b:`` becomes one segment with the path ``a``, ``b``."""
    if "%2F" in raw_path or "%2f" in raw_path:
        raw_path = _ENCODED_ADDRESS.sub(_plain_slashes, raw_path)
    segments: list[Segment] = []
    relative: list[str] | None = None
    for raw in raw_path.strip("/").split("/"):
        closes = raw.endswith(":")
        text = unquote(raw.removesuffix(":"), errors="strict")
        if relative is None:
            segments.append(Segment(text))
            relative = [] if closes else None
            continue
        if text:
            relative.append(text)
        segments[-1].path = tuple(relative)
        if closes:
            relative = None
    return segments


def _plain_slashes(found: re.Match[str]) -> str:
    return re.sub("%2F", "/", re.sub("%3A", ":", found[0], flags=re.IGNORECASE), flags=re.IGNORECASE)
