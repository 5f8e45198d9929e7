"""Whatever stands in the way of a file is in its record as a sentence and as a cause; both go together."""

from dataclasses import replace
from typing import Any

import pytest

from shared.model.causes import Cause
from shared.model.directory import Links, Project
from shared.model.files import FileRecord, FileState
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.world import World


@pytest.mark.parametrize(
    ("then", "state", "cause"),
    [
        ({"status": 429, "retry_after_s": 120}, FileState.WAITING, Cause.THROTTLED),
        ({"status": 423}, FileState.WAITING, Cause.LOCKED),
        ({"status": 403}, FileState.BLOCKED, Cause.NO_ACCESS),
        ({"status": 403, "code": "malwareDetected"}, FileState.BLOCKED, Cause.MALWARE),
        ({"status": 507}, FileState.BLOCKED, Cause.SITE_FULL),
        ({"status": 413}, FileState.BLOCKED, Cause.TOO_LARGE),
        ({"status": 400, "code": "pathIsTooLong"}, FileState.BLOCKED, Cause.PATH_TOO_LONG),
    ],
)
def test_a_transfer_that_is_refused_says_why(world: World, then: dict[str, Any], state: FileState, cause: Cause):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": then})

    stopped = world.arrive(world.upload(links, "second.txt"))

    assert (stopped.state, stopped.cause) == (state, cause)
    [shown] = world.app.files.list(links.customer, state.value, None, 10).items
    assert (shown.reason, shown.cause) == (stopped.reason, cause)
    world.clock.advance(130)
    moved = world.move(stopped)
    assert (moved.state, moved.reason, moved.cause) == (FileState.IN_SHAREPOINT, "", None)


def test_a_file_that_waits_for_its_turn_is_throttled(world: World):
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"status": 429, "retry_after_s": 120}})
    world.arrive(world.upload(links, "second.txt"))

    assert world.arrive(world.upload(links, "third.txt")).cause is Cause.THROTTLED


def test_a_file_whose_project_is_gone_says_so(world: World):
    customer = world.customer().id
    world.app.directory_changes.put(Project(customer, "p1", "Project"))
    record = world.upload(Links(customer, "p1"))
    world.stores.directory.remove(Project(customer, "p1", "Project"))

    assert world.arrive(record).cause is Cause.OBJECT_GONE


def test_a_lost_blob_is_missing(world: World):
    customer = world.customer().id
    record = world.upload(Links(customer))
    facts = world.stores.blobs.find(record.blob_name or "")
    assert facts is not None
    world.app.transfer.states.keep(world.read(record), facts)
    world.stores.blobs.release(facts.name, facts.etag)

    assert world.move(record).cause is Cause.MISSING


def test_an_edit_of_a_file_that_somebody_has_open_waits_and_says_so_until_it_went_out(company: Company):  # noqa: F811
    world = company.world
    assert company.one.baseline is not None
    world.local.fault({"lock": {"item": company.one.baseline.item_id, "seconds": 60}})
    world.app.edits.edit(company.customer, company.one.id, world.an_edit(name="later.txt"))
    world.app.push.take(world.pushes.keys.popleft()[0])

    assert world.read(company.one).cause is Cause.LOCKED
    world.local.advance(61)
    world.settle()
    assert (world.read(company.one).reason, world.read(company.one).cause) == ("", None)


def test_an_edit_that_sharepoint_refuses_says_so_until_the_next_one_went_out(company: Company):  # noqa: F811
    world = company.world
    world.local.fault({"match": {"method": "PATCH"}, "times": 1, "then": {"status": 403}})
    world.edit(company.one, name="refused.txt")
    assert world.read(company.one).cause is Cause.NO_ACCESS

    world.edit(company.one, name="allowed.txt")
    assert world.read(company.one).cause is None


def test_a_refused_deletion_says_why_and_an_undone_one_says_what_was_before(company: Company):  # noqa: F811
    world = company.world
    blocked = replace(company.one, state=FileState.BLOCKED, reason="The site is full.", cause=Cause.SITE_FULL)
    blocked = world.stores.files.save(company.one, blocked, "Blocked.")
    world.app.edits.delete(blocked.customer, blocked.id)
    assert world.read(blocked).cause is None
    world.local.fault({"match": {"method": "DELETE"}, "times": 1, "then": {"status": 403}})
    world.settle()
    assert world.read(blocked).cause is Cause.NO_ACCESS

    back = world.app.edits.restore(blocked.customer, blocked.id)

    assert (back.reason, back.cause) == ("The site is full.", Cause.SITE_FULL)


def test_what_the_platform_gave_up_has_another_cause(company: Company):  # noqa: F811
    world = company.world
    record: FileRecord = world.upload(Links(company.customer, "p1"), "three.txt")
    world.app.given_up.take("transfers", f'{{"customer": "{record.customer}", "file": "{record.id}"}}')

    assert world.read(record).cause is Cause.OTHER
