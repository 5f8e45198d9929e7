"""The search over all customers follows each customer's files, whatever dies, overtakes or is lost on the way."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from azure.data.tables import TableServiceClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import InvalidInput, PermanentError
from shared.model.directory import Links
from shared.model.everywhere import MARK, mark_row
from shared.model.files import FileState
from shared.model.search import Search, Sort
from shared.model.table_rows import Operation, Row
from shared.store.tables import Table, ensure_tables
from shared.sync.everywhere import ALL
from shared.sync.reindexing import Reindexing
from tests.builders import AT, a_baseline, a_record, a_transfer
from tests.store.everywhere_world import Indexers, Names, another_process
from tools.functions_host.azurite import Azurite

_MOST = 60
_LEASE_ENDS_S = 61


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def company(tables: TableServiceClient) -> Indexers:
    names = Names(*(f"t{uuid.uuid4().hex}" for _ in range(3)))
    ensure_tables(tables, [names.files, names.everywhere, names.directory])
    return Indexers(tables, names)


class Moments:
    """Counts moments, and acts at one of them."""

    def __init__(self, at: int, act: Callable[[], object]) -> None:
        self.left, self._act = at, act

    def __call__(self) -> None:
        self.left -= 1
        if self.left == -1:
            self._act()

    @property
    def is_over(self) -> bool:
        """It acted."""
        return self.left < 0


def die() -> None:
    raise Killed


# -- what is found


def test_a_saved_file_is_found_over_all_customers_and_no_longer_by_what_it_was(company: Indexers) -> None:
    ours = company.add("c1", "f1", name="Årsrapport Ørsta.docx", tags=("Utkast",), links=Links("c1", "p1"))
    company.add("c2", "f1", name="Plan.pdf", created_by="Grace")
    company.settle()
    assert company.ids() == ["c1/f1", "c2/f1"]
    for search in ({"words": ("arsrap", "orsta")}, {"tags": ("utkast",)}, {"by": "ADA"}, {"kind": "document"}):
        assert company.ids(Search(None, **search)) == ["c1/f1"]  # type: ignore[arg-type]

    ours = company.change(ours, name="Plan.pdf", tags=(), state=FileState.BLOCKED, reason="x")
    company.settle()

    assert company.ids(Search(None, words=("arsrap",))) == company.ids(Search(None, tags=("utkast",))) == []
    assert company.ids(Search(None, words=("plan",))) == ["c1/f1", "c2/f1"]
    assert company.ids(Search(None, states=frozenset({FileState.BLOCKED}))) == ["c1/f1"]
    [shown] = company.searching.page(Search(None, states=frozenset({FileState.BLOCKED})), None, 10).items
    assert (shown.customer, shown.links, shown.reason) == ("c1", Links("c1", "p1"), "x")

    company.change(ours, state=FileState.DELETED, moved_to="c2/f2")
    company.settle()

    assert company.ids() == ["c2/f1"]
    [deleted] = company.searching.page(Search(None, states=frozenset({FileState.DELETED})), None, 10).items
    assert (deleted.id, deleted.moved_to) == ("f1", "c2/f2")


def test_a_file_restored_is_found_again(company: Indexers) -> None:
    record = company.add("c1", "f1", name="Plan.pdf")
    record = company.change(record, state=FileState.DELETED)
    company.settle()
    company.change(record, state=FileState.IN_MOMENT_CLOUD)
    company.settle()

    assert company.ids(Search(None, words=("plan",))) == ["c1/f1"]
    assert company.stored("c1") == company.expected("c1")


def test_pages_go_through_the_files_of_all_customers_newest_first(company: Indexers) -> None:
    made = [
        company.add(f"c{number % 3}", "same-id", created_at=AT.replace(day=1 + number), size_bytes=number)
        if number < 3
        else company.add(f"c{number % 3}", f"f{number}", created_at=AT.replace(day=1 + number), size_bytes=number)
        for number in range(7)
    ]
    company.settle()
    newest = [f"{record.customer}/{record.id}" for record in reversed(made)]

    first = company.searching.page(Search(None), None, 3)

    assert company.ids(limit=3) == newest[:3]
    assert company.ids(token=first.next_token) == newest[3:]
    assert company.ids(Search(None, sort=Sort.SIZE)) == newest
    by_name = company.searching.page(Search(None, sort=Sort.NAME), None, 4)
    rest = company.searching.page(Search(None, sort=Sort.NAME), by_name.next_token, 4)
    assert len({(each.customer, each.id) for each in (*by_name.items, *rest.items)}) == 7
    with pytest.raises(InvalidInput):
        company.ids(Search(Links("c1")), token=first.next_token)


def test_a_file_without_content_yet_and_a_renewed_claim_send_no_message(company: Indexers) -> None:
    announced = company.add("c1", "f1", state=FileState.EXPECTED, blob_name="c1/f1/x")
    assert not company.queue
    moving = company.change(announced, state=FileState.MOVING, transfer=a_transfer())
    company.queue.clear()

    company.change(moving, transfer=a_transfer(hashed_bytes=9), changed_at=AT.replace(year=2027))

    assert not company.queue


# -- what it costs


@pytest.fixture
def counted(azurite: Azurite, company: Indexers) -> Iterator[tuple[Indexers, list[int]]]:
    """The company on a connection of which the requests are counted."""
    requests = [0]

    def count() -> None:
        requests[0] += 1

    with another_process(azurite.connection_string, company, before=count) as counting:
        yield counting, requests


def test_a_change_is_followed_with_four_requests(company: Indexers, counted: tuple[Indexers, list[int]]) -> None:
    (counting, requests), record = counted, company.add("c1", "f1")
    company.settle()
    company.change(record, name="other.txt")

    counting.everywhere.take("c1", "m1")

    assert company.stored("c1") == company.expected("c1")
    assert requests == [len(["lease", "marks", "rows", "marks deleted"])]


def test_a_message_with_nothing_to_do_costs_two_requests(counted: tuple[Indexers, list[int]]) -> None:
    counting, requests = counted

    counting.everywhere.take("c1", "m1")

    assert requests == [2]


def test_200_files_moved_in_bulk_cost_less_than_a_third_of_a_request_each(
    tables: TableServiceClient, company: Indexers, counted: tuple[Indexers, list[int]]
) -> None:
    counting, requests = counted
    marks: list[Row] = []
    for number in range(200):
        name = f"Invoice 2026-{number} Contoso.pdf"
        waiting = a_record(customer="c1", id=f"f{number:03d}", name=name, tags=("urgent",), state=FileState.WAITING)
        moving = replace(waiting, version=1, state=FileState.MOVING, transfer=a_transfer())
        moved = replace(moving, version=2, state=FileState.IN_SHAREPOINT, baseline=a_baseline(item_id=f"01{number}"))
        marks += filter(None, (mark_row(None, waiting), mark_row(waiting, moving), mark_row(moving, moved)))
    Table(tables, company.names.files).upsert_all(marks)

    counting.everywhere.take("c1", "m1")

    assert len(company.ids(Search(None, words=("invoice",)))) == 200
    assert not company.rows.is_behind("c1")
    assert requests[0] < 200 / 3


def test_the_daily_look_costs_one_empty_answer_for_a_customer_where_nothing_was_missed(
    company: Indexers, counted: tuple[Indexers, list[int]]
) -> None:
    counting, requests = counted
    for number in range(110):
        company.customer(f"c{number:03d}")
    company.add("c007", "f1")
    company.queue.clear()  # lost

    counting.everywhere.look_at_all()
    while counting.queue[0].startswith(ALL):
        counting.everywhere.take(counting.queue.popleft(), "m1")
        counting.queue.rotate(-sum(not key.startswith(ALL) for key in counting.queue))

    assert list(company.queue) == ["c007"]
    assert requests[0] <= 110 + len(["customers"] * 2)
    company.settle()
    assert company.ids() == ["c007/f1"]


# -- what may go wrong


def make_work(company: Indexers, customer: str) -> None:
    """Rows to put and to delete, more than one transaction takes, of files with one mark and with several."""
    words = " ".join(f"{letter}{letter}{letter}{letter} {letter}x" for letter in "abcdef")
    records = [company.add(customer, f"f{number}", name=f"{words} {number}.txt") for number in range(3)]
    company.settle()
    for number, record in enumerate(records):
        changed = company.change(record, name=f"Plan {words.upper()[::-1]} {number}.pdf")
        if number != 1:
            company.change(changed, state=FileState.DELETED if number == 0 else FileState.BLOCKED, tags=("back",))
    company.queue.clear()


def test_killed_at_any_request_the_message_delivered_again_ends_right(company: Indexers, azurite: Azurite) -> None:
    for moment in range(_MOST):
        customer = f"c{moment}"
        make_work(company, customer)
        fuse = Moments(moment, die)
        with another_process(azurite.connection_string, company, before=fuse) as dying, suppress(Killed):
            dying.everywhere.take(customer, "m1")

        company.everywhere.take(customer, "m1")

        assert company.stored(customer) == company.expected(customer), moment
        assert not company.rows.is_behind(customer)
        if not fuse.is_over:
            return
    raise AssertionError("it never ends by itself")


def test_another_message_takes_over_once_the_lease_of_a_dead_process_has_ended(
    company: Indexers, azurite: Azurite
) -> None:
    make_work(company, "c1")
    with (
        another_process(azurite.connection_string, company, before=Moments(4, die)) as dying,
        pytest.raises(Killed),
    ):
        dying.everywhere.take("c1", "m1")

    company.everywhere.take("c1", "m2")
    assert company.stored("c1") != company.expected("c1")
    company.later(_LEASE_ENDS_S)
    company.everywhere.take("c1", "m2")

    assert company.stored("c1") == company.expected("c1")


@pytest.mark.parametrize("what", ["a save", "a save and its message", "a save and a late message"])
def test_whatever_happens_at_any_of_its_requests_the_rows_end_right(
    company: Indexers, azurite: Azurite, what: str
) -> None:
    for moment in range(_MOST):
        customer = f"c{moment}"
        make_work(company, customer)

        def act(customer: str = customer) -> None:
            for file_id, name in (("f0", "Back.txt"), ("f1", "Plan once more.pdf")):
                record = company.files.find(customer, file_id)
                assert record is not None
                company.change(record, name=name, state=FileState.IN_MOMENT_CLOUD)
            company.queue.remove(customer)  # two in a moment are one message
            if "late" in what:
                company.later(_LEASE_ENDS_S)
            if "message" in what:
                company.queue.remove(customer)
                company.everywhere.take(customer, "m2")

        interruption = Moments(moment, act)
        with another_process(azurite.connection_string, company, before=interruption) as working:
            working.everywhere.take(customer, "m1")
        company.settle()

        assert company.stored(customer) == company.expected(customer), moment
        assert not company.rows.is_behind(customer)
        if not interruption.is_over:
            return
    raise AssertionError("it never ends by itself")


def test_one_with_marks_of_long_ago_changes_nothing_any_more(company: Indexers) -> None:
    record = company.add("c1", "f1", name="one.txt")
    company.settle()
    record = company.change(record, name="two.txt")
    lease, marks = company.rows.lease("c1"), list(company.rows.marks("c1"))
    slow = replace(company.everywhere, rows=Remembering(company.rows, lease, marks))
    company.settle()
    company.change(record, name="one.txt")
    company.settle()

    slow.take("c1", "m1")

    assert company.stored("c1") == company.expected("c1")


class Remembering:
    """Says once what it was told long ago."""

    def __init__(self, rows, lease, marks) -> None:  # type: ignore[no-untyped-def]
        self._rows, self._told = rows, {"lease": [lease], "marks": [marks]}

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        told = self._told.get(name)
        return (lambda _customer: told.pop()) if told else getattr(self._rows, name)


def test_a_mark_that_can_not_be_read_stays_and_stops_no_other(tables: TableServiceClient, company: Indexers) -> None:
    for number in range(9):
        company.add("c1", f"f{number}")
    table = Table(tables, company.names.files)
    [mark] = table.rows("c1", f"{MARK}f0~")
    table.submit([Operation("replace", mark.row | {"state": "of a later version"}, mark.etag)])

    with pytest.raises(PermanentError, match="f0"):
        company.settle()

    assert company.ids() == [f"c1/f{number}" for number in range(1, 9)]
    assert company.rows.is_behind("c1")
    record = company.files.find("c1", "f0")
    assert record is not None
    table.delete("c1", str(mark.row["RowKey"]))
    company.change(record, tags=("new",))
    company.settle()
    assert company.stored("c1") == company.expected("c1")


def test_rows_that_the_storage_refuses_stay_marked_and_stop_no_other(
    tables: TableServiceClient, company: Indexers
) -> None:
    for number in range(9):
        company.add("c1", f"f{number}")
    table = Table(tables, company.names.files)
    [mark] = table.rows("c1", f"{MARK}f4~")
    names = [f"find~word~{number}#~1~c1~f4" for number in range(3)]
    table.submit([Operation("replace", mark.row | {"was": str(names).replace("'", '"')}, mark.etag)])

    with pytest.raises(PermanentError, match="f4"):
        company.settle()

    assert company.ids() == [f"c1/f{number}" for number in range(9) if number != 4]
    company.queue.clear()
    Reindexing(company.files, company.everywhere, lambda: "r").step("c1", None, all_files=True)
    assert list(company.queue) == ["c1"], "so that it is given up where people see it"


def test_reindexing_makes_and_repairs_the_rows(company: Indexers) -> None:
    new_id = map(str, itertools.count()).__next__
    reindexing = Reindexing(company.files, company.everywhere, new_id)
    for number in range(12):
        company.add("c1", f"f{number}", name=f"Plan {number}.txt")
    company.add("c1", "f99", state=FileState.EXPECTED, blob_name="c1/f99/x")
    company.settle()
    company.damage("c1")

    assert reindexing.step("c1", None, all_files=False)[0].written == 0
    assert company.ids() == []
    assert reindexing.step("c1", None, all_files=True)[0].written == 13

    assert company.stored("c1") == company.expected("c1")
    assert len(company.ids(Search(None, words=("plan",)))) == 12


def test_files_of_an_app_that_knew_no_search_over_all_customers_are_found_once_they_are_indexed(
    tables: TableServiceClient, company: Indexers
) -> None:
    for number in range(3):
        record = company.add("c1", f"f{number}", name=f"Plan {number}.txt")
        table = Table(tables, company.names.files)
        stored = table.get("c1", f"file~{record.id}")
        assert stored is not None
        table.submit([Operation("replace", stored.row | {"search_index": 1}, stored.etag)])
        table.delete_all("c1", [str(each.row["RowKey"]) for each in table.rows("c1", MARK)])
    company.queue.clear()

    record = company.files.find("c1", "f1")
    assert record is not None
    company.change(record, attempts=1)
    company.settle()
    assert company.ids() == ["c1/f1"]
    Reindexing(company.files, company.everywhere, lambda: "r").step("c1", None, all_files=False)

    assert company.ids() == ["c1/f0", "c1/f1", "c1/f2"]
    assert company.stored("c1") == company.expected("c1")


# -- a story of all of it

_customers = st.integers(0, 2)
_files = st.integers(0, 2)
_moments = st.integers(0, 12)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("rename"), _customers, _files, st.sampled_from(["plan", "Invoice 2026", "plan of plans"])),
        st.tuples(st.just("tag"), _customers, _files, st.sampled_from(["a", "b"])),
        st.tuples(st.just("state"), _customers, _files, st.sampled_from(FileState)),
        st.tuples(st.just("message"), _customers, _moments, st.sampled_from(["whole", "dies", "overtaken"])),
        st.tuples(st.just("time"), st.just(0), st.just(0), st.just("")),
    ),
    min_size=5,
    max_size=25,
)


@settings(
    max_examples=12,
    derandomize=True,  # a story takes a second on a real table
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(_steps)
def test_after_any_story_the_rows_are_what_all_customers_records_say(
    company: Indexers, azurite: Azurite, steps: list[tuple[str, int, int, str]]
) -> None:
    story = f"s{uuid.uuid4().hex[:8]}"
    customers = [company.customer(f"{story}-{number}") for number in range(3)]
    for number, (what, who, which, how) in enumerate(steps):
        customer = customers[who]
        if what == "time":
            company.later(_LEASE_ENDS_S)
        elif what == "message":
            take(company, azurite, customer, which, how, str(number))
        else:
            save(company, customer, f"f{which}", what, how)
    company.later(_LEASE_ENDS_S)
    company.queue.clear()  # all of them lost
    company.everywhere.look_at_all()
    company.settle()

    assert company.stored(*customers) == company.expected(*customers)


def save(company: Indexers, customer: str, file_id: str, what: str, how: str) -> None:
    """Make or change a file."""
    record = company.files.find(customer, file_id) or company.add(customer, file_id)
    match what:
        case "rename":
            company.change(record, name=f"{how}.txt")
        case "tag":
            company.change(record, tags=(how,))
        case _:
            company.change(record, state=FileState(how))


def take(company: Indexers, azurite: Azurite, customer: str, moment: int, how: str, message_id: str) -> None:
    """A message is taken, by a process that dies, or is slower than another one."""

    def be_overtaken() -> None:
        company.later(_LEASE_ENDS_S)
        save(company, customer, "f0", "rename", f"meanwhile {message_id}")
        company.everywhere.take(customer, f"{message_id} later")

    acts: dict[str, Callable[[], None]] = {"whole": lambda: None, "dies": die, "overtaken": be_overtaken}
    moments = Moments(moment, acts[how])
    with another_process(azurite.connection_string, company, before=moments) as working, suppress(Killed):
        working.everywhere.take(customer, message_id)
