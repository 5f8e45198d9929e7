"""Files of all customers as people and SharePoint change them, found within the next messages of the queue."""

import json
import uuid

import pytest

from shared.model.directory import Links, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.model.search import Search
from shared.settings import INDEXING_QUEUE
from shared.sync.everywhere import ALL
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.world import World


def found(world: World, *words: str, **asked: object) -> list[FileRecord]:
    """What a search over all customers finds once all messages were taken."""
    world.index()
    search = Search(None, words=words, **asked)  # type: ignore[arg-type]
    return list(world.app.searching.page(search, None, 500).items)


def word() -> str:
    """One that no other test's files have."""
    return f"w{uuid.uuid4().hex}"


def test_a_file_is_found_from_its_arrival_on_with_its_link_to_sharepoint(world: World):
    own = word()
    keeps, moves = world.customer(StorageLocation.MOMENT), world.customer()
    kept, moved = (world.upload(Links(each.id), f"{own}.txt") for each in (keeps, moves))
    assert found(world, own) == []

    world.arrive(kept)
    world.arrive(moved)

    by_customer = {record.customer: record for record in found(world, own)}
    assert by_customer[keeps.id].state is FileState.IN_MOMENT_CLOUD
    in_sharepoint = by_customer[moves.id]
    assert in_sharepoint.state is FileState.IN_SHAREPOINT
    assert in_sharepoint.blob_name is None
    assert in_sharepoint.baseline is not None
    assert in_sharepoint.baseline.web_url.endswith(f"{own}.txt")


def test_what_people_do_in_sharepoint_is_followed(company: Company):  # noqa: F811
    world, own = company.world, word()
    company.person_patches(company.one, {"name": f"{own}.txt"})
    company.person_tags(company.one, own)
    world.pull(company.customer)
    assert [record.id for record in found(world, own)] == [company.one.id]
    assert [record.id for record in found(world, tags=(own,))] == [company.one.id]
    assert company.one.baseline is not None

    world.delete_item(company.drive, company.one.baseline.item_id)
    world.pull(company.customer)
    assert found(world, own) == []
    [deleted] = found(world, own, states=frozenset({FileState.DELETED}))
    assert deleted.id == company.one.id

    world.local.restore(company.one.baseline.item_id)
    world.pull(company.customer)
    assert [record.id for record in found(world, own)] == [company.one.id]
    assert found(world, own, states=frozenset({FileState.DELETED})) == []


def test_a_file_moved_to_another_customers_library_is_found_there(company: Company):  # noqa: F811
    world, own = company.world, word()
    other = world.customer().id
    world.arrive(world.upload(Links(other)))
    world.pull(other)
    link = world.app.folders.find(other, "library")
    assert link is not None
    item = company.person_adds(company.folder(company.one), f"{own}.txt")
    world.pull(company.customer)
    [before] = found(world, own)

    world.delete_item(company.drive, item)
    world.pull(company.customer)
    world.graph("PUT", f"/drives/{link.drive_id}/items/root:/{own}.txt:/content", data=b"theirs")
    world.pull(other)

    [after] = found(world, own)
    assert (before.customer, after.customer) == (company.customer, other)
    [left] = found(world, own, states=frozenset({FileState.DELETED}))
    assert (left.id, left.moved_to) == (before.id, f"{other}/{after.id}")


def test_a_file_is_shown_in_the_place_where_its_folder_is_now(company: Company):  # noqa: F811
    world, own = company.world, word()
    drafts = company.person_makes_folder(company.folder(company.one), "Drafts")
    company.person_adds(drafts, f"{own}.txt")
    world.pull(company.customer)
    body = {"parentReference": {"id": company.folder(company.two)}}
    world.graph("PATCH", f"/drives/{company.drive}/items/{drafts}", json=body)
    world.pull(company.customer)

    [shown] = found(world, own)

    assert shown.links == Links(company.customer, "p2")


def test_the_daily_job_finds_what_lost_messages_left_whatever_it_syncs(world: World):
    own = word()
    world.arrive(world.upload(Links(world.customer().id), f"{own}.txt"))
    world.indexing.keys.clear()
    off = world.restarted_with(DAILY_SYNC_TO_SHAREPOINT="false", DAILY_SYNC_FROM_SHAREPOINT="false")

    assert off.app.daily_sync.begin() is None

    assert [key for key, _ in off.indexing.keys] == [ALL]
    assert len(found(off, own)) == 1


def test_a_customer_that_is_given_up_is_an_entry_until_nothing_is_left_to_do(world: World):
    own, customer = word(), world.customer(StorageLocation.MOMENT).id
    world.arrive(world.upload(Links(customer), f"{own}.txt"))
    body = json.dumps({"key": customer})
    for entry in world.app.given_up.list(None, 500).items:
        world.app.given_up.dismiss(entry.id)

    world.app.given_up.take(INDEXING_QUEUE, body)
    world.app.given_up.forget_settled()

    [entry] = world.app.given_up.list(None, 10).items
    assert entry.concerns == f"the search over all customers, for customer {customer}"
    world.indexing.keys.clear()
    world.app.given_up.put_back(entry.id)
    assert len(found(world, own)) == 1
    world.app.given_up.take(INDEXING_QUEUE, body)
    assert [(each.marked, each.body) for each in world.app.given_up.list(None, 10).items] == [(False, body)]
    world.app.given_up.dismiss(entry.id)


@pytest.mark.parametrize("key", ["", "~/#", f"{ALL}no token"])
def test_a_message_of_nothing_that_exists_is_kept_as_an_entry(world: World, key: str):
    body = json.dumps({"key": key})

    world.app.given_up.take(INDEXING_QUEUE, body)
    entries = [each for each in world.app.given_up.list(None, 500).items if each.body == body]

    assert [each.marked for each in entries] == [False]
    world.app.given_up.dismiss(entries[0].id)
