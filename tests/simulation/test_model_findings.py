"""What storms of the model found: each a short story of its own, told by hand, with the end that it must have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from shared.model.directory import Links
from shared.model.files import FileRecord
from shared.sync.registration import NewFile
from tests.simulation.model_drive import Drive
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

    def upload(self, name: str = "a.txt", links: Links | None = None) -> FileRecord:
        """Announce a file and put its content into Moment Cloud."""
        record = self.storm.world.app.registration.announce(NewFile(name, links or Links("c1"))).record
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

    def killed_when(self, queue: str, happened: Callable[[], bool]) -> None:
        """A host takes the queue's first message, and dies right after this happened."""
        world, host = self.storm.world, self.storm.world.hosts[1]
        world.take(host, next(each for each in world.queues.messages if each.queue == queue))
        while host.is_busy and not happened():
            world.go_on(host, 1)
        assert world.kill(host)

    def item_of(self, record: FileRecord) -> Item:
        found = self.read(record).baseline
        assert found is not None
        return self.drive.items[found.item_id]

    def read(self, record: FileRecord) -> FileRecord:
        found = self.storm.world.stores.files.find(record.customer, record.id)
        assert found is not None
        return found

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
