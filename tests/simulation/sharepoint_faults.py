"""What SharePoint may do to the app, as scripts for the local one's control plane (tools/sharepoint/README.md).

Only requests of the app are hit: people have their own troubles. Each of `SCRIPTED` has a name under which the local
SharePoint counts it; each of `CHANGES` is counted by its own; `STATES` leave a trace in the ledger.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from shared.graph.connection import USER_AGENT

type Script = dict[str, Any]
type Entry = Mapping[str, Any]

_ITEM = "/drives/{drive}/items/{item}"
_WRITES = ("PUT", "PATCH", "POST", "DELETE")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault that is taken by a request of the app: which one, and what then."""

    name: str
    then: Script
    method: str = ""
    route: str = ""
    headers: tuple[str, ...] = ()

    def script(self, random: Random) -> Script:
        """For one request or for a few."""
        headers = {"User-Agent": USER_AGENT, **dict.fromkeys(self.headers, "")}
        match = {"headers": headers} | {"method": self.method, "route": self.route}
        return {"name": self.name, "match": match, "times": random.choice((1, 1, 2, 3)), "then": self.then}


SCRIPTED = (
    Trouble("429", {"status": 429, "retry_after_s": 1}),
    Trouble("429 at a fragment", {"status": 429, "retry_after_s": 2}, "PUT", "uploadSession"),
    Trouble("503", {"status": 503, "retry_after_s": 1}),
    Trouble("503 without a time", {"status": 503}),
    Trouble("500", {"status": 500}),
    Trouble("504 although done", {"apply_then_status": 504}),
    Trouble("500 although sent", {"apply_then_status": 500}, "PUT", "/content|uploadSession"),
    Trouble("500 although changed", {"apply_then_status": 500}, "PATCH", _ITEM),
    Trouble("500 although deleted", {"apply_then_status": 500}, "DELETE", _ITEM),
    Trouble("423", {"status": 423}, "PATCH", _ITEM),
    Trouble("409 although made", {"apply_then_status": 409}, "POST", "/children$"),
    Trouble("409 although sent", {"apply_then_status": 409}, "PUT", "/content$"),
    Trouble("409 resourceModified", {"status": 409, "code": "resourceModified"}, "PATCH", _ITEM),
    Trouble("412", {"status": 412}, "PATCH", _ITEM, ("If-Match",)),
    Trouble("412 at a deletion", {"status": 412}, "DELETE", _ITEM, ("If-Match",)),
    Trouble("412 at content", {"status": 412}, "PUT", "/content$", ("If-Match",)),
    Trouble("416", {"status": 416}, "PUT", "uploadSession"),
    Trouble("416 although taken", {"apply_then_status": 416}, "PUT", "uploadSession"),
    Trouble("dropped in the request", {"drop_after_bytes": 1000}, "PUT", "/content|uploadSession"),
    Trouble("dropped at a question", {"drop_after_bytes": 0}, "GET"),
    Trouble("dropped at a deletion", {"drop_after_bytes": 0}, "DELETE"),
    Trouble("dropped in the response", {"drop_after_bytes": 40, "while": "response"}),
    Trouble("dropped in a download", {"drop_after_bytes": 300, "while": "response"}, "GET", "download.aspx"),
    Trouble("dropped after the response", {"drop_after_bytes": 0, "while": "response"}, "PATCH"),
    Trouble("slow", {"delay_s": 0.5}),
)

CHANGES: tuple[tuple[str, Script], ...] = (
    ("notifications_lost", {"notifications_lost": 2}),
    ("notifications_doubled", {"notifications_doubled": 2}),
    ("notifications_delayed", {"notifications_delayed": 1, "notifications_delay_s": 2}),
    ("missing_tombstones", {"missing_tombstones": 1}),
    ("unchanged_items", {"unchanged_items": 3}),
    ("repeated_items", {"repeated_items": 2}),
    ("empty_pages", {"empty_pages": 1}),
    ("old_dates", {"old_dates": 1, "old_dates_days": 400}),
)


@dataclass(frozen=True, slots=True)
class State:
    """A fault that lies there until a request meets it; `is_trace` finds that request in the ledger."""

    name: str
    script: Script
    is_trace: Callable[[Entry], bool]
    end: Script | None = None
    """What ends it, where it does not end by itself."""


def _is_write(entry: Entry) -> bool:
    return entry["method"] in _WRITES


STATES = (
    State("tokens expired", {"expire_tokens": True}, lambda entry: entry["status"] == 401),
    State(
        "upload sessions expired",
        {"expire_upload_sessions": True},
        lambda entry: "uploadSession" in entry["route"] and entry["status"] in {401, 404},
    ),
    State(
        "410 apply differences",
        {"expire_delta_tokens": "resyncChangesApplyDifferences"},
        lambda entry: entry["status"] == 410,
    ),
    State(
        "410 upload differences",
        {"expire_delta_tokens": "resyncChangesUploadDifferences"},
        lambda entry: entry["status"] == 410,
    ),
    State(
        "404 after create",
        {"hide_new_items_ms": 700},
        lambda entry: entry["status"] == 404 and _ITEM in entry["route"],
        {"hide_new_items_ms": 0},
    ),
    State(
        "delta lag",
        {"delta_lag_ms": 3000},
        lambda entry: entry["status"] == 200 and entry["route"].endswith("/delta"),
        {"delta_lag_ms": 0},
    ),
)


def lock(item_id: str, seconds: float = 2) -> State:
    """The file or folder is open in Office: 423 for every write."""
    script = {"lock": {"item": item_id, "seconds": seconds}}
    return State("423 locked", script, lambda entry: entry["status"] == 423 and _is_write(entry))
