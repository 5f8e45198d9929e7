"""Notifications that were genuine once: sent again, kept until their subscription was replaced, or sent to flood us."""

import json
from dataclasses import replace

from shared.model.directory import Links
from shared.model.files import FileRecord
from shared.model.libraries import LibraryState, Watch
from shared.sync.change_ports import Libraries
from shared.sync.notifications import Notifications
from tests.world import World

SECRET = "the secret of this subscription"


def followed(world: World) -> tuple[LibraryState, FileRecord]:
    """A library with a file, and with a subscription whose notifications somebody has seen."""
    customer = world.customer()
    record = world.arrive(world.upload(Links(customer.id)))
    world.settle()
    link = world.app.folders.find(customer.id, "library")
    assert link is not None
    state = world.app.libraries.find(link.drive_id)
    assert state is not None
    watched = replace(state, watch=Watch.SUBSCRIBED, subscription_id=f"sub{customer.id}", client_state=SECRET)
    return world.app.libraries.save(state, watched), world.read(record)


def notification(state: LibraryState) -> bytes:
    entry = {"subscriptionId": state.subscription_id, "clientState": state.client_state, "changeType": "updated"}
    return json.dumps({"value": [entry]}).encode()


def test_a_notification_that_is_sent_again_changes_nothing(world: World):
    state, record = followed(world)

    for _ in range(20):
        world.app.notifications.receive(notification(state))
        world.settle()

    assert world.read(record) == record


def test_the_secret_of_a_subscription_that_was_replaced_opens_nothing(world: World):
    old, _ = followed(world)
    world.app.libraries.save(old, replace(old, subscription_id=f"{old.subscription_id}new", client_state="another"))
    world.pulls.keys.clear()

    world.app.notifications.receive(notification(old))
    world.app.notifications.receive(notification(replace(old, subscription_id=f"{old.subscription_id}new")))

    assert not world.pulls.keys


class Counted:
    """The libraries, and how often one was looked for."""

    def __init__(self, libraries: Libraries) -> None:
        self._libraries = libraries
        self.looks = 0

    def find_by_subscription(self, subscription_id: str) -> LibraryState | None:
        self.looks += 1
        return self._libraries.find_by_subscription(subscription_id)


def test_a_flood_for_one_unknown_subscription_costs_storage_one_look(world: World):
    libraries = Counted(world.app.libraries)
    now = world.clock()
    notifications = Notifications(libraries, world.pulls, lambda: now)  # type: ignore[arg-type]
    body = json.dumps({"value": [{"subscriptionId": "unknown", "clientState": "guess"}] * 1000}).encode()

    for _ in range(50):
        notifications.receive(body)

    assert libraries.looks == 1
    assert not world.pulls.keys
