"""The notification round trip, against the app on a real host: what is told, and what is left afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from shared.doctor.round_trip import round_trip
from shared.doctor.scratch import FOLDER
from shared.errors import AccessDenied
from shared.model.echoes import echo_state
from shared.settings import NOTIFICATIONS_PATH
from shared.store.tables import LIBRARIES_TABLE
from tests.doctor.conftest import Patient, all_outcomes, assert_failed, assert_unknown, outcome
from tests.doctor.hosted import Hosted, hosted_app
from tests.world import MovableClock

SITE = "contoso.sharepoint.com:/sites/moment"
LONG_S = 60


@pytest.fixture(scope="module")
def hosted() -> Iterator[Hosted]:
    with hosted_app() as running:
        yield running


@pytest.fixture
def running(hosted: Hosted) -> Patient:
    """The app on its host, as its own settings describe it."""
    hosted.local.reset()
    return Patient(dict(hosted.environ), hosted.local, hosted.clients, MovableClock())


def test_against_the_local_stack_all_is_green_and_nothing_is_left(running: Patient, hosted: Hosted):
    lines = running.lines(wait_s=LONG_S)

    assert set(all_outcomes(lines).values()) == {"pass"}, lines
    assert list(hosted.sharepoint.subscriptions()) == []
    rows = list(hosted.clients.tables.get_table_client(LIBRARIES_TABLE).list_entities())
    assert [row for row in rows if row["PartitionKey"] != "schema"] == []
    assert hosted.api.call("GET", "files").json()["items"] == []
    assert FOLDER in str(hosted.local.recycle_bin())


def test_a_notification_that_gets_lost_is_unknown_so_soon(running: Patient):
    running.sharepoint.fault({"notifications_silent_s": 600})

    assert_unknown(running.lines("notifications", wait_s=2)["notifications"], "was not told of a change", "--wait 330")


def test_a_subscription_that_is_refused_needs_the_grant(running: Patient):
    running.sharepoint.settings(subscriptions_forbidden=True)

    assert_failed(running.lines("notifications", wait_s=2)["notifications"], "may not subscribe", "make connect")


def test_an_address_where_nothing_answers_is_told_first(running: Patient):
    lines = running.lines("notifications", PUBLIC_URL="http://127.0.0.1:1")

    assert_failed(lines["address"], "Nothing answers at http://127.0.0.1:1", "make run", "curl --include")
    assert lines["notifications"].verdict.why == "Because 'The app at its address' failed: mend that first."


def test_a_subscription_that_a_killed_run_left_is_replaced(running: Patient, hosted: Hosted):
    subscribe(hosted, f"{hosted.url}{NOTIFICATIONS_PATH}")

    assert outcome(running.lines("notifications", wait_s=LONG_S)["notifications"]) == "pass"


def test_a_subscription_to_another_address_is_left_alone(running: Patient, hosted: Hosted):
    other = f"{hosted.url}{NOTIFICATIONS_PATH}?other=1"
    subscribe(hosted, other)

    line = running.lines("notifications", wait_s=2)["notifications"]

    assert_unknown(line, "another deployment", "make connect")
    assert [each.notification_url for each in hosted.sharepoint.subscriptions()] == [other]


def test_a_change_that_is_refused_leaves_no_subscription(running: Patient, hosted: Hosted):
    running.fault("PUT", "/content", 403)

    with pytest.raises(AccessDenied):
        round_trip(running.ground(2), hosted.sharepoint.find_site(SITE))

    assert list(hosted.sharepoint.subscriptions()) == []


def test_a_strangers_echo_is_noted_nowhere(hosted: Hosted):
    body = {"value": [{"subscriptionId": "s-1", "clientState": echo_state("guessed")}]}

    answer = requests.post(f"{hosted.url}{NOTIFICATIONS_PATH}", json=body, timeout=60)

    assert answer.status_code == 202
    table = hosted.clients.tables.get_table_client(LIBRARIES_TABLE)
    assert list(table.query_entities("PartitionKey eq 'doctor'")) == []


def subscribe(hosted: Hosted, url: str) -> None:
    sharepoint = hosted.sharepoint
    drive_id = next(iter(sharepoint.drives(sharepoint.find_site(SITE))))
    sharepoint.subscribe(drive_id, url, "secret", datetime.now(UTC) + timedelta(hours=1))
