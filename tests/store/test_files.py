"""shared/store/files.py against Azurite."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import InvalidInput, MomentError, PreconditionFailed, TooLarge
from shared.model.directory import Activity, Customer, Links, Project, Task
from shared.model.files import FileRecord, FileState
from shared.model.journal import Event, Side
from shared.model.table_rows import Row
from shared.store.files import TableFiles
from tests.builders import AT, a_baseline, a_record, a_transfer


def a_file(customer: str, file_id: str = "f1", **changes: object) -> FileRecord:
    defaults = {"links": Links(customer), "blob_name": f"{customer}/{file_id}/report.docx"}
    return a_record(customer=customer, id=file_id, **{**defaults, **changes})


def rows_of(tables: TableServiceClient, customer: str) -> dict[str, Row]:
    found = tables.get_table_client("files").query_entities(
        "PartitionKey eq @customer", parameters={"customer": customer}
    )
    return {row["RowKey"]: dict(row) for row in found}


def test_a_new_record_is_found_with_the_etag_that_create_gave(files: TableFiles, customer: str) -> None:
    full = a_file(customer, transfer=a_transfer(upload_url="https://u"), baseline=a_baseline(), tags=("é", "b"))

    created = files.create(full, "Announced.")

    assert created == replace(full, version=1, etag=created.etag)
    assert created.etag
    assert files.find(customer, "f1") == created


def test_nothing_is_found_where_nothing_is(files: TableFiles, customer: str) -> None:
    assert files.find(customer, "f1") is None
    assert files.find_by_blob(customer, "x/y") is None
    assert files.find_by_item(customer, "01ITEM") is None


def test_a_file_larger_than_4_gib_keeps_its_size(files: TableFiles, customer: str) -> None:
    files.create(a_file(customer, size_bytes=250 * 1024**3), "Announced.")

    found = files.find(customer, "f1")
    assert found is not None
    assert found.size_bytes == 250 * 1024**3


def test_a_record_is_found_by_its_blob_until_that_is_released(files: TableFiles, customer: str) -> None:
    blob_name = f"{customer}/a b/#?~%/naïve.docx"
    created = files.create(a_file(customer, blob_name=blob_name), "Announced.")

    assert files.find_by_blob(customer, blob_name) == created
    files.save(created, replace(created, blob_name=None), "Released.")
    assert files.find_by_blob(customer, blob_name) is None


def test_a_record_is_found_by_the_item_of_its_transfer_and_of_its_baseline(files: TableFiles, customer: str) -> None:
    record = files.create(a_file(customer), "Announced.")

    record = files.save(record, replace(record, transfer=a_transfer(item_id="01NEW")), "Sent.")
    assert files.find_by_item(customer, "01NEW") == "f1"
    files.save(record, replace(record, transfer=None, baseline=a_baseline(item_id="01NEW")), "Proven.")
    assert files.find_by_item(customer, "01NEW") == "f1"


def test_a_save_counts_the_version_and_gives_the_etag_for_the_next_one(files: TableFiles, customer: str) -> None:
    first = files.create(a_file(customer), "Announced.")

    second = files.save(first, replace(first, state=FileState.WAITING), "Arrived.")
    third = files.save(second, replace(second, state=FileState.MOVING), "Claimed.")

    assert (first.version, second.version, third.version) == (1, 2, 3)
    assert files.find(customer, "f1") == third


def test_what_became_none_is_gone(files: TableFiles, customer: str) -> None:
    record = files.create(a_file(customer, transfer=a_transfer(upload_url="https://u"), size_bytes=3), "Announced.")

    files.save(record, replace(record, transfer=None, size_bytes=None), "Reset.")

    found = files.find(customer, "f1")
    assert found is not None
    assert (found.transfer, found.size_bytes) == (None, None)


def test_of_two_who_save_what_they_read_one_is_told_to_read_again(files: TableFiles, customer: str) -> None:
    record = files.create(a_file(customer), "Announced.")
    files.save(record, replace(record, reason="first"), "First.")

    with pytest.raises(PreconditionFailed):
        files.save(record, replace(record, reason="second"), "Second.")

    found = files.find(customer, "f1")
    assert found is not None
    assert found.reason == "first"


def test_of_many_who_claim_at_once_exactly_one_wins(files: TableFiles, customer: str) -> None:
    record = files.create(a_file(customer), "Announced.")

    def claim(owner: str) -> str | None:
        try:
            files.save(record, replace(record, transfer=a_transfer(owner=owner)), f"Claimed by {owner}.")
        except PreconditionFailed:
            return None
        return owner

    with ThreadPoolExecutor(8) as pool:
        winners = [owner for owner in pool.map(claim, [f"o{number}" for number in range(8)]) if owner]

    found = files.find(customer, "f1")
    assert found is not None
    assert found.transfer is not None
    assert winners == [found.transfer.owner]
    assert [event.text for _, event in files.journal(customer, "f1")] == ["Announced.", f"Claimed by {winners[0]}."]


def test_an_id_is_given_once(files: TableFiles, customer: str) -> None:
    files.create(a_file(customer), "Announced.")

    with pytest.raises(PreconditionFailed):
        files.create(a_file(customer, blob_name="other"), "Again.")


def test_a_file_with_another_ones_item_is_not_created_and_leaves_nothing(
    files: TableFiles, tables: TableServiceClient, customer: str
) -> None:
    files.create(a_file(customer, "f1", baseline=a_baseline(item_id="01ITEM")), "Found.")
    before = rows_of(tables, customer)

    with pytest.raises(PreconditionFailed):
        files.create(a_file(customer, "f2", baseline=a_baseline(item_id="01ITEM")), "Found again.")

    assert rows_of(tables, customer) == before


def test_a_file_with_another_ones_blob_is_not_created(files: TableFiles, customer: str) -> None:
    files.create(a_file(customer, "f1", blob_name="same"), "Dropped.")

    with pytest.raises(PreconditionFailed):
        files.create(a_file(customer, "f2", blob_name="same"), "Dropped.")
    assert files.find(customer, "f2") is None


def test_a_save_that_takes_another_ones_item_changes_nothing(
    files: TableFiles, tables: TableServiceClient, customer: str
) -> None:
    files.create(a_file(customer, "f1", baseline=a_baseline(item_id="01ITEM")), "Found.")
    second = files.create(a_file(customer, "f2"), "Announced.")
    before = rows_of(tables, customer)

    with pytest.raises(PreconditionFailed):
        files.save(
            second, replace(second, name="n", state=FileState.BLOCKED, transfer=a_transfer(item_id="01ITEM")), "Sent."
        )

    assert rows_of(tables, customer) == before


def test_a_record_from_a_list_can_not_be_saved(files: TableFiles, customer: str) -> None:
    files.create(a_file(customer), "Announced.")
    listed = files.list(customer, None, None, 10).items[0]

    with pytest.raises(PreconditionFailed, match="was not read by its id"):
        files.save(listed, replace(listed, name="x"), "Renamed.")


def test_a_record_too_large_for_a_row_is_refused_and_nothing_is_written(
    files: TableFiles, tables: TableServiceClient, customer: str
) -> None:
    with pytest.raises(TooLarge, match="'created_by'"):
        files.create(a_file(customer, created_by="x" * 40_000), "Announced.")
    assert rows_of(tables, customer) == {}


def test_the_journal_tells_the_sentences_in_order(files: TableFiles, customer: str) -> None:
    record = files.create(a_file(customer), "Announced.")
    for number in range(11):
        record = files.save(record, replace(record, attempts=number), f"Try {number}.")
    files.create(a_file(customer, "f1-other", blob_name="b2"), "Not this one.")

    assert list(files.journal(customer, "f1")) == [
        (AT, Event("Announced.")),
        *((AT, Event(f"Try {number}.")) for number in range(11)),
    ]


def test_the_journal_tells_who_did_it_and_on_which_side(files: TableFiles, customer: str) -> None:
    event = Event("Renamed from a.docx to b.docx.", Side.SHAREPOINT, "Grace Hopper")

    files.create(a_file(customer), event)

    assert list(files.journal(customer, "f1")) == [(AT, event)]


def test_a_line_of_the_first_version_is_the_apps_own(
    files: TableFiles, tables: TableServiceClient, customer: str
) -> None:
    row = {"PartitionKey": customer, "RowKey": "log~f1~00000001", "at": AT, "event": "Announced.", "state": "expected"}
    tables.get_table_client("files").create_entity(row)

    assert list(files.journal(customer, "f1")) == [(AT, Event("Announced.", Side.APP, ""))]


def test_sentences_are_cut_before_they_are_too_long_for_a_row(files: TableFiles, customer: str) -> None:
    created = files.create(a_file(customer, reason="🙂" * 40_000), "🙂" * 40_000)

    assert created.reason == "🙂" * 7_999 + "…"
    assert files.find(customer, "f1") == created
    assert [event.text for _, event in files.journal(customer, "f1")] == [created.reason]


def test_a_list_is_newest_first_and_pages_to_its_end(files: TableFiles, customer: str) -> None:
    for number in range(5):
        file = a_file(customer, f"f{number}", created_at=AT + timedelta(seconds=number))
        files.create(file, "Announced.")

    pages, token = [], None
    while True:
        page = files.list(customer, None, token, 2)
        pages.append([record.id for record in page.items])
        token = page.next_token
        if token is None:
            break

    assert pages == [["f4", "f3"], ["f2", "f1"], ["f0"]]


def test_a_page_that_ends_the_list_has_no_token(files: TableFiles, customer: str) -> None:
    for number in range(2):
        files.create(a_file(customer, f"f{number}"), "Announced.")

    assert files.list(customer, None, None, 2).next_token is None
    assert files.list(customer, "blocked", None, 2).items == []


def test_a_list_of_one_state_follows_the_files(files: TableFiles, customer: str) -> None:
    record = files.create(a_file(customer, state=FileState.WAITING), "Announced.")
    files.create(a_file(customer, "f2", state=FileState.WAITING), "Announced.")

    files.save(record, replace(record, state=FileState.MOVING), "Claimed.")

    assert [each.id for each in files.list(customer, "waiting", None, 10).items] == ["f2"]
    assert [each.id for each in files.list(customer, "moving", None, 10).items] == ["f1"]


def test_a_list_shows_no_upload_url(files: TableFiles, tables: TableServiceClient, customer: str) -> None:
    files.create(a_file(customer, transfer=a_transfer(upload_url="https://secret")), "Claimed.")

    shown = files.list(customer, None, None, 10).items[0]

    assert shown.transfer is not None
    assert shown.transfer.upload_url is None
    assert [key for key, row in rows_of(tables, customer).items() if "secret" in str(row)] == ["file~f1"]


@pytest.mark.parametrize("token", ["x", "bm90IGpzb24=", "e30=", "eyJhZnRlciI6ICJzdGF0ZX4ifQ==", "W10=", "é"])
def test_a_token_that_is_not_of_this_list_is_refused(files: TableFiles, customer: str, token: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        files.list(customer, None, token, 10)
    assert caught.value.field == "page"


def test_an_unknown_state_is_refused(files: TableFiles, customer: str) -> None:
    with pytest.raises(InvalidInput, match="state must be one of expected,"):
        files.list(customer, "lost", None, 10)


def test_objects_that_files_belong_to_are_known(files: TableFiles, customer: str) -> None:
    project, activity = Project(customer, "p1", "P"), Activity(customer, "p1", "a1", "A")
    task, alike = Task(customer, "p1", "t1", "1", "T"), Task(customer, "p1", "t", "2", "T")
    objects = (Customer(customer, "C"), project, activity, task, alike)
    record = files.create(a_file(customer, links=Links(customer, "p1", "a1", "t1")), "Announced.")

    assert [files.any_in(each) for each in objects] == [True, True, True, True, False]
    files.save(record, replace(record, links=Links(customer, "p1")), "Moved.")
    assert [files.any_in(each) for each in objects] == [True, True, False, False, False]


def test_one_customer_sees_nothing_of_another(files: TableFiles, customer: str) -> None:
    files.create(a_file(customer, blob_name="b", baseline=a_baseline()), "Announced.")
    stranger = f"{customer}x"

    assert files.find(stranger, "f1") is None
    assert files.find_by_blob(stranger, "b") is None
    assert files.find_by_item(stranger, "01ITEM") is None
    assert files.list(stranger, None, None, 10).items == []


def test_a_record_keeps_its_id(files: TableFiles, customer: str) -> None:
    record = files.create(a_file(customer), "Announced.")

    with pytest.raises(ValueError, match="never change"):
        files.save(record, replace(record, id="f2"), "Odd.")


def test_missing_tables_are_no_empty_answer(tables: TableServiceClient, customer: str) -> None:
    with pytest.raises(MomentError, match="'nosuchtable' does not exist"):
        TableFiles(tables, lambda: AT, "nosuchtable").find(customer, "f1")


def test_the_journal_is_read_newest_first_in_pages(files: TableFiles, customer: str) -> None:
    record = files.create(a_record(customer=customer), "Event 1.")
    for number in range(2, 13):
        record = files.save(record, replace(record, attempts=number), f"Event {number}.")
    other = files.create(a_record(customer=customer, id="f1-other", blob_name="b"), "Other.")

    pages, token = list[list[str]](), None
    while True:
        page = files.journal_page(customer, record.id, token, 5)
        pages.append([event.text for _, event in page.items])
        token = page.next_token
        if token is None:
            break

    assert pages == [
        [f"Event {number}." for number in numbers] for numbers in (range(12, 7, -1), range(7, 2, -1), range(2, 0, -1))
    ]
    assert [event.text for _, event in files.journal_page(customer, other.id, None, 5).items] == ["Other."]


def test_lines_that_come_between_two_pages_do_not_shift_them(files: TableFiles, customer: str) -> None:
    record = files.create(a_record(customer=customer), "Event 1.")
    record = files.save(record, replace(record, attempts=1), "Event 2.")
    first = files.journal_page(customer, record.id, None, 1)
    files.save(record, replace(record, attempts=2), "Event 3.")

    second = files.journal_page(customer, record.id, first.next_token, 1)

    assert [event.text for _, event in (*first.items, *second.items)] == ["Event 2.", "Event 1."]
    assert second.next_token is None


def test_the_journal_of_no_file_is_empty(files: TableFiles, customer: str) -> None:
    page = files.journal_page(customer, "none", None, 5)

    assert (list(page.items), page.next_token) == ([], None)
