"""What Graph posts to us: change notifications and lifecycle notifications. Answered at once, done later.

A notification says nothing but "look" (concepts/change-notifications-delivery-webhooks): it is checked against the
subscription's clientState in constant time and becomes one key in the queue of pulls. A burst becomes few keys: after
one was sent, the next goes out with a delay of a second that covers all that follow within it.
Whether a subscription exists is never told: known or not, the caller gets the same answer.
One that the doctor waits for (shared/model/echoes.py) is noted and leads to nothing else.
"""

import hmac
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.errors import InvalidInput, Oversize
from shared.model.echoes import is_echo
from shared.model.libraries import LibraryState
from shared.sync.change_ports import KeyQueue, Libraries
from shared.sync.ports import Clock
from shared.telemetry import working

MAX_BODY_BYTES = 256 * 1024
MAX_ENTRIES = 1000
_SUBSCRIPTION_ID = re.compile(r"[A-Za-z0-9-]{1,128}")
_BURST = timedelta(seconds=1)
_REMEMBERED = timedelta(seconds=60)
_LIFECYCLE = {"reauthorizationRequired": "renew", "subscriptionRemoved": "renew", "missed": "poll"}


@dataclass(slots=True)
class _Sent:
    """When keys of a drive went out: one may be under way that begins no earlier than `covers_until`."""

    at: datetime
    covers_until: datetime


class Notifications:
    """Receives. Safe for threads. `echo` is told the clientState of what the doctor waits for."""

    def __init__(
        self, libraries: Libraries, pulls: KeyQueue, clock: Clock, echo: Callable[[str], None] | None = None
    ) -> None:
        self._libraries = libraries
        self._pulls = pulls
        self._clock = clock
        self._echo = echo
        self._lock = threading.Lock()
        self._sent: dict[str, _Sent] = {}
        self._known: dict[str, tuple[datetime, LibraryState | None]] = {}

    def receive(self, body: bytes) -> None:
        """Check and queue. Raises Oversize and InvalidInput for what Graph would never send."""
        if len(body) > MAX_BODY_BYTES:
            raise Oversize(f"The body has {len(body)} bytes; at most {MAX_BODY_BYTES} are possible.")
        keys = dict.fromkeys(key for entry in _entries(body) if (key := self._key(entry)))
        if keys:
            drives = " ".join(key.partition(":")[2] for key in keys)
            with working("notification", self._clock, drives=drives):
                for key in keys:
                    self._send(key)

    def _key(self, entry: Mapping[str, Any]) -> str | None:
        subscription_id, secret = entry.get("subscriptionId"), entry.get("clientState")
        if not isinstance(subscription_id, str) or not isinstance(secret, str):
            return None
        if not _SUBSCRIPTION_ID.fullmatch(subscription_id):
            return None
        if self._echo is not None and is_echo(secret):
            self._echo(secret)
            return None
        state = self._library(subscription_id)
        expected = state.client_state if state else ""
        # JSON can say half a surrogate pair, which UTF-8 can't: it is compared like any other wrong secret.
        given = secret.encode(errors="surrogatepass")
        if not hmac.compare_digest(expected.encode(), given) or state is None or not expected:
            return None
        event = entry.get("lifecycleEvent")
        return f"{_LIFECYCLE.get(event, 'notified') if isinstance(event, str) else 'notified'}:{state.drive_id}"

    def _library(self, subscription_id: str) -> LibraryState | None:
        """Remembered for a minute, the unknown ones too, so that a flood costs no storage."""
        now = self._clock()
        found = self._known.get(subscription_id)
        if found is None or now - found[0] > _REMEMBERED or (found[1] is None and now - found[0] > _BURST):
            found = now, self._libraries.find_by_subscription(subscription_id)
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[subscription_id] = found
        return found[1]

    def _send(self, key: str) -> None:
        now = self._clock()
        with self._lock:
            sent = self._sent.get(key)
            if sent is not None and now < sent.covers_until:
                return
            is_burst = sent is not None and now - sent.at < _BURST
            self._sent[key] = _Sent(now, now + _BURST if is_burst else now)
        self._pulls.send(key, _BURST.total_seconds() if is_burst else 0)


def _entries(body: bytes) -> list[Mapping[str, Any]]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The body is not JSON, or nested too deeply.") from error
    entries = document.get("value") if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES or not all(isinstance(e, dict) for e in entries):
        raise InvalidInput(f"value must be a list of at most {MAX_ENTRIES} notifications.", "value")
    return entries
