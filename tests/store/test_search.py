"""Searches on the real table: what a page costs in a small and in a large library, and that it finds what it should."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import batched, islice
from uuid import uuid4

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import InvalidInput
from shared.model.directory import Links, Period, Project, Task
from shared.model.files import FileRecord, FileState
from shared.model.record_row import record_to_entity
from shared.model.rows import index_rows
from shared.model.search import Search, Sort, matches, reading_of
from shared.model.search_rows import tag_prefix
from shared.model.table_rows import Operation
from shared.store.directory import TableDirectory
from shared.store.files import TableFiles
from shared.store.folders import TableFolders
from shared.store.search import MAX_REQUESTS, TableSearch
from shared.store.tables import FILES_TABLE, Table
from shared.store.tree import TableFolderTree
from shared.sync.places import Places
from shared.sync.searching import Searching
from tests.builders import AT, a_baseline, a_record
from tools.functions_host.azurite import Azurite

SIZES = (1_000, 20_000)
PAGE = 50


@dataclass(frozen=True)
class Library:
    """A customer with many files."""

    customer: str
    files: int


def a_file(customer: str, number: int) -> FileRecord:
    """Every eighth is an invoice, every fifth urgent, every tenth of project p0; a few names have too many words."""
    kind = "Invoice" if number % 8 == 0 else "Report"
    long = " with very long explanations about almost everything anybody could ever want" if number % 50 == 0 else ""
    return a_record(
        customer=customer,
        id=f"f{number:05d}",
        name=f"{kind} {number}{long}.pdf",
        links=Links(customer, f"p{number % 10}"),
        created_at=AT + timedelta(seconds=number),
        changed_at=AT + timedelta(seconds=number),
        tags=("urgent", "2026") if number % 5 == 0 else ("2026",),
        state=FileState.IN_SHAREPOINT,
        baseline=a_baseline(item_id=f"01{number}"),
        blob_name=None,
    )


def searches(customer: str) -> dict[str, Search]:
    """Those whose cost is promised."""
    return {
        "a word": Search(Links(customer), words=("invoice",)),
        "a tag": Search(Links(customer), tags=("urgent",)),
        "a tag and a project": Search(Links(customer, "p0"), tags=("urgent",)),
    }


@pytest.fixture(scope="module", params=SIZES)
def library(request: pytest.FixtureRequest, tables: TableServiceClient) -> Library:
    """All rows of the ranges that these searches read; those of the other ranges would take minutes to write."""
    customer = f"c{uuid4().hex[:12]}"
    prefixes = tuple({prefix for each in searches(customer).values() for prefix in reading_of(each).prefixes})
    rows = (index_rows(a_file(customer, number)) for number in range(request.param))
    wanted = (row for some in rows for key, row in some.items() if key.startswith(prefixes))
    table = Table(tables, FILES_TABLE)
    for batch in batched(wanted, 100, strict=False):
        table.submit([Operation("create", row) for row in batch])
    return Library(customer, request.param)


@pytest.fixture
def watched(azurite: Azurite, tables: TableServiceClient) -> Iterator[tuple[TableSearch, list[str]]]:
    requests: list[str] = []
    with TableServiceClient.from_connection_string(
        azurite.connection_string, raw_request_hook=lambda request: requests.append(request.http_request.url)
    ) as service:
        yield TableSearch(service), requests


REQUESTS = 2
"""The range, and that of the files with too many words or tags."""


def test_the_cost_of_a_page_and_of_a_scan_depends_on_no_librarys_size(
    library: Library, watched: tuple[TableSearch, list[str]], searching: Searching
) -> None:
    """One test for each size, so that a library is written once, however many processes share the tests."""
    for asked in searches(library.customer):
        check_the_cost_of_a_page(library, watched, asked)
    check_that_a_scan_is_bounded(library, watched)
    check_that_too_many_files_to_sort_are_refused(library, searching)


def check_the_cost_of_a_page(library: Library, watched: tuple[TableSearch, list[str]], asked: str) -> None:
    """Two pages of each search, and the requests that each took."""
    search, (rows, requests) = searches(library.customer)[asked], watched
    all_numbers = [
        number
        for number in reversed(range(library.files))
        if matches(search, a_file(library.customer, number), lambda _: None)
    ]
    found: list[str] = []
    place, counts = "", []
    for _ in range(2):
        requests.clear()
        page = first_of(rows, search, place)
        found += [record.id for _, record in page]
        place = page[-1][0]
        counts.append(len(requests))

    assert found == [f"f{number:05d}" for number in all_numbers[: 2 * PAGE]]
    assert counts == [REQUESTS] * 2


def first_of(rows: TableSearch, search: Search, after: str) -> list[tuple[str, FileRecord]]:
    """A page, as the use case reads it."""
    scan = rows.scan(search.place.customer, reading_of(search), after, PAGE)
    results = ((place, record) for place, record in scan if matches(search, record, lambda _: None))
    return list(islice(results, PAGE))


def check_that_a_scan_is_bounded(library: Library, watched: tuple[TableSearch, list[str]]) -> None:
    """Where nothing fits it ends after its requests, and the next one goes on there."""
    rows, requests = watched
    rare = Search(Links(library.customer), words=("invoice",), by="Nobody")
    reading = replace(reading_of(rare), prefixes=(tag_prefix("urgent"),))
    met: list[str] = []
    place, was_cut = "", True
    while was_cut:
        requests.clear()
        scan = rows.scan(library.customer, reading, place, PAGE)
        found = [(place, record.id) for place, record in scan]
        assert len(requests) <= MAX_REQUESTS
        met += [file_id for _, file_id in found]
        place, was_cut = found[-1][0] if found else place, scan.was_cut

    assert met == [f"f{number:05d}" for number in reversed(range(0, library.files, 5))]


def _page(searching: Searching, search: Search, token: str | None = None, limit: int = 50) -> list[str]:
    return [record.id for record in searching.page(search, token, limit).items]


@pytest.fixture
def searching(tables: TableServiceClient) -> Searching:
    directory = TableDirectory(tables)
    places = Places(TableFolderTree(tables), TableFolders(tables), directory)
    return Searching(rows=TableSearch(tables), directory=directory, places=places)


def test_what_was_saved_is_found_by_it_at_once_and_no_longer_by_what_it_was(
    files: TableFiles, searching: Searching, customer: str
) -> None:
    everywhere = Links(customer)
    record = files.create(a_record(customer=customer, name="Årsrapport Ørsta.docx", tags=("Utkast",)), "Announced.")
    for search in ({"words": ("arsrap", "orsta")}, {"tags": ("utkast",)}, {"by": "ADA"}, {"kind": "document"}):
        assert _page(searching, Search(everywhere, **search)) == ["f1"]  # type: ignore[arg-type]

    moved = replace(record, name="Plan.pdf", tags=(), links=Links(customer, "p1", "a1", "t1"), size_bytes=7)
    record = files.save(record, replace(moved, state=FileState.BLOCKED, reason="x" * 400), "Edited.")

    for search in ({"words": ("arsrap",)}, {"tags": ("utkast",)}, {"kind": "document"}):
        assert _page(searching, Search(everywhere, **search)) == []  # type: ignore[arg-type]
    for place in (Links(customer, "p1"), Links(customer, "p1", "a1"), Links(customer, "p1", task="t1")):
        assert _page(searching, Search(place)) == ["f1"]
    [shown] = searching.page(Search(everywhere, words=("plan",)), None, 10).items
    assert (shown.state, shown.size_bytes, len(shown.reason)) == (FileState.BLOCKED, 7, 300)

    files.save(record, replace(record, state=FileState.DELETED), "Deleted.")

    assert _page(searching, Search(everywhere, words=("plan",))) == []
    assert _page(searching, Search(everywhere, states=frozenset({FileState.DELETED}))) == ["f1"]


def test_a_file_with_more_words_and_tags_than_fit_is_found_by_each_of_them(
    files: TableFiles, searching: Searching, customer: str
) -> None:
    words = [f"{letter * 7}{number}" for number, letter in enumerate("abcdefghijklmno")]
    tags = tuple(f"tag {number}" for number in range(50))
    record = a_record(customer=customer, name=" ".join(words), tags=tags, links=Links(customer, "p1"))
    files.create(record, "Announced.")
    files.create(replace(record, id="f2", name="other", tags=("else",), blob_name=None), "Announced.")

    for word in words:
        assert _page(searching, Search(Links(customer), words=(word,))) == ["f1"]
    for tag in tags:
        assert _page(searching, Search(Links(customer, "p1"), tags=(tag,))) == ["f1"]
        assert _page(searching, Search(Links(customer), tags=(tag,))) == ["f1"]


def test_pages_follow_each_other_whatever_is_added_meanwhile(
    files: TableFiles, searching: Searching, customer: str
) -> None:
    def add(number: int) -> str:
        record = a_record(customer=customer, id=f"f{number}", created_at=AT + timedelta(days=number), blob_name=None)
        return files.create(replace(record, size_bytes=number), "Announced.").id

    made = [add(number) for number in range(5)]
    search = Search(Links(customer), words=("report",))
    first = searching.page(search, None, 2)
    add(9)
    second = searching.page(search, first.next_token, 2)
    third = searching.page(search, second.next_token, 2)

    ids = [record.id for page in (first, second, third) for record in page.items]
    assert (ids, third.next_token) == (made[::-1], None)
    with pytest.raises(InvalidInput) as refusal:
        searching.page(Search(Links(customer), words=("other",)), first.next_token, 2)
    assert refusal.value.field == "page"
    days = replace(search, added_from=AT + timedelta(days=1), added_before=AT + timedelta(days=3))
    assert _page(searching, days) == ["f2", "f1"]
    by_size = searching.page(replace(search, sort=Sort.SIZE), None, 4)
    assert [record.id for record in by_size.items] == ["f9", "f4", "f3", "f2"]
    assert _page(searching, replace(search, sort=Sort.SIZE), by_size.next_token) == ["f1", "f0"]


def test_names_are_sorted_without_case_and_accents(files: TableFiles, searching: Searching, customer: str) -> None:
    for number, name in enumerate(["b.txt", "Åa.txt", "ab.txt", "C.txt"]):
        files.create(a_record(customer=customer, id=f"f{number}", name=name, blob_name=None), "Announced.")

    assert _page(searching, Search(Links(customer), sort=Sort.NAME)) == ["f1", "f2", "f0", "f3"]


def check_that_too_many_files_to_sort_are_refused(library: Library, searching: Searching) -> None:
    """What one scan reads is sorted."""
    search = Search(Links(library.customer), tags=("urgent",), sort=Sort.NAME)
    if library.files == min(SIZES):
        assert len(_page(searching, search)) == PAGE
    else:
        with pytest.raises(InvalidInput) as refusal:
            searching.page(search, None, PAGE)
        assert refusal.value.field == "sort"


def test_a_period_is_the_files_own_or_its_tasks(
    files: TableFiles, directory: TableDirectory, searching: Searching, customer: str
) -> None:
    directory.put(Project(customer, "p1", "Web"))
    directory.put(Task(customer, "p1", "t1", "1", "Check", series="s1", period=Period(2026, 11)))
    places = {"task": Links(customer, "p1", task="t1"), "own": Links(customer, "p1"), "none": Links(customer, "p1")}
    for name, links in places.items():
        period = "2026" if name == "own" else None
        record = a_record(customer=customer, id=name, links=links, period=period, blob_name=None)
        files.create(record, "Announced.")

    assert set(_page(searching, Search(Links(customer), period="2026"))) == {"own", "task"}
    assert _page(searching, Search(Links(customer), period="11/2026")) == ["task"]


def test_records_of_the_first_version_are_found_once_they_are_indexed(
    tables: TableServiceClient, files: TableFiles, searching: Searching, customer: str
) -> None:
    table = Table(tables, FILES_TABLE)
    for number in range(5):
        old = a_record(customer=customer, id=f"f{number}", links=Links(customer, "p1"), blob_name=None, search_index=0)
        row = {name: value for name, value in record_to_entity(old).items() if name != "search_index"}
        table.upsert_all([row, *index_rows(old).values()])
    search = Search(Links(customer, "p1"), words=("report",))
    assert _page(searching, search) == _page(searching, Search(Links(customer, "p1"))) == []
    record = files.find(customer, "f4")
    assert record is not None

    files.save(record, replace(record, name="Plan.txt"), "Renamed.")
    steps = [files.reindex(customer, after, 3, all_files=False) for after in ("", "f2")]

    assert [(each.looked_at, each.written, each.last) for each in steps] == [(3, 3, "f2"), (2, 1, None)]
    assert sorted(_page(searching, search)) == ["f0", "f1", "f2", "f3"]
    assert len(_page(searching, Search(Links(customer, "p1")))) == 5
    assert not table.has_any(customer, "in~project~p1~f")
    table.delete_all(customer, [str(row.row["RowKey"]) for row in table.rows(customer, "find~")])
    assert files.reindex(customer, "", 10, all_files=True).written == 5
    assert sorted(_page(searching, search)) == ["f0", "f1", "f2", "f3"]
