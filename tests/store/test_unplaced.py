"""shared/store/unplaced.py against Azurite."""

from datetime import timedelta

import pytest
from azure.data.tables import TableServiceClient

from shared.model.stored import UnplacedBlob
from shared.store.unplaced import TableUnplacedBlobs
from tests.builders import AT


@pytest.fixture
def unplaced(tables: TableServiceClient, own_table: str) -> TableUnplacedBlobs:
    return TableUnplacedBlobs(tables, own_table)


def test_a_reported_blob_is_listed_once_with_its_newest_reason(unplaced: TableUnplacedBlobs) -> None:
    newest = UnplacedBlob("who/#?\\ knows.txt", "There is no customer who.", AT + timedelta(hours=1))

    unplaced.report(UnplacedBlob(newest.blob_name, "An older reason.", AT))
    unplaced.report(newest)

    assert unplaced.list(None, 10).items == [newest]


def test_a_blob_that_found_its_place_is_forgotten(unplaced: TableUnplacedBlobs) -> None:
    unplaced.report(UnplacedBlob("a", "r", AT))

    unplaced.forget("a")
    unplaced.forget("a")

    assert unplaced.list(None, 10).items == []


def test_the_list_pages(unplaced: TableUnplacedBlobs) -> None:
    blobs = {UnplacedBlob(f"b{number}", "r", AT) for number in range(3)}
    for blob in blobs:
        unplaced.report(blob)

    first = unplaced.list(None, 2)
    second = unplaced.list(first.next_token, 2)

    assert {*first.items, *second.items} == blobs
    assert (len(first.items), second.next_token) == (2, None)
