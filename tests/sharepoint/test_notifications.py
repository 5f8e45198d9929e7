"""Notifications: a tap on the shoulder soon after a change, with everything that can go wrong on the way."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.sharepoint.delta_client import pull, start
from tests.sharepoint.receiver import Receiver, wait_until
from tests.sharepoint.test_subscriptions import subscribe


@pytest.fixture
def receiver(graph):
    graph.sharepoint.settings(notification_delay_ms=50, notification_retry_ms=20)
    with Receiver() as running:
        yield running


@pytest.fixture
def subscription(graph, receiver):
    return subscribe(graph, receiver).json()


def outcomes(graph, kind="notification"):
    return [row["outcome"] for row in graph.sharepoint.notifications() if row["kind"] == kind]


def wait_for_outcome(graph, outcome, count=1):
    wait_until(lambda: outcomes(graph).count(outcome) >= count, f"{outcome} in {outcomes(graph)}")


def settle(graph):
    """Longer than the delay of these tests: what has not come by then does not come."""
    time.sleep(0.2)


def test_a_change_is_told_without_saying_what_or_how(graph, receiver, subscription):
    item = graph.upload("a.txt").json()

    [entry] = receiver.wait()

    assert entry["subscriptionId"] == subscription["id"]
    assert entry["subscriptionExpirationDateTime"] == subscription["expirationDateTime"]
    assert (entry["clientState"], entry["changeType"]) == ("secret", "updated")
    assert entry["resource"] == f"drives/{graph.drive}/root"
    assert entry["tenantId"] == graph.sharepoint.tenant_id
    assert entry["resourceData"] == {"@odata.type": "#Microsoft.Graph.DriveItem"}
    assert item["id"] not in str(entry)
    assert receiver.paths == ["/api/notifications?code=a%2Bb"]


def test_a_list_subscription_hears_of_columns(graph, receiver):
    item = graph.upload("a.txt").json()
    subscribe(graph, receiver, resource=f"sites/{graph.site}/lists/Documents")
    graph.sharepoint.settings(field_edits_in_drive_delta=False)

    graph.patch(f"/drives/{graph.drive}/items/{item['id']}/listItem/fields", json={"Title": "x"})

    [entry] = receiver.wait()
    assert entry["resource"] == f"sites/{graph.site}/lists/Documents"
    assert entry["resourceData"]["@odata.type"] == "#Microsoft.Graph.ListItem"


def test_every_kind_of_change_is_told(graph, receiver, subscription):
    item = graph.upload("a.txt").json()
    receiver.wait(1)
    url = f"/drives/{graph.drive}/items/{item['id']}"
    changes = [
        lambda: graph.upload("a.txt", b"new content"),
        lambda: graph.patch(url, json={"name": "b.txt"}),
        lambda: graph.patch(f"{url}/listItem/fields", json={"Title": "x"}),
        lambda: graph.delete(url),
        lambda: graph.sharepoint.restore(item["id"]),
        lambda: graph.folder("new"),
    ]

    for number, change in enumerate(changes, start=2):
        change()
        receiver.wait(number)

    assert len(receiver.entries) == 1 + len(changes)


def test_changes_close_together_make_one_notification(graph, receiver, subscription):
    graph.sharepoint.settings(notification_delay_ms=400)
    for number in range(10):
        graph.upload(f"{number}.txt")

    receiver.wait()
    time.sleep(0.5)

    assert len(receiver.entries) <= 2


def test_bursts_can_be_asked_for(graph, receiver, subscription):
    graph.sharepoint.settings(notification_burst=5)
    graph.upload("a.txt")
    graph.upload("b.txt")

    assert len(receiver.wait(10)) == 10
    assert len(receiver.posts) == 10


def test_several_subscriptions_of_one_endpoint_share_a_request(graph, receiver, subscription):
    graph.sharepoint.settings(notification_delay_ms=150)
    rows = subscribe(graph, receiver, resource=f"sites/{graph.site}/lists/Documents").json()

    graph.upload("a.txt")

    assert {entry["subscriptionId"] for entry in receiver.wait(2)} == {subscription["id"], rows["id"]}
    assert len(receiver.posts) == 1


def test_other_libraries_and_pulls_are_not_told_of(graph, receiver, subscription):
    other = graph.library("Other")
    drive = graph.get(f"/sites/{graph.site}/lists/{other['id']}/drive").json()["id"]

    graph.put(f"/drives/{drive}/root:/a.txt:/content", data=b"x")
    pull(graph, start(graph))
    settle(graph)

    assert receiver.entries == []


def test_what_is_not_accepted_is_tried_again(graph, receiver, subscription):
    receiver.statuses = [500, 401, 202]

    graph.upload("a.txt")

    receiver.wait(3)
    wait_for_outcome(graph, "accepted")
    rows = [row for row in graph.sharepoint.notifications() if row["kind"] == "notification"]
    assert [(row["attempt"], row["status"], row["outcome"]) for row in rows] == [
        (1, 500, "retried"),
        (2, 401, "retried"),
        (3, 202, "accepted"),
    ]
    assert rows[0]["subscriptions"] == [subscription["id"]]
    assert "code=" not in str(rows)
    assert graph.sharepoint.notifications(since=rows[-1]["n"]) == []


def test_attempts_are_bounded_and_silence_counts_as_failure(graph, receiver, subscription):
    graph.sharepoint.settings(notification_attempts=2, notification_timeout_s=0.1)
    receiver.answer_after_s = 0.3

    graph.upload("a.txt")

    wait_for_outcome(graph, "given up")
    assert outcomes(graph) == ["retried", "given up"]


def test_notifications_can_be_lost(graph, receiver, subscription):
    graph.sharepoint.fault({"notifications_lost": 1})
    graph.upload("a.txt")
    wait_for_outcome(graph, "lost")

    graph.upload("b.txt")

    assert len(receiver.wait()) == 1


def test_notifications_can_be_doubled(graph, receiver, subscription):
    graph.sharepoint.fault({"notifications_doubled": 1})
    graph.upload("a.txt")

    first, second = receiver.wait(2)

    assert first == second


def test_notifications_can_be_delayed(graph, receiver, subscription):
    graph.sharepoint.fault({"notifications_delayed": 1, "notifications_delay_s": 0.4})
    begun = time.monotonic()
    graph.upload("a.txt")

    receiver.wait()

    assert time.monotonic() - begun >= 0.4


def test_it_can_be_silent_for_a_while_and_what_happened_is_not_told_later(graph, receiver, subscription):
    graph.sharepoint.fault({"notifications_silent_s": 60})
    graph.upload("a.txt")
    wait_for_outcome(graph, "silent")
    graph.sharepoint.advance(61)
    settle(graph)
    assert receiver.entries == []

    graph.upload("b.txt")

    assert len(receiver.wait()) == 1


NEVER_SLOW, ALWAYS_SLOW = 600, 0


def test_a_slow_endpoint_is_delayed(graph, receiver, subscription):
    graph.sharepoint.settings(slow_reply_s=NEVER_SLOW, slow_minimum_replies=8, slow_delay_s=0.5, notification_burst=7)
    graph.upload("a.txt")
    wait_for_outcome(graph, "accepted", 7)
    graph.sharepoint.settings(slow_reply_s=ALWAYS_SLOW, notification_burst=0)
    graph.upload("b.txt")
    wait_for_outcome(graph, "accepted", 8)
    begun = time.monotonic()

    graph.upload("c.txt")

    receiver.wait(9)
    assert time.monotonic() - begun >= 0.5


def test_a_very_slow_endpoint_loses_notifications_for_ten_minutes(graph, receiver, subscription):
    graph.sharepoint.settings(slow_reply_s=ALWAYS_SLOW, slow_minimum_replies=1)
    graph.upload("a.txt")
    wait_for_outcome(graph, "accepted")
    graph.sharepoint.settings(slow_reply_s=NEVER_SLOW)

    graph.upload("b.txt")
    wait_for_outcome(graph, "dropped")
    assert len(receiver.entries) == 1
    graph.sharepoint.advance(601)
    graph.upload("c.txt")

    assert len(receiver.wait(2)) == 2


def test_nothing_is_told_after_the_end(graph, receiver):
    soon = (datetime.now(UTC) + timedelta(minutes=50)).strftime("%Y-%m-%dT%H:%M:%SZ")
    subscription = subscribe(graph, receiver, expirationDateTime=soon).json()
    graph.upload("a.txt")
    receiver.wait()
    graph.sharepoint.advance(51 * 60)

    graph.upload("b.txt")
    settle(graph)

    assert len(receiver.entries) == 1
    assert graph.get(f"/subscriptions/{subscription['id']}").status_code == 404


@pytest.mark.parametrize("event", ["reauthorizationRequired", "missed", "subscriptionRemoved"])
def test_lifecycle_events_come_on_demand(graph, receiver, event):
    with Receiver() as lifecycle:
        subscription = subscribe(graph, receiver, lifecycleNotificationUrl=lifecycle.url).json()

        graph.sharepoint.lifecycle(subscription["id"], event)
        [entry] = lifecycle.wait()

    assert (entry["lifecycleEvent"], entry["subscriptionId"]) == (event, subscription["id"])
    assert (entry["clientState"], entry["tenantId"]) == ("secret", graph.sharepoint.tenant_id)
    assert "changeType" not in entry
    assert receiver.entries == []
    status = graph.get(f"/subscriptions/{subscription['id']}").status_code
    assert status == (404 if event == "subscriptionRemoved" else 200)


@pytest.mark.parametrize("way", ["reauthorize", "renew"])
def test_notifications_pause_until_the_subscription_is_reauthorized(graph, receiver, subscription, way):
    graph.sharepoint.settings(reauthorization_grace_s=0)
    url = f"/subscriptions/{subscription['id']}"
    graph.sharepoint.lifecycle(subscription["id"])
    graph.upload("a.txt")
    wait_for_outcome(graph, "paused")

    if way == "reauthorize":
        assert graph.post(f"{url}/reauthorize").status_code == 204
    else:
        graph.patch(url, json={"expirationDateTime": subscription["expirationDateTime"]})
    graph.upload("b.txt")

    assert len(receiver.wait()) == 1


def test_the_handshake_is_in_the_ledger_of_notifications(graph, receiver, subscription):
    assert outcomes(graph, "validation") == ["accepted"]
