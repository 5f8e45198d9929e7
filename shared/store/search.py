"""Reads the ranges of a search (shared/model/search.py) newest first, with bounded work.

They lie in the customer's partition of the table `files`, over all customers in the one of `everywhere`. Two ranges are
merged by what follows their prefixes, `<newest first>~…`, and a file that is in both is met once.

A scan sends at most MAX_REQUESTS requests, whatever the library holds. Where that was not enough `was_cut` is true, and
the next scan goes on behind the last place that this one gave. One request for as many rows as the page has places does
for a search that is one range; other ranges are read in answers of CHUNK rows.
"""

from collections import deque
from collections.abc import Iterator

from azure.data.tables import TableServiceClient

from shared.model.everywhere import PARTITION
from shared.model.files import FileRecord
from shared.model.record_row import entity_to_record
from shared.model.search import Reading
from shared.store.tables import EVERYWHERE_TABLE, FILES_TABLE, StoredRow, Table

MAX_REQUESTS = 3
CHUNK = 500


class TableSearch:
    """The customers' files, as searches read them."""

    def __init__(
        self, service: TableServiceClient, table: str = FILES_TABLE, everywhere_table: str = EVERYWHERE_TABLE
    ) -> None:
        self._table = Table(service, table)
        self._everywhere = Table(service, everywhere_table)

    def scan(self, customer: str | None, reading: Reading, after: str, limit: int) -> "Scan":
        """The files of these ranges behind the place `after` ("": from the beginning), for a page of `limit`.

        Without a customer, of all of them.
        """
        table, partition = (self._everywhere, PARTITION) if customer is None else (self._table, customer)
        first, *beside = reading.prefixes
        sizes = [(first, limit + 1 if reading.is_whole else CHUNK), *((prefix, CHUNK) for prefix in beside)]
        return Scan([_Range(table, partition, prefix, reading, after, size) for prefix, size in sizes])


class Scan:
    """The files in their order, each with its place. To be gone through once."""

    def __init__(self, ranges: "list[_Range]") -> None:
        self._ranges = ranges
        self.was_cut = False
        """The requests were used up before the ranges were."""

    def __iter__(self) -> Iterator[tuple[str, FileRecord]]:
        requests = 0
        while True:
            for each in self._ranges:
                while each.is_hungry:
                    if requests == MAX_REQUESTS:
                        self.was_cut = True
                        return
                    requests += 1
                    each.fetch()
            place = min((each.rows[0][0] for each in self._ranges if each.rows), default=None)
            if place is None:
                return
            met = [each.rows.popleft()[1] for each in self._ranges if each.rows and each.rows[0][0] == place]
            yield place, entity_to_record(met[0].row)


class _Range:
    def __init__(self, table: Table, partition: str, prefix: str, reading: Reading, after: str, size: int) -> None:
        low, high = prefix + reading.low, prefix + reading.high
        self._prefix = prefix
        self._answers = table.answers(partition, low, high, size, after=prefix + after if after else "")
        self._has_more = True
        self.rows: deque[tuple[str, StoredRow]] = deque()

    @property
    def is_hungry(self) -> bool:
        """Whether the next row, if there is one, takes a request."""
        return not self.rows and self._has_more

    def fetch(self) -> None:
        """One request. Rows that are no copies are passed over: pointers of the app's first versions, empty ones."""
        found, self._has_more = next(self._answers)
        places = ((str(each.row["RowKey"]).removeprefix(self._prefix), each) for each in found)
        self.rows.extend((place, each) for place, each in places if "name" in each.row)
