"""Remove everything that the tables hold of one customer: what is left is in SharePoint, Moment Cloud and copies.

Past the API, because the app removes a customer only while nothing belongs to it, and keeps the records of deleted
files for good. The app must not run meanwhile. Where it is cut off it may be run again: a row that leads to others goes
after them. Its subscription to SharePoint's changes, which nobody knows any more then, is ended by the app itself.
"""

import json
from collections.abc import Iterator
from itertools import groupby

from azure.data.tables import TableServiceClient

from shared.store.directory_rows import CUSTOMERS
from shared.store.tables import (
    DEPARTED_TABLE,
    DIRECTORY_TABLE,
    EVERYWHERE_TABLE,
    FILES_TABLE,
    FOLDERS_TABLE,
    LIBRARIES_TABLE,
    TREE_TABLE,
    UNPLACED_TABLE,
    Table,
)
from tools.admin.api import Refused
from tools.admin.tables import reached

_OWN_PARTITION = (FILES_TABLE, TREE_TABLE, FOLDERS_TABLE, DIRECTORY_TABLE)

type Key = tuple[str, str]
"""Partition and row."""


def forget_customer(service: TableServiceClient, customer: str, *, is_meant: bool, as_json: bool) -> int:
    """Remove the rows, or only count them unless it is meant; 0. Raises Refused where there are none, Unusable."""
    if customer == CUSTOMERS:
        raise Refused(
            f"In the directory the partition {CUSTOMERS!r} is that of all customers; remove this one by hand."
        )
    with reached():
        found = {name: list(keys) for name, keys in _keys(service, customer)}
        rows = {name: len(keys) for name, keys in found.items()}
        if not any(rows.values()):
            raise Refused(f"The tables hold nothing of customer {customer!r}.")
        if is_meant:
            for name, keys in found.items():
                _delete(Table(service, name), keys)
    if as_json:
        print(json.dumps({"customer": customer, "rows": rows, "removed": is_meant}, indent=2))
        return 0
    for name, number in rows.items():
        print(f"{name}: {number} rows")
    print("Removed." if is_meant else "Nothing was removed: give --yes where this is meant.")
    return 0


def _keys(service: TableServiceClient, customer: str) -> Iterator[tuple[str, list[Key]]]:
    """By table, in the order in which they are to be removed: the directory, which names the customer, last."""
    yield EVERYWHERE_TABLE, [key for key in _found(service, EVERYWHERE_TABLE) if _is_of(customer, key[1])]
    yield DEPARTED_TABLE, list(_found(service, DEPARTED_TABLE, "customer eq @text", customer))
    yield UNPLACED_TABLE, list(_unplaced(service, customer))
    drives = list(_found(service, LIBRARIES_TABLE, "customer eq @text", customer))
    led = [
        key for _, row in drives for key in _found(service, LIBRARIES_TABLE, "drive eq @text", row.partition("~")[2])
    ]
    yield LIBRARIES_TABLE, led + drives
    for name in _OWN_PARTITION:
        keys = list(_found(service, name, "PartitionKey eq @text", customer))
        if name == DIRECTORY_TABLE:
            keys += _found(service, name, "PartitionKey eq 'customers' and holder eq @text", f"customer~{customer}")
            keys += _found(service, name, "PartitionKey eq 'customers' and RowKey eq @text", f"customer~{customer}")
        yield name, keys


def _found(service: TableServiceClient, table: str, text: str = "", value: str = "") -> Iterator[Key]:
    client = service.get_table_client(table)
    select = ["PartitionKey", "RowKey"]
    if text:
        rows = client.query_entities(text, parameters={"text": value}, select=select)
    else:
        rows = client.list_entities(select=select)
    return ((str(row["PartitionKey"]), str(row["RowKey"])) for row in rows)


def _unplaced(service: TableServiceClient, customer: str) -> Iterator[Key]:
    for row in service.get_table_client(UNPLACED_TABLE).list_entities():
        if str(row.get("blob_name", "")).startswith(f"{customer}/"):
            yield str(row["PartitionKey"]), str(row["RowKey"])


def _is_of(customer: str, row_key: str) -> bool:
    """Of the search over all customers: a row ends with customer and file, a lease with the customer."""
    parts = row_key.split("~")
    return parts == ["lease", customer] or (parts[0] != "lease" and len(parts) > 2 and parts[-2] == customer)


def _delete(table: Table, keys: list[Key]) -> None:
    """Partition by partition, in the order given."""
    for partition, some in groupby(keys, lambda key: key[0]):
        table.delete_all(partition, [row for _, row in some])
