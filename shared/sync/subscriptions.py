"""Hearing of changes: one Graph subscription for each library, renewed long before it ends.

A subscription is a hint that makes things fast; nothing depends on it. Without permission, or without a public address,
the library is polled and says so. One that misses changes is made anew, and polled meanwhile
(change-notifications-overview, res:subscription).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import AccessDenied, NameTaken, NotFound, PermanentError, PreconditionFailed
from shared.model.libraries import LibraryState, Watch
from shared.sync.change_ports import FollowedSharePoint, KeyQueue, Libraries
from shared.sync.ports import Clock

_LIFE = timedelta(minutes=42_000)
"""Just below the 42,300 minutes that Graph allows for drives."""
_RENEW_BEFORE = timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """Keeps every library's subscription. `notification_url` empty: there is no public address."""

    libraries: Libraries
    sharepoint: FollowedSharePoint
    pulls: KeyQueue
    clock: Clock
    new_secret: Callable[[], str]
    notification_url: str

    def ensure(self, state: LibraryState) -> LibraryState:
        """Subscribe to the library anew; gives its saved state."""
        if not self.notification_url:
            return self._polled(state, "No public address is set, so SharePoint can't tell of changes.")
        secret = self.new_secret()
        expires_at = self.clock() + _LIFE
        try:
            try:
                made = self.sharepoint.subscribe(state.drive_id, self.notification_url, secret, expires_at)
            except NameTaken:
                self._remove_existing(state.drive_id)
                made = self.sharepoint.subscribe(state.drive_id, self.notification_url, secret, expires_at)
        except AccessDenied as refusal:
            return self._polled(state, str(refusal))
        except PermanentError as refusal:
            return self._polled(state, str(refusal))
        return self.libraries.save(
            state,
            replace(
                state,
                watch=Watch.SUBSCRIBED,
                watch_reason="",
                subscription_id=made.id,
                client_state=secret,
                subscription_expires_at=made.expires_at,
            ),
        )

    def subscribe_anew(self, drive_id: str) -> LibraryState | None:
        """Drop the library's subscription, make another one, and pull what may have been missed; gives its saved state.

        None for a library that is not followed. Raises PreconditionFailed where somebody saved it meanwhile.
        """
        state = self.libraries.find(drive_id)
        if state is None:
            return None
        if state.subscription_id:
            self.sharepoint.unsubscribe(state.subscription_id)
        renewed = self.ensure(state)
        self.pulls.send(f"poll:{drive_id}")
        return renewed

    def went_quiet(self, state: LibraryState) -> None:
        """Changes came that no notification announced: show it, subscribe anew, poll until one arrives."""
        if state.subscription_id:
            self.sharepoint.unsubscribe(state.subscription_id)
        renewed = self.ensure(state)
        if renewed.watch is Watch.SUBSCRIBED:
            reason = "Changes came without a notification; it is subscribed anew and polled until one arrives."
            self.libraries.save(renewed, replace(renewed, watch=Watch.QUIET, watch_reason=reason))

    def heard(self, state: LibraryState) -> LibraryState:
        """A notification arrived: a quiet library is no longer quiet."""
        if state.watch is not Watch.QUIET:
            return state
        return self.libraries.save(state, replace(state, watch=Watch.SUBSCRIBED, watch_reason=""))

    def renew(self, drive_id: str) -> None:
        """Prolong a library's subscription; subscribe anew, and pull, where it is gone."""
        state = self.libraries.find(drive_id)
        if state is None:
            return
        expires_at = self._renewed_until(state)
        if expires_at is None:
            self.ensure(state)
            self.pulls.send(f"poll:{drive_id}")
        else:
            self.libraries.save(state, replace(state, subscription_expires_at=expires_at))

    def _renewed_until(self, state: LibraryState) -> datetime | None:
        if not state.subscription_id:
            return None
        try:
            return self.sharepoint.renew_subscription(state.subscription_id, self.clock() + _LIFE).expires_at
        except NotFound:
            return None

    def keep_all(self) -> None:
        """For the timer: renew what ends within ten days, make again what is missing, remove orphans."""
        existing = list(self.sharepoint.subscriptions())
        alive, known = {each.id for each in existing}, set()
        for state in self.libraries.all():
            known.add(state.subscription_id)
            ends = state.subscription_expires_at
            if state.subscription_id not in alive or ends is None or ends - self.clock() < _RENEW_BEFORE:
                self.pulls.send(f"renew:{state.drive_id}")
        for subscription in existing:
            if subscription.notification_url == self.notification_url and subscription.id not in known:
                self.sharepoint.unsubscribe(subscription.id)

    def poll_unwatched(self) -> None:
        """For the timer: pull every library that no notification tells of, or whose pull was cut off."""
        for state in self.libraries.all():
            if state.watch is not Watch.SUBSCRIBED or state.in_pull:
                self.pulls.send(f"poll:{state.drive_id}")

    def _polled(self, state: LibraryState, reason: str) -> LibraryState:
        if (state.watch, state.watch_reason) == (Watch.POLLED, reason):
            return state
        return self.libraries.save(state, replace(state, watch=Watch.POLLED, watch_reason=reason))

    def _remove_existing(self, drive_id: str) -> None:
        for subscription in self.sharepoint.subscriptions():
            if drive_id in subscription.resource:
                self.sharepoint.unsubscribe(subscription.id)


def register_library(libraries: Libraries, pulls: KeyQueue, state: LibraryState) -> None:
    """Follow a library from now on. Harmless when it is followed already."""
    try:
        libraries.create(state)
    except PreconditionFailed:
        return
    pulls.send(f"poll:{state.drive_id}")
