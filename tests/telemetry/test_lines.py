"""One line for each transfer, pull, push and run, and one for each thing that an alert waits for."""

import logging
from collections.abc import Iterator

import pytest

from shared.errors import AccessDenied, NameNotAllowed
from shared.model.budget import Limits
from shared.model.directory import Links
from shared.model.files import FileState
from shared.model.runs import Count, Direction
from shared.model.urgency import bulk
from tests.graph.parts import PassingTime, a_pacing
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_subscriptions import followed, public, read  # noqa: F401 - the fixture
from tests.telemetry.test_documented import fields_documented
from tests.telemetry.told import fields_of, line, lines
from tests.world import World

Log = pytest.LogCaptureFixture


@pytest.fixture(autouse=True)
def everything(caplog: Log) -> Iterator[None]:
    """All lines; those that are put together have only fields that are documented."""
    caplog.set_level(logging.INFO, logger="shared")
    yield
    for record in caplog.records:
        if record.getMessage().endswith(" ended"):
            known = fields_documented(record.getMessage()) | {"error"} | set(Count)
            assert set(fields_of(record)) <= known


def forget_what_was_told(caplog: Log) -> None:
    caplog.clear()


class Refusing:
    """SharePoint, but for one call that raises this."""

    def __init__(self, world: World, call: str, error: Exception) -> None:
        self._real, self._call, self._error = world.sharepoint, call, error

    def __getattr__(self, name: str) -> object:
        if name != self._call:
            return getattr(self._real, name)

        def refuse(*_args: object, **_kwargs: object) -> object:
            raise self._error

        return refuse


def test_a_transfer_has_one_line_with_what_was_moved_and_how_long_it_took_since_the_upload(world: World, caplog: Log):
    record = world.upload(Links(world.customer().id), content=b"12345")
    world.clock.advance(60)

    world.arrive(record)
    world.arrive(record)

    told = line(caplog, "transfer ended")
    assert (told["customer"], told["file"]) == (record.customer, record.id)
    assert (told["outcome"], told["size_bytes"]) == ("in-sharepoint", 5)
    assert 60 <= told["since_upload_s"] < 600
    assert 0 <= told["took_s"] < 600


def test_a_transfer_that_has_to_wait_says_for_what(world: World, caplog: Log):
    record = world.upload(Links(world.customer().id))
    world.local.fault({"match": {"method": "PUT"}, "times": 100, "then": {"status": 503}})

    world.arrive(record)

    told = line(caplog, "transfer ended")
    assert (told["outcome"], told["cause"]) == ("waiting", "unreachable")
    assert "since_upload_s" not in told


def test_a_transfer_that_breaks_says_so_with_the_class_of_the_error_alone(world: World, caplog: Log):
    record = world.upload(Links(world.customer().id))
    broken = world.using(sharepoint=Refusing(world, "put_file", KeyError("https://secret")))

    with pytest.raises(KeyError):
        broken.transfer.move(record.customer, record.id)

    told = line(caplog, "transfer ended")
    assert (told["outcome"], told["error"]) == ("failed", "KeyError")
    assert "secret" not in str(told)


def test_a_file_that_becomes_blocked_is_told_once_with_its_cause(world: World, caplog: Log):
    record = world.upload(Links(world.customer().id))
    refusing = world.using(sharepoint=Refusing(world, "put_file", NameNotAllowed("Not this name.")))

    refusing.transfer.move(record.customer, record.id)
    blocked = world.read(record)
    world.app.transfer.states.block(blocked, blocked.why, may_pass=False)

    assert blocked.state is FileState.BLOCKED
    told = line(caplog, "file needs attention")
    assert told == {"customer": record.customer, "file": record.id, "cause": "name-refused"}
    assert line(caplog, "transfer ended")["outcome"] == "blocked"


def test_a_pull_has_one_line_that_counts_what_it_met_and_changed(company: Company, caplog: Log):  # noqa: F811
    world = company.world
    world.pull(company.customer)
    company.person_adds(company.folder(company.one), "new.txt")
    world.rename_item(company.drive, company.two.baseline.item_id, "renamed.txt")
    world.delete_item(company.drive, company.one.baseline.item_id)
    forget_what_was_told(caplog)

    world.pull(company.customer)

    told = line(caplog, "pull ended")
    assert (told["drive"], told["customer"], told["outcome"]) == (company.drive, company.customer, "done")
    assert (told["files_new"], told["files_changed"], told["files_deleted"]) == (1, 1, 1)
    assert told["items"] >= 3
    assert company.two.id in told["files"].split()


def test_a_pull_that_somebody_else_has_done_has_no_line(company: Company, caplog: Log):  # noqa: F811
    world = company.world
    world.pull(company.customer)
    forget_what_was_told(caplog)

    world.app.ingest.pull(company.drive, world.clock.later(-3600), notified=False)

    assert lines(caplog, "pull ended") == []


def test_a_pull_that_is_refused_says_so(company: Company, caplog: Log):  # noqa: F811
    world = company.world
    refused = world.using(sharepoint=Refusing(world, "changes", AccessDenied("No.")))

    refused.ingest.pull(company.drive, world.clock.later(60), notified=True)

    told = line(caplog, "pull ended")
    assert (told["outcome"], told["notified"]) == ("refused", True)


def test_a_push_has_one_line_and_one_that_finds_nothing_to_do_has_none(company: Company, caplog: Log):  # noqa: F811
    company.world.edit(company.one, name="uno.txt")
    company.world.app.push.push(company.customer, company.one.id)

    told = line(caplog, "push ended")
    assert (told["customer"], told["file"], told["outcome"]) == (company.customer, company.one.id, "pushed")


def test_a_push_of_a_file_that_somebody_has_open_says_what_it_waits_for(company: Company, caplog: Log):  # noqa: F811
    company.world.local.fault({"match": {"method": "PATCH"}, "times": 100, "then": {"status": 423}})
    company.world.app.edits.edit(company.customer, company.one.id, company.world.an_edit(name="uno.txt"))
    company.world.app.push.push(company.customer, company.one.id)

    told = line(caplog, "push ended")
    assert (told["outcome"], told["cause"]) == ("waiting", "locked")


def test_a_folders_rename_is_a_push(world: World, caplog: Log):
    customer = world.customer()
    world.arrive(world.upload(Links(customer.id)))
    forget_what_was_told(caplog)

    world.rename_customer(customer)
    world.settle()

    told = line(caplog, "push ended")
    assert (told["customer"], told["folder"], told["outcome"]) == (customer.id, "library", "pushed")


def test_a_run_has_one_line_with_its_counts(world: World, caplog: Log):
    links = Links(world.customer().id)
    record = world.upload(links)

    run = world.app.sync_by_hand.begin(links, Direction.TO_SHAREPOINT, "Ada", is_plan=False, is_full=False)
    world.finish(run)

    told = line(caplog, "sync run ended")
    assert (told["run"], told["customer"], told["outcome"]) == (run.id, record.customer, "succeeded")
    assert told["transfers"] == 1
    assert len(lines(caplog, "transfer ended")) == 1


def test_the_daily_job_says_that_it_began_whatever_there_is_to_do(world: World, caplog: Log):
    run = world.app.daily_sync.begin()
    world.app.daily_sync.begin()

    assert run is not None
    assert [each["run"] for each in lines(caplog, "daily job begun")] == [run.id, ""]


def test_a_library_of_whose_changes_nobody_told_is_named(public: World, caplog: Log):  # noqa: F811
    state = followed(public)
    public.local.fault({"notifications_lost": 1000})
    public.graph("PUT", f"/drives/{state.drive_id}/items/root:/unheard.txt:/content", data=b"x")
    public.clock.advance(3600)

    public.pull(state.customer)

    assert line(caplog, "library is quiet") == {"customer": state.customer, "drive": state.drive_id}
    assert read(public, state.drive_id).watch == "quiet"


def test_a_used_up_day_is_told_once_until_the_refusal_ends(caplog: Log):
    time = PassingTime()
    time.now = 1000.0
    pacing = a_pacing(time, Limits(per_minute=0, per_day=20))
    while pacing.take(2) is None:
        time.now += 1

    for _ in range(50):
        assert pacing.take(2) is not None
        time.now += 1
    assert pacing.take(1) is not None

    told = line(caplog, "budget is used up")
    assert (told["per_day"], told["is_bulk"]) == (20, False)
    assert told["for_s"] > 3600


def test_a_used_up_minute_is_nothing_to_tell(caplog: Log):
    time = PassingTime()
    pacing = a_pacing(time, Limits(per_minute=20, per_day=0))
    with bulk():
        while pacing.take(2) is None:
            pass

    assert lines(caplog, "budget is used up") == []
