"""What a notification leads to while files of ours are on their way into the library that it tells of."""

from datetime import timedelta

import pytest

from shared.model.directory import Links
from shared.model.files import FileRecord
from shared.sync.own_echoes import REST_S
from tests.sync.test_ingest import Company, company  # noqa: F401
from tests.sync.test_pull_lease import notify
from tests.sync.test_request_counts import Meter


@pytest.fixture
def moving(company: Company) -> FileRecord:  # noqa: F811
    """A file whose transfer has claimed it and knows its folder."""
    world = company.world
    record = world.upload(Links(company.customer, "p1"), "moving.txt")
    facts = world.stores.blobs.find(record.blob_name)
    assert facts is not None
    claim = world.app.transfer.states.claim(world.read(record), facts, "another instance", 600)
    claim.aim(world.app.provision.target(world.app.placements.of(record.links)))
    return world.read(record)


def test_a_notification_while_a_file_is_being_sent_is_followed_seconds_later(
    company: Company,  # noqa: F811
    moving: FileRecord,
):
    company.person_adds("root", "theirs.txt")
    meter = Meter(company.world)

    notify(company)

    assert meter.read() == (0, 0)
    assert list(company.world.pulls.keys) == [(f"rested:{company.drive}", REST_S)]
    company.world.settle()
    assert "theirs.txt" in company.live()


def test_many_notifications_of_our_own_files_become_one_pull(company: Company, moving: FileRecord):  # noqa: F811
    for _ in range(20):
        notify(company)
        company.world.clock.advance(0.2)

    assert len(company.world.pulls.keys) == 1


def test_what_is_told_after_the_rest_is_followed_too(company: Company, moving: FileRecord):  # noqa: F811
    notify(company)
    company.world.settle()
    company.person_adds("root", "theirs.txt")
    company.world.clock.advance(REST_S)

    notify(company)
    company.world.settle()

    assert "theirs.txt" in company.live()


def test_a_pull_meanwhile_does_not_stand_for_the_one_that_rests(company: Company, moving: FileRecord):  # noqa: F811
    world = company.world
    notify(company)
    world.app.ingest.pull(company.drive, world.clock() + timedelta(days=1), notified=False)
    company.person_adds("root", "theirs.txt")
    notify(company)

    world.settle()

    assert "theirs.txt" in company.live()


def test_a_library_into_which_nothing_moves_is_pulled_at_once(company: Company):  # noqa: F811
    company.person_adds("root", "theirs.txt")

    notify(company)

    assert "theirs.txt" in company.live()


def test_a_file_that_moves_to_another_customer_delays_nothing(company: Company):  # noqa: F811
    world = company.world
    other = world.customer()
    record = world.upload(Links(other.id), "elsewhere.txt")
    facts = world.stores.blobs.find(record.blob_name)
    assert facts is not None
    claim = world.app.transfer.states.claim(world.read(record), facts, "another instance", 600)
    claim.aim(world.app.provision.target(world.app.placements.of(record.links)))
    company.person_adds("root", "theirs.txt")

    notify(company)

    assert "theirs.txt" in company.live()
