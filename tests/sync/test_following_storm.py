"""A storm: people edit in SharePoint and in Moment, deltas misbehave, pulls and pushes die; then it is quiet.

After two quiet pulls Moment says what SharePoint holds, exactly, and a third pull writes nothing. Every seed is a
storm of its own: `pytest tests/sync/test_following_storm.py -k "storm and 17"` runs the one that failed again.
"""

import dataclasses
import random
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self

import pytest
import requests

from shared.errors import Collision
from shared.graph.connection import USER_AGENT
from shared.model.directory import Activity, Links, Project
from shared.model.files import FileRecord, FileState
from shared.model.merge import tag_key
from tests.sync.test_crash import Fuse, Killed
from tests.world import World, put_blob

STORMS = 12
STEPS = 14
_TAGS = ("red", "green", "blue", "Ärger", "RED")
_WITHOUT_LIMIT = {"DELETION_GUARD_FILES": "1000", "PULL_TIME_LIMIT_S": "30"}
_MOST_OF_A_PULL = 60
_SINK = 200.0
"""Longer than any lease, claim, delay or lag of these tests."""


class Slow:
    """An adapter that lets time pass with each page, so that a pull is cut off after it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._world.sharepoint, name)

        def call(*arguments: Any, **named: Any) -> Any:
            if name in {"changes", "column_changes"}:
                self._world.clock.advance(31)
            return method(*arguments, **named)

        return call


@dataclasses.dataclass
class Seen:
    """A file or folder as SharePoint shows it."""

    id: str
    name: str
    parent: str
    is_folder: bool
    size: int = 0
    tags: tuple[str, ...] = ()


class Person:
    """Somebody with a browser: calls without an application's identity of ours, and with one token."""

    def __init__(self, world: World, drive: str) -> None:
        self._world, self._drive = world, drive
        self._session = requests.Session()

    def close(self) -> None:
        self._session.close()

    def ask(self, method: str, path: str, **arguments: Any) -> Any:
        """The answer's JSON; None where SharePoint refuses, as it refuses people too."""
        answer = self._answer(method, path, **arguments)
        if answer.status_code in {404, 409, 412, 423}:
            return None
        answer.raise_for_status()
        return answer.json() if answer.content else {}

    def content(self, item_id: str) -> bytes:
        return self._answer("GET", f"/items/{item_id}/content").content

    def _answer(self, method: str, path: str, **arguments: Any) -> requests.Response:
        url = f"{self._world.local.url}/v1.0/drives/{self._drive}{path}"
        answer = self._session.request(method, url, timeout=30, **arguments)
        if answer.status_code == 401:
            self._sign_in()
            answer = self._session.request(method, url, timeout=30, **arguments)
        return answer

    def _sign_in(self) -> None:
        form = {"grant_type": "client_credentials", "client_id": "person", "client_secret": "x", "scope": "x/.default"}
        token = requests.post(
            f"{self._world.local.url}/{self._world.local.tenant_id}/oauth2/v2.0/token", data=form, timeout=30
        )
        self._session.headers["Authorization"] = f"Bearer {token.json()['access_token']}"

    def everything(self) -> list[Seen]:
        """All folders, then all files, by name: the same storm picks the same ones again."""
        found: list[Seen] = []
        waiting = ["root"]
        while waiting:
            path = f"/items/{waiting.pop()}/children?$expand=listItem($expand=fields)&$top=200"
            for item in self.ask("GET", path)["value"]:
                fields = item.get("listItem", {}).get("fields", {})
                seen = Seen(item["id"], item["name"], item["parentReference"]["id"], "folder" in item)
                found.append(dataclasses.replace(seen, size=item["size"], tags=tuple(fields.get("momentTags") or ())))
                if seen.is_folder:
                    waiting.append(seen.id)
        return sorted(found, key=lambda seen: (not seen.is_folder, seen.name))


class BothSides:
    """One customer's library as Moment and as SharePoint show it."""

    def __init__(self, world: World, customer: str) -> None:
        self.world, self.customer = world, customer
        link = world.app.folders.find(customer, "library")
        assert link is not None
        self.drive = link.drive_id
        self.person = Person(world, self.drive)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.person.close()

    def agree(self) -> None:
        assert self.in_moment() == self.in_sharepoint()
        assert self.folders_in_moment().items() >= self.folders_in_sharepoint().items()
        assert list(self.world.stores.tree.gone(self.customer)) == []

    def in_moment(self) -> dict[str, tuple[Any, ...]]:
        """The live records by drive item, as somebody who opens each sees them; two of one item fail."""
        shown: dict[str, tuple[Any, ...]] = {}
        for copy in self.world.app.files.live(self.customer):
            record = self.world.app.locating.record(self.customer, copy.id)
            assert record.baseline is not None, record
            assert record.baseline.item_id not in shown, record
            assert dataclasses.replace(self.world.read(copy), etag="") == copy
            assert record.state is FileState.IN_SHAREPOINT, record
            assert (record.reason, record.place_pending, record.delete_pending) == ("", False, False), record
            shown[record.baseline.item_id] = (
                record.name,
                record.size_bytes,
                record.links,
                record.baseline.parent_id,
                frozenset(map(tag_key, record.tags)),
            )
        return shown

    def in_sharepoint(self) -> dict[str, tuple[Any, ...]]:
        everything = self.person.everything()
        folders = {seen.id: seen for seen in everything if seen.is_folder}
        return {
            seen.id: (
                seen.name,
                seen.size,
                self._links_of(folders, seen.parent),
                seen.parent,
                frozenset(map(tag_key, seen.tags)),
            )
            for seen in everything
            if not seen.is_folder
        }

    def _links_of(self, folders: dict[str, Seen], folder: str) -> Links:
        while folder in folders:
            key = self.world.app.folders.owner_of(self.customer, folder)
            if key is not None:
                links = self.world.app.directory.links_of(self.customer, key)
                assert links is not None
                return links
            folder = folders[folder].parent
        return Links(self.customer)

    def folders_in_sharepoint(self) -> dict[str, tuple[str, str]]:
        return {seen.id: (seen.name, seen.parent) for seen in self.person.everything() if seen.is_folder}

    def folders_in_moment(self) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        waiting = [self.id_of("root")]
        while waiting:
            for folder in self.world.stores.tree.children(self.customer, waiting.pop()):
                found[folder.item_id] = (folder.name, folder.parent_id)
                waiting.append(folder.item_id)
        return found

    def versions(self) -> dict[str, int]:
        return {each.id: each.version for each in self.world.app.files.live(self.customer)}

    def our_writes(self, since: int) -> list[str]:
        ours = [call for call in self.world.local.requests(since) if call["user_agent"] == USER_AGENT]
        return [f"{call['method']} {call['path']}" for call in ours if call["method"] != "GET"]

    def last_request(self) -> int:
        return max((call["n"] for call in self.world.local.requests()), default=0)

    def id_of(self, parent: str) -> str:
        """SharePoint's own id of the library's root, which it takes as `root` too."""
        return self.person.ask("GET", "/items/root")["id"] if parent == "root" else parent


class Storm(BothSides):
    """One customer's library, people on both sides, and what must be true at the end."""

    def __init__(self, world: World, seed: int) -> None:
        self.random = random.Random(seed)
        self.world = World.start(dict(world.environ) | _WITHOUT_LIMIT, world.local, world.clock)
        self.said: list[str] = []
        self.customer = self.world.customer().id
        for project in ("p1", "p2"):
            self.world.app.directory_changes.put(Project(self.customer, project, f"Project {project}"))
        self.world.app.directory_changes.put(Activity(self.customer, "p1", "a1", "Design"))
        self.places = (
            Links(self.customer),
            Links(self.customer, "p1"),
            Links(self.customer, "p2"),
            Links(self.customer, "p1", "a1"),
        )
        self.number = 0
        self.handed_over: dict[str, bytes] = {}
        self.overwritten: set[str] = set()
        for links in self.places:
            self.moment_uploads(links)
        super().__init__(self.world, self.customer)
        self.world.pull(self.customer)

    # -- what people do in SharePoint

    def a_file(self) -> Seen | None:
        return self._one_of(lambda seen: not seen.is_folder)

    def a_folder(self) -> Seen | None:
        return self._one_of(lambda seen: seen.is_folder)

    def _one_of(self, is_wanted: Callable[[Seen], bool]) -> Seen | None:
        fitting = [seen for seen in self.person.everything() if is_wanted(seen)]
        return self.random.choice(fitting) if fitting else None

    def a_parent(self) -> str:
        folders = [seen.id for seen in self.person.everything() if seen.is_folder]
        return self.random.choice(["root", *folders, *folders])

    def a_name(self, kind: str = "file") -> str:
        self.number += 1
        return f"{kind} {self.number}.txt" if kind == "file" else f"{kind} {self.number}"

    def some_tags(self) -> tuple[str, ...]:
        return tuple(self.random.sample(_TAGS[:4], self.random.randrange(4)))

    def person_adds(self) -> None:
        for _ in range(self.random.choice((1, 1, 4))):
            name = self.a_name()
            added = self.person.ask("PUT", f"/items/{self.a_parent()}:/{name}:/content", data=f"theirs {name}".encode())
            if added and self.random.random() < 0.4:
                self._tag(added["id"])

    def person_adds_folder(self) -> None:
        body = {"name": self.a_name("folder"), "folder": {}}
        self.person.ask("POST", f"/items/{self.a_parent()}/children", json=body)

    def person_renames(self) -> None:
        if seen := self.a_file():
            name = self.random.choice([self.a_name(), seen.name.upper()])
            self.person.ask("PATCH", f"/items/{seen.id}", json={"name": name})

    def person_moves(self) -> None:
        if seen := self.a_file():
            self.person.ask("PATCH", f"/items/{seen.id}", json={"parentReference": {"id": self.id_of(self.a_parent())}})

    def person_moves_and_renames(self) -> None:
        if seen := self.a_file():
            body = {"name": self.a_name(), "parentReference": {"id": self.id_of(self.a_parent())}}
            self.person.ask("PATCH", f"/items/{seen.id}", json=body)

    def person_tags(self) -> None:
        if seen := self.a_file():
            self._tag(seen.id)

    def _tag(self, item_id: str) -> None:
        fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": list(self.some_tags())}
        self.person.ask("PATCH", f"/items/{item_id}/listItem/fields", json=fields)

    def person_writes(self) -> None:
        if seen := self.a_file():
            self.number += 1
            content = f"edited {self.number}".encode() * self.number
            if self.person.ask("PUT", f"/items/{seen.id}/content", data=content):
                self.overwritten.add(seen.id)

    def person_deletes(self) -> None:
        if seen := self.a_file():
            self.person.ask("DELETE", f"/items/{seen.id}")

    def person_renames_folder(self) -> None:
        if seen := self.a_folder():
            self.person.ask("PATCH", f"/items/{seen.id}", json={"name": self.a_name("renamed")})

    def person_moves_folder(self) -> None:
        seen, parent = self.a_folder(), self.a_parent()
        if seen and parent not in self._below(seen.id):
            self.person.ask("PATCH", f"/items/{seen.id}", json={"parentReference": {"id": self.id_of(parent)}})

    def person_deletes_folder(self) -> None:
        if seen := self.a_folder():
            self.person.ask("DELETE", f"/items/{seen.id}")

    def person_restores(self) -> None:
        entries = self.world.local.recycle_bin()
        if entries:
            self.world.local.restore(self.random.choice(entries)["id"])

    def _below(self, folder: str) -> set[str]:
        below = {folder}
        for seen in self.person.everything() * 4:
            if seen.parent in below:
                below.add(seen.id)
        return below

    # -- what people do in Moment

    def a_record(self) -> FileRecord | None:
        live = [each for each in self.world.app.files.live(self.customer) if each.state is FileState.IN_SHAREPOINT]
        return self.random.choice(sorted(live, key=lambda record: record.name)) if live else None

    def _edit(self, **changes: Any) -> None:
        if record := self.a_record():
            try:
                self.world.app.edits.edit(self.customer, record.id, self.world.an_edit(**changes))
            except Collision:
                return

    def moment_renames(self) -> None:
        self._edit(name=self.a_name())

    def moment_tags(self) -> None:
        self._edit(tags=self.some_tags())

    def moment_moves(self) -> None:
        self._edit(links=self.random.choice(self.places))

    def moment_deletes(self) -> None:
        if record := self.a_record():
            try:
                self.world.app.edits.delete(self.customer, record.id)
            except Collision:
                return

    def moment_uploads(self, links: Links | None = None) -> None:
        name = self.a_name()
        content = f"ours {name}".encode()
        record, url = self._announced(links or self.random.choice(self.places), name)
        put_blob(url, content)
        self.handed_over[record.id] = content
        self.world.arrive(record)

    def _announced(self, links: Links, name: str) -> tuple[FileRecord, str]:
        """By the real time: the storage refuses upload URLs of the future."""
        ahead, self.world.clock.ahead = self.world.clock.ahead, timedelta()
        try:
            return self.world.announce(links, name, tags=self.some_tags())
        finally:
            self.world.clock.ahead = ahead

    # -- what goes wrong, and what the app does

    def delta_misbehaves(self) -> None:
        fault: dict[str, Any] = self.random.choice(
            [
                {"unchanged_items": 3},
                {"repeated_items": 2},
                {"empty_pages": 1},
                {"old_dates": 1},
                {"missing_tombstones": 1},
                {"delta_lag_ms": 20_000},
                {"expire_delta_tokens": "resyncChangesApplyDifferences"},
                {"expire_delta_tokens": "resyncChangesUploadDifferences"},
            ]
        )
        self.said.append(str(fault))
        self.world.local.fault(fault)

    def pull(self) -> None:
        self.world.app.ingest.pull(self.drive, self._soon(), notified=self.random.random() < 0.5)
        self.settle_some()

    def pull_is_cut_off(self) -> None:
        self.world.using(sharepoint=Slow(self.world)).ingest.pull(self.drive, self._soon(), notified=True)
        self.keep_in_step()

    def pull_is_killed(self) -> None:
        fuse = Fuse(self.random.randrange(_MOST_OF_A_PULL))
        try:
            self._dying(fuse).ingest.pull(self.drive, self._soon(), notified=True)
        except Killed:
            self.said.append("killed")

    def push_is_killed(self) -> None:
        if self.world.pushes.keys:
            fuse = Fuse(self.random.randrange(12))
            key, _ = self.world.pushes.keys[0]
            try:
                self._dying(fuse).push.take(key)
            except Killed:
                self.said.append("killed")

    def _dying(self, fuse: Fuse) -> Any:
        names = ("files", "folders", "tree", "libraries", "directory")
        stores = dataclasses.replace(
            self.world.stores, **{name: fuse.through(getattr(self.world.stores, name)) for name in names}
        )
        return self.world.using(stores=stores, sharepoint=fuse.through(self.world.sharepoint))

    def settle_some(self) -> None:
        if self.random.random() < 0.6:
            self.settle()

    def settle(self) -> None:
        self.world.settle()
        for _ in range(100):
            if not self.world.queue.messages:
                break
            customer, file_id, delay_s = self.world.queue.messages.popleft()
            self.world.clock.advance(delay_s)
            self.world.app.transfer.move(customer, file_id)
        self.world.settle()
        self.keep_in_step()

    def keep_in_step(self) -> None:
        """SharePoint's clock moves on with ours."""
        behind = (self.world.clock.ahead - self.advanced).total_seconds()
        if behind > 0:
            self.world.local.advance(behind)
            self.advanced = self.world.clock.ahead

    advanced = timedelta()

    def _soon(self) -> Any:
        return self.world.clock() + timedelta(days=1)

    def rage(self) -> None:
        people = [
            *[self.person_adds, self.person_renames, self.person_moves, self.person_tags] * 2,
            *[self.person_adds_folder, self.person_moves_and_renames, self.person_writes, self.person_deletes],
            *[self.person_renames_folder, self.person_moves_folder, self.person_deletes_folder],
            *[self.person_restores, self.moment_renames, self.moment_tags, self.moment_moves] * 2,
            *[self.moment_deletes, self.moment_uploads],
        ]
        machines = [self.pull, self.pull_is_cut_off, self.pull_is_killed, self.push_is_killed, self.delta_misbehaves]
        for _ in range(STEPS):
            for step in [*self.random.choices(people, k=self.random.randrange(1, 4)), self.random.choice(machines)]:
                self.said.append(step.__name__)
                step()

    def calm(self) -> None:
        """Everything that went wrong ends; missing tombstones need a full walk, which a lost token brings."""
        self.world.local.clear_faults()
        self.world.clock.advance(_SINK)
        self.keep_in_step()
        self.settle()
        self.world.local.fault({"expire_delta_tokens": "resyncChangesApplyDifferences"})
        for _ in range(2):
            self.quiet_pull()

    def quiet_pull(self) -> None:
        self.world.app.ingest.pull(self.drive, self._soon(), notified=True)
        self.settle()

    # -- what must be true besides

    def lost(self) -> list[str]:
        """Contents that were handed to Moment and that nobody overwrote, but that can't be reached any more."""
        live = {seen.id for seen in self.person.everything()}
        binned = {item["id"] for entry in self.world.local.recycle_bin() for item in entry["items"]}
        missing = []
        for file_id, content in self.handed_over.items():
            record = self.world.app.files.find(self.customer, file_id)
            assert record is not None
            item = record.baseline.item_id if record.baseline else ""
            is_there = item in live and (item in self.overwritten or self.person.content(item) == content)
            if not is_there and item not in binned and not self.world.blob_exists(record):
                missing.append(record.name)
        return missing


def check_storm(world: World, seed: int) -> None:
    storm = Storm(world, seed)
    with storm:
        try:
            storm.rage()
            storm.calm()
            storm.agree()
            assert storm.lost() == []
            versions, since = storm.versions(), storm.last_request()
            storm.quiet_pull()
            assert storm.versions() == versions
            assert storm.our_writes(since) == []
        except BaseException:
            print(f"seed {seed}:", *storm.said, sep="\n  ", file=sys.stderr)
            raise


@pytest.mark.parametrize("seed", range(STORMS))
def test_after_a_storm_moment_says_what_sharepoint_holds(world: World, seed: int):
    check_storm(world, seed)
