"""Two things at once: whatever happens between two calls of the app, both sides agree afterwards and no file is lost.

The moments of a transfer, a pull or a push are enumerated, so a new step is covered without a change here.
"""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.bootstrap import App
from shared.errors import Collision
from shared.model.directory import Links
from shared.model.files import FileState
from tests.sync.test_crash import Fuse, Killed
from tests.sync.test_following_storm import BothSides
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_request_counts import Meter
from tests.world import World

_MOST = 400
_ADAPTERS = ("files", "folders", "tree", "libraries", "directory", "blobs")
_READING = (
    "find",
    "is_",
    "owner_of",
    "links_of",
    "list",
    "live",
    "ids_",
    "children",
    "gone",
    "changes",
    "column_changes",
)
LARGE = bytes(range(256)) * 2600


class Interruption:
    """Does something before one of the app's outgoing calls; what follows a call is what comes before the next."""

    def __init__(self, at: int, act: Callable[[], object]) -> None:
        self._left, self._act = at, act
        self.happened = False

    def through(self, adapter: Any) -> Any:
        return _Interrupted(adapter, self)

    def before_call(self) -> None:
        self._left -= 1
        if self._left == -1:
            self.happened = True
            self._act()


class KilledAfterWriting(Fuse):
    """Kills after a call that writes: between calls that only read a dead process leaves nothing new behind."""

    def through(self, adapter: Any) -> Any:
        return _Writing(adapter, self)


class _Writing:
    def __init__(self, adapter: Any, fuse: Fuse) -> None:
        self._adapter, self._fuse = adapter, fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._adapter, name)

        def call(*arguments: Any, **named: Any) -> Any:
            result = method(*arguments, **named)
            if not name.startswith(_READING):
                self._fuse.burn()
            return result

        return call


class _Interrupted:
    def __init__(self, adapter: Any, interruption: Interruption) -> None:
        self._adapter, self._interruption = adapter, interruption

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._adapter, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._interruption.before_call()
            return method(*arguments, **named)

        return call


def app_with(world: World, fuse: Fuse | Interruption) -> App:
    stores = dataclasses.replace(
        world.stores, **{name: fuse.through(getattr(world.stores, name)) for name in _ADAPTERS}
    )
    return world.using(stores=stores, sharepoint=fuse.through(world.sharepoint))


@pytest.fixture
def both(company: Company) -> Iterator[BothSides]:  # noqa: F811
    with BothSides(company.world, company.customer) as both:
        yield both


def pull(app: App, both: BothSides) -> None:
    """As after a notification, and nothing that waits in a queue."""
    app.ingest.pull(both.drive, both.world.clock() + timedelta(days=1), notified=True)


def finish(world: World, *customers: str) -> None:
    """All queues run dry, claims and leases end, and a pull follows."""
    take_transfers(world)
    for customer in customers:
        world.pull(customer)
    take_transfers(world)


def take_transfers(world: World) -> None:
    world.settle()
    for _ in range(30):
        if not world.queue.messages:
            return
        customer, file_id, delay_s = world.queue.messages.popleft()
        world.clock.advance(delay_s)
        world.app.transfer.move(customer, file_id)
        world.settle()
    raise AssertionError("the queue of transfers never empties")


# -- while a file is being transferred


class Arrival:
    """A transfer of ours during which something else happens at one moment."""

    def __init__(self, both: BothSides, links: Links, number: int, content: bytes) -> None:
        self.both, self.world = both, both.world
        self.name = f"ours {number}th.txt"
        self.content = content + self.name.encode()
        self.world.clock.ahead = timedelta()
        self.record = self.world.upload(links, self.name, self.content)

    @property
    def item(self) -> str | None:
        """The file in SharePoint as soon as it is there, found by its name."""
        same = [seen.id for seen in self.both.person.everything() if seen.name == self.name]
        return same[0] if same else None

    def patch(self, body: dict[str, Any]) -> None:
        if self.item:
            self.both.person.ask("PATCH", f"/items/{self.item}", json=body)

    def pull(self) -> None:
        self.world.pull(self.both.customer)

    def pulled_where_its_name_is_taken(self) -> None:
        self.pull()

    def renamed(self) -> None:
        self.patch({"name": f"theirs {self.name}"})
        self.pull()

    def moved(self) -> None:
        there = self.both.world.app.folders.find(self.both.customer, "project~p2")
        assert there is not None
        self.patch({"parentReference": {"id": there.item_id}})
        self.pull()

    def tagged(self) -> None:
        if self.item:
            fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["theirs"]}
            self.both.person.ask("PATCH", f"/items/{self.item}/listItem/fields", json=fields)

    def clashed(self) -> None:
        """A person uploads a file of this name first, or is told that it is taken."""
        folder = self.world.app.folders.find(self.both.customer, "project~p1")
        assert folder is not None
        path = f"/items/{folder.item_id}:/{self.name}:/content?@microsoft.graph.conflictBehavior=fail"
        self.both.person.ask("PUT", path, data=b"a person's")
        self.pull()

    def folder_renamed(self) -> None:
        folder = self.world.app.folders.find(self.both.customer, "project~p1")
        assert folder is not None
        self.both.person.ask("PATCH", f"/items/{folder.item_id}", json={"name": f"Renamed for {self.name}"})
        self.pull()

    def renamed_in_moment(self) -> None:
        self.world.app.edits.edit(self.both.customer, self.record.id, self.world.an_edit(name=f"new {self.name}"))
        self.pull()

    def moved_in_moment(self) -> None:
        links = Links(self.both.customer, "p2")
        self.world.app.edits.edit(self.both.customer, self.record.id, self.world.an_edit(links=links))
        self.pull()

    def retagged_in_moment(self) -> None:
        self.world.app.edits.edit(self.both.customer, self.record.id, self.world.an_edit(tags=("ours",)))
        self.pull()

    def deleted_in_moment(self) -> None:
        try:
            self.world.app.edits.delete(self.both.customer, self.record.id)
        except Collision:
            return
        self.pull()

    def with_its_content(self) -> list[str]:
        mine = self.name.removesuffix(".txt")
        files = [seen for seen in self.both.person.everything() if mine in seen.name and not seen.is_folder]
        return [seen.name for seen in files if self.both.person.content(seen.id) == self.content]


def check_arrivals(both: BothSides, links: Links, what: str, content: bytes = b"") -> None:
    for moment in range(_MOST):
        arrival = Arrival(both, links, moment, content)
        if what == "pulled_where_its_name_is_taken":
            arrival.clashed()
        interruption = Interruption(moment, getattr(arrival, what))
        app_with(both.world, interruption).transfer.blob_arrived(arrival.record.blob_name or "")
        finish(both.world, both.customer)

        both.agree()
        record = both.world.read(arrival.record)
        if record.state is not FileState.DELETED:
            assert record.state is FileState.IN_SHAREPOINT, (moment, record)
            assert arrival.with_its_content() == [record.name], moment
        if not interruption.happened:
            return
    raise AssertionError("the transfer never finished by itself")


@pytest.mark.parametrize(
    "what",
    [
        "pull",
        "renamed",
        "moved",
        "tagged",
        "clashed",
        "pulled_where_its_name_is_taken",
        "folder_renamed",
        "renamed_in_moment",
        "moved_in_moment",
        "retagged_in_moment",
        "deleted_in_moment",
    ],
)
def test_whatever_happens_while_a_file_is_on_its_way_it_is_one_file_and_one_record(both: BothSides, what: str):
    check_arrivals(both, Links(both.customer, "p1"), what)


@pytest.mark.parametrize("what", ["pull", "renamed"])
def test_the_same_for_a_large_file(both: BothSides, what: str):
    check_arrivals(both, Links(both.customer, "p1"), what, LARGE)


@pytest.mark.parametrize("what", ["pull", "renamed"])
def test_the_same_in_the_librarys_root(both: BothSides, what: str):
    check_arrivals(both, Links(both.customer), what)


# -- while an edit of Moment waits to go out


def test_tags_that_a_person_set_before_ours_went_out_stay(company: Company):  # noqa: F811
    world = company.world
    world.app.edits.edit(company.customer, company.one.id, world.an_edit(tags=("red", "ours")))
    company.person_tags(company.one, "theirs")
    world.settle()

    merged = world.read(company.one)
    assert set(merged.tags) == {"ours", "theirs"}
    assert set(world.fields_of(merged)["momentTags"]) == {"ours", "theirs"}


def test_a_move_into_a_folder_that_a_person_deleted_makes_the_folder_again(company: Company):  # noqa: F811
    world = company.world
    world.delete_item(company.drive, company.folder(company.two))

    world.edit(company.one, links=Links(company.customer, "p2"))

    moved = world.read(company.one)
    assert not moved.place_pending
    assert moved.baseline is not None
    assert world.children(company.drive, moved.baseline.parent_id or "") == ["one.txt"]


@pytest.mark.parametrize("edit", [{"name": "uno.txt"}, {"tags": ("blue",)}, {"links": True}])
@pytest.mark.parametrize("pulled_first", [True, False])
def test_a_file_deleted_by_a_person_while_a_push_waits_is_deleted(both: BothSides, edit: dict, pulled_first: bool):
    world, customer = both.world, both.customer
    one = next(each for each in world.app.files.live(customer) if each.name == "one.txt")
    edit = {"links": Links(customer, "p2")} if "links" in edit else edit
    world.app.edits.edit(customer, one.id, world.an_edit(**edit))
    both.person.ask("DELETE", f"/items/{one.baseline.item_id}")
    if not pulled_first:
        world.settle()
    finish(world, customer)

    both.agree()
    assert world.read(one).state is FileState.DELETED


def test_a_deletion_in_moment_that_waits_while_tags_change_there_and_is_undone_has_the_tags(both: BothSides):
    world, customer = both.world, both.customer
    one = next(each for each in world.app.files.live(customer) if each.name == "one.txt")
    item = f"/items/{one.baseline.item_id}"
    world.app.edits.delete(customer, one.id)
    key = world.pushes.keys.popleft()
    fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["theirs"]}
    both.person.ask("PATCH", f"{item}/listItem/fields", json=fields)
    pull(world.app, both)
    both.person.ask("PATCH", item, json={"name": "kept.txt"})
    world.pushes.keys.append(key)
    finish(world, customer)

    both.agree()
    assert world.read(one).state is FileState.IN_SHAREPOINT


# -- deleted and restored


def restore(world: World, item_id: str) -> None:
    world.local.restore(item_id)


def test_a_file_restored_before_the_next_pull_was_never_away(both: BothSides):
    world, customer = both.world, both.customer
    before = {each.id: each.version for each in world.app.files.live(customer)}
    one = next(each for each in world.app.files.live(customer) if each.name == "one.txt")
    both.person.ask("DELETE", f"/items/{one.baseline.item_id}")
    restore(world, one.baseline.item_id)
    finish(world, customer)

    both.agree()
    assert {each.id: each.version for each in world.app.files.live(customer)} == before


def test_a_restored_folder_brings_the_same_records_back_to_the_same_project(company: Company):  # noqa: F811
    world, folder = company.world, company.folder(company.one)
    world.delete_item(company.drive, folder)
    world.pull(company.customer)
    assert set(company.live()) == {"two.txt"}
    world.local.restore(folder)
    world.pull(company.customer)

    back = company.live()["one.txt"]
    assert (back.id, back.links) == (company.one.id, Links(company.customer, "p1"))


def test_moved_and_renamed_in_one_pull_both_hold(company: Company):  # noqa: F811
    body = {"name": "uno.txt", "parentReference": {"id": company.folder(company.two)}}
    company.person_patches(company.one, body)
    company.world.pull(company.customer)

    assert company.live()["uno.txt"].links == Links(company.customer, "p2")
    assert company.live()["uno.txt"].id == company.one.id


# -- two customers' libraries


class Neighbours:
    """Two customers with a library each and a file between them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.customers = [world.customer().id for _ in range(2)]
        for number, customer in enumerate(self.customers):
            world.arrive(world.upload(Links(customer), f"{number}.txt", f"content {number}".encode(), tags=("kept",)))
            world.pull(customer)
        self.sides = [BothSides(world, customer) for customer in self.customers]

    def move(self, name: str, source: int, target: int) -> None:
        """As SharePoint moves between libraries: a copy with new ids, and the old one in the recycle bin."""
        item = next(seen for seen in self.sides[source].person.everything() if seen.name == name)
        content = self.sides[source].person.content(item.id)
        made = self.sides[target].person.ask("PUT", f"/items/root:/{name}:/content", data=content)
        fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": list(item.tags)}
        self.sides[target].person.ask("PATCH", f"/items/{made['id']}/listItem/fields", json=fields)
        self.sides[source].person.ask("DELETE", f"/items/{item.id}")

    def ids(self, number: int) -> dict[str, str]:
        return {each.name: each.id for each in self.world.app.files.live(self.customers[number])}


@pytest.fixture
def neighbours(world: World) -> Iterator[Neighbours]:
    neighbours = Neighbours(world)
    yield neighbours
    for side in neighbours.sides:
        side.person.close()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_libraries_that_swap_their_files_have_one_record_for_each(neighbours: Neighbours, order: tuple[int, int]):
    neighbours.move("0.txt", 0, 1)
    neighbours.move("1.txt", 1, 0)
    finish(neighbours.world, *(neighbours.customers[number] for number in order))

    for side in neighbours.sides:
        side.agree()
    assert [set(neighbours.ids(number)) for number in (0, 1)] == [{"1.txt"}, {"0.txt"}]


def test_a_file_that_moves_to_another_customer_and_back_is_the_same_file(neighbours: Neighbours):
    before = neighbours.ids(0)
    for source, target in ((0, 1), (1, 0)):
        neighbours.move("0.txt", source, target)
        neighbours.world.pull(neighbours.customers[source])
        neighbours.world.pull(neighbours.customers[target])

    for side in neighbours.sides:
        side.agree()
    assert neighbours.ids(0) == before


# -- while a pull runs


def person_adds_tagged(both: BothSides, name: str, *tags: str) -> None:
    made = both.person.ask("PUT", f"/items/root:/{name}:/content", data=b"theirs")
    fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": list(tags)}
    both.person.ask("PATCH", f"/items/{made['id']}/listItem/fields", json=fields)


def edit_everything(both: BothSides, round_: int) -> None:
    """One of each kind of edit, on both sides."""
    world, person = both.world, both.person
    files = sorted((seen for seen in person.everything() if not seen.is_folder), key=lambda seen: seen.name)
    folders = [seen for seen in person.everything() if seen.name.startswith("Project")]
    person_adds_tagged(both, f"new {round_}.txt", "new")
    person.ask("POST", f"/items/{folders[0].id}/children", json={"name": f"folder {round_}", "folder": {}})
    person.ask("PUT", f"/items/{folders[0].id}:/folder {round_}/deep {round_}.txt:/content", data=b"deep")
    person.ask("DELETE", f"/items/{files[-1].id}")
    moved = {"name": f"moved {round_}.txt", "parentReference": {"id": folders[-1].id}}
    person.ask("PATCH", f"/items/{files[0].id}", json=moved)
    fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": [f"tag {round_}"]}
    person.ask("PATCH", f"/items/{files[0].id}/listItem/fields", json=fields)
    tagged = world.app.files.find_by_item(both.customer, files[0].id)
    assert tagged is not None
    world.app.edits.edit(both.customer, tagged, world.an_edit(tags=(f"ours {round_}",)))
    world.pushes.keys.clear()  # so that the pull has to see to it


def test_a_pull_killed_at_any_moment_is_made_good_by_the_next(both: BothSides):
    world = both.world
    for moment in range(_MOST):
        world.clock.ahead = timedelta()
        edit_everything(both, moment)
        try:
            pull(app_with(world, KilledAfterWriting(moment)), both)
            was_killed = False
        except Killed:
            was_killed = True
        world.clock.advance(130)
        finish(world, both.customer)

        both.agree()
        if not was_killed:
            return
    raise AssertionError("the pull never finished by itself")


def test_what_people_add_and_tag_while_a_pull_runs_has_its_tags(both: BothSides):
    world = both.world
    for moment in range(_MOST):
        both.person.ask("PUT", f"/items/root:/first {moment}.txt:/content", data=b"first")
        interruption = Interruption(moment, lambda: person_adds_tagged(both, f"second {moment}.txt", "tagged"))  # noqa: B023
        pull(app_with(world, interruption), both)
        finish(world, both.customer)

        both.agree()
        if not interruption.happened:
            return
    raise AssertionError("the pull never finished by itself")


def test_two_instances_that_pull_the_same_library_read_it_once(both: BothSides):
    world = both.world
    both.person.ask("PUT", "/items/root:/new.txt:/content", data=b"new")
    for moment in range(_MOST):
        meter = Meter(world)
        interruption = Interruption(moment, lambda: pull(world.app, both))
        pull(app_with(world, interruption), both)
        assert meter.read()[0] <= 4, moment
        finish(world, both.customer)

        both.agree()
        if not interruption.happened:
            return
        both.person.ask("PUT", f"/items/root:/new {moment}.txt:/content", data=b"new")


def test_a_push_killed_at_any_moment_is_made_good_by_the_next(both: BothSides):
    world, customer = both.world, both.customer
    for moment in range(_MOST):
        one = next(each for each in world.app.files.live(customer) if each.size_bytes == len(b"one"))
        links = Links(customer, "p2") if one.links.project == "p1" else Links(customer, "p1")
        edit = world.an_edit(name=f"round {moment}.txt", tags=(f"round {moment}",), links=links)
        world.app.edits.edit(customer, one.id, edit)
        key, _ = world.pushes.keys[0]
        try:
            app_with(world, KilledAfterWriting(moment)).push.take(key)
            was_killed = False
        except Killed:
            was_killed = True
        finish(world, customer)

        both.agree()
        record = world.read(one)
        assert (record.name, record.tags) == (edit.name, edit.tags), moment
        if not was_killed:
            return
    raise AssertionError("the push never finished by itself")
