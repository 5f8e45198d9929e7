"""The address that Graph posts to is open to all: whoever else posts there gets nothing and breaks nothing.

The use case is fuzzed in this process; tests/hostile/test_webhook_host.py asks the same of the deployed function.
"""

import hmac
import json
import logging
import uuid
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import InvalidInput, Oversize
from shared.model.libraries import LibraryState, Watch
from tests.hostile.texts import nested, odd_texts, odd_values
from tests.world import World

BOUNDED = settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SECRET = "the-client-state-that-nobody-may-see"


@pytest.fixture
def watched(world: World) -> LibraryState:
    """A library with a subscription, as stored."""
    name = uuid.uuid4().hex
    return world.app.libraries.create(
        LibraryState(
            f"b!{name}",
            "contoso",
            "list",
            watch=Watch.SUBSCRIBED,
            subscription_id=f"sub{name}",
            client_state=SECRET,
        )
    )


def receive(world: World, body: bytes) -> str:
    """What the caller is told: taken, or refused with a reason for people. Anything else is a fault of ours."""
    try:
        world.app.notifications.receive(body)
    except (InvalidInput, Oversize) as refusal:
        return f"refused: {refusal.detail}"
    return "taken"


def body_of(*entries: object) -> bytes:
    return json.dumps({"value": list(entries)}).encode()


def proven(state: LibraryState, **changes: object) -> dict:
    return {"subscriptionId": state.subscription_id, "clientState": SECRET, "changeType": "updated"} | changes


@given(body=st.binary(max_size=300) | odd_values.map(lambda value: json.dumps(value).encode()))
@BOUNDED
def test_a_body_of_any_shape_is_taken_or_refused_with_a_reason(world: World, body: bytes):
    receive(world, body)

    assert not world.pulls.keys


@given(
    entry=st.dictionaries(
        st.sampled_from(["subscriptionId", "clientState", "lifecycleEvent", "resource", "tenantId"]) | odd_texts,
        odd_values,
        max_size=6,
    )
)
@BOUNDED
def test_entries_with_members_of_any_kind_store_nothing(world: World, entry: Mapping[str, object]):
    assert receive(world, body_of(entry)) == "taken"

    assert not world.pulls.keys


@given(state=odd_values.filter(lambda value: value != SECRET))
@BOUNDED
def test_no_client_state_but_the_right_one_counts(world: World, watched: LibraryState, state: object):
    assert receive(world, body_of(proven(watched, clientState=state))) == "taken"

    assert not world.pulls.keys


@pytest.mark.parametrize("state", ["\ud800", "é" * 200, SECRET + "\udfff", SECRET + "\x00", SECRET.upper()])
def test_a_client_state_outside_ascii_is_compared_as_any_other(world: World, watched: LibraryState, state: str):
    assert receive(world, body_of(proven(watched, clientState=state), proven(watched))) == "taken"

    assert [key for key, _ in world.pulls.keys] == [f"notified:{watched.drive_id}"]


def test_the_client_state_is_compared_in_constant_time(
    world: World, watched: LibraryState, monkeypatch: pytest.MonkeyPatch
):
    compared, in_constant_time = [], hmac.compare_digest

    def compare(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return in_constant_time(left, right)

    monkeypatch.setattr(hmac, "compare_digest", compare)

    receive(world, body_of(proven(watched, clientState="wrong"), proven(watched, subscriptionId="nobodys")))

    # A subscription that is not known is compared, too: the time tells nothing.
    assert compared == [(SECRET.encode(), b"wrong"), (b"", SECRET.encode())]


@pytest.mark.parametrize(
    "body",
    [
        nested(100_000),
        b'{"value": ' + nested(100_000) + b"}",
        b'{"value": [' + nested(20_000, b'{"a":', b"}") + b"]}",
        b'{"value": [{"lifecycleEvent": ' + nested(100_000) + b"}]}",
        b'{"value": [{"subscriptionId": 1' + b"0" * 10_000 + b"}]}",
        b"\xff\xfe{\x00",
        b'{"value": [' + b"{}," * 5_000 + b"{}]}",
        b'{"value": NaN}',
    ],
    ids=["deep", "deep list", "deep objects", "deep event", "huge number", "utf-16", "5,001 entries", "not a number"],
)
def test_a_body_that_would_exhaust_its_reader_is_refused(world: World, body: bytes):
    assert receive(world, body).startswith("refused: ")


def test_the_deepest_event_that_can_be_read_is_an_unknown_event(world: World, watched: LibraryState):
    event = {"deep": "event"}
    for _ in range(400):
        event = {"deep": event}

    assert receive(world, body_of(proven(watched, lifecycleEvent=event))) == "taken"

    assert [key for key, _ in world.pulls.keys] == [f"notified:{watched.drive_id}"]


@given(event=odd_texts)
@settings(BOUNDED, max_examples=30)
def test_an_unknown_lifecycle_event_is_a_reason_to_look(world: World, watched: LibraryState, event: str):
    world.pulls.keys.clear()
    world.clock.advance(10)

    assert receive(world, body_of(proven(watched, lifecycleEvent=event))) == "taken"

    assert [key for key, _ in world.pulls.keys] == [f"notified:{watched.drive_id}"]


def test_a_thousand_entries_of_strangers_hide_no_notification_among_them(world: World, watched: LibraryState):
    strangers = [{"subscriptionId": "nobodys", "clientState": f"guess {n}"} for n in range(500)]

    assert receive(world, body_of(*strangers, proven(watched), *strangers[:400])) == "taken"

    assert [key for key, _ in world.pulls.keys] == [f"notified:{watched.drive_id}"]


def test_neither_secrets_nor_guesses_are_logged(world: World, watched: LibraryState, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)

    receive(world, body_of(proven(watched), proven(watched, clientState="a-guess-of-mine")))
    refused = receive(world, b'{"value": "a-guess-of-mine"}')

    assert SECRET not in caplog.text + refused
    assert "a-guess-of-mine" not in caplog.text + refused
