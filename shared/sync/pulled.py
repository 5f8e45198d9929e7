"""How a pull of a library came out."""

from enum import Enum


class Pulled(Enum):
    """The library's state has the reason."""

    DONE = "done"
    GOES_ON = "goes on"
    """Its time was up; the rest comes from the queue."""
    LATER = "later"
    """Somebody else is pulling, or SharePoint asked for patience."""
    REFUSED = "refused"
