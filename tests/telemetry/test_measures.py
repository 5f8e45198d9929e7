"""The metrics, each from what really happens."""

from datetime import datetime, timedelta

import azure.functions as func
import pytest

from functions import messages
from shared.model.directory import Links
from shared.model.urgency import bulk
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_request_counts import Meter
from tests.telemetry.conftest import Measured
from tests.world import World


def test_a_moved_file_counts_with_its_bytes_and_the_time_since_its_upload(world: World, measured: Measured):
    record = world.upload(Links(world.customer().id), content=b"12345")
    world.clock.advance(60)

    world.arrive(record)

    assert measured("moment.files.moved")[1] == 1
    assert measured("moment.bytes.moved")[1] == 5
    count, total = measured("moment.upload_to_link")
    assert count == 1
    assert 60 <= total < 600


def test_states_that_files_come_into_are_counted(world: World, measured: Measured):
    world.arrive(world.upload(Links(world.customer().id)))

    counts = [measured("moment.files.states", state=each)[1] for each in ("expected", "moving", "in-sharepoint")]
    assert counts == [1, 1, 1]


def test_the_units_of_each_work_are_those_that_sharepoint_counts(world: World, measured: Measured):
    record = world.upload(Links(world.customer().id))
    meter = Meter(world)

    with bulk():
        world.arrive(record)

    assert measured("moment.sharepoint.units", work="transfer", bulk=True)[1] == meter.read()[1]


def test_an_edit_in_sharepoint_is_measured_from_its_own_time(company: Company, measured: Measured):  # noqa: F811
    world = company.world
    world.pull(company.customer)
    world.clock.advance(10)
    world.local.advance(10)
    world.rename_item(company.drive, company.two.baseline.item_id, "renamed.txt")
    world.clock.advance(120)
    world.local.advance(120)

    world.pull(company.customer)

    count, total = measured("moment.edit_to_record")
    assert measured("moment.files.followed", kind="changed")[1] == 1
    assert count == 1
    assert 120 <= total < 720


def test_what_was_there_before_the_first_pull_has_no_age(company: Company, measured: Measured):  # noqa: F811
    company.person_adds(company.folder(company.one), "old.txt")

    company.world.pull(company.customer)

    assert measured("moment.files.followed", kind="new")[1] == 1
    assert measured("moment.edit_to_record")[0] == 0


def test_the_age_of_a_message_is_measured_when_it_is_handled(
    world: World, measured: Measured, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(messages, "app", lambda: world.app)

    with messages.opened(Queued(world.clock() - timedelta(seconds=90)), "changes") as told:
        assert told == {"key": "k"}
    with messages.opened(func.QueueMessage(body=b'{"key": "k"}'), "changes"):
        pass

    count, total = measured("moment.queue.age", queue="changes")
    assert count == 1
    assert 90 <= total < 690


class Queued(func.QueueMessage):
    """A message as the worker makes it of the platform's metadata."""

    def __init__(self, queued_at: datetime) -> None:
        super().__init__(body=b'{"key": "k"}')
        self._queued_at = queued_at

    @property
    def insertion_time(self) -> datetime:
        return self._queued_at
