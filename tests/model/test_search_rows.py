"""shared/model/search_rows.py: what the rows cost, and when they are written again."""

import string
from dataclasses import replace

import pytest

from shared.model.directory import Links
from shared.model.files import SEARCH_INDEX, FileRecord, FileState
from shared.model.journal import Event
from shared.model.record_row import entity_to_record
from shared.model.rows import index_rows, reindexed, transaction
from shared.model.search_rows import FIND, MANY_TAGS, MANY_WORDS, MOST_TAGS, MOST_TERMS
from shared.model.table_rows import MAX_OPERATIONS, check_transaction
from tests.builders import AT, a_baseline, a_record, a_transfer

GUID = "8C8A3C6E-5B5F-4D0C-9A7E-01234567890"


def the_largest(number: int) -> FileRecord:
    """A record that has every row there is, none of them that of another number, and texts of the greatest length."""
    letters = string.ascii_lowercase[13 * number : 13 * number + 13]
    name = " ".join(letter * 16 for letter in letters) + "\U0001f642" * 30 + "." + letters[:4]
    e_tag = f'"{{{GUID}{number}}},1"'
    tags = tuple(f"{number}-{tag}".ljust(100, "\U0001f642") for tag in range(50))
    return a_record(
        name=name[:255],
        requested_name=name[:255],
        links=Links("contoso", f"p{number}", f"a{number}", f"t{number}"),
        created_by=f"{number}".ljust(255, "\U0001f642"),
        tags=tags,
        state=[FileState.MOVING, FileState.BLOCKED][number],
        reason="\U0001f642" * 8_000,
        blob_name=f"b{number}",
        transfer=a_transfer(
            parent_id="01F", name=name, item_id=f"01T{number}", upload_url=None if number else "https://u" + "x" * 2_000
        ),
        baseline=a_baseline(item_id=f"01I{number}", parent_id=f"01P{number}", e_tag=e_tag, name=name, tags=tags)
        if number
        else None,
    )


def test_the_largest_change_of_the_largest_record_is_one_transaction() -> None:
    before, after = the_largest(0), the_largest(1)
    operations = transaction(before, after, Event("\U0001f642" * 8_000), AT)

    own = [key for key in index_rows(after) if key.startswith(FIND)]
    assert len(own) == MOST_TERMS + 2 * MOST_TAGS + len([MANY_TAGS, MANY_WORDS, "kind", "by"])
    assert 85 < len(operations) <= MAX_OPERATIONS
    check_transaction(operations)
    check_transaction(transaction(None, after, Event("x"), AT))
    check_transaction(reindexed(replace(after, search_index=0)))
    check_transaction(reindexed(after))


@pytest.mark.parametrize(
    "changes",
    [
        {"transfer": a_transfer(hashed_bytes=7)},
        {"attempts": 3, "version": 9},
        {"baseline": a_baseline(e_tag='"{1},2"', c_tag="other", tags=("x",))},
    ],
)
def test_what_nobody_is_shown_leaves_the_rows_as_they_are(changes: dict) -> None:
    before = a_record(baseline=a_baseline(), transfer=a_transfer(), version=8, links=Links("contoso", "p1"))

    operations = transaction(before, replace(before, **changes), Event("Renewed."), AT)

    assert [each for each in operations if str(each.row["RowKey"]).startswith((FIND, "in~"))] == []


def test_a_row_holds_what_a_list_shows() -> None:
    record = a_record(baseline=a_baseline(), links=Links("contoso", "p1"), tags=("a", "b"), size_bytes=3, period="2026")
    rows = {key: row for key, row in index_rows(record).items() if key.startswith((FIND, "in~"))}

    assert len(rows) == 11
    for row in rows.values():
        shown = entity_to_record(row)
        assert shown.baseline is not None
        assert record.baseline is not None
        assert shown.baseline.web_url == record.baseline.web_url
        assert replace(shown, baseline=None, search_index=SEARCH_INDEX) == replace(record, baseline=None)


def test_a_usual_file_has_this_many_rows() -> None:
    invoice = a_record(name="Invoice 2026-11 Contoso.pdf", links=Links("contoso", "p1"), tags=("urgent",))

    assert sum(key.startswith((FIND, "in~")) for key in index_rows(invoice)) == 15


def test_rows_that_an_earlier_version_left_behind_are_no_obstacle() -> None:
    old = a_record(search_index=0, version=1)

    after = replace(old, search_index=SEARCH_INDEX, version=2)
    kinds = {each.kind for each in transaction(old, after, Event("Saved."), AT)[1:-1]}

    assert kinds == {"upsert"}
