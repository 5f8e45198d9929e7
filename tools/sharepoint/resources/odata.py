"""OData query options, as far as SharePoint takes them: $select, $expand, $filter by equality, $top and paging.

https://learn.microsoft.com/graph/query-parameters and https://learn.microsoft.com/graph/paging
"""

import base64
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from tools.sharepoint.resources.call import Call, Json
from tools.sharepoint.state.errors import invalid_request, not_supported

MAX_PAGE = 5000
_EQUALS = re.compile(r"\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*")

# Properties of the resources served here that may be selected, those included that this server never fills in.
_PROPERTIES = frozenset(
    """
    * id name displayName description webUrl eTag cTag size createdBy createdDateTime lastModifiedBy
    lastModifiedDateTime parentReference fileSystemInfo file folder root deleted package shared image audio video photo
    location specialFolder remoteItem searchResult malware publication bundle pendingOperations content
    sharepointIds listItem @microsoft.graph.downloadUrl @odata.etag driveType quota owner system list drive columns
    contentTypes siteCollection isPersonalSite contentType fields driveItem columnGroup hidden indexed readOnly
    required enforceUniqueValues text number choice dateTime boolean group sealed parentId order base
    """.split()  # noqa: SIM905  (a list of forty strings reads worse)
)

Expand = dict[str, dict[str, str]]


def select(call: Call, body: Json) -> Json:
    """Keep what ``$select`` names; annotations other than the download URL stay."""
    return select_from(call.query.get("$select", ""), body)


def select_from(names: str, body: Json) -> Json:
    """Keep the named properties."""
    if not names:
        return body
    wanted = {name.strip() for name in names.split(",")}
    for name in wanted:
        if name.partition("/")[0] not in _PROPERTIES:
            raise not_supported(f"$select={name}")
    if "*" in wanted:
        return body
    wanted |= {name.partition("/")[0] for name in wanted}
    return {name: value for name, value in body.items() if name in wanted or name.startswith("@odata.")}


def selected(call: Call, name: str) -> bool:
    """Whether ``$select`` names a property that is not given by default."""
    return name in call.query.get("$select", "")


def expand(text: str, allowed: Sequence[str]) -> Expand:
    """Read ``$expand=a($select=x;$expand=y),b`` into the options of each name."""
    found: Expand = {}
    for part in _split(text, ","):
        name, _, rest = part.strip().partition("(")
        if name not in allowed:
            raise not_supported(f"$expand={name}")
        options = dict(option.strip().partition("=")[::2] for option in _split(rest.removesuffix(")"), ";") if option)
        for option in options:
            if option not in ("$select", "$expand"):
                raise not_supported(f"{option} inside $expand={name}")
        found[name] = options
    return found


def _split(text: str, separator: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == separator and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [part for part in (*parts, text[start:]) if part.strip()]


def equality(call: Call, *names: str) -> Callable[[Json], bool]:
    """Return the test that ``$filter=name eq 'value'`` asks for."""
    text = call.query.get("$filter")
    if text is None:
        return lambda _: True
    found = _EQUALS.fullmatch(text)
    if found is None or found[1] not in names:
        raise not_supported(f"$filter={text}")
    name, value = found[1], found[2].replace("''", "'").lower()
    return lambda body: str(body.get(name, "")).lower() == value


def page(call: Call, rows: Sequence[Any], show: Callable[[Any], Json], *, size: int = 200) -> Json:
    """Return one page of rows with the link to the next."""
    size = page_size(call, size)
    start = _position(call.query.get("$skiptoken"))
    body: Json = {"value": [show(row) for row in rows[start : start + size]]}
    if start + size < len(rows):
        token = base64.urlsafe_b64encode(f"position={start + size}".encode()).decode("ascii")
        query = {**call.query, "$skiptoken": token}
        body["@odata.nextLink"] = f"{call.base_url}{call.raw_path}?{urlencode(query)}"
    return body


def page_size(call: Call, default: int) -> int:
    """Return what ``$top`` asks for."""
    text = call.query.get("$top")
    if text is None:
        return default
    if not text.isdecimal() or not int(text) > 0:
        raise invalid_request("$top must be a positive number")
    return min(int(text), MAX_PAGE)


def _position(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode("ascii").removeprefix("position="))
    except ValueError:
        raise invalid_request("The $skiptoken is not valid") from None
