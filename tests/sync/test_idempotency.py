"""A request that is repeated under its Idempotency-Key makes nothing twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Collision, InvalidInput, KeyReused
from shared.model.directory import Links, Project
from shared.model.files import FileState
from shared.model.runs import Direction, Run
from shared.sync.registration import NewFile, Upload
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.world import World


def announce(world: World, customer: str, key: str | None = "key-1", name: str = "note.txt") -> Upload:
    return world.app.registration.announce(NewFile(name, Links(customer), ("red",)), key)


def test_the_same_key_gives_the_same_file_with_a_url_that_works(world: World):
    customer = world.customer().id
    first, again = announce(world, customer), announce(world, customer)

    world.put_blob(again.url, b"hello")

    assert again.record == first.record
    assert world.arrive(first.record).state is FileState.IN_SHAREPOINT
    assert len(list(world.app.files.live(customer))) == 1


def test_a_repetition_after_the_file_moved_gives_it_as_it_is_and_takes_new_content(world: World):
    customer = world.customer().id
    world.put_blob(announce(world, customer).url, b"first")
    moved = world.arrive(announce(world, customer).record)

    again = announce(world, customer)
    assert again.record == moved
    world.put_blob(again.url, b"second")
    world.app.transfer.blob_arrived(f"{customer}/{moved.id}/note.txt")

    assert world.stored(world.read(moved)) == b"second"


def test_an_edit_since_the_first_request_does_not_disturb_a_repetition(world: World):
    customer = world.customer().id
    first = announce(world, customer)
    world.edit(first.record, name="renamed.txt", tags=())

    assert announce(world, customer).record.name == "renamed.txt"


def test_two_at_once_make_one_file(world: World):
    customer = world.customer().id
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: announce(world, customer).record.id, range(6)))

    assert len(set(found)) == 1
    assert len(list(world.app.files.live(customer))) == 1


def test_another_file_under_a_used_key_is_refused(world: World):
    customer = world.customer().id
    announce(world, customer)

    with pytest.raises(KeyReused, match="used for another file"):
        announce(world, customer, name="other.txt")
    assert announce(world, customer, "key-2", "other.txt").record.name == "other.txt"
    assert announce(world, world.customer().id, name="other.txt").record.name == "other.txt"


def test_without_a_key_each_request_makes_a_file(world: World):
    customer = world.customer().id

    assert announce(world, customer, None).record.id != announce(world, customer, None).record.id


def test_a_deleted_file_is_not_announced_again(world: World):
    customer = world.customer().id
    world.app.edits.delete(customer, announce(world, customer).record.id)

    with pytest.raises(Collision, match="was deleted"):
        announce(world, customer)


def test_a_key_that_is_none_is_refused(world: World):
    with pytest.raises(InvalidInput):
        announce(world, world.customer().id, "two words")


def begin(world: World, scope: Links, key: str | None = "key-1", *, is_plan: bool = False) -> Run:
    return world.app.sync_by_hand.begin(
        scope, Direction.TO_SHAREPOINT, "Ada", is_plan=is_plan, is_full=False, idempotency_key=key
    )


def test_the_same_key_gives_the_same_run_also_when_it_has_ended(company: Company):  # noqa: F811
    world, scope = company.world, Links(company.customer)
    first = begin(world, scope)
    assert begin(world, scope).id == first.id
    ended = world.finish(first)

    assert begin(world, scope).id == ended.id
    assert not world.syncs.keys
    assert begin(world, scope, "key-2").id != first.id
    assert begin(world, scope, None).id != first.id


def test_another_sync_under_a_used_key_is_refused(company: Company):  # noqa: F811
    world = company.world
    begin(world, Links(company.customer))

    with pytest.raises(KeyReused, match="another sync"):
        begin(world, Links(company.customer), is_plan=True)
    with pytest.raises(KeyReused):
        begin(world, Links(company.customer, "p1"))
    other = world.customer().id
    world.app.directory_changes.put(Project(other, "p1", "Project"))
    assert begin(world, Links(other, "p1")).customer == other


def test_two_at_once_begin_one_run(company: Company):  # noqa: F811
    world, scope = company.world, Links(company.customer)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: begin(world, scope).id, range(6)))

    assert len(set(found)) == 1
    assert {key.partition("/")[0] for key, _ in world.syncs.keys} == {found[0]}


def test_a_forgotten_run_frees_its_key(company: Company):  # noqa: F811
    world, scope = company.world, Links(company.customer)
    first = world.finish(begin(world, scope))

    world.stores.runs.forget_before(first.id[:4])

    assert begin(world, scope).id != first.id
