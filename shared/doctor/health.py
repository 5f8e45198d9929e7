"""Whether this instance is healthy, for a platform that asks often: a few seconds old at most, and cheap in a flood."""

import logging
import threading
from collections.abc import Callable

from shared.errors import MomentError

HOLDS_S = 5.0
_log = logging.getLogger(__name__)


class Health:
    """Remembers what `look` found, for a few seconds. Safe for threads: one looks, the others get what was found last.

    `look` raises what is wrong; `seconds` is a monotonic clock.
    """

    def __init__(self, look: Callable[[], None], seconds: Callable[[], float]) -> None:
        self._look = look
        self._seconds = seconds
        self._looking = threading.Lock()
        self._is_well: bool | None = None
        self._until = float("-inf")

    def is_well(self) -> bool:
        """Whether storage answers and the settings are whole. Never raises; what is wrong is logged."""
        # Only the first ones wait: a storage that hangs must not take all threads of a flood with it.
        if self._seconds() >= self._until and self._looking.acquire(blocking=self._is_well is None):
            try:
                if self._seconds() >= self._until:
                    self._is_well = self._looked()
                    self._until = self._seconds() + HOLDS_S
            finally:
                self._looking.release()
        return bool(self._is_well)

    def _looked(self) -> bool:
        try:
            self._look()
        except MomentError as error:
            _log.error("not healthy", extra={"reason": str(error)})
            return False
        except Exception:  # noqa: BLE001 - whatever it is, the platform has to hear of it
            _log.exception("health could not be looked at")
            return False
        return True
