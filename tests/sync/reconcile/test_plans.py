"""A plan says what a sync would do and changes nothing; carried out, it does just that, and says what had changed."""

from collections import Counter
from dataclasses import dataclass, replace

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import Collision
from shared.model.directory import Links, Project, StorageLocation
from shared.model.files import FileRecord, FileState
from shared.model.plan import Action
from shared.model.runs import Count, Direction, Run, RunState
from tests.sync.test_ingest import Company, company
from tests.world import World

__all__ = ["company"]
TO, FROM = Direction.TO_SHAREPOINT, Direction.FROM_SHAREPOINT
CHANGES = set(Count) - {Count.LIBRARIES, Count.RESOURCE_UNITS}


def plan(world: World, scope: Links, direction: Direction, *, is_full: bool = False) -> Run:
    run = world.app.sync_by_hand.begin(scope, direction, "Ada", is_plan=True, is_full=is_full)
    return world.finish(run)


def carry_out(world: World, planned: Run) -> Run:
    return world.finish(world.app.sync_by_hand.carry_out(planned.id, "Ada"))


def actions(world: World, run: Run) -> list[Action]:
    return list(world.app.runs.plan(run.id, None, 500).items)


def changes(run: Run) -> dict[Count, int]:
    return {count: number for count, number in run.counts.items() if count in CHANGES and number}


def stored(world: World, customer: str) -> list[FileRecord]:
    """All records with their versions."""
    return sorted(world.app.files.live(customer), key=lambda record: record.id)


def test_a_plan_to_sharepoint_lists_each_file_with_its_bytes_and_units_and_moves_nothing(world: World):
    customer = world.customer(StorageLocation.MOMENT)
    world.app.directory_changes.put(Project(customer.id, "p1", "Web"))
    for scope, name, tags in ((Links(customer.id, "p1"), "a.txt", ("red",)), (Links(customer.id), "b.bin", ())):
        world.arrive(world.upload(scope, name, bytes(400_000 if name == "b.bin" else 5), tags=tags))
    world.app.directory_changes.put(replace(customer, storage=StorageLocation.SHAREPOINT))
    before, since = stored(world, customer.id), len(world.local.requests())

    run = plan(world, Links(customer.id), TO)

    assert (run.state, changes(run)) == (RunState.PLANNED, {Count.TRANSFERS: 2, Count.BYTES: 400_005})
    planned = {action.name: action for action in actions(world, run)}
    assert planned["a.txt"].change == f"Moves to SharePoint, {customer.name} › Web."
    library, folder, columns, fragments = 11, 2, 2, 4
    assert run.counts[Count.RESOURCE_UNITS] == 2 + 2 + library + folder + columns + fragments
    assert stored(world, customer.id) == before
    assert len(world.local.requests()) == since


def test_a_plan_to_sharepoint_does_what_it_says(world: World):
    customer = world.customer(StorageLocation.MOMENT)
    records = [world.arrive(world.upload(Links(customer.id), f"{n}.txt")) for n in range(3)]
    world.app.directory_changes.put(replace(customer, storage=StorageLocation.SHAREPOINT))
    planned = plan(world, Links(customer.id), TO)

    done = carry_out(world, planned)

    assert changes(done) == changes(planned)
    assert (done.state, done.plan_of) == (RunState.SUCCEEDED, planned.id)
    assert {world.read(record).state for record in records} == {FileState.IN_SHAREPOINT}


def test_a_file_that_changed_since_the_plan_is_left_and_named(world: World):
    customer = world.customer(StorageLocation.MOMENT)
    same, renamed, new_content, gone = (
        world.arrive(world.upload(Links(customer.id), f"{name}.txt")) for name in ("same", "a", "b", "c")
    )
    world.app.directory_changes.put(replace(customer, storage=StorageLocation.SHAREPOINT))
    planned = plan(world, Links(customer.id), TO)
    world.app.edits.edit(customer.id, renamed.id, world.an_edit(name="other.txt"))
    url = world.stores.blobs.upload_url(new_content.blob_name or "", world.clock.later(60))
    world.put_blob(url, b"other content")
    world.app.edits.delete(customer.id, gone.id)
    late = world.upload(Links(customer.id), "late.txt")

    done = carry_out(world, planned)

    assert (done.state, changes(done)) == (
        RunState.PARTLY,
        {Count.TRANSFERS: 1, Count.BYTES: 5, Count.CHANGED_MEANWHILE: 3},
    )
    assert world.read(same).state is FileState.IN_SHAREPOINT
    assert {world.read(each).state for each in (renamed, new_content)} == {FileState.IN_MOMENT_CLOUD}
    assert world.read(late).state is FileState.EXPECTED
    assert len(done.problems) == 3


@dataclass(frozen=True)
class Edit:
    """Something that a person does in SharePoint, or in Moment."""

    what: str
    file: int
    name: str


EDITS = ("rename", "move", "tag", "content", "delete", "add", "folder", "rename here", "tag here")
edits = st.lists(
    st.builds(Edit, st.sampled_from(EDITS), st.integers(0, 2), st.sampled_from(["x", "y", "z"])), max_size=7
)


def do(company: Company, edit: Edit, files: list[FileRecord]) -> None:
    """Each edit stands for itself: what no longer can be done is left out."""
    world, record = company.world, files[edit.file]
    there = {each["id"] for each in world.graph("GET", f"/drives/{company.drive}/root/delta").json()["value"]}
    if edit.what == "rename here":
        world.app.edits.edit(company.customer, record.id, world.an_edit(name=f"{edit.name} here {edit.file}.txt"))
    elif edit.what == "tag here":
        world.app.edits.edit(company.customer, record.id, world.an_edit(tags=(f"{edit.name} here",)))
    elif edit.what == "add":
        company.person_adds(company.folder(company.two), f"{edit.name} new.txt", edit.name.encode())
    elif edit.what == "folder":
        world.rename_item(company.drive, company.folder(company.one), f"Renamed {edit.name}")
    elif record.baseline is not None and record.baseline.item_id in there:
        do_in_sharepoint(company, edit, record, record.baseline.item_id)


def do_in_sharepoint(company: Company, edit: Edit, record: FileRecord, item: str) -> None:
    if edit.what == "rename":
        company.person_patches(record, {"name": f"{edit.name} {edit.file}.txt"})
    elif edit.what == "move":
        company.person_patches(record, {"parentReference": {"id": company.folder(company.two)}})
    elif edit.what == "tag":
        company.person_tags(record, edit.name)
    elif edit.what == "content":
        company.world.graph("PUT", f"/drives/{company.drive}/items/{item}/content", data=edit.name.encode() * 9)
    elif edit.what == "delete":
        company.world.delete_item(company.drive, item)


@settings(
    max_examples=12,
    derandomize=True,  # a story takes seconds on real servers; new ones are for the storm
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=edits, is_full=st.booleans())
def test_whatever_people_do_a_plan_changes_nothing_and_equals_its_outcome(company: Company, done: list[Edit], is_full):
    world = company.world
    three = world.arrive(world.upload(Links(company.customer, "p1"), f"three {world.clock()}.txt".replace(":", "-")))
    world.pull(company.customer)
    files = [each for each in (company.one, company.two, three) if world.read(each).state is FileState.IN_SHAREPOINT]
    for edit in done:
        try:
            do(company, replace(edit, file=edit.file % len(files)), [world.read(each) for each in files])
        except requests.HTTPError as refused:
            if refused.response.status_code != requests.codes.conflict:  # SharePoint has something of that name there
                raise
    world.pushes.keys.clear()
    before = stored(world, company.customer)

    planned = plan(world, Links(company.customer), FROM, is_full=is_full)
    assert stored(world, company.customer) == before
    outcome = carry_out(world, planned)

    listed = Counter(kind for action in actions(world, planned) for kind in action.kinds)
    assert dict(listed) == changes(planned) == changes(outcome)
    rest = world.finish(
        world.app.sync_by_hand.begin(Links(company.customer), FROM, "Ada", is_plan=False, is_full=is_full)
    )
    assert changes(rest) == {}
    world.settle()


def test_what_changed_in_sharepoint_since_the_plan_is_left_and_named(company: Company):
    world = company.world
    company.person_patches(company.one, {"name": "planned.txt"})
    company.person_patches(company.two, {"name": "planned too.txt"})
    planned = plan(world, Links(company.customer), FROM)
    company.person_patches(company.one, {"name": "changed again.txt"})
    company.person_adds(company.folder(company.two), "unplanned.txt")
    run = world.app.sync_by_hand.carry_out(planned.id, "Ada")
    key, _ = world.syncs.keys.popleft()
    world.app.runs.take(key)
    done = world.app.runs.find(run.id)

    assert sorted(company.live()) == ["one.txt", "planned too.txt"]
    assert (done.state, changes(done)) == (RunState.PARTLY, {Count.RENAMES: 1, Count.CHANGED_MEANWHILE: 2})
    assert {problem.what for problem in done.problems} == {"planned.txt", "unplanned.txt"}
    world.settle()
    assert sorted(company.live()) == ["changed again.txt", "planned too.txt", "unplanned.txt"]


def test_a_plan_that_was_carried_out_already_does_nothing_more(company: Company):
    world = company.world
    company.person_patches(company.one, {"name": "planned.txt"})
    planned = plan(world, Links(company.customer), FROM)
    carry_out(world, planned)
    version = world.read(company.one).version

    again = carry_out(world, planned)

    assert (again.state, changes(again)) == (RunState.SUCCEEDED, {Count.RENAMES: 1})
    assert world.read(company.one).version == version


def test_a_plan_of_a_project_lists_what_concerns_it(company: Company):
    world = company.world
    company.person_patches(company.one, {"name": "in p1.txt"})
    company.person_patches(company.two, {"name": "in p2.txt"})

    planned = plan(world, Links(company.customer, "p1"), FROM)
    carry_out(world, planned)

    assert [action.name for action in actions(world, planned)] == ["in p1.txt"]
    assert planned.counts[Count.RENAMES] == 1


def test_a_plan_shows_deletions_that_would_wait_for_a_person(company: Company):
    world = company.world
    folder = company.person_makes_folder("root", "Archive")
    for number in range(60):
        company.person_adds(folder, f"{number}.txt", b"%d" % number)
    world.pull(company.customer)
    world.delete_item(company.drive, folder)

    planned = plan(world, Links(company.customer), FROM)

    assert planned.state is RunState.PARTLY
    assert "60 of 62 files" in planned.problems[0].reason
    state = world.app.libraries.find(company.drive)
    assert state is not None
    assert not state.stopped_reason


def test_a_plan_counts_a_conflict_and_says_who_wins(company: Company):
    world = company.world
    company.person_patches(company.one, {"name": "theirs.txt"})
    world.clock.advance(60)
    world.app.edits.edit(company.customer, company.one.id, world.an_edit(name="ours.txt"))

    planned = plan(world, Links(company.customer), FROM)

    assert planned.counts[Count.CONFLICTS] == 1
    assert "which wins" in actions(world, planned)[0].change


def test_only_a_whole_plan_can_be_carried_out(company: Company):
    world = company.world
    run = world.app.sync_by_hand.begin(Links(company.customer), FROM, "Ada", is_plan=True, is_full=False)
    with pytest.raises(Collision, match="still being planned"):
        world.app.sync_by_hand.carry_out(run.id, "Ada")

    done = carry_out(world, world.finish(run))

    with pytest.raises(Collision, match="not a plan"):
        world.app.sync_by_hand.carry_out(done.id, "Ada")
