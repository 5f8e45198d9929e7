"""What people do in Moment, as the Files page and the API let them. Two numbers choose whom and what.

An empty sentence: there was nothing to do it to. Whether Moment does what it was asked for shows later: the host that
answers stops after some requests, and may be killed before it is done.
"""

from collections.abc import Callable
from dataclasses import replace

from shared.bootstrap import App
from shared.model.directory import Links, Project, StorageLocation
from shared.model.editable import editable_etag
from shared.model.files import FileRecord, FileState
from shared.model.names import file_name
from shared.model.undo import held_for_s
from shared.sync.edits import FileEdit
from shared.sync.registration import NewFile
from tests.simulation.model_hosts import Host
from tests.simulation.model_sharepoint_people import NAMES, SIZES, Act
from tests.simulation.model_world import ModelWorld


class MomentPeople:
    """People with the Files page. What they ask for is done by `host`, as by an instance that answers the API."""

    def __init__(self, world: ModelWorld, host: Host) -> None:
        self._world = world
        self._host = host
        self.tags_added: dict[str, set[str]] = {}
        """By file: what was added and never taken away."""

    def acts(self) -> dict[str, tuple[Act, int]]:
        """Each by its name, with how often it is done compared with others."""
        return {
            "moment upload": (self.upload, 7),
            "moment announce": (self.announce, 1),
            "moment upload content": (self.upload_content, 3),
            "moment rename": (self.rename, 3),
            "moment move": (self.move, 3),
            "moment tag": (self.tag, 3),
            "moment untag": (self.untag, 1),
            "moment set period": (self.set_period, 1),
            "moment delete": (self.delete, 3),
            "moment restore": (self.restore, 2),
            "moment retry": (self.retry, 1),
            "moment rename project": (self.rename_project, 1),
            "moment switch storage": (self.switch_storage, 1),
        }

    def _customer(self, b: int) -> str:
        return self._world.customers[0 if b % 5 else 1]

    def _record(self, a: int, b: int, *, deleted: bool = False) -> FileRecord | None:
        fitting = [
            each for each in self._world.records(self._customer(b)) if (each.state is FileState.DELETED) == deleted
        ]
        return fitting[a % len(fitting)] if fitting else None

    def _places(self, customer: str) -> tuple[Links, ...]:
        return (
            Links(customer),
            Links(customer, "p1"),
            Links(customer, "p2"),
            Links(customer, "p1", "a1"),
            Links(customer, "p1", "a1", "t1"),
            Links(customer, "p3"),
        )

    def announce(self, a: int, b: int) -> str:
        record = self._announced(a, b)
        return f"{record.name} {record.id}"

    def _announced(self, a: int, b: int) -> FileRecord:
        places = self._places(self._customer(b))
        new = NewFile(NAMES[a % len(NAMES)], places[a // 7 % len(places)])
        return self._world.app.registration.announce(new).record

    def upload(self, a: int, b: int) -> str:
        record = self._announced(a, b)
        self._put(record, a // 42, b)
        return f"{record.name} {record.id}"

    def upload_content(self, a: int, b: int) -> str:
        """To the URL that came with the announcement, again perhaps; what it replaces is given away."""
        record = self._record(a, b)
        if record is None or record.id.startswith(("s", "c")):
            return ""
        self._put(record, a // 11, b)
        return f"{record.name} {record.id}"

    def _put(self, record: FileRecord, a: int, b: int) -> None:
        world = self._world
        name = f"{record.customer}/{record.id}/{file_name(record.requested_name)}"
        world.witness.replaces(name)
        world.blobs.put(name, world.witness.new_content("moment", SIZES[a % 4]))
        for _ in range(b // 5 % 4 if b // 5 % 4 < 3 else 1):
            world.queues.put("blobs", name, b // 20 % 3)

    def _edit(
        self,
        a: int,
        b: int,
        edit: Callable[[FileRecord], FileEdit],
        done: str,
        then: Callable[[FileRecord], None] = lambda _: None,
    ) -> str:
        """`then` is done when the edit was acknowledged. It carries the eTag that its author saw."""
        record = self._record(a, b)
        if record is None:
            return ""
        wanted = edit(record)
        seen = editable_etag(self._world.app.locating.shown(record))
        self._world.answer(
            self._host,
            b // 5,
            lambda app: app.edits.edit(record.customer, record.id, wanted, seen),
            f"edit {record.id}",
            lambda: then(record),
        )
        return f"{record.name} {record.id} {done}"

    def rename(self, a: int, b: int) -> str:
        name = NAMES[a // 11 % len(NAMES)]
        return self._edit(a, b, lambda _: FileEdit(name=name), f"to {name}")

    def move(self, a: int, b: int) -> str:
        places = self._places(self._customer(b))
        to = places[a // 11 % len(places)]
        return self._edit(a, b, lambda _: FileEdit(links=to), f"to {to.project}/{to.activity}/{to.task}")

    def tag(self, a: int, b: int) -> str:
        tag = f"m{self._world.network.requests}.{a % 100}"

        def added(record: FileRecord) -> None:
            self.tags_added.setdefault(record.id, set()).add(tag)

        return self._edit(a, b, lambda record: FileEdit(tags=(*record.tags, tag)), f"+ {tag}", added)

    def untag(self, a: int, b: int) -> str:
        def fewer(record: FileRecord) -> FileEdit:
            self._world.witness.tags_removed |= set(record.tags[:1])
            return FileEdit(tags=record.tags[1:])

        return self._edit(a, b, fewer, "- its first tag")

    def set_period(self, a: int, b: int) -> str:
        return self._edit(a, b, lambda _: FileEdit(period=f"0{a % 9 + 1}/2028"), "period")

    def delete(self, a: int, b: int) -> str:
        record = self._record(a, b)
        if record is None:
            return ""
        self._world.witness.deleted_by_people.add(record.id)
        hold_s = (0, 60)[a // 11 % 2]
        return self._asked(record, b, lambda app: app.edits.delete(record.customer, record.id, hold_s=hold_s))

    def restore(self, a: int, b: int) -> str:
        record = self._record(a, b, deleted=True)
        if record is None:
            return ""
        return self._asked(record, b, lambda app: app.edits.restore(record.customer, record.id))

    def retry(self, a: int, b: int) -> str:
        record = self._record(a, b)
        if record is None or held_for_s(record, self._world.clock()):
            return ""
        return self._asked(record, b, lambda app: app.retrying.retry(record.customer, record.id))

    def _asked(self, record: FileRecord, b: int, job: Callable[[App], object]) -> str:
        self._world.answer(self._host, b // 5, job, f"ask for {record.id}")
        return f"{record.name} {record.id}"

    def rename_project(self, a: int, b: int) -> str:
        renamed = Project(self._customer(b), "p1", ("Harbour", "Old", "New")[a % 3])
        self._world.answer(self._host, b // 5, lambda app: app.directory_changes.put(renamed), "rename a project")
        return renamed.name

    def switch_storage(self, a: int, b: int) -> str:
        project = self._world.stores.directory.find_project(self._customer(b), "p3")
        assert project is not None
        to = StorageLocation.SHAREPOINT if project.storage is StorageLocation.MOMENT else StorageLocation.MOMENT
        self._world.app.directory_changes.put(replace(project, storage=to))
        return f"{project.name} to {to}"
