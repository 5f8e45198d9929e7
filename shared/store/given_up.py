"""Messages that the platform gave up, in Table Storage (the GivenUpMessages port).

One partition of the table `givenup`; the row key is `message~` and the message's id.

Operations on the table: `find` one point read; `create`, `save` and `remove` one transaction; `list` one range query.
"""

from dataclasses import asdict, fields, replace
from typing import Any

from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.given_up import GivenUpMessage
from shared.model.stored import Page
from shared.model.table_rows import Operation, Row, key_of
from shared.store.tables import GIVEN_UP_TABLE, Table

_PARTITION = "givenup"
_PREFIX = "message~"


class TableGivenUp:
    """Entries by id."""

    def __init__(self, service: TableServiceClient, table: str = GIVEN_UP_TABLE) -> None:
        self._table = Table(service, table)

    def find(self, message_id: str) -> GivenUpMessage | None:
        """One entry, with its etag."""
        stored = self._table.get(_PARTITION, key_of("message", message_id))
        return replace(_message(stored.row), etag=stored.etag) if stored else None

    def create(self, message: GivenUpMessage) -> GivenUpMessage:
        """Insert it; gives it back with its etag. Raises PreconditionFailed where it exists."""
        return replace(message, etag=self._table.submit([Operation("create", _row(message))])[0])

    def save(self, message: GivenUpMessage) -> GivenUpMessage:
        """Replace what has its etag; gives it back with the new one. Raises PreconditionFailed."""
        return replace(message, etag=self._table.submit([Operation("replace", _row(message), message.etag)])[0])

    def remove(self, message: GivenUpMessage) -> None:
        """Delete exactly this version. Raises PreconditionFailed where it changed or is gone."""
        if not message.etag:
            raise PreconditionFailed("An entry can only be removed after it was read.")
        self._table.submit([Operation("delete", _row(message), message.etag)])

    def list(self, page_token: str | None, limit: int) -> Page[GivenUpMessage]:
        """All entries without their etags, in no order that means anything. Raises InvalidInput for a bad token."""
        return self._table.page(_PARTITION, _PREFIX, page_token, limit, _message)


def _row(message: GivenUpMessage) -> Row:
    row: Row = asdict(message)
    del row["etag"]
    return row | {"PartitionKey": _PARTITION, "RowKey": key_of("message", message.id)}


def _message(row: Row) -> GivenUpMessage:
    """Members that another version of the app wrote are passed over; those it did not know get their defaults."""
    known: dict[str, Any] = {each.name: row[each.name] for each in fields(GivenUpMessage) if each.name in row}
    return GivenUpMessage(**known)
