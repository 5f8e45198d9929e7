"""Whether somebody waits for the work at hand. Work of people is the rule; what runs inside `bulk()` yields to it.

The mark belongs to the running call (a ContextVar): a queue message carries it on to the next run, a thread that is
started inside does not inherit it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_bulk: ContextVar[bool] = ContextVar("bulk", default=False)


@contextmanager
def bulk() -> Iterator[None]:
    """What runs inside is bulk work."""
    before = _bulk.set(True)
    try:
        yield
    finally:
        _bulk.reset(before)


def is_bulk() -> bool:
    """Whether the work at hand is bulk work."""
    return _bulk.get()
