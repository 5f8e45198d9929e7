"""Subscriptions in the local SharePoint, told to a real endpoint on loopback."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import AccessDenied, NameTaken, NotFound, PermanentError
from shared.graph.subscriptions import Subscriptions
from tests.graph.ledger import spent
from tests.graph.parts import PassingTime, a_transport
from tests.graph.scripted_server import Answer, ScriptedServer
from tests.sharepoint.receiver import Receiver

SECRET = "the-client-state-of-this-library"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def in_days(days):
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


def subscribed(graph, library, receiver, days=20):
    return graph.subscribe(library.drive_id, receiver.url, SECRET, in_days(days))


def test_a_subscription_is_told_of_changes_with_its_secret(graph, library, receiver, sharepoint):
    with spent(sharepoint) as cost:
        made = subscribed(graph, library, receiver)
    graph.put_file(library.drive_id, "root", "a.txt", b"x")

    entry = receiver.wait()[0]

    assert cost.requests == 1
    assert library.drive_id in made.resource
    assert made.notification_url == receiver.url
    assert abs(made.expires_at - in_days(20)) < timedelta(minutes=1)
    assert (entry["subscriptionId"], entry["clientState"]) == (made.id, SECRET)


def test_lifecycle_events_go_to_the_same_place(graph, library, receiver, sharepoint):
    made = subscribed(graph, library, receiver)
    sharepoint.lifecycle(made.id)

    assert receiver.wait()[0]["lifecycleEvent"] == "reauthorizationRequired"


def test_a_library_is_not_subscribed_to_twice(graph, library, receiver):
    subscribed(graph, library, receiver)

    with pytest.raises(NameTaken, match="subscription to this library already"):
        subscribed(graph, library, receiver)


def test_a_subscription_whose_answer_was_lost_exists(graph, library, receiver, sharepoint):
    sharepoint.fault({"match": {"method": "POST"}, "then": {"apply_then_status": 504}})

    with pytest.raises(NameTaken):
        subscribed(graph, library, receiver)

    assert len(list(graph.subscriptions())) == 1


def test_without_permission_the_reason_can_be_read(graph, library, receiver, sharepoint):
    sharepoint.settings(subscriptions_forbidden=True)

    with pytest.raises(AccessDenied, match="may not subscribe"):
        subscribed(graph, library, receiver)

    assert list(graph.subscriptions()) == []


def test_an_endpoint_that_does_not_echo_is_said_not_to_have_answered(graph, library, receiver):
    receiver.echo = lambda _: (404, "text/plain", "")

    with pytest.raises(PermanentError, match="did not answer") as refusal:
        subscribed(graph, library, receiver)

    assert receiver.url not in str(refusal.value)


def test_an_end_too_far_ahead_is_refused_for_what_it_is(graph, library, receiver):
    with pytest.raises(PermanentError, match="42300 minutes"):
        subscribed(graph, library, receiver, days=60)


def test_a_subscription_is_renewed(graph, library, receiver, sharepoint):
    made = subscribed(graph, library, receiver, days=2)

    with spent(sharepoint) as cost:
        renewed = graph.renew_subscription(made.id, in_days(25))

    assert cost.requests == 1
    assert (renewed.id, renewed.resource, renewed.notification_url) == (made.id, made.resource, made.notification_url)
    assert renewed.expires_at - made.expires_at > timedelta(days=22)


def test_one_that_has_expired_can_not_be_renewed(graph, library, receiver, sharepoint):
    made = subscribed(graph, library, receiver, days=2)
    sharepoint.advance(3 * 24 * 3600)

    with pytest.raises(NotFound):
        graph.renew_subscription(made.id, in_days(25))


def test_one_that_was_ended_is_gone_and_may_be_ended_again(graph, library, receiver):
    made = subscribed(graph, library, receiver)

    graph.unsubscribe(made.id)
    graph.unsubscribe(made.id)

    assert list(graph.subscriptions()) == []


def test_all_of_them_are_listed(graph, library, receiver):
    other = graph.create_library("Fabrikam", "marker")

    made = [subscribed(graph, each, receiver) for each in (library, other)]

    assert sorted(graph.subscriptions(), key=lambda each: each.id) == sorted(made, key=lambda each: each.id)


def test_the_list_is_read_to_its_end_before_anything_is_done_with_it():
    def row(number):
        return {"id": str(number), "resource": "r", "expirationDateTime": "2026-01-29T09:21:55Z"}

    with ScriptedServer() as server:
        server.answers = [
            Answer(200, {"value": [row(1)], "@odata.nextLink": f"{server.url}/v1.0/subscriptions?$skiptoken=1"}),
            Answer(200, {"value": [row(2)]}),
        ]
        found = Subscriptions(a_transport(server.url, PassingTime())).subscriptions()

        assert len(server.asked) == 2
    assert [each.id for each in found] == ["1", "2"]


@pytest.mark.parametrize("status", [201, 400, 403, 409])
def test_the_secret_is_in_no_log_and_no_error(caplog, status):
    body = {
        "id": "s",
        "expirationDateTime": "2026-01-29T09:21:55Z",
        "clientState": SECRET,
        "error": {"code": "InvalidRequest", "message": "No"},
    }
    with caplog.at_level(logging.DEBUG), ScriptedServer(Answer(status, body)) as server:
        subscriptions = Subscriptions(a_transport(server.url, PassingTime()))
        try:
            shown = repr(subscriptions.subscribe("d", "https://x.example/a?code=KEY", SECRET, in_days(1)))
        except PermanentError as refusal:
            shown = str(refusal)

    assert SECRET.encode() in server.asked[0].content
    assert SECRET not in caplog.text + shown
    assert not any(SECRET in str(record.__dict__) for record in caplog.records)
    assert "KEY" not in caplog.text
