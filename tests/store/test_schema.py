"""The tables' version in Table Storage, and the guard that asks for it once."""

from collections.abc import Iterator

import pytest

from shared.errors import NotFound, WrongSchema
from shared.model.schema import CURRENT, SchemaVersion
from shared.settings import StorageSettings
from shared.store.connect import open_schema
from shared.store.schema import TableSchema
from shared.sync.schema_guard import SchemaGuard
from tests.conftest import moments_storage
from tools.functions_host.azurite import Azurite


@pytest.fixture(scope="module")
def own_storage() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture
def schema(own_storage: Azurite) -> TableSchema:
    return open_schema(StorageSettings(connection_string=own_storage.connection_string))


def test_tables_that_say_nothing_get_our_version(schema: TableSchema):
    SchemaGuard(schema).check()

    assert schema.read() == CURRENT


def test_a_later_minor_version_is_left_as_it_is(schema: TableSchema):
    later = SchemaVersion(CURRENT.major, CURRENT.minor + 5)
    schema.write(later)

    SchemaGuard(schema).check()

    assert schema.read() == later


def test_another_major_version_is_refused_until_it_is_gone_and_never_overwritten(schema: TableSchema):
    newer = SchemaVersion(CURRENT.major + 1, 0)
    schema.write(newer)
    guard = SchemaGuard(schema)

    for _ in range(2):
        with pytest.raises(WrongSchema):
            guard.check()
    assert schema.read() == newer
    schema.write(CURRENT)
    guard.check()


def test_once_the_tables_were_fit_no_call_costs_a_request(schema: TableSchema):
    guard = SchemaGuard(schema)
    guard.check()
    schema.write(SchemaVersion(CURRENT.major + 1, 0))

    guard.check()

    with pytest.raises(WrongSchema):
        SchemaGuard(schema).check()


def test_a_missing_table_is_said_and_found_later():
    with Azurite() as azurite:
        account = StorageSettings(connection_string=azurite.connection_string)
        with pytest.raises(NotFound, match="create the storage first"):
            SchemaGuard(open_schema(account)).check()
