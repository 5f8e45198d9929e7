"""The one row that holds what the app has taken of SharePoint's resource units, shared by all instances.

Table `budget`, partition `sharepoint`, row `units`. Its property `state` is JSON of a few kilobytes:
`{"minute": [[until, units, bulk], …], "day": […], "hold": until, "people": until}`, times in Unix seconds.

Operations on the table: `read` one point read, `save` one transaction.
"""

import json
from dataclasses import astuple

from azure.data.tables import TableServiceClient

from shared.errors import PermanentError, Unavailable
from shared.model.budget import BudgetState, Taken
from shared.model.table_rows import Operation, Row
from shared.store.tables import BUDGET_TABLE, Table

_PARTITION = "sharepoint"
_ROW = "units"


class TableBudget:
    """The shared state. `row` names another one than the app's."""

    def __init__(self, service: TableServiceClient, table: str = BUDGET_TABLE, row: str = _ROW) -> None:
        self._table = Table(service, table)
        self._row = row

    def read(self) -> tuple[BudgetState, str]:
        """The state and its etag, which is empty as long as there is none.

        Raises Unavailable, also where the table is missing: no file is to be given up for that.
        """
        try:
            stored = self._table.get(_PARTITION, self._row)
        except PermanentError as error:
            raise Unavailable(f"The shared SharePoint budget could not be read. {error}") from error
        return (_state(str(stored.row["state"])), stored.etag) if stored else (BudgetState(), "")

    def save(self, state: BudgetState, etag: str) -> None:
        """Put it in place of what was read.

        Raises PreconditionFailed when another instance was faster, and only then: what is given back must not be given
        back twice. After Unavailable it is saved or not.
        """
        row: Row = {"PartitionKey": _PARTITION, "RowKey": self._row, "state": _json(state)}
        self._table.submit([Operation("replace", row, etag) if etag else Operation("create", row)], repeat=False)


def _json(state: BudgetState) -> str:
    logs = {"minute": [astuple(each) for each in state.minute], "day": [astuple(each) for each in state.day]}
    return json.dumps(logs | {"hold": state.hold_until, "people": state.people_until}, separators=(",", ":"))


def _state(text: str) -> BudgetState:
    read = json.loads(text)
    minute, day = (tuple(Taken(*each) for each in read[log]) for log in ("minute", "day"))
    return BudgetState(minute, day, read["hold"], read["people"])
