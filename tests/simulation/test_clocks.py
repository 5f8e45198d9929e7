"""Two hosts whose clocks disagree by two minutes, so that each may take the other's claims and leases for over.

One is in the middle of its work when the other does the same work from beginning to end: at one outgoing call after
another. Claims and leases then protect nothing, and what is left are the ETags of rows and items.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.bootstrap import App
from shared.model.directory import Links, Project
from shared.model.files import FileRecord, FileState
from tests.sync.test_crash import Fuse
from tests.sync.test_following_storm import BothSides
from tests.world import MovableClock, World

SKEW_S = 120
EVERY = 9
_MORE_THAN_ANY_WORK_NEEDS = 400
_LONGER_THAN_ANY_CLAIM_S = 400


class SkewedClock(MovableClock):
    """Another clock, but wrong by some seconds."""

    def __init__(self, right: MovableClock, wrong_by_s: float) -> None:
        super().__init__()
        self._right = right
        self._wrong_by = timedelta(seconds=wrong_by_s)

    def __call__(self) -> datetime:
        return self._right() + self._wrong_by

    def advance(self, seconds: float) -> None:
        self._right.advance(seconds)


class Interruption(Fuse):
    """Lets something happen once, before or after an outgoing call."""

    def __init__(self, at: int, happens: Callable[[], object]) -> None:
        super().__init__(at)
        self._happens = happens

    def burn(self) -> None:
        self.left -= 1
        if self.left == -1:
            self._happens()

    @property
    def came(self) -> bool:
        """Whether there were so many calls."""
        return self.left < 0


class TwoHosts:
    """The same app twice, on the same servers."""

    def __init__(self, world: World, wrong_by_s: float) -> None:
        self.right = world
        self.wrong = World.start(world.environ, world.local, SkewedClock(world.clock, wrong_by_s))

    def interrupted(self, at: int, happens: Callable[[], object]) -> tuple[App, Interruption]:
        """The right one, with something that happens at one of its calls."""
        interruption = Interruption(at, happens)
        names = ("files", "folders", "blobs", "directory", "libraries", "tree")
        stores = {name: interruption.through(getattr(self.right.stores, name)) for name in names}
        sharepoint = interruption.through(self.right.sharepoint)
        return self.right.using(stores=replace(self.right.stores, **stores), sharepoint=sharepoint), interruption

    def settle(self) -> None:
        """All that both have put into their queues, after every claim and lease has ended."""
        for _ in range(4):
            for world in (self.right, self.wrong):
                world.clock.advance(_LONGER_THAN_ANY_CLAIM_S)
                world.local.advance(_LONGER_THAN_ANY_CLAIM_S)
                for _ in range(len(world.queue.messages)):
                    customer, file_id, _ = world.queue.messages.popleft()
                    world.app.transfer.move(customer, file_id)
                world.settle()

    def agree(self, customer: str) -> None:
        """Both sides say the same after two quiet pulls."""
        for _ in range(2):
            self.right.pull(customer)
            self.settle()
        with BothSides(self.right, customer) as sides:
            sides.agree()

    def drive(self, customer: str) -> str:
        """The customer's library."""
        link = self.right.app.folders.find(customer, "library")
        assert link is not None
        return link.drive_id


@pytest.fixture(params=[SKEW_S, -SKEW_S], ids=["ahead", "behind"])
def hosts(world: World, request: pytest.FixtureRequest) -> TwoHosts:
    return TwoHosts(world, request.param)


def points(first: int) -> range:
    return range(first, _MORE_THAN_ANY_WORK_NEEDS, EVERY)


def uploaded(world: World, links: Links, name: str, content: bytes) -> FileRecord:
    """By the real time: the storage refuses upload URLs of the future."""
    ahead, world.clock.ahead = world.clock.ahead, timedelta()
    try:
        return world.upload(links, name, content, tags=("a",))
    finally:
        world.clock.ahead = ahead


@pytest.mark.parametrize(("name", "content"), [("note.txt", b"hello"), ("film.bin", bytes(range(256)) * 3000)])
def test_a_file_that_both_move_at_once_is_there_once(hosts: TwoHosts, name: str, content: bytes):
    world = hosts.right
    customer = world.customer()
    for at in points(1):
        project = Project(customer.id, f"p{at}", f"Project {at}")
        world.app.directory_changes.put(project)
        record = uploaded(world, Links(customer.id, project.id), name, content)
        blob = record.blob_name or ""
        app, interruption = hosts.interrupted(at, lambda blob=blob: hosts.wrong.app.transfer.blob_arrived(blob))

        app.transfer.blob_arrived(blob)
        hosts.settle()

        moved = world.read(record)
        assert (moved.state, moved.blob_name, moved.reason) == (FileState.IN_SHAREPOINT, None, ""), at
        assert moved.baseline is not None
        assert world.children(moved.baseline.drive_id, moved.baseline.parent_id or "") == [name], at
        assert world.stored(moved) == content, at
        assert not world.blob_exists(moved, blob), at
        if not interruption.came:
            break
    hosts.agree(customer.id)


def test_changes_that_both_pull_at_once_are_followed_once(hosts: TwoHosts):
    world = hosts.right
    customer = world.customer().id
    world.arrive(uploaded(world, Links(customer), "first.txt", b"first"))
    drive = hosts.drive(customer)
    world.pull(customer)
    for at in points(2):
        record = world.arrive(uploaded(world, Links(customer), f"{at} before.txt", b"content"))
        gone = world.arrive(uploaded(world, Links(customer), f"{at} gone.txt", b"content"))
        assert record.baseline is not None
        assert gone.baseline is not None
        world.pull(customer)
        world.graph("PUT", f"/drives/{drive}/root:/{at} theirs.txt:/content", data=b"theirs")
        world.rename_item(drive, record.baseline.item_id, f"{at} after.txt")
        world.delete_item(drive, gone.baseline.item_id)
        app, interruption = hosts.interrupted(at, lambda: pull(hosts.wrong, drive))

        app.ingest.pull(drive, world.clock.later(3600), notified=True)
        hosts.settle()

        pull(world, drive)
        live = sorted(each.name for each in world.app.files.live(customer) if each.name.startswith(f"{at} "))
        assert live == [f"{at} after.txt", f"{at} theirs.txt"], at
        if not interruption.came:
            break
    hosts.agree(customer)


def pull(world: World, drive: str) -> None:
    world.app.ingest.pull(drive, world.clock.later(3600), notified=True)


def test_edits_that_both_push_at_once_arrive_and_the_sides_agree(hosts: TwoHosts):
    world = hosts.right
    customer = world.customer().id
    first = world.arrive(uploaded(world, Links(customer), "first.txt", b"first"))
    world.pull(customer)
    assert first.baseline is not None
    for at in points(3):
        record = world.arrive(uploaded(world, Links(customer), f"{at} before.txt", b"content"))
        assert record.baseline is not None
        key = f"{customer}/{record.id}"
        hosts.wrong.app.edits.edit(customer, record.id, world.an_edit(name=f"{at} ours.txt", tags=("b",)))
        world.rename_item(record.baseline.drive_id, record.baseline.item_id, f"{at} theirs.txt")
        app, interruption = hosts.interrupted(at, lambda key=key: hosts.wrong.app.push.take(key))

        app.push.take(key)
        hosts.settle()

        now = world.read(record)
        assert now.name in {f"{at} ours.txt", f"{at} theirs.txt"}, at
        assert world.fields_of(now) == {"momentTags": ["b"]}, at
        if not interruption.came:
            break
    hosts.agree(customer)
