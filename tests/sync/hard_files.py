"""One library for many files that are hard, and what must be true of each when it has moved."""

from dataclasses import dataclass

from shared.model.directory import Links
from shared.model.files import FileRecord, FileState
from tests.world import World

_WRITES = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass
class Shelf:
    """A customer's library, where files of one test lie beside those of others."""

    world: World
    links: Links

    def move(self, name: str, content: bytes) -> FileRecord:
        """Upload under this name and move."""
        return self.world.arrive(self.world.upload(self.links, name, content))

    def is_in_sharepoint(self, record: FileRecord, name: str, content: bytes) -> None:
        """Under this name, with this content, as one record that SharePoint's own children agree with."""
        assert (record.state, record.reason) == (FileState.IN_SHAREPOINT, "")
        assert record.baseline is not None
        assert (record.name, record.baseline.name, record.size_bytes) == (name, name, len(content))
        assert self.world.stored(record) == content
        assert record.blob_name is None
        assert self.children(record).count(name) == 1
        assert [each.id for each in self.records() if each.name == name] == [record.id]

    def is_blocked(self, record: FileRecord, reason: str) -> None:
        """It stays in Moment Cloud, and a sentence says why."""
        assert record.state is FileState.BLOCKED
        assert reason in record.reason
        assert self.world.blob_exists(record)

    def comes_back_unchanged(self, *records: FileRecord) -> None:
        """What SharePoint tells of our own work is no edit: two pulls change no record and write nothing there."""
        self.world.pull(self.links.customer)
        before = [self.world.read(each).version for each in records]
        count = len(self.world.local.requests())
        for _ in range(2):
            self.world.pull(self.links.customer)
            for each in records:
                self.world.app.push.take(f"{each.customer}/{each.id}")
        assert [self.world.read(each).version for each in records] == before
        assert [each["path"] for each in self.world.local.requests()[count:] if each["method"] in _WRITES] == []

    def children(self, record: FileRecord) -> list[str]:
        """The names that SharePoint shows in the file's folder."""
        assert record.baseline is not None
        path = f"/drives/{record.baseline.drive_id}/items/{record.baseline.parent_id}/children?$top=999"
        return [each["name"] for each in self.world.graph("GET", path).json()["value"]]

    def records(self) -> list[FileRecord]:
        return list(self.world.app.files.live(self.links.customer))
