"""The notification round trip: a subscription, a change, and the app's webhook saying that it was told.

The webhook may be answered by any instance, and not by the one that waits, so it notes what it hears in a row
(shared/model/echoes.py). What is left of a killed run ends by itself: the subscription after 45 minutes, or with the
hourly look at subscriptions before that.
"""

from contextlib import suppress
from datetime import timedelta

from shared.doctor.ground import Ground
from shared.doctor.scratch import Scratch
from shared.doctor.seen import Trip
from shared.errors import MomentError, NameTaken
from shared.model.drive_items import Subscription
from shared.model.echoes import echo_state
from shared.settings import NOTIFICATIONS_PATH

_LIFE = timedelta(minutes=45)
"""The shortest that Graph makes (resources/subscription)."""
_LOOK_EVERY_S = 1.0


def round_trip(ground: Ground, site_id: str) -> Trip:
    """Try it. Raises what a step was refused with; whatever happens, all of it is taken away again."""
    if not ground.settings.follow.public_url:
        return Trip()
    client_state = echo_state(ground.new_secret())
    with Scratch(ground, site_id) as scratch:
        ground.echoes.expect(client_state, ground.clock())
        try:
            made = _subscribed(ground, scratch.drive_id, client_state)
            try:
                ground.sharepoint.put_file(scratch.drive_id, scratch.folder_id, "change.txt", b"a change")
                waited_s, was_heard = _waited(ground, client_state)
            finally:
                with suppress(MomentError):
                    ground.sharepoint.unsubscribe(made.id)
        finally:
            with suppress(MomentError):
                ground.echoes.forget(client_state)
    return Trip(waited_s, was_heard, scratch.left_behind)


def _subscribed(ground: Ground, drive_id: str, client_state: str) -> Subscription:
    """Anew where an earlier run left one to the same address."""
    url = ground.settings.follow.public_url + NOTIFICATIONS_PATH
    expires_at = ground.clock() + _LIFE
    with suppress(NameTaken):
        return ground.sharepoint.subscribe(drive_id, url, client_state, expires_at)
    for each in ground.sharepoint.subscriptions():
        if drive_id in each.resource and each.notification_url == url:
            ground.sharepoint.unsubscribe(each.id)
    return ground.sharepoint.subscribe(drive_id, url, client_state, expires_at)


def _waited(ground: Ground, client_state: str) -> tuple[float, bool]:
    began = ground.clock()
    while True:
        waited_s = (ground.clock() - began).total_seconds()
        if ground.echoes.was_heard(client_state):
            return waited_s, True
        if waited_s >= ground.wait_s:
            return waited_s, False
        ground.told(f"the notification, {waited_s:.0f} s")
        ground.sleep(_LOOK_EVERY_S)
