"""A real file's explanation: the sentences say what is there, and each write to SharePoint has its request-id."""

from dataclasses import replace

import pytest

from shared.errors import UnknownObject
from shared.model.directory import StorageLocation
from shared.sync.explaining import Explanation
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.world import World


def explained(company: Company) -> Explanation:  # noqa: F811
    return company.world.app.explaining.explain(company.customer, company.one.id)


def test_a_moved_file_says_where_it_is_why_and_how_that_is_known(company: Company):  # noqa: F811
    baseline = company.one.baseline
    assert baseline is not None

    text = " ".join(explained(company).why)

    name = company.world.app.placements.of(company.one.links).customer.name
    assert f"It belongs to project Project p1 of customer {name}." in text
    assert f"kept in SharePoint, inherited from customer {name}." in text
    assert "In SharePoint it lies in the folder Project p1." in text
    assert baseline.sent_quick_xor_hash in text
    assert str(baseline.sent_sha256) in text
    assert text.endswith("Moment Cloud holds nothing of it any more. Next: Nothing is to be done.")


def test_every_step_that_wrote_to_sharepoint_has_graphs_request_id(company: Company):  # noqa: F811
    world = company.world
    writes = {"PUT", "PATCH", "DELETE"}
    world.edit(company.one, name="uno.txt", tags=("blue",))
    world.app.edits.delete(company.customer, company.one.id)
    world.settle()

    steps = explained(company).steps
    ids = [each for _, event in steps for each in event.request_id.split(", ") if each]
    traced = [event.text.partition(" ")[0] for _, event in steps if event.request_id]
    item = company.one.baseline.item_id if company.one.baseline else ""
    sent = [call for call in world.local.requests() if call["method"] in writes and "one.txt" in call["path"]]
    sent += [call for call in world.local.requests() if call["method"] in writes and item in call["path"]]
    assert traced == ["In", "Renamed", "Columns", "Deleted"]
    assert len(set(ids)) == len(ids) == len(sent)


def test_a_place_that_is_gone_and_a_file_that_never_was(company: Company, world: World):  # noqa: F811
    record = world.upload(replace(company.one.links, project="p2"), "later.txt")
    customer = world.app.placements.of(record.links).customer
    world.app.directory_changes.put(replace(customer, storage=StorageLocation.MOMENT))
    world.arrive(record)

    text = " ".join(world.app.explaining.explain(record.customer, record.id).why)

    assert "kept in Moment Cloud" in text
    assert "Moment Cloud holds 5 bytes for it" in text
    assert text.endswith("Next: It stays in Moment Cloud.")
    with pytest.raises(UnknownObject):
        world.app.explaining.explain(record.customer, "never")
