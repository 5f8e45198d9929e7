"""shared/store/tables.py: pages and transactions, against Azurite and against a server that answers in small pieces."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed, TooLarge, Unavailable
from shared.model.table_rows import Operation, Row
from shared.store.tables import Table, ensure_tables


def a_row(key: str, partition: str = "p", **properties: str | int) -> Row:
    return {"PartitionKey": partition, "RowKey": key, **properties}


@pytest.fixture
def table(tables: TableServiceClient, own_table: str) -> Table:
    return Table(tables, own_table)


def keys(table: Table, prefix: str = "r~") -> list[object]:
    return [stored.row["RowKey"] for stored in table.rows("p", prefix)]


def test_a_transaction_gives_the_etags_to_replace_the_rows_with(table: Table) -> None:
    one, _ = table.submit([Operation("create", a_row("r~1")), Operation("create", a_row("r~2"))])

    table.submit([Operation("replace", a_row("r~1", note="second"), one)])

    stored = table.get("p", "r~1")
    assert stored is not None
    assert stored.row == a_row("r~1", note="second")


@pytest.mark.parametrize(
    "last",
    [
        Operation("create", a_row("r~old")),
        Operation("replace", a_row("r~old"), "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\""),
        Operation("replace", a_row("r~none"), "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\""),
        Operation("replace", a_row("r~old")),
        Operation("delete", a_row("r~none")),
    ],
    ids=["exists", "changed", "gone", "never read", "nothing to delete"],
)
def test_a_transaction_is_all_or_nothing(table: Table, last: Operation) -> None:
    table.submit([Operation("create", a_row("r~old"))])

    with pytest.raises(PreconditionFailed):
        table.submit([Operation("create", a_row("r~new")), Operation("upsert", a_row("r~newer")), last])

    assert keys(table) == ["r~old"]


def test_deleting_a_row_that_is_gone_is_harmless(table: Table) -> None:
    table.submit([Operation("create", a_row("r~1"))])

    table.delete("p", "r~1")
    table.delete("p", "r~1")

    assert keys(table) == []


def test_rows_beyond_a_transactions_limit_are_written_and_deleted(table: Table) -> None:
    names = [f"r~{number:03d}" for number in range(250)]

    table.upsert_all([a_row(name, note="first") for name in names])
    table.upsert_all(a_row(name, note=note) for note in ("second", "last") for name in names)
    assert keys(table) == names
    assert {stored.row["note"] for stored in table.rows("p", "r~")} == {"last"}

    table.delete_all("p", iter(names[1:]))
    assert keys(table) == names[:1]


def test_rows_that_somebody_else_deleted_do_not_save_the_others(table: Table) -> None:
    table.upsert_all([a_row("r~1"), a_row("r~3"), a_row("r~4")])

    table.delete_all("p", ["r~1", "r~2", "r~3"])

    assert keys(table) == ["r~4"]


def test_nothing_to_write_or_delete_is_harmless(table: Table) -> None:
    table.upsert_all([])
    table.delete_all("p", [])

    assert keys(table) == []


def test_limits_are_checked_before_anything_is_sent(table: Table) -> None:
    with pytest.raises(TooLarge):
        table.submit([Operation("create", a_row(f"r~{number}")) for number in range(101)])
    assert keys(table) == []


def test_a_range_holds_only_its_prefix(table: Table) -> None:
    table.submit([Operation("create", a_row(key)) for key in ("q~1", "r~1", "r~z", "r-1", "ra~1", "s~1")])

    assert keys(table) == ["r~1", "r~z"]
    assert table.has_any("p", "r~")
    assert not table.has_any("p", "t~")
    assert not table.has_any("other", "r~")


def test_quotes_in_a_partition_are_no_filter(table: Table) -> None:
    assert list(table.rows("p' or PartitionKey ne '", "r~")) == []


def test_a_range_of_more_than_a_thousand_rows_is_read_to_its_end(table: Table) -> None:
    for hundred in range(10):
        table.submit([Operation("create", a_row(f"r~{hundred}{number:02d}")) for number in range(100)])
    table.submit([Operation("create", a_row("r~last"))])

    assert len(keys(table)) == 1001


def test_creating_tables_again_is_harmless(tables: TableServiceClient, own_table: str) -> None:
    ensure_tables(tables, [own_table, own_table])


class _InPieces(BaseHTTPRequestHandler):
    """Answers as Azure may: an empty page, a short one, an empty one, the rest; all but the last with a token."""

    pieces = ([], ["r~1"], [], ["r~2", "r~3"])
    asked: list[str]

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        number = int(query.get("NextRowKey", ["0"])[0])
        self.server.asked.append(query["$filter"][0])  # type: ignore[attr-defined]
        rows = [{"odata.etag": "e", "PartitionKey": "p", "RowKey": key} for key in self.pieces[number]]
        body = json.dumps({"value": rows}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json;odata=minimalmetadata")
        self.send_header("Content-Length", str(len(body)))
        if number + 1 < len(self.pieces):
            self.send_header("x-ms-continuation-NextPartitionKey", "p")
            self.send_header("x-ms-continuation-NextRowKey", str(number + 1))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _InPieces) as running:
        running.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def pieces(server: ThreadingHTTPServer) -> Iterator[Table]:
    credential = AzureNamedKeyCredential("account", "a2V5")
    url = f"http://127.0.0.1:{server.server_port}/account"
    with TableServiceClient(url, credential=credential) as service:
        yield Table(service, "pieces")


def test_empty_pages_with_a_token_do_not_end_a_range(pieces: Table) -> None:
    assert keys(pieces) == ["r~1", "r~2", "r~3"]
    assert pieces.has_any("p", "r~")


def test_a_page_is_filled_across_short_answers(pieces: Table) -> None:
    page = pieces.page("p", "r~", None, 2, lambda row: row["RowKey"])

    assert page.items == ["r~1", "r~2"]
    assert page.next_token is not None


def test_a_page_goes_on_after_the_last_row_it_gave(pieces: Table, server: ThreadingHTTPServer) -> None:
    page = pieces.page("p", "r~", None, 2, lambda row: row["RowKey"])
    server.asked.clear()  # type: ignore[attr-defined]

    pieces.page("p", "r~", page.next_token, 2, lambda row: row["RowKey"])

    assert server.asked[0] == "PartitionKey eq 'p' and RowKey gt 'r~2' and RowKey lt 'r~~'"  # type: ignore[attr-defined]


def test_a_server_that_is_not_there_is_unavailable() -> None:
    credential = AzureNamedKeyCredential("account", "a2V5")
    with TableServiceClient("http://127.0.0.1:9/account", credential=credential, retry_total=0) as service:
        table = Table(service, "nowhere")
        for call in (lambda: table.get("p", "r"), lambda: table.submit([Operation("create", a_row("r"))])):
            with pytest.raises(Unavailable, match="could not be reached"):
                call()
