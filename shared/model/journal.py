"""One line of a file's history: what happened, on which side, by whom."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Where a change was made."""

    MOMENT = "moment"
    """By a caller of the API."""
    SHAREPOINT = "sharepoint"
    """By somebody in SharePoint."""
    APP = "app"
    """By this app, moving, recognising or repairing."""


@dataclass(frozen=True, slots=True)
class Event:
    """`text` is a sentence that says what changed from what to what, and why where that is not plain."""

    text: str
    side: Side = Side.APP
    who: str = ""
    request_id: str = ""
    """Graph's ids of the requests that wrote to SharePoint, where there were some and their answers came."""
