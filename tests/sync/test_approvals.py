"""Deletions that wait for a person: looked at, approved or dismissed, in any number and with anything in between."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.errors import Collision, InvalidInput
from shared.model.files import FileRecord, FileState
from shared.model.libraries import Answer, LibraryState, Stop
from tests.sync.test_crash import Killed
from tests.sync.test_following_storm import BothSides
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture
from tests.sync.test_races import KilledAfterWriting, app_with
from tests.world import World

BULK = 4


@dataclasses.dataclass
class Emptied:
    """A strict company of which a person deleted the folder "Bulk" with four files; two others are left."""

    world: World
    company: Company
    folder: str
    files: list[FileRecord]

    @property
    def drive(self) -> str:
        return self.company.drive

    def state(self) -> LibraryState:
        state = self.world.app.libraries.find(self.drive)
        assert state is not None
        return state

    def pull(self) -> None:
        self.world.pull(self.company.customer)

    def approve(self, files: int | None = None) -> None:
        self.world.app.approvals.answer(self.drive, Answer.APPROVED, "Ada", files)
        self.world.settle()

    def dismiss(self, files: int | None = None) -> None:
        self.world.app.approvals.answer(self.drive, Answer.DISMISSED, "Ada", files)
        self.world.settle()

    def now(self) -> list[FileRecord]:
        return [self.world.read(each) for each in self.files]

    def shown(self, limit: int = 100) -> list[str]:
        """The names of the files that would be deleted, page by page."""
        names, token = [], None
        while True:
            page = self.world.app.approvals.doomed(self.state(), token, limit)
            names += [record.name for record in page.items]
            assert len(page.items) <= limit
            token = page.next_token
            if token is None:
                return names

    def journal(self, record: FileRecord) -> str:
        *_, (_, last) = self.world.app.files.journal(record.customer, record.id)
        return last.text


@pytest.fixture
def emptied(company: Company) -> Emptied:  # noqa: F811
    limits = {"DELETION_GUARD_FILES": "2", "DELETION_GUARD_PERCENT": "20", "PULL_TIME_LIMIT_S": "30"}
    world = World.start(dict(company.world.environ) | limits, company.world.local, company.world.clock)
    folder = company.person_makes_folder("root", "Bulk")
    for number in range(BULK):
        company.person_adds(folder, f"bulk {number}.txt", f"bulk {number}".encode())
    world.pull(company.customer)
    files = sorted((each for name, each in company.live().items() if "bulk" in name), key=lambda record: record.name)
    world.delete_item(company.drive, folder)
    world.pull(company.customer)
    return Emptied(world, dataclasses.replace(company, world=world), folder, [world.read(each) for each in files])


NAMES = [f"bulk {number}.txt" for number in range(BULK)]


def test_a_library_that_waits_says_why_since_when_and_how_much(emptied: Emptied):
    state = emptied.state()

    assert (state.stop, state.doomed_files, state.library_files) == (Stop.DELETIONS, 4, 6)
    assert "4 of 6" in state.stopped_reason
    assert state.stopped_at is not None
    waiting = emptied.world.app.approvals.waiting(None, 500).items
    assert emptied.drive in {each.drive_id for each in waiting}


def test_libraries_that_wait_come_in_pages(emptied: Emptied):
    world, state = emptied.world, emptied.state()
    for number in range(3):
        other = dataclasses.replace(state, drive_id=f"{state.drive_id}{number}", subscription_id="", etag="")
        world.app.libraries.create(other)
    found, token = [], None
    while True:
        page = world.app.approvals.waiting(token, 2)
        found += [each.drive_id for each in page.items]
        token = page.next_token
        if token is None:
            break

    assert found == sorted(set(found))
    assert {state.drive_id, *(f"{state.drive_id}{number}" for number in range(3))} <= set(found)
    with pytest.raises(InvalidInput):
        world.app.approvals.waiting("bm90IG91cnM=", 2)


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_what_would_be_deleted_is_shown_in_pages(emptied: Emptied, limit: int):
    assert sorted(emptied.shown(limit)) == NAMES


def test_a_file_deleted_by_itself_in_a_deleted_folder_is_shown_once(emptied: Emptied):
    state, one = emptied.state(), emptied.files[0]
    emptied.world.stores.tree.mark_gone(state.customer, [one.baseline.item_id])

    assert sorted(emptied.shown(1)) == NAMES


def test_a_library_that_waits_goes_on_being_followed(emptied: Emptied):
    emptied.company.person_adds("root", "new.txt")
    emptied.company.person_patches(emptied.company.one, {"name": "uno.txt"})
    since = emptied.state().stopped_at

    emptied.pull()

    assert {"new.txt", "uno.txt", *NAMES} <= set(emptied.company.live())
    assert (emptied.state().stop, emptied.state().stopped_at) == (Stop.DELETIONS, since)


def test_what_was_restored_meanwhile_is_not_shown_and_does_not_wait(emptied: Emptied):
    emptied.world.local.restore(emptied.folder)

    emptied.pull()

    assert emptied.shown() == []
    assert emptied.state().stop is Stop.NONE
    assert {each.state for each in emptied.now()} == {FileState.IN_SHAREPOINT}


def test_an_approval_marks_deleted_and_the_history_names_who_approved(emptied: Emptied):
    emptied.approve()

    assert {each.state for each in emptied.now()} == {FileState.DELETED}
    assert all("Ada approved" in emptied.journal(each) for each in emptied.files)
    assert set(emptied.company.live()) == {"one.txt", "two.txt"}
    assert (emptied.state().stop, emptied.state().answer) == (Stop.NONE, Answer.NONE)
    assert list(emptied.world.stores.tree.gone(emptied.company.customer)) == []


def test_an_approval_spares_what_was_restored(emptied: Emptied):
    emptied.world.local.restore(emptied.folder)

    emptied.approve(files=4)

    assert {each.state for each in emptied.now()} == {FileState.IN_SHAREPOINT}


@pytest.mark.parametrize("decide", [Emptied.approve, Emptied.dismiss])
def test_where_more_is_gone_than_was_shown_the_person_is_asked_again(
    emptied: Emptied, decide: Callable[[Emptied], None]
):
    emptied.world.delete_item(emptied.drive, emptied.company.one.baseline.item_id)

    decide(emptied)

    state = emptied.state()
    assert (state.stop, state.doomed_files, state.answer) == (Stop.DELETIONS, 5, Answer.NONE)
    assert "more than the 4 that Ada" in state.stopped_reason
    assert len(emptied.company.live()) == 6
    decide(emptied)
    assert emptied.state().stop is Stop.NONE


def test_an_answer_for_fewer_files_than_wait_is_refused(emptied: Emptied):
    with pytest.raises(Collision, match="4 files"):
        emptied.approve(files=3)

    assert len(emptied.company.live()) == 6


def test_nothing_is_answered_where_nothing_waits(emptied: Emptied):
    emptied.approve()

    with pytest.raises(Collision, match="Nothing"):
        emptied.approve()
    with pytest.raises(Collision, match="Nothing"):
        emptied.dismiss()


# -- dismissed


def test_a_dismissal_keeps_the_records_and_says_what_helps(emptied: Emptied):
    emptied.dismiss()

    for record in emptied.now():
        assert (record.state, record.missing) == (FileState.BLOCKED, True)
        assert "dismissed by Ada" in record.reason
        assert "recycle bin" in record.reason
        assert "Ada" in emptied.journal(record)
        with pytest.raises(Collision, match="Missing"):
            emptied.world.app.locating.content_url(record.customer, record.id)
    assert emptied.state().stop is Stop.NONE
    assert emptied.shown() == []


def test_a_dismissed_file_that_is_restored_is_the_same_record_again(emptied: Emptied):
    before = emptied.now()
    emptied.dismiss()
    emptied.world.local.restore(emptied.folder)

    emptied.pull()

    assert [(each.id, each.state, each.reason, each.missing) for each in emptied.now()] == [
        (each.id, FileState.IN_SHAREPOINT, "", False) for each in before
    ]
    with BothSides(emptied.world, emptied.company.customer) as both:
        both.agree()


def test_an_edit_of_a_dismissed_file_waits_until_it_is_restored(emptied: Emptied):
    emptied.dismiss()
    record = emptied.now()[0]
    emptied.world.edit(record, name="renamed.txt")
    emptied.pull()
    assert emptied.world.read(record).state is FileState.BLOCKED

    emptied.world.local.restore(emptied.folder)
    emptied.pull()

    assert "renamed.txt" in emptied.world.children(emptied.drive, emptied.folder)


def test_a_dismissed_file_can_be_deleted_in_moment(emptied: Emptied):
    emptied.dismiss()
    record = emptied.now()[0]

    emptied.world.app.edits.delete(record.customer, record.id, "Ada")
    emptied.world.settle()

    gone = emptied.world.read(record)
    assert (gone.state, gone.delete_pending) == (FileState.DELETED, False)
    assert record.name not in emptied.company.live()


def test_a_walk_does_not_ask_again_for_what_was_dismissed(emptied: Emptied):
    emptied.dismiss()
    before = emptied.now()
    emptied.world.app.ingest.walks.start(emptied.drive)

    emptied.world.settle()

    assert emptied.now() == before
    assert emptied.state().stop is Stop.NONE


def test_a_dismissed_file_that_shows_as_deleted_again_is_left_alone(emptied: Emptied):
    emptied.dismiss()
    before = emptied.now()
    emptied.world.stores.tree.mark_gone(emptied.company.customer, [each.baseline.item_id for each in before])
    emptied.company.person_adds("root", "something.txt")

    emptied.pull()

    assert emptied.now() == before
    assert emptied.state().stop is Stop.NONE


def test_a_dismissed_file_stays_linked_to_what_its_place_belonged_to(emptied: Emptied):
    company, world = emptied.company, emptied.world  # noqa: F811
    emptied.approve()
    drafts = company.person_makes_folder(company.folder(company.one), "Drafts")
    for number in range(BULK):
        company.person_adds(drafts, f"draft {number}.txt")
    world.pull(company.customer)
    body = {"parentReference": {"id": company.folder(company.two)}}
    world.graph("PATCH", f"/drives/{company.drive}/items/{drafts}", json=body)
    world.pull(company.customer)
    world.delete_item(company.drive, drafts)
    world.pull(company.customer)

    emptied.dismiss()

    kept = [each for name, each in company.live().items() if name.startswith("draft")]
    assert [(each.state, each.links.project) for each in kept] == [(FileState.BLOCKED, "p2")] * BULK


# -- cut off


class SlowFiles:
    """Records whose every save takes long, so that a pull is cut off after each."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str):
        method = getattr(self._world.stores.files, name)

        def call(*arguments, **named):
            if name == "save":
                self._world.clock.advance(31)
            return method(*arguments, **named)

        return call


@pytest.mark.parametrize(
    ("answer", "state"), [(Answer.APPROVED, FileState.DELETED), (Answer.DISMISSED, FileState.BLOCKED)]
)
def test_what_does_not_fit_into_a_run_goes_on_from_the_queue(emptied: Emptied, answer: Answer, state: FileState):
    world = emptied.world
    slow = world.using(stores=dataclasses.replace(world.stores, files=SlowFiles(world)))
    slow.approvals.answer(emptied.drive, answer, "Ada")
    states = []
    while world.pulls.keys:
        key, _ = world.pulls.keys.popleft()
        slow.ingest.take(key, world.clock() + timedelta(days=1))
        states.append(sum(each.state is state for each in emptied.now()))

    assert states == [1, 2, 3, 4, 4]
    assert emptied.state().stop is Stop.NONE
    assert list(world.stores.tree.gone(emptied.company.customer)) == []


@pytest.mark.parametrize(
    ("answer", "state"), [(Answer.APPROVED, FileState.DELETED), (Answer.DISMISSED, FileState.BLOCKED)]
)
def test_killed_after_any_write_the_next_run_ends_it(emptied: Emptied, answer: Answer, state: FileState):
    world = emptied.world
    world.app.approvals.answer(emptied.drive, answer, "Ada")
    world.pulls.keys.clear()
    for moment in range(50):
        try:
            app_with(world, KilledAfterWriting(moment)).ingest.pull(
                emptied.drive, world.clock() + timedelta(days=1), notified=False
            )
        except Killed:
            world.clock.advance(121)
        else:
            break

    assert {each.state for each in emptied.now()} == {state}
    assert [each.version for each in emptied.now()] == [before.version + 1 for before in emptied.files]
    assert (emptied.state().stop, emptied.state().answer) == (Stop.NONE, Answer.NONE)
    assert list(world.stores.tree.gone(emptied.company.customer)) == []


# -- the guard counts what would be marked, and no more


def test_deletions_made_in_moment_need_no_approval_when_they_come_back(emptied: Emptied):
    emptied.world.local.restore(emptied.folder)
    emptied.pull()
    for record in emptied.now():
        emptied.world.app.edits.delete(record.customer, record.id, "Ada")
    emptied.world.settle()

    emptied.pull()

    assert emptied.state().stop is Stop.NONE


# -- a library that is gone


def test_a_library_that_is_gone_rests_and_comes_back_by_itself(emptied: Emptied):
    world, drive = emptied.world, emptied.drive
    emptied.approve()
    world.local.fault({"match": {"path": drive}, "times": 1000, "then": {"status": 404}})
    emptied.pull()
    assert emptied.state().stop is Stop.GONE
    live = set(emptied.company.live())
    since = len(world.local.requests())

    emptied.pull()
    world.app.ingest.take(f"look:{drive}", world.clock())

    assert len(world.local.requests()) == since + 1
    assert emptied.state().stop is Stop.GONE
    assert emptied.shown() == []
    with pytest.raises(Collision):
        emptied.approve()
    world.local.clear_faults()
    emptied.company.person_adds("root", "while away.txt")
    world.app.ingest.take(f"look:{drive}", world.clock())
    world.settle()
    assert emptied.state().stop is Stop.NONE
    assert set(emptied.company.live()) == live | {"while away.txt"}
