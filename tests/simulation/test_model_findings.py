"""What storms of the model found: each a short story of its own, told by hand, with the end that it must have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from shared.model.directory import Columns, Links
from shared.model.files import FileRecord
from shared.sync.edits import FileEdit
from shared.sync.registration import NewFile
from tests.simulation.model_drive import Drive
from tests.simulation.model_hosts import Host
from tests.simulation.model_items import Author, Item
from tests.simulation.model_storm import ModelStorm
from tests.simulation.model_watch import fingerprint_in

GRACE = Author("Grace Hopper")


@dataclass
class Story:
    """One customer's library and the hosts that serve it."""

    storm: ModelStorm

    @property
    def drive(self) -> Drive:
        return next(iter(self.storm.world.sharepoint.drives.values()))

    def upload(self, name: str = "a.txt", links: Links | None = None, tags: tuple[str, ...] = ()) -> FileRecord:
        """Announce a file and put its content into Moment Cloud."""
        record = self.storm.world.app.registration.announce(NewFile(name, links or Links("c1"), tags)).record
        self.put(record)
        return record

    def put(self, record: FileRecord) -> None:
        """Content that nobody wrote before, through the URL of the announcement."""
        world = self.storm.world
        world.witness.replaces(record.blob_name or self.blob_of(record))
        world.blobs.put(self.blob_of(record), world.witness.new_content("moment"))
        world.queues.put("blobs", self.blob_of(record))

    def blob_of(self, record: FileRecord) -> str:
        return f"{record.customer}/{record.id}/{record.requested_name}"

    def settle(self) -> None:
        self.storm.settle()

    def pull(self) -> None:
        self.storm.world.queues.put("changes", f"poll:{self.drive.id}")
        self.settle()

    def stopped_when(self, queue: str, happened: Callable[[], bool]) -> Host:
        """A host takes the queue's first message, and stands still right after this happened."""
        world, host = self.storm.world, self.storm.world.hosts[1]
        world.take(host, next(each for each in world.queues.messages if each.queue == queue))
        while host.is_busy and not happened():
            world.go_on(host, 1)
        assert host.is_busy
        return host

    def killed_when(self, queue: str, happened: Callable[[], bool]) -> None:
        """Likewise, and it dies."""
        self.storm.world.kill(self.stopped_when(queue, happened))

    def tag(self, item: Item, *tags: str) -> None:
        """In SharePoint."""
        self.drive.set_columns(item, GRACE, "", Columns(tags=(*item.columns.tags, *tags)))

    def item_of(self, record: FileRecord) -> Item:
        found = self.read(record).baseline
        assert found is not None
        return self.drive.items[found.item_id]

    def read(self, record: FileRecord) -> FileRecord:
        found = self.storm.world.stores.files.find(record.customer, record.id)
        assert found is not None
        return found

    def id_of(self, item: Item) -> str | None:
        return self.storm.world.stores.files.find_by_item("c1", item.id)

    def files(self) -> dict[str, int | None]:
        """The names of all files in SharePoint, and which content they have."""
        return {each.name: fingerprint_in(each.content) for each in self.drive.items.values() if not each.is_folder}

    def ends_well(self) -> None:
        self.storm.end()


@pytest.fixture
def story() -> Iterator[Story]:
    storm = ModelStorm(0)
    with storm.world.running():
        yield Story(storm)


def test_new_content_whose_host_dies_unheard_is_not_taken_for_somebody_elses(story: Story) -> None:
    """The pull in between saw our own write as new content; the second try put the same content beside it."""
    record = story.upload()
    story.settle()
    story.put(record)
    story.killed_when("blobs", lambda: fingerprint_in(story.item_of(record).content) == 2)

    story.pull()

    story.ends_well()
    assert story.files() == {"a.txt": 2}


def test_a_folder_is_made_where_the_folders_above_it_were_deleted(story: Story) -> None:
    """The file was blocked for ever: the folder that its own was to be made in did not exist any more."""
    story.upload(links=Links("c1", "p1", "a1"))
    story.settle()
    project = next(each for each in story.drive.items.values() if each.name == "Harbour")
    story.drive.delete(project)

    record = story.upload("b.txt", Links("c1", "p1", "a1", "t1"))
    story.settle()

    story.ends_well()
    assert story.drive.items[story.item_of(record).parent_id or ""].name == "#7 Sketch"


def test_tags_set_in_sharepoint_outlive_new_content_from_moment(story: Story) -> None:
    """A new version set all columns to what Moment knew, and nobody had told it of the tag yet."""
    record = story.upload(tags=("blue",))
    story.settle()
    story.tag(story.item_of(record), "red")

    story.put(record)
    story.settle()

    story.ends_well()
    assert set(story.read(record).tags) == {"blue", "red"}


def test_tags_set_in_sharepoint_before_new_content_outlive_an_edit_after_it(story: Story) -> None:
    """The eTag of the new version went into the baseline, so that the edit's If-Match let it overwrite the tag."""
    record = story.upload(tags=("blue",))
    story.settle()
    story.tag(story.item_of(record), "red")
    story.put(record)
    story.settle()

    story.storm.world.app.edits.edit("c1", record.id, FileEdit(tags=("blue", "green")))
    story.settle()

    story.ends_well()
    assert set(story.read(record).tags) == {"blue", "green", "red"}


def test_tags_set_in_sharepoint_while_a_file_arrives_there_stay(story: Story) -> None:
    """The columns were set over what a person had set since the file was there."""
    story.upload(tags=("blue",))
    story.settle()
    record = story.upload("b.txt", tags=("blue",))
    host = story.stopped_when("blobs", lambda: "b.txt" in story.files())
    story.tag(next(each for each in story.drive.items.values() if each.name == "b.txt"), "red")
    story.storm.world.go_on(host)

    story.settle()

    story.ends_well()
    assert set(story.read(record).tags) == {"blue", "red"}


def test_tags_that_a_pull_has_not_come_to_outlive_an_edit_in_moment(story: Story) -> None:
    """The pull had followed the rename, and with it the eTag, but not yet read the columns."""
    record = story.upload(tags=("blue",))
    story.settle()
    item = story.item_of(record)
    story.drive.update(item, GRACE, "", "b.txt", None)
    story.tag(item, "red")
    story.storm.world.queues.put("changes", f"poll:{story.drive.id}")
    host = story.stopped_when("changes", lambda: story.read(record).name == "b.txt")

    story.storm.world.app.edits.edit("c1", record.id, FileEdit(tags=("blue", "green")))
    push = next(each for each in story.storm.world.queues.messages if each.queue == "pushes")
    story.storm.world.take(story.storm.world.hosts[0], push)
    story.storm.world.go_on(story.storm.world.hosts[0])
    story.storm.world.go_on(host)
    story.settle()

    story.ends_well()
    assert set(story.read(record).tags) == {"blue", "green", "red"}


def test_the_tags_of_a_file_that_was_just_added_outlive_an_edit_in_moment(story: Story) -> None:
    """Its record was made with the item's eTag before the columns were read."""
    story.upload()
    story.settle()
    item = story.drive.create("root", "b.txt", GRACE, story.storm.world.witness.new_content("sharepoint"))
    story.tag(item, "red")
    story.storm.world.queues.put("changes", f"poll:{story.drive.id}")
    host = story.stopped_when("changes", lambda: story.id_of(item) is not None)

    story.storm.world.app.edits.edit("c1", story.id_of(item) or "", FileEdit(tags=("green",)))
    push = next(each for each in story.storm.world.queues.messages if each.queue == "pushes")
    story.storm.world.take(story.storm.world.hosts[0], push)
    story.storm.world.go_on(story.storm.world.hosts[0])
    story.storm.world.go_on(host)
    story.settle()

    story.ends_well()
    assert set(item.columns.tags) == {"green", "red"}


def test_what_an_interrupted_move_left_of_a_deleted_file_is_not_hidden_for_ever(story: Story) -> None:
    """Every pull took the file in SharePoint for one that a transfer is just sending, so that it had no record."""
    story.upload()
    story.settle()
    record = story.upload("b.txt")
    story.killed_when("blobs", lambda: "b.txt" in story.files())
    story.storm.world.clock.advance(3600)
    story.storm.world.app.edits.delete("c1", record.id)
    story.storm.world.witness.deleted_by_people.add(record.id)

    push = next(each for each in story.storm.world.queues.messages if each.queue == "pushes")
    story.storm.world.take(story.storm.world.hosts[0], push)
    story.storm.world.go_on(story.storm.world.hosts[0])

    story.ends_well()
    assert story.files() == {"a.txt": 1, "b.txt": 2}
