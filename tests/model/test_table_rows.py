"""shared/model/table_rows.py: the limits of Table Storage that the emulator does not hold."""

from typing import Any

import pytest

from shared.errors import TooLarge
from shared.model.table_rows import Operation, Row, check_row, check_transaction, key_of
from tests.builders import AT


def a_row(**properties: Any) -> Row:
    return {"PartitionKey": "p", "RowKey": "r", **properties}


def test_a_row_may_have_252_properties_of_its_own() -> None:
    check_row(a_row(**{f"p{number}": 1 for number in range(252)}))


def test_a_row_of_253_properties_is_too_large() -> None:
    with pytest.raises(TooLarge, match="253 properties"):
        check_row(a_row(**{f"p{number}": 1 for number in range(253)}))


def test_text_of_32768_characters_fits() -> None:
    check_row(a_row(text="x" * 32_768))


@pytest.mark.parametrize("text", ["x" * 32_769, "😀" * 16_385], ids=["plain", "surrogate pairs"])
def test_longer_text_is_too_large_and_the_message_names_the_property_only(text: str) -> None:
    with pytest.raises(TooLarge, match="'text' has") as caught:
        check_row(a_row(text=text))

    assert text[:100] not in str(caught.value)


def test_a_row_of_more_than_a_mebibyte_is_too_large() -> None:
    row = a_row(**{f"p{number}": "x" * 32_000 for number in range(17)})

    with pytest.raises(TooLarge, match="A row of"):
        check_row(row)


def test_a_hundred_operations_are_a_transaction_and_one_more_is_not() -> None:
    operations = [Operation("upsert", a_row(RowKey=str(number))) for number in range(101)]

    check_transaction(operations[:100])
    with pytest.raises(TooLarge, match="101 changes"):
        check_transaction(operations)


def test_a_transaction_of_more_than_four_mebibytes_is_too_large() -> None:
    wide = {f"p{number}": "x" * 32_000 for number in range(16)}
    operations = [Operation("upsert", a_row(RowKey=str(number), **wide)) for number in range(9)]

    check_transaction(operations[:8])
    with pytest.raises(TooLarge, match="A transaction of"):
        check_transaction(operations)


@pytest.mark.parametrize("key", ["a/b", "a\\b", "a#b", "a?b", "a\tb", "a\x85b"])
def test_a_key_with_a_forbidden_character_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="RowKey"):
        check_row(a_row(RowKey=key))


def test_a_key_of_1024_characters_is_the_longest() -> None:
    check_row(a_row(RowKey="x" * 1024))
    with pytest.raises(TooLarge, match="RowKey has 1025"):
        check_row(a_row(RowKey="x" * 1025))


@pytest.mark.parametrize("value", [AT.replace(tzinfo=None), AT.replace(year=1600), 2**63])
def test_a_value_that_the_service_has_no_type_for_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="'value' must be"):
        check_row(a_row(value=value))


@pytest.mark.parametrize("part", ["", "a~b", "a/b", "a\nb"])
def test_a_part_of_a_key_can_not_blur_where_it_ends(part: str) -> None:
    with pytest.raises(ValueError, match="can't be part of a table key"):
        key_of("file", part)
