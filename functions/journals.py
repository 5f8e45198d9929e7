"""HTTP: what happened to a customer's files, as CSV, for whoever has to prove it or look into it elsewhere."""

from typing import Annotated
from urllib.parse import urlencode

import azure.functions as func
import msgspec
from msgspec import Meta

from functions.journal_csv import CSV, csv_of
from functions.operation import Call, operation
from functions.search_query import Day, bound_of
from functions.shapes import Given, Id, PageToken
from shared.bootstrap import app
from shared.errors import InvalidInput
from shared.model.journal_lines import Range
from shared.model.principals import Role

blueprint = func.Blueprint()
_MOST = 5000


class JournalQuery(Given):
    """Which lines, and which part of them."""

    file: Annotated[Id | None, Meta(description="Of this file only.")] = None
    since: Day | None = msgspec.field(default=None, name="from")
    until: Day | None = msgspec.field(default=None, name="to")
    limit: Annotated[int, Meta(ge=1, le=_MOST, description="At most so many lines.")] = 1000
    page: PageToken | None = None


@operation(
    blueprint,
    "GET",
    "customers/{customer}/journal.csv",
    Role.ADMINISTRATOR,
    query=JournalQuery,
    answers=str,
    media_type=CSV,
    fails=(404,),
)
def export_journal(call: Call, query: JournalQuery) -> func.HttpResponse:
    """What happened to a customer's files, as CSV (RFC 4180, UTF-8), by file and version, in pages.

    While there is another page, the header `Link` has its address, with `rel="next"`; a page may hold no line. Only the
    first page names the columns, so the pages one behind the other are one file. Text that a spreadsheet would take for
    a formula has an apostrophe before it.
    """
    customer = app().placements.of(call.links).customer.id
    wanted = Range(query.file, bound_of("from", query.since), bound_of("to", query.until, is_end=True))
    if wanted.since is not None and wanted.before is not None and wanted.since >= wanted.before:
        raise InvalidInput("to is before from.", "to")
    page = app().journal_export.page(customer, wanted, query.page, query.limit)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="journal-{customer}.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    if page.next_token is not None:
        headers["Link"] = f'<{_address(customer, query, page.next_token)}>; rel="next"'
    content = csv_of(page.items, has_header=query.page is None)
    return func.HttpResponse(content, headers=headers, mimetype=CSV, charset="utf-8")


def _address(customer: str, query: JournalQuery, token: str) -> str:
    given = {"file": query.file, "from": query.since, "to": query.until, "limit": query.limit, "page": token}
    told = {name: value for name, value in given.items() if value is not None}
    return f"/api/customers/{customer}/journal.csv?{urlencode(told)}"
