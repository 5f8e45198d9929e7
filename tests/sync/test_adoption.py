"""Folders find their objects in whatever order a pull meets them, on a real Azurite."""

import itertools
from dataclasses import replace

import pytest

from shared.model.directory import Activity, Customer, Links, Period, Project, Task
from shared.model.drive_items import DriveItem
from shared.model.files import FileRecord, FileState
from shared.model.libraries import LibraryState, TreeFolder
from shared.model.stored import FolderLink
from tests.builders import a_baseline, a_record
from tests.world import World

PARENTS = {"Web": "root", "3 Design": "Web", "#7 Check": "3 Design", "Drafts": "3 Design"}


class Library:
    """A customer's library as far as Moment knows it; a folder's id is the customer's id and its name."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.customer: Customer = world.customer()
        self.state = LibraryState("b!drive", self.customer.id, "list")

    def id(self, name: str) -> str:
        return f"{self.customer.id}-{name.replace('#', '').replace(' ', '-')}"

    def objects(self) -> None:
        customer = self.customer.id
        for thing in (
            Project(customer, "p1", "web"),
            Activity(customer, "p1", "a1", "Design", "3"),
            Task(customer, "p1", "t1", "7", "Check", "a1"),
        ):
            self.world.app.directory_changes.put(thing)

    def file_in(self, folder: str, **changes: object) -> FileRecord:
        """A file whose record was made before its folder was anybody's."""
        baseline = a_baseline(item_id=self.id(f"file-{folder}"), parent_id=self.id(folder), e_tag="")
        record = a_record(
            customer=self.customer.id,
            id=self.id(f"record-{folder}"),
            links=Links(self.customer.id),
            state=FileState.IN_SHAREPOINT,
            blob_name=None,
            baseline=baseline,
            **changes,
        )
        return self.world.stores.files.create(record, "made")

    def meet(self, *names: str) -> None:
        """A page of a pull with these folders, or with the root."""
        folders = [
            DriveItem("b!drive", self.id(name), name, "", "", parent_id=self.id(PARENTS[name]), is_folder=True)
            for name in names
            if name != "root"
        ]
        for item in folders:
            self.world.stores.tree.put(self.customer.id, TreeFolder(item.id, item.name, item.parent_id or ""))
        root_id = self.id("root") if "root" in names else self.state.root_id
        self.world.app.ingest.pages.adoption.look_at(self.state, root_id, folders)
        self.state = LibraryState("b!drive", self.customer.id, "list", root_id=root_id)

    def owner(self, folder: str) -> str | None:
        return self.world.app.folders.owner_of(self.customer.id, self.id(folder))

    def links(self, record: FileRecord) -> tuple[str | None, ...]:
        links = self.world.read(record).links
        return links.project, links.activity, links.task


@pytest.fixture
def library(world: World) -> Library:
    return Library(world)


def test_in_any_order(world: World):
    for order in itertools.permutations(["root", "Web", "3 Design", "#7 Check"]):
        library = Library(world)
        library.objects()
        library.meet("Drafts")
        files = [library.file_in(folder) for folder in PARENTS]

        for name in order:
            library.meet(name)

        owners = [library.owner(folder) for folder in PARENTS]
        assert owners == ["project~p1", "activity~p1~a1", "task~p1~t1", None], order
        right = [("p1", None, None), ("p1", "a1", None), ("p1", "a1", "t1"), ("p1", "a1", None)]
        assert [library.links(record) for record in files] == right, order


def test_all_in_one_page(library: Library):
    library.objects()
    record = library.file_in("#7 Check")

    library.meet("#7 Check", "3 Design", "root", "Web")

    assert library.links(record) == ("p1", "a1", "t1")


def test_what_is_met_again_is_not_written_again(library: Library):
    library.objects()
    library.meet("root", *PARENTS)
    record = library.world.read(library.file_in("Drafts"))

    library.meet("root", *PARENTS)

    assert library.world.read(record) == record


def test_a_folder_of_the_name_elsewhere_stays_a_persons_own(library: Library):
    library.world.app.directory_changes.put(Project(library.customer.id, "p1", "3 Design"))

    library.meet("root", "Web", "3 Design")

    assert library.owner("3 Design") is None


def test_an_object_that_has_a_folder_keeps_it(library: Library):
    library.objects()
    library.world.app.folders.save(FolderLink(library.customer.id, "project~p1", "b!drive", "01OTHER"))

    library.meet("root", *PARENTS)

    assert [library.owner(folder) for folder in PARENTS] == [None, None, None, None]


def test_a_file_keeps_its_own_task_of_a_series(library: Library):
    customer = library.customer.id
    library.world.app.directory_changes.put(Project(customer, "p1", "Web"))
    for task, month in (("t1", 10), ("t2", 11)):
        occurrence = Task(customer, "p1", task, task, "3 Design", series="s1", period=Period(2026, month))
        library.world.app.directory_changes.put(occurrence)
    record = library.file_in("3 Design")
    linked = replace(record, links=Links(customer, "p1", None, "t2"))
    moved = library.world.stores.files.save(record, linked, "linked")

    library.meet("root", "Web", "3 Design")

    assert library.owner("3 Design") == "series~p1~s1"
    assert library.links(moved) == ("p1", None, "t2")


def test_a_file_that_moment_is_moving_elsewhere_keeps_where_it_goes(library: Library):
    library.objects()
    record = library.file_in("Web", place_pending=True)

    library.meet("root", "Web")

    assert library.links(record) == (None, None, None)
