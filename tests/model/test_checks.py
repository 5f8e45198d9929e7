import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidInput, Oversize
from shared.model.checks import (
    MAX_FILE_BYTES,
    MAX_NAME_LENGTH,
    checked_id,
    checked_name,
    checked_number,
    checked_period,
    checked_size,
    checked_tags,
)
from shared.model.directory import Period


@pytest.mark.parametrize("value", ["c1", "Contoso-AB_7.x", "9", "a" * 64])
def test_ids_of_letters_digits_and_some_signs_are_kept(value: str):
    assert checked_id(value, "customer") == value


@pytest.mark.parametrize("value", ["", ".", "..", "a/b", "a b", "ä", "a" * 65, "a~b", "a\n"])
def test_ids_that_would_break_a_key_or_a_path_are_refused_by_field(value: str):
    with pytest.raises(InvalidInput) as caught:
        checked_id(value, "customer")

    assert caught.value.field == "customer"


@pytest.mark.parametrize("value", ["", "   ", "a\nb", "x" * (MAX_NAME_LENGTH + 1), "\ud800"])
def test_names_nobody_could_read_are_refused(value: str):
    with pytest.raises(InvalidInput):
        checked_name(value)


@given(st.text())
def test_a_name_that_was_accepted_is_accepted_again_unchanged(value: str):
    try:
        name = checked_name(value)
    except InvalidInput:
        return

    assert checked_name(name) == name


def test_a_number_is_short():
    with pytest.raises(InvalidInput, match="32"):
        checked_number("1" * 33)


@pytest.mark.parametrize(("value", "period"), [("2026", Period(2026)), ("11/2026", Period(2026, 11))])
def test_periods_are_years_or_months(value: str, period: Period):
    assert checked_period(value) == period
    assert str(period) == value


@pytest.mark.parametrize("value", ["13/2026", "1/2026", "26", "2026/11", "november"])
def test_other_periods_are_refused(value: str):
    with pytest.raises(InvalidInput):
        checked_period(value)


def test_tags_lose_doubles_without_case_and_keep_their_order():
    assert checked_tags([" Urgent", "draft", "URGENT"]) == ("Urgent", "draft")


@pytest.mark.parametrize("tags", [[""], ["a;#b"], ["x" * 101], [f"t{n}" for n in range(51)]])
def test_tags_sharepoint_could_not_hold_are_refused(tags: list[str]):
    with pytest.raises(InvalidInput):
        checked_tags(tags)


def test_a_file_beyond_250_gb_is_refused():
    assert checked_size(MAX_FILE_BYTES) == MAX_FILE_BYTES
    with pytest.raises(Oversize):
        checked_size(MAX_FILE_BYTES + 1)
