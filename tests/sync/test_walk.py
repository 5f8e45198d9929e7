"""The full walk: whatever is wrong in our records and in our tree, after a walk they say what SharePoint holds."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import Claimed
from shared.graph.connection import USER_AGENT
from shared.model.directory import Activity, Links, Task
from shared.model.files import FileRecord, FileState
from shared.model.journal import Event
from shared.model.libraries import LibraryState, Stop, TreeFolder
from tests.sync.test_following_storm import BothSides
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.world import World


@dataclasses.dataclass
class Library:
    """A company, both its sides, and what can be broken in it behind its back."""

    company: Company
    both: BothSides

    @property
    def world(self) -> World:
        return self.company.world

    @property
    def customer(self) -> str:
        return self.company.customer

    @property
    def tree(self) -> Any:
        return self.world.stores.tree

    def state(self) -> LibraryState:
        state = self.world.app.libraries.find(self.company.drive)
        assert state is not None
        return state

    def walk(self) -> None:
        self.world.app.ingest.take(f"walk:{self.company.drive}", self.world.clock())
        self.world.settle()

    def rewrite(self, record: FileRecord, **changes: Any) -> None:
        """Make the record say something that is not so."""
        record = self.world.read(record)
        self.world.stores.files.save(record, dataclasses.replace(record, **changes), Event("Broken on purpose."))

    def rewrite_baseline(self, record: FileRecord, **changes: Any) -> None:
        baseline = self.world.read(record).baseline
        assert baseline is not None
        self.rewrite(record, baseline=dataclasses.replace(baseline, **changes))

    def delete_unnoticed(self, item_id: str | None) -> None:
        """A person deletes something, and no delta ever says so."""
        self.world.local.fault({"missing_tombstones": 1})
        self.world.delete_item(self.company.drive, item_id)

    def tables(self) -> TableServiceClient:
        return TableServiceClient.from_connection_string(self.world.environ["MOMENT_STORAGE"])

    def rows(self, table: str) -> dict[str, str]:
        """The keys and etags of the customer's rows."""
        with self.tables() as tables:
            found = tables.get_table_client(table).query_entities("PartitionKey eq @c", parameters={"c": self.customer})
            return {row["RowKey"]: row.metadata["etag"] for row in found}

    def check(self) -> None:
        """Both sides are equal; another walk writes nothing, and asks by id for objects' missing folders alone."""
        self.both.agree()
        assert self.both.folders_in_moment() == self.both.folders_in_sharepoint()
        before = self.rows("files"), self.rows("tree"), self.rows("folders")
        missing = self.world.app.ingest.walks.missing_folders(self.state())
        since = self.both.last_request()
        self.walk()
        assert (self.rows("files"), self.rows("tree"), self.rows("folders")) == before
        assert self.both.our_writes(since) == []
        assert len(self.asked_for(since)) == len(missing)

    def asked_for(self, since: int) -> list[str]:
        """The drive items that we asked for by id."""
        calls = [call for call in self.world.local.requests(since) if call["user_agent"] == USER_AGENT]
        return [call["path"] for call in calls if "/drives/" in call["path"] and "/items/" in call["path"]]


@pytest.fixture
def library(company: Company) -> Iterator[Library]:  # noqa: F811
    deep = company.person_makes_folder(company.folder(company.one), "Deep")
    company.person_adds(deep, "deep.txt")
    company.person_tags(company.two, "blue")
    company.world.pull(company.customer, notified=True)
    with BothSides(company.world, company.customer) as both:
        yield Library(company, both)


def deep_folder(library: Library) -> str:
    """The folder of a person, below a project's."""
    (deep,) = library.tree.children(library.customer, library.company.folder(library.company.one))
    return deep.item_id


# -- broken on purpose


def test_a_walk_in_which_all_is_well_writes_nothing(library: Library):
    library.check()


def test_a_record_whose_item_is_gone_without_a_tombstone(library: Library):
    one = library.company.one
    library.delete_unnoticed(one.baseline.item_id)

    library.walk()

    assert library.world.read(one).state is FileState.DELETED
    library.check()


def test_an_item_without_a_record(library: Library):
    one = library.company.one
    with library.tables() as tables:
        table = tables.get_table_client("files")
        for key in library.rows("files"):
            if one.id in key or key.startswith(("item~", "unique~")):
                row = table.get_entity(library.customer, key)
                if one.id in (*key.split("~"), row.get("file")):
                    table.delete_entity(library.customer, key)
    assert "one.txt" not in library.company.live()

    library.walk()

    assert library.company.live()["one.txt"].tags == ("red",)
    library.check()


def test_a_folder_of_the_tree_that_is_gone_takes_what_lay_in_it(library: Library):
    library.delete_unnoticed(library.company.folder(library.company.one))

    library.walk()

    assert set(library.company.live()) == {"two.txt"}
    library.check()


def test_what_lies_in_a_folder_that_is_gone_is_not_asked_for(library: Library):
    folder = library.company.folder(library.company.one)
    for number in range(10):
        library.company.person_adds(folder, f"more {number}.txt")
    library.world.pull(library.customer)
    library.delete_unnoticed(folder)
    since = library.both.last_request()

    library.walk()

    assert len(library.asked_for(since)) == 3  # two folders, and the project's once more for the report


def test_a_folder_that_never_was(library: Library):
    library.tree.put(library.customer, TreeFolder("01NEVERWAS", "Ghost", library.company.folder(library.company.one)))

    library.walk()

    library.check()


def test_a_folder_that_the_tree_does_not_know(library: Library):
    library.tree.remove(library.customer, deep_folder(library))

    library.walk()

    library.check()


def test_a_folder_with_another_parent_and_name_in_the_tree(library: Library):
    wrong = TreeFolder(deep_folder(library), "Shallow", library.company.folder(library.company.two))
    library.tree.put(library.customer, wrong)
    assert library.company.live()["deep.txt"].links.project == "p2"

    library.walk()

    assert library.company.live()["deep.txt"].links.project == "p1"
    library.check()


def test_folders_that_lie_in_each_other_in_the_tree(library: Library):
    one, deep = library.company.folder(library.company.one), deep_folder(library)
    library.tree.put(library.customer, TreeFolder(one, "Project p1", deep))
    library.delete_unnoticed(one)

    library.walk()

    assert set(library.company.live()) == {"two.txt"}
    library.check()


def test_wrong_columns(library: Library):
    library.rewrite_baseline(library.company.one, tags=("wrong",), period="11/2020", year="2020")
    library.rewrite(library.company.one, tags=("wrong",), period="11/2020")
    library.rewrite_baseline(library.company.two, tags=("wrong",))
    library.rewrite(library.company.two, tags=("wrong",))

    library.walk()

    assert set(library.world.read(library.company.one).tags) == {"red"}
    assert set(library.world.read(library.company.two).tags) == {"blue"}
    library.check()


def test_another_name_folder_and_size_in_the_baseline(library: Library):
    one = library.company.one
    library.rewrite(one, name="wrong.txt", size_bytes=99)
    library.rewrite_baseline(
        one, name="wrong.txt", parent_id=library.company.folder(library.company.two), size_bytes=99
    )

    library.walk()

    assert library.company.live()["one.txt"].links == Links(library.customer, "p1")
    library.check()


def test_a_tombstone_of_a_file_that_is_there(library: Library):
    library.rewrite(library.company.one, state=FileState.DELETED, reason="Deleted in SharePoint.")

    library.walk()

    library.check()


# -- reported


def test_folders_of_objects_that_are_gone_are_reported_in_words_and_their_links_kept(library: Library):
    world, customer = library.world, library.customer
    world.app.directory_changes.put(Activity(customer, "p2", "a1", "Design"))
    world.app.directory_changes.put(Task(customer, "p2", "t1", "7", "Draw", "a1"))
    drawn = world.arrive(world.upload(Links(customer, "p2", "a1", "t1"), "drawn.txt"))
    world.pull(customer)
    assert library.world.app.ingest.walks.missing_folders(library.state()) == []
    links = list(world.app.folders.list(customer))
    library.delete_unnoticed(library.company.folder(library.company.two))

    library.walk()

    assert sorted(world.app.ingest.walks.missing_folders(library.state())) == [
        "folder of activity Design of project Project p2",
        "folder of project Project p2",
        "folder of task #7 Draw of project Project p2",
    ]
    assert list(world.app.folders.list(customer)) == links
    world.local.restore(library.company.folder(library.company.two))
    library.walk()
    assert world.app.ingest.walks.missing_folders(library.state()) == []
    assert library.company.live()["drawn.txt"].id == drawn.id


def test_a_folder_just_made_is_not_missing(library: Library):
    world, customer = library.world, library.customer
    world.app.directory_changes.put(Activity(customer, "p2", "a1", "Design"))
    world.arrive(world.upload(Links(customer, "p2", "a1"), "designed.txt"))

    assert world.app.ingest.walks.missing_folders(library.state()) == []


# -- bounded, guarded, replaced


class SlowProbes:
    """SharePoint, in which asking for an item takes long; counts how often each is asked for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._world.sharepoint, name)

        def call(*arguments: Any, **named: Any) -> Any:
            if name == "find_item":
                self._world.clock.advance(121)
                self.asked.append(arguments[1])
            return method(*arguments, **named)

        return call


def test_probing_that_does_not_fit_into_a_run_goes_on_where_it_was(library: Library):
    world = library.world
    for number in range(3):
        library.tree.put(library.customer, TreeFolder(f"01GHOST{number}", f"Ghost {number}", "01NOWHERE"))
    for record in (library.company.one, library.company.two, library.company.live()["deep.txt"]):
        library.delete_unnoticed(record.baseline.item_id)
    probes = SlowProbes(world)
    slow = world.using(sharepoint=probes)
    slow.ingest.walks.start(library.company.drive)
    runs = 0
    while world.pulls.keys:
        key, _ = world.pulls.keys.popleft()
        slow.ingest.take(key, world.clock() + timedelta(days=1))
        runs += 1

    assert len(probes.asked) == len(set(probes.asked)) == 6
    assert runs == 7
    assert library.company.live() == {}
    library.check()


def test_what_a_walk_finds_gone_is_behind_the_guard(library: Library):
    limits = {"DELETION_GUARD_FILES": "1", "DELETION_GUARD_PERCENT": "20"}
    strict = World.start(dict(library.world.environ) | limits, library.world.local, library.world.clock)
    library.delete_unnoticed(library.company.folder(library.company.one))

    strict.app.ingest.walks.start(library.company.drive)
    strict.settle()

    assert library.state().stop is Stop.DELETIONS
    assert library.state().doomed_files == 2
    assert len(library.company.live()) == 3
    assert library.state().walk_id == ""


def test_a_walk_that_took_the_place_of_another_leaves_no_marks(library: Library):
    library.tree.mark_seen(library.customer, "abandoned", ["01A", "01B"])

    library.walk()

    assert [key for key in library.rows("tree") if key.startswith("seen~")] == []


def test_a_walk_that_is_under_way_goes_on_and_is_not_begun_again(library: Library):
    walks = library.world.app.ingest.walks
    walks.start(library.company.drive)
    begun = library.state().walk_id

    walks.start(library.company.drive)

    assert library.state().walk_id == begun != ""
    library.world.settle()
    assert library.state().walk_id == ""


def test_no_walk_begins_under_a_pull(library: Library):
    state = library.state()
    until = library.world.clock() + timedelta(seconds=60)
    library.world.app.libraries.save(state, dataclasses.replace(state, lease_owner="other", lease_until=until))

    with pytest.raises(Claimed) as caught:
        library.world.app.ingest.walks.start(library.company.drive)
    assert 50 < caught.value.delay_s <= 61
    library.world.app.ingest.take(f"walk:{library.company.drive}", library.world.clock())
    assert [key for key, _ in library.world.pulls.keys] == [f"walk:{library.company.drive}"]


def test_a_delta_link_lost_in_the_middle_of_a_walk_begins_it_again(library: Library):
    library.world.app.ingest.walks.start(library.company.drive)
    state = library.state()
    page = library.world.sharepoint.changes(library.company.drive, "")
    library.world.app.libraries.save(state, dataclasses.replace(state, changes_link=page.link))
    library.world.local.fault({"expire_delta_tokens": "resyncChangesApplyDifferences"})
    library.delete_unnoticed(library.company.one.baseline.item_id)

    library.world.settle()

    library.check()
