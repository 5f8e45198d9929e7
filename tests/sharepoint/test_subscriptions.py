"""Subscriptions: made only for endpoints that prove themselves, one for each resource, and ending by themselves."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.sharepoint.graph_client import Graph, code
from tests.sharepoint.receiver import Receiver


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


def in_minutes(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def wanted(graph: Graph, receiver: Receiver, **changes):
    body = {
        "changeType": "updated",
        "notificationUrl": receiver.url,
        "resource": f"/drives/{graph.drive}/root",
        "expirationDateTime": in_minutes(1000),
        "clientState": "secret",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def subscribe(graph: Graph, receiver: Receiver, **changes):
    return graph.post("/subscriptions", json=wanted(graph, receiver, **changes))


def minutes_left(subscription) -> float:
    return (datetime.fromisoformat(subscription["expirationDateTime"]) - datetime.now(UTC)).total_seconds() / 60


def test_the_endpoint_is_validated_before_the_answer(graph, receiver):
    answer = subscribe(graph, receiver)

    assert answer.status_code == 201, answer.text
    [validation] = receiver.validations
    assert validation["type"] == "text/plain; charset=utf-8"
    assert validation["path"].startswith("/api/notifications?code=a%2Bb&validationToken=")
    assert " " in validation["token"]
    body = answer.json()
    assert body["resource"] == f"/drives/{graph.drive}/root"
    assert (body["clientState"], body["changeType"], body["latestSupportedTlsVersion"]) == (
        "secret",
        "updated",
        "v1_2",
    )
    assert body["applicationId"] == body["creatorId"]
    assert 999 < minutes_left(body) <= 1000


def test_the_lifecycle_endpoint_is_validated_as_well(graph, receiver):
    with Receiver() as other:
        answer = subscribe(graph, receiver, lifecycleNotificationUrl=other.url)

        assert answer.json()["lifecycleNotificationUrl"] == other.url
        assert (len(receiver.validations), len(other.validations)) == (1, 1)


@pytest.mark.parametrize(
    "echo",
    [
        lambda token: (200, "text/plain", f'"{token}"'),
        lambda token: (200, "text/plain", token.replace(" ", "%20")),
        lambda token: (200, "application/json", token),
        lambda token: (202, "text/plain", token),
        lambda _: (404, "text/plain", ""),
    ],
)
def test_an_endpoint_that_does_not_echo_is_refused(graph, receiver, echo):
    receiver.echo = echo

    answer = subscribe(graph, receiver)

    assert code(answer) == (400, "ValidationError")
    assert graph.get("/subscriptions").json()["value"] == []


def _late(token):
    time.sleep(0.3)
    return 200, "text/plain", token


def test_an_endpoint_that_answers_too_late_or_not_at_all_is_refused(graph, receiver):
    graph.sharepoint.settings(validation_timeout_s=0.1)
    url = receiver.url
    with Receiver() as slow:
        slow.echo = _late
        assert code(subscribe(graph, slow)) == (400, "ValidationError")
    assert code(subscribe(graph, slow)) == (400, "ValidationError")
    assert subscribe(graph, receiver, notificationUrl=url).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"changeType": "created"},
        {"changeType": "created,updated"},
        {"changeType": None},
        {"resource": "/me/drive/root"},
        {"resource": "/drives/x/items/y"},
        {"notificationUrl": "http://example.com/x"},
        {"notificationUrl": "ftp://localhost/x"},
        {"notificationUrl": None},
        {"lifecycleNotificationUrl": "http://example.com/x"},
        {"clientState": "x" * 129},
        {"includeResourceData": True},
        {"expirationDateTime": None},
        {"expirationDateTime": "tomorrow"},
        {"latestSupportedTlsVersion": "v9"},
    ],
)
def test_what_is_not_supported_is_400_and_nobody_is_asked(graph, receiver, changes):
    assert subscribe(graph, receiver, **changes).status_code == 400
    assert receiver.validations == []


def test_a_client_state_may_have_128_characters(graph, receiver):
    assert subscribe(graph, receiver, clientState="x" * 128).json()["clientState"] == "x" * 128


def test_42300_minutes_are_the_most_and_45_the_least(graph, receiver):
    assert subscribe(graph, receiver, expirationDateTime=in_minutes(42_302)).status_code == 400
    assert subscribe(graph, receiver, expirationDateTime=in_minutes(-1)).status_code == 400
    longest = subscribe(graph, receiver, expirationDateTime=in_minutes(42_300)).json()
    assert minutes_left(longest) > 42_298
    graph.delete(f"/subscriptions/{longest['id']}")
    assert 44 < minutes_left(subscribe(graph, receiver, expirationDateTime=in_minutes(1)).json()) <= 45


@pytest.mark.parametrize("slash", ["", "/"])
def test_drives_and_lists_are_named_with_or_without_a_slash(graph, receiver, slash):
    library = graph.library("Files")
    for resource in (f"{slash}drives/{graph.drive}/root", f"{slash}sites/{graph.site}/lists/{library['id']}"):
        answer = subscribe(graph, receiver, resource=resource)
        assert (answer.status_code, answer.json()["resource"]) == (201, resource)


def test_a_drive_or_list_that_does_not_exist_is_404(graph, receiver):
    assert subscribe(graph, receiver, resource="/drives/b!AAAA/root").status_code == 404
    assert subscribe(graph, receiver, resource=f"/sites/{graph.site}/lists/nothing").status_code == 404


def test_the_same_resource_twice_is_409(graph, receiver):
    first = subscribe(graph, receiver).json()

    answer = subscribe(graph, receiver, resource=f"drives/{graph.drive}/root")

    assert answer.status_code == 409
    assert first["id"] in answer.json()["error"]["message"]
    with Graph(graph.sharepoint, "another") as other:
        assert subscribe(other, receiver).status_code == 201


def test_subscriptions_can_be_forbidden_although_validation_succeeds(graph, receiver):
    graph.sharepoint.settings(subscriptions_forbidden=True)

    answer = subscribe(graph, receiver)

    assert code(answer) == (403, "ExtensionError")
    assert "Access denied" in answer.json()["error"]["message"]
    assert len(receiver.validations) == 1


def test_an_application_sees_its_own_only(graph, receiver):
    mine = subscribe(graph, receiver).json()

    assert [each["id"] for each in graph.get("/subscriptions").json()["value"]] == [mine["id"]]
    assert graph.get(f"/subscriptions/{mine['id']}").json()["id"] == mine["id"]
    with Graph(graph.sharepoint, "another") as other:
        assert other.get("/subscriptions").json()["value"] == []
        assert other.get(f"/subscriptions/{mine['id']}").status_code == 404


def test_renewal_moves_the_expiry(graph, receiver):
    url = f"/subscriptions/{subscribe(graph, receiver).json()['id']}"

    answer = graph.patch(url, json={"expirationDateTime": in_minutes(5000)})

    assert 4999 < minutes_left(answer.json()) <= 5000
    assert graph.patch(url, json={"expirationDateTime": in_minutes(50_000)}).status_code == 400
    assert len(receiver.validations) == 1


def test_another_url_is_validated_first(graph, receiver):
    url = f"/subscriptions/{subscribe(graph, receiver).json()['id']}"
    with Receiver() as other:
        other.echo = lambda _: (200, "text/plain", "wrong")
        assert graph.patch(url, json={"notificationUrl": other.url}).status_code == 400
        assert graph.get(url).json()["notificationUrl"] == receiver.url
        other.echo = lambda token: (200, "text/plain", token)
        assert graph.patch(url, json={"notificationUrl": other.url}).json()["notificationUrl"] == other.url


def test_what_was_deleted_or_has_expired_is_404(graph, receiver):
    url = f"/subscriptions/{subscribe(graph, receiver).json()['id']}"
    assert graph.delete(url).status_code == 204
    assert graph.get(url).status_code == 404

    url = f"/subscriptions/{subscribe(graph, receiver, expirationDateTime=in_minutes(50)).json()['id']}"
    graph.sharepoint.advance(51 * 60)

    for answer in (graph.get(url), graph.patch(url, json={}), graph.delete(url), graph.post(f"{url}/reauthorize")):
        assert answer.status_code == 404
    assert subscribe(graph, receiver, expirationDateTime=in_minutes(200)).status_code == 201


def test_a_reset_ends_them(graph, receiver):
    subscribe(graph, receiver)

    graph.sharepoint.reset()

    assert graph.get("/subscriptions").json()["value"] == []
