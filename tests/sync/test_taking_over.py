"""An item that people renamed before its transfer knew it: the pull gave it a record, which the transfer takes over."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from shared.model.directory import Links
from shared.model.files import FileRecord, FileState
from tests.sync.test_crash import Killed
from tests.sync.test_ingest import Company, company  # noqa: F401
from tests.sync.test_races import finish


class _Files:
    """Files of a process that may be killed right after it ended the record that the pull had made."""

    def __init__(self, files: Any, before_commit: Callable[[], None], *, dies: bool = True) -> None:
        self._files, self._before_commit, self._dies = files, before_commit, dies

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)

    def save(self, before: FileRecord, after: FileRecord, event: Any) -> FileRecord:
        if after.state is FileState.IN_SHAREPOINT:
            self._before_commit()
        saved = self._files.save(before, after, event)
        if after.state is FileState.DELETED and self._dies:
            raise Killed
        return saved


def items_and_owners(company: Company) -> dict[str, str]:  # noqa: F811
    """Each file in the library with the name that Moment shows for it."""
    children = company.world.graph("GET", f"/drives/{company.drive}/root/children").json()["value"]
    owners = {each.baseline.item_id: each.name for each in company.live().values() if each.baseline is not None}
    return {each["name"]: owners.get(each["id"], "nobody's") for each in children if "file" in each}


def renamed_and_pulled(company: Company) -> None:  # noqa: F811
    """What happens between the moment that SharePoint has the file and the commit."""
    company.world.graph("PATCH", f"/drives/{company.drive}/root:/plan.txt:", json={"name": "their plan.txt"})
    company.world.pull(company.customer)


@pytest.fixture
def record(company: Company) -> FileRecord:  # noqa: F811
    """A file whose process died between the end of the pull's record and its own commit."""
    world = company.world
    record = world.upload(Links(company.customer), "plan.txt")
    dying = _Files(world.stores.files, lambda: renamed_and_pulled(company))
    app = world.using(stores=dataclasses.replace(world.stores, files=dying))
    with pytest.raises(Killed):
        app.transfer.blob_arrived(record.blob_name or "")
    world.clock.advance(3600)
    return record


def walk(company: Company) -> None:  # noqa: F811
    company.world.app.ingest.take(f"walk:{company.drive}", company.world.clock())
    finish(company.world, company.customer)


def test_an_item_whose_transfer_never_took_it_over_is_followed_again(company: Company, record: FileRecord):  # noqa: F811
    walk(company)

    assert items_and_owners(company) == {"their plan.txt": "their plan.txt"}
    assert company.world.read(record).state is FileState.MOVING


def test_it_is_so_as_well_after_the_transfer_sent_the_file_again(company: Company, record: FileRecord):  # noqa: F811
    company.world.arrive(record)
    walk(company)

    assert items_and_owners(company) == {"plan.txt": "plan.txt", "their plan.txt": "their plan.txt"}
    assert company.live()["plan.txt"].id == record.id


def test_an_item_that_was_taken_over_stays_with_its_new_record(company: Company):  # noqa: F811
    """Without a death in between."""
    world = company.world
    record = world.upload(Links(company.customer), "plan.txt")
    calls = iter([lambda: renamed_and_pulled(company)])
    sharing = _Files(world.stores.files, lambda: next(calls, lambda: None)(), dies=False)
    world.using(stores=dataclasses.replace(world.stores, files=sharing)).transfer.blob_arrived(record.blob_name or "")
    walk(company)

    assert items_and_owners(company) == {"their plan.txt": "their plan.txt"}
    assert company.live()["their plan.txt"].id == record.id
