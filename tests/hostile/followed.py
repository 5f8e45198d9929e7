"""A library that the product follows through a proxy, and what a test asks of it."""

import itertools
from dataclasses import dataclass
from typing import Any

from shared.model.files import FileRecord
from shared.model.libraries import LibraryState
from tests.hostile.rewriting_proxy import Passing, RewritingProxy, unchanged
from tests.world import World

_numbers = itertools.count(1)


@dataclass
class Followed:
    """`ours` is the one file in it that everybody knows."""

    world: World
    proxy: RewritingProxy
    customer: str
    ours: FileRecord

    @property
    def drive(self) -> str:
        assert self.ours.baseline is not None
        return self.ours.baseline.drive_id

    @property
    def folder(self) -> str:
        """The folder that our file lies in."""
        assert self.ours.baseline is not None
        return self.ours.baseline.parent_id or "root"

    def state(self) -> LibraryState:
        found = self.world.app.libraries.find(self.drive)
        assert found is not None
        return found

    def names(self) -> set[str]:
        """The names of the files that Moment shows."""
        return {each.name for each in self.world.app.files.live(self.customer)}

    def live(self) -> list[FileRecord]:
        return list(self.world.app.files.live(self.customer))

    def person_adds(self, name: str, content: bytes = b"theirs") -> str:
        path = f"/drives/{self.drive}/items/{self.folder}:/{name}:/content"
        return str(self.world.graph("PUT", path, data=content).json()["id"])

    def an_item(self, **members: Any) -> dict[str, Any]:
        """A driveItem of the delta as SharePoint says it, with an id of its own."""
        number = next(_numbers)
        guid = f"1E5A7F00-0A0B-4C0D-8E0F-{number:012X}"
        return {
            "id": f"01ODD{number:029d}",
            "name": f"odd {number}.txt",
            "eTag": f'"{{{guid}}},1"',
            "size": 3,
            "file": {"hashes": {"quickXorHash": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}},
            "parentReference": {"driveId": self.drive, "id": self.folder},
        } | members

    def tell(self, *items: Any) -> None:
        """Have the next pages of the drive's delta tell of these, too, before everything else."""

        def rewrite(passing: Passing) -> None:
            if passing.is_drive_delta:
                body = passing.json()
                passing.say(body | {"value": [*items, *body["value"]]})

        self.proxy.rewrite = rewrite

    def be_honest(self) -> None:
        """Have nothing rewritten any more."""
        self.proxy.rewrite = unchanged

    def pull(self) -> None:
        self.world.pull(self.customer)
