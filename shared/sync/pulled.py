"""How a pull of a library came out, and the key in the queue of pulls that asks for one."""

from enum import Enum


class Pulled(Enum):
    """The library's state has the reason."""

    DONE = "done"
    GOES_ON = "goes on"
    """Its time was up; the rest comes from the queue."""
    LATER = "later"
    """Somebody else is pulling, or SharePoint asked for patience."""
    REFUSED = "refused"


def pull_key(drive_id: str, *, notified: bool) -> str:
    """`notified:<drive>` or `poll:<drive>`."""
    return f"{'notified' if notified else 'poll'}:{drive_id}"
