"""Full walks and new subscriptions as runs, of one customer's library and of all."""

import pytest

from shared.errors import Collision, UnknownObject
from shared.model.directory import Links, StorageLocation
from shared.model.files import FileState
from shared.model.libraries import Watch
from shared.model.runs import Run, RunState, RunTask
from tests.conftest import moments_storage
from tests.sync.test_subscriptions import followed, public, read  # noqa: F401 - a fixture
from tests.world import World, environ_for
from tools.sharepoint.running import LocalSharePoint

WHO = "Ada"


@pytest.fixture
def world(sharepoint: LocalSharePoint):
    """A storage of its own: a task may look at every library that is there."""
    with moments_storage() as azurite:
        yield World.start(environ_for(azurite.connection_string, sharepoint), sharepoint)


def done(world: World, task: RunTask, customer: str | None = None) -> Run:
    return world.finish(world.app.library_tasks.begin(task, customer, WHO))


def test_a_full_walk_of_all_finds_in_each_library_what_no_delta_told(world: World):
    lost = []
    for _ in range(2):
        customer = world.customer().id
        record = world.arrive(world.upload(Links(customer)))
        world.pull(customer)
        world.local.fault({"missing_tombstones": 1})
        assert record.baseline is not None
        world.delete_item(record.baseline.drive_id, record.baseline.item_id)
        world.pull(customer)
        lost.append(record)
    assert {world.read(each).state for each in lost} == {FileState.IN_SHAREPOINT}

    run = done(world, RunTask.FULL_WALK)

    assert {world.read(each).state for each in lost} == {FileState.DELETED}
    assert (run.state, run.task, run.customer, run.started_by) == (RunState.SUCCEEDED, RunTask.FULL_WALK, "", WHO)


def test_a_full_walk_of_one_customer_leaves_the_others(world: World):
    walked, other = (world.arrive(world.upload(Links(world.customer().id))) for _ in range(2))
    world.settle()
    for record in (walked, other):
        world.local.fault({"missing_tombstones": 1})
        assert record.baseline is not None
        world.delete_item(record.baseline.drive_id, record.baseline.item_id)
        world.pull(record.customer)

    done(world, RunTask.FULL_WALK, walked.customer)

    assert (world.read(walked).state, world.read(other).state) == (FileState.DELETED, FileState.IN_SHAREPOINT)


def test_every_library_gets_another_subscription_and_only_that_one_is_left(public: World):  # noqa: F811
    before = [followed(public) for _ in range(3)]

    run = done(public, RunTask.RE_SUBSCRIBE)

    after = [read(public, each.drive_id) for each in before]
    assert run.state is RunState.SUCCEEDED
    assert {each.id for each in public.sharepoint.subscriptions()} == {each.subscription_id for each in after}
    assert not {each.subscription_id for each in before} & {each.subscription_id for each in after}
    assert not {each.client_state for each in before} & {each.client_state for each in after}
    assert {each.watch for each in after} == {Watch.SUBSCRIBED}


def test_one_customers_library_is_subscribed_anew_and_pulled(public: World):  # noqa: F811
    wanted, other = followed(public), followed(public)
    public.local.fault({"notifications_lost": 1000})
    public.graph("PUT", f"/drives/{wanted.drive_id}/items/root:/unheard.txt:/content", data=b"x")

    done(public, RunTask.RE_SUBSCRIBE, wanted.customer)

    assert read(public, wanted.drive_id).subscription_id != wanted.subscription_id
    assert read(public, other.drive_id).subscription_id == other.subscription_id
    assert "unheard.txt" in [each.name for each in public.app.files.live(wanted.customer)]


def test_more_libraries_than_one_visit_takes_are_all_done(public: World):  # noqa: F811
    states = [followed(public) for _ in range(21)]

    run = done(public, RunTask.RE_SUBSCRIBE)

    assert dict(run.counts) == {"libraries": 21}
    assert all(read(public, each.drive_id).subscription_id != each.subscription_id for each in states)


def test_a_refused_subscription_is_said_and_does_not_keep_the_others_from_theirs(public: World):  # noqa: F811
    state = followed(public)
    public.local.settings(subscriptions_forbidden=True)

    run = done(public, RunTask.RE_SUBSCRIBE)

    assert run.state is RunState.PARTLY
    assert [each.what for each in run.problems] == [f"library of {state.customer}"]
    assert read(public, state.drive_id).watch is Watch.POLLED


def test_what_is_asked_for_while_it_goes_on_is_the_same_run(world: World):
    customer = world.arrive(world.upload(Links(world.customer().id))).customer
    world.settle()

    first = world.app.library_tasks.begin(RunTask.FULL_WALK, customer, WHO)
    second = world.app.library_tasks.begin(RunTask.FULL_WALK, customer, "Ola")
    others = [
        world.app.library_tasks.begin(RunTask.RE_SUBSCRIBE, customer, WHO),
        world.app.library_tasks.begin(RunTask.FULL_WALK, None, WHO),
    ]
    world.finish(first)
    later = world.app.library_tasks.begin(RunTask.FULL_WALK, customer, WHO)

    assert (second.id, second.started_by) == (first.id, WHO)
    assert first.id not in {each.id for each in others}
    assert later.id != first.id


def test_a_customer_without_a_library_and_one_that_is_none_are_refused(world: World):
    with pytest.raises(Collision) as refused:
        world.app.library_tasks.begin(RunTask.FULL_WALK, world.customer(StorageLocation.MOMENT).id, WHO)
    assert refused.value.field == "customer"
    with pytest.raises(UnknownObject):
        world.app.library_tasks.begin(RunTask.RE_SUBSCRIBE, "nobody", WHO)
