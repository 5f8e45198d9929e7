"""shared/store/files.py against Azurite: what following SharePoint's changes asks of the records."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.directory import Links, Project
from shared.model.drive_items import unique_id_of
from shared.model.files import Baseline, FileRecord, FileState
from shared.store.files import TableFiles
from tests.builders import AT, a_baseline, a_record, a_transfer


def an_e_tag() -> str:
    return f'"{{{str(uuid.uuid4()).upper()}}},1"'


def a_file_in_sharepoint(customer: str, file_id: str = "f1", **changes: object) -> FileRecord:
    defaults = {
        "links": Links(customer, "p1"),
        "blob_name": None,
        "state": FileState.IN_SHAREPOINT,
        "baseline": at_place(f"01{file_id}"),
    }
    return a_record(customer=customer, id=file_id, **{**defaults, **changes})


def at_place(item_id: str = "01ITEM", parent_id: str | None = "01FOLDER") -> Baseline:
    return a_baseline(item_id=item_id, parent_id=parent_id, e_tag=an_e_tag())


def deleted(record: FileRecord) -> FileRecord:
    return replace(record, state=FileState.DELETED, reason="Deleted in SharePoint.")


def unique_id(record: FileRecord) -> str:
    assert record.baseline is not None
    return unique_id_of(record.baseline.e_tag)


def listed(files: TableFiles, customer: str, state: str | None = None) -> list[str]:
    return [record.id for record in files.list(customer, state, None, 100).items]


def test_a_file_is_found_by_its_items_unique_id_in_either_case(files: TableFiles, customer: str) -> None:
    record = files.create(a_file_in_sharepoint(customer), "Found.")

    assert files.find_by_unique_id(customer, unique_id(record)) == "f1"
    assert files.find_by_unique_id(customer, unique_id(record).upper()) == "f1"
    assert files.find_by_unique_id(customer, str(uuid.uuid4())) is None
    assert files.find_by_unique_id(customer, "") is None
    assert files.find_by_unique_id(f"{customer}x", unique_id(record)) is None


def test_a_file_made_anew_in_sharepoint_is_found_by_its_new_unique_id_only(files: TableFiles, customer: str) -> None:
    record = files.create(a_file_in_sharepoint(customer), "Found.")

    anew = files.save(record, replace(record, baseline=at_place("01f1")), "Replaced.")

    assert files.find_by_unique_id(customer, unique_id(record)) is None
    assert files.find_by_unique_id(customer, unique_id(anew)) == "f1"


def test_two_files_never_have_one_unique_id(files: TableFiles, customer: str) -> None:
    first = files.create(a_file_in_sharepoint(customer), "Found.")
    second = files.create(a_file_in_sharepoint(customer, "f2"), "Found.")
    assert first.baseline is not None
    twin = replace(first.baseline, item_id="01OTHER")

    with pytest.raises(PreconditionFailed):
        files.create(a_file_in_sharepoint(customer, "f3", baseline=twin), "Found again.")
    with pytest.raises(PreconditionFailed):
        files.save(second, replace(second, baseline=twin), "Mistaken.")
    assert files.find(customer, "f2") == second


def test_of_two_who_find_one_new_item_at_once_one_makes_its_record(files: TableFiles, customer: str) -> None:
    baseline = at_place()

    def find(file_id: str) -> str | None:
        try:
            return files.create(a_file_in_sharepoint(customer, file_id, baseline=baseline), "Found.").id
        except PreconditionFailed:
            return None

    with ThreadPoolExecutor(6) as pool:
        made = [each for each in pool.map(find, [f"f{number}" for number in range(6)]) if each]

    assert made == listed(files, customer) == list(files.ids_in_folder(customer, "01FOLDER"))


def test_a_file_is_on_its_way_until_its_transfer_ends(files: TableFiles, customer: str) -> None:
    record = files.create(a_file_in_sharepoint(customer, baseline=None, state=FileState.WAITING), "Announced.")
    claim = a_transfer(name="Jahresabschluß.docx")

    record = files.save(record, replace(record, transfer=claim), "Claimed.")
    assert not files.is_being_sent(customer, "01FOLDER", claim.name)
    record = files.save(record, replace(record, transfer=replace(claim, parent_id="01FOLDER")), "Sending.")
    assert files.is_being_sent(customer, "01FOLDER", "JAHRESABSCHLUSS.docx")
    assert not files.is_being_sent(customer, "01FOLDER", "Jahresabschluß (2).docx")
    assert not files.is_being_sent(customer, "01OTHER", claim.name)
    assert not files.is_being_sent(customer, "", claim.name)
    files.save(record, replace(record, transfer=None, baseline=at_place()), "Proven.")
    assert not files.is_being_sent(customer, "01FOLDER", claim.name)


def test_a_transfer_that_takes_another_name_is_on_its_way_under_that_one(files: TableFiles, customer: str) -> None:
    claim = a_transfer(name="a.docx", parent_id="01FOLDER")
    record = files.create(a_file_in_sharepoint(customer, transfer=claim), "Sending.")

    files.save(record, replace(record, transfer=replace(claim, name="a (2).docx")), "Name taken.")

    assert [files.is_being_sent(customer, "01FOLDER", name) for name in ("a.docx", "a (2).docx")] == [False, True]


def test_two_files_of_one_name_may_be_on_their_way_to_one_folder(files: TableFiles, customer: str) -> None:
    claim = a_transfer(name="a.docx", parent_id="01FOLDER")
    first = files.create(a_file_in_sharepoint(customer, "f1", transfer=claim), "Sending.")
    files.create(a_file_in_sharepoint(customer, "f2", transfer=claim), "Sending.")

    files.save(first, replace(first, transfer=None), "Gave up.")

    assert files.is_being_sent(customer, "01FOLDER", "a.docx")


def test_a_folder_knows_the_files_that_lie_directly_in_it(files: TableFiles, customer: str) -> None:
    first = files.create(a_file_in_sharepoint(customer, "f1"), "Found.")
    files.create(a_file_in_sharepoint(customer, "f2"), "Found.")
    files.create(a_file_in_sharepoint(customer, "f3", baseline=at_place("01f3", "01FOLDERX")), "Found.")
    files.create(a_file_in_sharepoint(customer, "f4", baseline=at_place("01f4", None)), "Found.")

    files.save(first, replace(first, baseline=at_place("01f1", "01OTHER")), "Moved.")

    assert list(files.ids_in_folder(customer, "01FOLDER")) == ["f2"]
    assert list(files.ids_in_folder(customer, "01OTHER")) == ["f1"]


def test_a_deleted_file_is_out_of_sight_and_found_by_its_item(files: TableFiles, customer: str) -> None:
    record = files.create(a_file_in_sharepoint(customer), "Found.")

    gone = files.save(record, deleted(record), "Deleted.")

    assert listed(files, customer) == []
    assert list(files.live(customer)) == []
    assert list(files.ids_in_folder(customer, "01FOLDER")) == []
    assert not files.any_in(Project(customer, "p1", "P"))
    assert listed(files, customer, "deleted") == ["f1"]
    assert files.find_by_item(customer, "01f1") == "f1"
    assert files.find_by_unique_id(customer, unique_id(record)) == "f1"
    assert files.find(customer, "f1") == gone
    assert [event.text for _, event in files.journal(customer, "f1")] == ["Found.", "Deleted."]


def test_a_restored_file_is_the_same_one_in_all_its_lists(files: TableFiles, customer: str) -> None:
    record = files.create(a_file_in_sharepoint(customer), "Found.")
    gone = files.save(record, deleted(record), "Deleted.")

    back = files.save(gone, replace(gone, state=FileState.IN_SHAREPOINT, reason=""), "Restored.")

    assert listed(files, customer) == listed(files, customer, "in-sharepoint") == ["f1"]
    assert listed(files, customer, "deleted") == []
    assert list(files.ids_in_folder(customer, "01FOLDER")) == ["f1"]
    assert files.any_in(Project(customer, "p1", "P"))
    assert files.find(customer, "f1") == back


def test_live_files_are_all_that_are_not_deleted_as_a_list_shows_them(files: TableFiles, customer: str) -> None:
    made = [
        files.create(a_file_in_sharepoint(customer, f"f{number}", created_at=AT + timedelta(seconds=number)), "Found.")
        for number in range(3)
    ]
    files.save(made[1], deleted(made[1]), "Deleted.")

    assert list(files.live(customer)) == [replace(made[2], etag=""), replace(made[0], etag="")]


def test_a_missing_file_lies_in_no_folder_and_is_listed_all_the_same(files: TableFiles, customer: str) -> None:
    record = files.create(a_file_in_sharepoint(customer), "Found.")

    kept = files.save(record, replace(record, state=FileState.BLOCKED, missing=True), "Dismissed.")

    assert list(files.ids_in_folder(customer, "01FOLDER")) == []
    assert list(files.live(customer)) == [replace(kept, etag="")]
    files.save(kept, replace(kept, state=FileState.IN_SHAREPOINT, missing=False), "Restored.")
    assert list(files.ids_in_folder(customer, "01FOLDER")) == ["f1"]


def test_the_items_of_all_records_are_listed_in_the_order_of_their_ids(files: TableFiles, customer: str) -> None:
    made = [files.create(a_file_in_sharepoint(customer, f"f{number}"), "Found.") for number in (2, 0, 1)]
    files.save(made[0], deleted(made[0]), "Deleted.")

    assert list(files.items(customer)) == [("01f0", "f0"), ("01f1", "f1"), ("01f2", "f2")]
    assert list(files.items(customer, "01f0")) == [("01f1", "f1"), ("01f2", "f2")]


def test_records_may_be_deleted_while_the_live_ones_are_read(files: TableFiles, customer: str) -> None:
    for number in range(5):
        files.create(a_file_in_sharepoint(customer, f"f{number}"), "Found.")

    for each in files.live(customer):
        record = files.find(customer, each.id)
        assert record is not None
        files.save(record, deleted(record), "Deleted.")

    assert list(files.live(customer)) == []


def test_a_file_that_left_its_library_is_known_by_its_fingerprint_until_it_arrives(
    files: TableFiles, customer: str
) -> None:
    fingerprint = uuid.uuid4().hex

    assert files.find_departed(fingerprint) is None
    files.note_departed(fingerprint, customer, "f1")
    assert files.find_departed(fingerprint) == (customer, "f1")
    files.note_departed(fingerprint, customer, "f2")
    assert files.find_departed(fingerprint) == (customer, "f2")
    files.forget_departed(fingerprint)
    files.forget_departed(fingerprint)
    assert files.find_departed(fingerprint) is None


def test_a_file_that_left_long_ago_is_not_the_one_that_appears_now(tables: TableServiceClient, customer: str) -> None:
    now = AT
    files = TableFiles(tables, lambda: now)
    fingerprint = uuid.uuid4().hex
    files.note_departed(fingerprint, customer, "f1")

    now = AT + timedelta(days=30)
    assert files.find_departed(fingerprint) == (customer, "f1")
    now = AT + timedelta(days=30, seconds=1)
    assert files.find_departed(fingerprint) is None
