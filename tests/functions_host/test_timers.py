"""Schedules, missed ticks and timer functions."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.functions_host.conftest import World, of, seen, wait_until
from tools.functions_host.cron import Schedule
from tools.functions_host.settings import SettingsError
from tools.functions_host.timers import Status, missed_tick, retry_delay_s

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("*/10 * * * * *", "2026-11-20T12:00:10"),
        ("0 */5 * * * *", "2026-11-20T12:05:00"),
        ("*/5 * * * *", "2026-11-20T12:05:00"),
        ("0 30 9-17 * * Mon-Fri", "2026-11-20T12:30:00"),
        ("0 0 0 * * 0", "2026-11-22T00:00:00"),
        ("0 0 0 13 * 5", "2027-08-13T00:00:00"),
        ("30 0 6 1 Jan *", "2027-01-01T06:00:30"),
    ],
)
def test_next_time_is_that_of_ncrontab(expression: str, expected: str) -> None:
    assert Schedule(expression).next_after(NOON).isoformat() == f"{expected}+00:00"


@pytest.mark.parametrize(
    "expression", ["", "* * * *", "0 0 0 * * 7", "0 0 0 L * *", "0 0 0 * * 5#2", "61 * * * * *", "00:05:00"]
)
def test_what_ncrontab_does_not_know_is_refused(expression: str) -> None:
    with pytest.raises(SettingsError):
        Schedule(expression)


def test_schedules_of_less_than_a_minute_are_told_apart() -> None:
    assert Schedule("*/20 * * * * *").shortest_gap_s(NOON) == 20
    assert Schedule("0 0,1 * * * *").shortest_gap_s(NOON) == 60


def test_tick_is_missed_only_when_it_passed_and_the_schedule_is_the_same() -> None:
    hourly = Schedule("0 0 * * * *")
    status = Status(last=NOON, next=NOON + timedelta(hours=1), last_updated=NOON)

    assert missed_tick(status, hourly, NOON + timedelta(minutes=59)) is None
    assert missed_tick(status, hourly, NOON + timedelta(hours=5)) == NOON + timedelta(hours=1)
    assert missed_tick(status, Schedule("0 30 * * * *"), NOON + timedelta(hours=5)) is None
    assert missed_tick(None, hourly, NOON) is None


def test_retry_delay_is_fixed_or_doubles_up_to_its_bound() -> None:
    doubling = {"minimum_interval": timedelta(seconds=2), "maximum_interval": timedelta(seconds=5)}

    assert retry_delay_s({"delay_interval": timedelta(seconds=3)}, 4) == 3
    assert [retry_delay_s(doubling, count) for count in range(3)] == [2, 4, 5]


def test_startup_timer_runs_and_is_retried_as_its_decorator_says(world: World) -> None:
    with world.host("timers") as host:
        assert wait_until(lambda: len(of(seen(host), "retried")) == 3)
        assert [call["retry"] for call in of(seen(host), "retried")] == [0, 1, 2]


def test_tick_that_passed_while_no_host_ran_is_past_due_at_the_next_start(world: World) -> None:
    with world.host("timers") as host:
        blob = world.blobs.get_blob_client("azure-webjobs-hosts", f"timers/{world.name}/Host.Functions.yearly/status")
        assert wait_until(blob.exists)
        host.stop()
        last = "2020-01-01T00:00:00+00:00"
        blob.upload_blob(
            json.dumps({"Last": last, "Next": "2021-01-01T00:00:00+00:00", "LastUpdated": last}), overwrite=True
        )
        host.start()

        (call,) = wait_until(lambda: of(seen(host), "yearly"))
        assert call["past_due"] is True
        assert call["status"]["Last"] == last
        assert wait_until(lambda: not json.loads(blob.download_blob().readall())["Next"].startswith("2021"))


def test_admin_runs_a_timer_with_the_master_key_only(world: World) -> None:
    with world.host("timers") as host:
        address = f"{host.url}/admin/functions/yearly"
        assert requests.post(address, json={}, timeout=20).status_code == 401
        headers = {"x-functions-key": host.master_key}
        assert (
            requests.post(f"{host.url}/admin/functions/none", json={}, headers=headers, timeout=20).status_code == 404
        )
        assert requests.post(address, json={}, headers=headers, timeout=20).status_code == 202
        assert wait_until(lambda: of(seen(host), "yearly"))[0]["past_due"] is False
