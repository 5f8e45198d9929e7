"""Rows damaged on purpose: failures that nobody foresaw, in the real code and against the real storage."""

from collections.abc import Iterator
from contextlib import contextmanager

from azure.data.tables import TableClient, UpdateMode


@contextmanager
def lacking(connection_string: str, table: str, partition: str, key: str, name: str) -> Iterator[None]:
    """While it lasts, the row lacks this member, which every version of the app writes."""
    with TableClient.from_connection_string(connection_string, table) as client:
        whole = dict(client.get_entity(partition, key))
        client.update_entity({each: whole[each] for each in whole if each != name}, mode=UpdateMode.REPLACE)
        try:
            yield
        finally:
            keys = {"PartitionKey": partition, "RowKey": key}
            client.update_entity(keys | {name: whole[name]}, mode=UpdateMode.MERGE)
