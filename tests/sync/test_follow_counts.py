"""What following a busy library costs: a number that grows with the files where it should not fails here."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from shared.graph.connection import USER_AGENT
from shared.model.directory import Links
from shared.model.drive_items import unique_id_of
from shared.model.files import FileRecord
from shared.model.journal import Event
from tests.sync.test_following_storm import BothSides
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.world import World

_AT_ONCE = 8
_PAGE = 200
_CONSTANT = 6
"""Requests and units that a pull of any size may need besides its pages."""


class Ours:
    """Counts the requests of our app alone, by its user agent, since it was made."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._since = max((call["n"] for call in world.local.requests()), default=0)

    def calls(self) -> list[dict]:
        return [call for call in self._world.local.requests(self._since) if call["user_agent"] == USER_AGENT]

    def units(self) -> int:
        return sum(call["ru"] for call in self.calls())

    def writes(self) -> list[str]:
        return [f"{call['method']} {call['path']}" for call in self.calls() if call["method"] != "GET"]


def add(company: Company, folder: str, names: list[str]) -> None:  # noqa: F811
    """Many files at once, as a person who drops a folder into the browser."""

    def add_group(group: list[str]) -> None:
        sides = BothSides(company.world, company.customer)
        try:
            for name in group:
                assert sides.person.ask("PUT", f"/items/{folder}:/{name}:/content", data=name.encode())
        finally:
            sides.person.close()

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(add_group, (names[start::_AT_ONCE] for start in range(_AT_ONCE))))


class InMemory:
    """Records without Table Storage, where they alone would take a minute; what is asked of SharePoint is the same."""

    def __init__(self) -> None:
        self.records: dict[str, FileRecord] = {}
        self._by: dict[str, str] = {}

    def create(self, record: FileRecord, _event: Event | str) -> FileRecord:
        return self.save(record, record, _event)

    def save(self, before: FileRecord, after: FileRecord, _event: Event | str) -> FileRecord:
        assert after.baseline is not None
        self._by |= {after.baseline.item_id: after.id, unique_id_of(after.baseline.e_tag): after.id}
        self.records[after.id] = replace(after, version=before.version + 1)
        return self.records[after.id]

    def find(self, _customer: str, file_id: str) -> FileRecord | None:
        return self.records.get(file_id)

    def find_by_item(self, _customer: str, item_id: str) -> str | None:
        return self._by.get(item_id)

    def find_by_unique_id(self, _customer: str, unique_id: str) -> str | None:
        return self._by.get(unique_id)

    def is_being_sent(self, _customer: str, _parent_id: str, _name: str) -> bool:
        return False

    def is_sending(self, _customer: str) -> bool:
        return False

    def find_departed(self, _fingerprint: str) -> None:
        return None


def pull(company: Company, files: InMemory) -> None:  # noqa: F811
    world = company.world
    app = world.using(stores=replace(world.stores, files=files))
    app.ingest.pull(company.drive, world.clock() + timedelta(days=1), notified=True)


def test_a_thousand_changed_files_cost_two_units_for_each_two_hundred(company: Company):  # noqa: F811
    add(company, company.folder(company.one), [f"many {number}.txt" for number in range(1000)])
    files, ours = InMemory(), Ours(company.world)

    pull(company, files)

    assert len(files.records) == 1000
    assert ours.units() <= 2 * (1000 // _PAGE) + _CONSTANT
    assert len(ours.calls()) <= 2 * (1000 // _PAGE) + _CONSTANT
    assert ours.writes() == []


def test_renaming_a_folder_changes_one_row_however_many_files_lie_in_it(company: Company):  # noqa: F811
    world, files = company.world, InMemory()
    folder = company.person_makes_folder(company.folder(company.one), "Many")
    add(company, folder, [f"below {number}.txt" for number in range(500)])
    pull(company, files)
    before, rows = dict(files.records), tree_rows(company)
    world.rename_item(company.drive, folder, "Very many")
    ours = Ours(world)

    pull(company, files)

    assert len(before) == 500
    assert files.records == before
    assert {key for key, row in tree_rows(company).items() if rows.get(key) != row} == {folder}
    assert ours.units() <= _CONSTANT


def test_a_renamed_folder_costs_each_delta_once(company: Company):  # noqa: F811
    world = company.world
    folder = company.person_makes_folder(company.folder(company.one), "Few")
    world.pull(company.customer, notified=True)
    world.rename_item(company.drive, folder, "Not many")
    ours = Ours(world)

    world.pull(company.customer, notified=True)

    assert [call["route"].rpartition("/")[2] for call in ours.calls()] == ["delta", "delta"]
    assert ours.units() == 2


def tree_rows(company: Company) -> dict[str, tuple[str, str]]:  # noqa: F811
    """Every folder of the tree with its name and parent."""
    sides = BothSides(company.world, company.customer)
    try:
        return sides.folders_in_moment()
    finally:
        sides.person.close()


def versions(company: Company) -> dict[str, int]:  # noqa: F811
    return {record.id: record.version for record in company.world.app.files.live(company.customer)}


def test_a_hundred_transfers_of_ours_come_back_as_nothing(company: Company):  # noqa: F811
    world = company.world
    for number in range(100):
        world.arrive(world.upload(Links(company.customer, "p1"), f"own {number}.txt", tags=("a",)))
    before = versions(company)
    ours = Ours(world)

    world.pull(company.customer, notified=True)

    assert len(before) == 102
    assert versions(company) == before
    assert ours.writes() == []
    assert ours.units() <= 2 + _CONSTANT
    assert not world.pushes.keys
