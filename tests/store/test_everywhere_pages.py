"""What a page over all customers costs, in a small company and in a large one."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import batched, islice

import pytest
from azure.data.tables import TableServiceClient

from shared.model.directory import Links
from shared.model.everywhere import everywhere_rows
from shared.model.files import FileRecord, FileState
from shared.model.search import Search, matches, reading_of
from shared.model.search_rows import tag_prefix
from shared.model.table_rows import Operation
from shared.store.search import MAX_REQUESTS, TableSearch
from shared.store.tables import FILES_TABLE, Table, ensure_tables
from tests.builders import AT, a_baseline, a_record
from tools.functions_host.azurite import Azurite

SIZES = (1_000, 20_000)
CUSTOMERS = 37
PAGE = 50
BLOCKED = frozenset({FileState.BLOCKED})
SEARCHES = {
    "nothing": (Search(None), 1),
    "needs attention": (Search(None, states=BLOCKED), 1),
    "a word": (Search(None, words=("invoice",)), 2),
    "a tag": (Search(None, tags=("urgent",)), 2),
}
"""Those whose cost is promised, and the requests for a page of each."""


def searches(files: int) -> list[tuple[Search, int]]:
    """Those that are tried in a company of so many files."""
    return [promised for name, promised in SEARCHES.items() if name != "nothing" or files == min(SIZES)]


@dataclass(frozen=True)
class Company:
    """All files of all customers."""

    table: str
    files: int


def a_file(number: int) -> FileRecord:
    """Every eighth is an invoice, every tenth urgent, every hundredth blocked; a few names have too many words."""
    kind = "Invoice" if number % 8 == 0 else "Report"
    long = " with very long explanations about almost everything anybody could ever want" if number % 200 == 0 else ""
    customer = f"c{number % CUSTOMERS}"
    return a_record(
        customer=customer,
        id=f"f{number:05d}",
        name=f"{kind} {number}{long}.pdf",
        links=Links(customer, "p1"),
        created_at=AT + timedelta(seconds=number),
        changed_at=AT + timedelta(seconds=number),
        tags=("urgent", "2026") if number % 10 == 0 else ("2026",),
        state=FileState.BLOCKED if number % 100 == 0 else FileState.IN_SHAREPOINT,
        baseline=a_baseline(item_id=f"01{number}"),
        blob_name=None,
    )


@pytest.fixture(scope="module", params=SIZES)
def company(request: pytest.FixtureRequest, tables: TableServiceClient) -> Company:
    """The rows of the ranges that these searches read; all the others would take minutes to write.

    So would that of all files in the large company. It is read as the one of a state is.
    """
    name = f"t{uuid.uuid4().hex}"
    ensure_tables(tables, [name])
    prefixes = tuple({prefix for search, _ in searches(request.param) for prefix in reading_of(search).prefixes})
    rows = (everywhere_rows(a_file(number)) for number in range(request.param))
    wanted = (row for some in rows for key, row in some.items() if key.startswith(prefixes))
    table = Table(tables, name)
    for batch in batched(wanted, 100, strict=False):
        table.submit([Operation("create", row) for row in batch])
    return Company(name, request.param)


@pytest.fixture
def watched(azurite: Azurite, company: Company) -> Iterator[tuple[TableSearch, list[str]]]:
    requests: list[str] = []
    with TableServiceClient.from_connection_string(
        azurite.connection_string, raw_request_hook=lambda request: requests.append(request.http_request.url)
    ) as service:
        yield TableSearch(service, FILES_TABLE, company.table), requests


def test_the_cost_of_a_page_depends_on_no_number_of_files_and_customers(
    company: Company, watched: tuple[TableSearch, list[str]]
) -> None:
    """One test for each size, so that a company is written once, however many processes share the tests."""
    for search, requests in searches(company.files):
        check_pages(company, watched, search, requests)
    check_that_a_scan_is_bounded(watched)


def check_pages(
    company: Company, watched: tuple[TableSearch, list[str]], search: Search, requests_for_a_page: int
) -> None:
    """The first two pages, of all customers' files in one order."""
    rows, requests = watched
    newest_first = (a_file(number) for number in reversed(range(company.files)))
    expected = list(islice((each for each in newest_first if matches(search, each, lambda _: None)), 2 * PAGE))
    found: list[FileRecord] = []
    place = ""
    while len(found) < len(expected):
        requests.clear()
        page = first_of(rows, search, place)
        assert len(requests) == requests_for_a_page
        found += [record for _, record in page]
        place = page[-1][0]

    assert [(each.customer, each.id) for each in found] == [(each.customer, each.id) for each in expected]
    assert len({each.customer for each in found}) > 1


def first_of(rows: TableSearch, search: Search, after: str) -> list[tuple[str, FileRecord]]:
    """A page, as the use case reads it."""
    scan = rows.scan(None, reading_of(search), after, PAGE)
    results = ((place, record) for place, record in scan if matches(search, record, lambda _: None))
    return list(islice(results, PAGE))


def check_that_a_scan_is_bounded(watched: tuple[TableSearch, list[str]]) -> None:
    """Where nothing fits it ends after its requests."""
    rows, requests = watched
    rare = Search(None, words=("invoice",), by="Nobody")
    requests.clear()

    found = list(rows.scan(None, replace(reading_of(rare), prefixes=(tag_prefix("urgent"),)), "", PAGE))

    assert len(requests) <= MAX_REQUESTS
    assert 0 < len(found) <= MAX_REQUESTS * 500
