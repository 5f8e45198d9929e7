"""A deletion that is undone while it is carried out, of a file with content in Moment Cloud: told undone, it is."""

import pytest

from shared.errors import Collision
from shared.model.directory import Links
from shared.model.files import FileRecord, FileState
from tests.sync.test_both_changed import BothSides, Shared, both  # noqa: F401 - the fixture
from tests.sync.test_ingest import company  # noqa: F401 - the fixture
from tests.sync.test_races import Interruption, app_with, finish
from tests.world import World, put_blob

CONTENT = b"never sent to SharePoint"


def newer_content_waits(shared: Shared) -> FileRecord:
    """In SharePoint, with a newer version in Moment Cloud that could not go yet."""
    shared.is_noted(CONTENT)
    return shared.world.read(shared.first)


def never_moved(shared: Shared) -> FileRecord:
    world = shared.world
    record, url = world.announce(Links(shared.both.customer, "p1"), shared.name)
    world.local.fault({"match": {"path": shared.name}, "times": 1, "then": {"status": 423}})
    put_blob(url, CONTENT)
    return world.arrive(record)


def restored(world: World, record: FileRecord) -> bool:
    try:
        world.app.edits.restore(record.customer, record.id)
    except Collision:
        return False
    return True


def is_reachable(world: World, record: FileRecord, content: bytes) -> bool:
    """As the file is in SharePoint now, or in Moment Cloud."""
    now = world.read(record)
    if now.blob_name is not None and world.blob_exists(now, now.blob_name):
        return True
    assert now.baseline is not None
    path = f"/drives/{now.baseline.drive_id}/items/{now.baseline.item_id}/content"
    return world.graph("GET", path).content == content


@pytest.mark.parametrize("make", [newer_content_waits, never_moved])
def test_what_is_told_to_be_restored_keeps_its_newest_content(both: BothSides, make):  # noqa: F811
    world, seen = both.world, set()
    for moment in range(40):
        record = make(Shared(both, f"race{moment}.txt"))
        world.app.edits.delete(record.customer, record.id)
        world.pushes.keys.clear()
        answers: list[bool] = []
        interruption = Interruption(moment, lambda record=record, to=answers: to.append(restored(world, record)))
        app_with(world, interruption).push.push(record.customer, record.id)
        finish(world, both.customer)
        if not interruption.happened:
            break
        after = world.read(record)
        assert not after.delete_pending
        assert (after.state is FileState.IN_SHAREPOINT) is answers[0], (moment, after)
        assert answers[0] is False or is_reachable(world, record, CONTENT), moment
        seen.add(answers[0])
    else:
        raise AssertionError("the deletion never ends")
    assert seen == {True, False}
