"""Graph's JSON of deltas and subscriptions as it is documented and as it was seen."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.graph import change_wire
from shared.model.drive_items import ColumnChange, ItemChange, Subscription

GUID = "1E5A7F00-0A0B-4C0D-8E0F-00A1B2C3D4E5"


def page(*items):
    return {"value": list(items), "@odata.deltaLink": "https://graph.microsoft.com/v1.0/x?token=1&%24expand=fields"}


def one_item(**members):
    [change] = change_wire.item_changes(page({"id": "1", "name": "a", **members}), "b!d").entries
    return change.item


def one_row(**members):
    return change_wire.column_changes(page({"id": "7", "eTag": f'"{GUID.lower()},2"', **members})).entries


def test_a_deleted_item_is_known_by_its_id_alone():
    body = page({"id": "1", "deleted": {"state": "deleted"}}, {"id": "2", "deleted": {}})

    assert change_wire.item_changes(body, "b!d").entries == (ItemChange("1", None), ItemChange("2", None))


def test_an_item_with_hardly_anything_is_a_file():
    item = one_item()

    assert (item.drive_id, item.is_folder, item.is_root) == ("b!d", False, False)
    assert (item.c_tag, item.size_bytes, item.quick_xor_hash, item.web_url) == (None, 0, None, "")
    assert (item.created_by, item.created_by_app, item.modified_by) == ("", None, "")
    assert (item.created_at, item.modified_at) == (None, None)


def test_nulls_are_as_good_as_missing():
    item = one_item(size=None, webUrl=None, file=None, folder=None, root=None, parentReference=None, createdBy=None)

    assert (item.size_bytes, item.parent_id, item.is_folder, item.is_root, item.created_by) == (
        0,
        None,
        False,
        False,
        "",
    )


def test_a_notebook_counts_as_a_file():
    assert not one_item(package={"type": "oneNote"}).is_folder


def test_the_root_has_no_parent():
    root = one_item(root={}, folder={}, parentReference={"driveId": "b!d"})

    assert (root.is_root, root.is_folder, root.parent_id) == (True, True, None)


def test_a_person_goes_before_the_app_they_used():
    item = one_item(
        createdBy={"user": {"displayName": "Ada"}, "application": {"id": "app-1", "displayName": "Office"}},
        lastModifiedBy={"application": {"id": "app-2", "displayName": "Moment"}, "user": {"displayName": None}},
    )

    assert (item.created_by, item.created_by_app, item.modified_by) == ("Ada", "app-1", "Moment")
    assert item.modified_by_app == "app-2"


def test_dates_of_the_year_1_are_none():
    item = one_item(createdDateTime="0001-01-01T00:00:00Z", lastModifiedDateTime="2026-01-29T09:21:55.5231234Z")

    assert item.created_at is None
    assert item.modified_at == datetime(2026, 1, 29, 9, 21, 55, 523123, tzinfo=UTC)


def test_the_last_page_has_the_link_for_the_next_pull():
    middle = change_wire.item_changes({"value": [], "@odata.nextLink": "https://next"}, "b!d")
    last = change_wire.item_changes({"value": [], "@odata.deltaLink": "https://delta"}, "b!d")

    assert (middle.link, middle.is_last) == ("https://next", False)
    assert (last.link, last.is_last) == ("https://delta", True)


def test_a_page_without_a_link_is_of_another_shape():
    with pytest.raises(KeyError):
        change_wire.item_changes({"value": []}, "b!d")


def test_a_missing_column_is_empty():
    assert one_row(fields={"@odata.etag": "x", "momentYear": ""}) == (ColumnChange(GUID.lower()),)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["red", "blue; green"], ("red", "blue; green")),
        ([], ()),
        (None, ()),
        ("red; blue;green;", ("red", "blue", "green")),
    ],
)
def test_tags_are_a_list_or_a_text_with_semicolons(tags, expected):
    [change] = one_row(fields={"@odata.etag": "x", "momentTags": tags})

    assert change.tags == expected


def test_a_folder_has_no_columns_of_ours():
    fields = {"@odata.etag": "x"}

    assert one_row(fields=fields, contentType={"id": "0x012000ABCD", "name": "Mappe"}) == ()
    assert one_row(fields=fields, contentType={"id": "0x0120D520", "name": "Document Set"}) == ()
    assert len(one_row(fields=fields, contentType={"id": "0x010100ABCD", "name": "Dokument"})) == 1
    assert len(one_row(fields=fields, contentType=None)) == 1


def test_an_item_whose_columns_were_not_sent_does_not_count_as_cleared():
    assert one_row() == ()
    assert one_row(fields={}) == ()


def test_deleted_items_and_those_without_an_etag_are_left_out():
    fields = {"@odata.etag": "x", "momentYear": "2026"}

    assert one_row(deleted={"state": "deleted"}, fields=fields) == ()
    assert one_row(eTag=None, fields=fields) == ()


def test_a_subscription():
    body = {
        "id": "s",
        "resource": "drives/d/root",
        "notificationUrl": "https://x",
        "expirationDateTime": "2026-01-29T09:21:55Z",
        "clientState": None,
    }

    assert change_wire.subscription(body) == Subscription(
        "s", "drives/d/root", "https://x", datetime(2026, 1, 29, 9, 21, 55, tzinfo=UTC)
    )


def test_an_end_is_written_in_utc():
    end = datetime(2026, 1, 29, 10, 0, 0, 999, tzinfo=timezone(timedelta(hours=2)))

    assert change_wire.renewal_body(end) == {"expirationDateTime": "2026-01-29T08:00:00Z"}
