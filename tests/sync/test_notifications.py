"""What Graph posts: checked, answered, and turned into few keys."""

import json
import uuid
from dataclasses import replace

import pytest

from shared.errors import InvalidInput, Oversize
from shared.model.libraries import LibraryState, Watch
from tests.world import World


@pytest.fixture
def watched(world: World) -> LibraryState:
    """A library with a subscription, as stored."""
    name = uuid.uuid4().hex
    state = LibraryState(
        f"b!{name}",
        "contoso",
        "list",
        watch=Watch.SUBSCRIBED,
        subscription_id=f"sub{name}",
        client_state="secret",
    )
    return world.app.libraries.create(state)


def body_of(*entries: dict) -> bytes:
    return json.dumps({"value": list(entries)}).encode()


def entry_for(state: LibraryState, **changes) -> dict:
    return {
        "subscriptionId": state.subscription_id,
        "clientState": state.client_state,
        "changeType": "updated",
    } | changes


def test_a_notification_becomes_the_librarys_key(world: World, watched: LibraryState):
    world.app.notifications.receive(body_of(entry_for(watched)))

    assert list(world.pulls.keys) == [(f"notified:{watched.drive_id}", 0)]


def test_a_burst_of_500_becomes_a_few_keys(world: World, watched: LibraryState):
    for _ in range(500):
        world.app.notifications.receive(body_of(entry_for(watched)))

    assert len(world.pulls.keys) <= 3


def test_after_a_burst_the_last_notification_is_covered_by_a_later_key(world: World, watched: LibraryState):
    for _ in range(3):
        world.app.notifications.receive(body_of(entry_for(watched)))

    assert world.pulls.keys[-1][1] >= 1


@pytest.mark.parametrize(
    "changes",
    [
        {"clientState": "wrong"},
        {"clientState": ""},
        {"clientState": None},
        {"subscriptionId": "unknown"},
        {"subscriptionId": "../~#?"},
        {"subscriptionId": 7},
    ],
)
def test_what_does_not_prove_itself_is_passed_over_in_silence(world: World, watched: LibraryState, changes: dict):
    world.app.notifications.receive(body_of(entry_for(watched, **changes)))

    assert not world.pulls.keys


def test_a_library_without_subscription_has_no_secret_to_guess(world: World, watched: LibraryState):
    emptied = world.app.libraries.save(watched, replace(watched, client_state=""))

    world.app.notifications.receive(body_of(entry_for(emptied)))

    assert not world.pulls.keys


@pytest.mark.parametrize(
    ("event", "kind"),
    [("reauthorizationRequired", "renew"), ("subscriptionRemoved", "renew"), ("missed", "poll")],
)
def test_lifecycle_events_renew_or_pull(world: World, watched: LibraryState, event: str, kind: str):
    world.app.notifications.receive(body_of(entry_for(watched, lifecycleEvent=event)))

    assert [key for key, _ in world.pulls.keys] == [f"{kind}:{watched.drive_id}"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"value": 1}', b'{"value": [1]}', b"\xff"])
def test_a_malformed_body_is_refused(world: World, body: bytes):
    with pytest.raises(InvalidInput):
        world.app.notifications.receive(body)


def test_an_oversize_body_is_refused(world: World):
    with pytest.raises(Oversize):
        world.app.notifications.receive(b" " * 300_000)
