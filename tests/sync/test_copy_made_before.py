"""A transfer that died after it had sent Moment's content beside the file, and what people did before the next one."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.model.directory import Links
from shared.model.drive_items import DriveItem
from tests.sync.test_both_changed import OURS, THEIRS, Shared, both  # noqa: F401 - the fixture
from tests.sync.test_crash import Killed
from tests.sync.test_following_storm import BothSides
from tests.sync.test_ingest import company  # noqa: F401 - the fixture
from tests.sync.test_races import finish
from tests.world import put_blob


class _DiesAfterPut:
    """SharePoint has the copy, and the process is gone before it knows."""

    def __init__(self, sharepoint: Any) -> None:
        self._sharepoint = sharepoint

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sharepoint, name)

    def put_file(self, *arguments: Any) -> DriveItem:
        self._sharepoint.put_file(*arguments)
        raise Killed


def died_after_put(shared: Shared) -> None:
    """New content was sent as a new item."""
    put_blob(shared.url, OURS)
    app = shared.world.using(sharepoint=_DiesAfterPut(shared.world.sharepoint))
    with pytest.raises(Killed):
        app.transfer.blob_arrived(shared.first.blob_name or "")
    shared.world.clock.advance(121)


def moved_by_a_person(shared: Shared) -> None:
    shared.both.person.ask("PATCH", f"/items/{shared.item}", json={"parentReference": {"id": root_of(shared)}})


def renamed_by_a_person(shared: Shared) -> None:
    shared.both.person.ask("PATCH", f"/items/{shared.item}", json={"name": "plan B.txt"})


def moved_in_moment(shared: Shared) -> None:
    shared.world.edit(shared.first, links=Links(shared.both.customer, "p2"))


def root_of(shared: Shared) -> str:
    return shared.both.person.ask("GET", "/root")["id"]


@pytest.mark.parametrize("act", [moved_by_a_person, renamed_by_a_person, moved_in_moment])
@pytest.mark.parametrize("is_pulled", [False, True])
def test_whatever_became_of_the_file_its_copy_is_made_once(
    both: BothSides,  # noqa: F811
    act: Callable[[Shared], None],
    *,
    is_pulled: bool,
):
    shared = Shared(both)
    shared.person_writes()
    died_after_put(shared)
    act(shared)
    if is_pulled:
        shared.world.pull(both.customer)

    shared.world.arrive(shared.first)
    finish(shared.world, both.customer)

    plans = [seen for seen in both.person.everything() if seen.name.startswith("plan")]
    assert sorted(both.person.content(seen.id) for seen in plans) == [OURS, THEIRS]
    both.agree()
    assert shared.copy().blob_name is None
