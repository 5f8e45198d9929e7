"""What a request costs in resource units, known before it is sent. Pure.

| Request | Units |
|---|---|
| GET of one item; a page of a delta with a token; a download, and the redirect to it | 1 |
| GET of a collection; a delta without a token; everything that writes | 2 |
| upload URL: GET of the session's status | 1 |
| upload URL: a fragment, cancelling the session | 2, by assumption: the page does not mention them |

Source: https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online.
A guess that is too low is corrected by what SharePoint says is left; one that is too high leaves a little unused.
"""

from shared.graph.connection import Call

SMALL_FILE_UNITS = 4
"""One PUT and one PATCH of the columns."""

_ONE, _MANY_OR_WRITE = 1, 2
_COLLECTIONS = frozenset({"lists", "columns", "contentTypes", "children", "items", "subscriptions", "drives"})


def units_of(call: Call) -> int:
    """The cost of one attempt."""
    if call.method != "GET":
        return _MANY_OR_WRITE
    last = call.route.rpartition("/")[2]
    if last == "delta":
        return _ONE if call.link is not None and "token" in call.link else _MANY_OR_WRITE
    return _MANY_OR_WRITE if last in _COLLECTIONS else _ONE
