"""shared/store/given_up.py against Azurite; each test has a table of its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.given_up import MAX_BODY_LENGTH, GivenUpMessage
from shared.store.given_up import TableGivenUp
from tests.builders import AT


@pytest.fixture
def given_up(tables: TableServiceClient, own_table: str) -> TableGivenUp:
    return TableGivenUp(tables, own_table)


def a_message(**changes: Any) -> GivenUpMessage:
    message = GivenUpMessage("abc", "pushes", '{"key":"c/f"}', "file f of customer c", "A reason.", AT, AT)
    return replace(message, **changes)


def test_an_entry_is_read_back_as_it_was_written(given_up: TableGivenUp):
    longest = a_message(body="\U0001f600" * MAX_BODY_LENGTH, times=7, marked=True, last_at=AT + timedelta(seconds=1))

    created = given_up.create(longest)

    assert given_up.find("abc") == longest
    assert given_up.list(None, 10).items == [longest]
    assert created.etag == getattr(given_up.find("abc"), "etag", "")


def test_an_entry_is_made_once_and_saved_by_its_etag(given_up: TableGivenUp):
    created = given_up.create(a_message())
    with pytest.raises(PreconditionFailed):
        given_up.create(a_message())

    saved = given_up.save(replace(created, times=2))

    with pytest.raises(PreconditionFailed):
        given_up.save(replace(created, times=9))
    assert given_up.find("abc") == saved


def test_only_the_version_that_was_read_is_removed(given_up: TableGivenUp):
    created = given_up.create(a_message())
    saved = given_up.save(replace(created, times=2))

    for stale in (created, a_message()):
        with pytest.raises(PreconditionFailed):
            given_up.remove(stale)
    assert given_up.find("abc") == saved

    given_up.remove(saved)
    assert given_up.find("abc") is None


def test_the_list_pages(given_up: TableGivenUp):
    for number in range(3):
        given_up.create(a_message(id=f"id{number}"))

    first = given_up.list(None, 2)
    second = given_up.list(first.next_token, 2)

    assert [each.id for each in (*first.items, *second.items)] == ["id0", "id1", "id2"]
    assert second.next_token is None


def test_a_row_of_another_version_of_the_app_is_read(
    given_up: TableGivenUp, tables: TableServiceClient, own_table: str
):
    given_up.create(a_message())
    row = next(iter(tables.get_table_client(own_table).list_entities()))
    del row["marked"]
    tables.get_table_client(own_table).upsert_entity(row | {"new_member": "x"}, mode="replace")

    assert given_up.find("abc") == a_message()
