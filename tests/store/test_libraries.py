"""shared/store/libraries.py against Azurite; each test has a table of its own."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed, TooLarge
from shared.model.libraries import Answer, LibraryState, Stop, Watch
from shared.model.table_rows import Row
from shared.store.libraries import TableLibraries
from tests.builders import AT

SUBSCRIPTION = "7f105c7d-2dc5-4530-97cd-4e7ae6534c07"
OTHER = "0fc0d6db-0073-42e5-a186-853da75fb308"


@pytest.fixture
def libraries(tables: TableServiceClient, own_table: str) -> TableLibraries:
    return TableLibraries(tables, own_table)


def a_library(drive_id: str = "b!dR-i_ve", **changes: object) -> LibraryState:
    return replace(LibraryState(drive_id, "contoso", "l1"), **changes)


def keys_of(tables: TableServiceClient, table: str) -> list[str]:
    return sorted(row["RowKey"] for row in tables.get_table_client(table).list_entities())


def test_a_library_is_read_back_as_it_was_created(libraries: TableLibraries) -> None:
    full = a_library(
        changes_link="https://graph/delta?token=ä",
        fields_link="https://graph/items/delta?token=b",
        walk_id="w1",
        in_pull=True,
        watch=Watch.QUIET,
        watch_reason="Nothing was told.",
        subscription_id=SUBSCRIPTION,
        client_state="s3cret",
        subscription_expires_at=AT,
        notified_at=AT + timedelta(microseconds=1),
        pulled_at=AT,
        failure="It failed.",
        stopped_reason="Too many.",
        walk_cursor="file:01A",
        stop=Stop.DELETIONS,
        stopped_at=AT,
        doomed_files=60,
        library_files=100,
        answer=Answer.APPROVED,
        answered_by="Ada",
        answered_files=60,
        lease_owner="me",
        lease_until=AT,
    )

    created = libraries.create(full)

    assert created.etag
    assert created == replace(full, etag=created.etag)
    assert libraries.find(full.drive_id) == created
    assert libraries.find_by_subscription(SUBSCRIPTION) == created


def test_a_new_library_has_the_defaults(libraries: TableLibraries) -> None:
    created = libraries.create(a_library())

    assert libraries.find("b!dR-i_ve") == replace(a_library(), etag=created.etag)


def test_nothing_is_found_where_nothing_is(libraries: TableLibraries) -> None:
    assert libraries.find("b!nowhere") is None
    assert libraries.find_by_subscription(SUBSCRIPTION) is None
    assert list(libraries.all()) == []


@pytest.mark.parametrize("told", ["", "a/b", "a~b", "?", "é", "x" * 2000, "a\nb", "#"])
def test_whatever_a_stranger_calls_a_subscription_is_just_not_found(libraries: TableLibraries, told: str) -> None:
    assert libraries.find_by_subscription(told) is None


def test_a_library_is_created_once(libraries: TableLibraries) -> None:
    created = libraries.create(a_library())

    with pytest.raises(PreconditionFailed):
        libraries.create(a_library(watch=Watch.POLLED))
    assert libraries.find(created.drive_id) == created


def test_of_two_who_save_what_they_read_one_is_told_to_read_again(libraries: TableLibraries) -> None:
    read = libraries.create(a_library())
    saved = libraries.save(read, replace(read, walk_id="w1"))

    with pytest.raises(PreconditionFailed):
        libraries.save(read, replace(read, walk_id="w2"))
    assert libraries.find(read.drive_id) == saved


def test_of_many_who_lease_at_once_exactly_one_wins(libraries: TableLibraries) -> None:
    read = libraries.create(a_library())

    def lease(owner: str) -> str | None:
        try:
            return libraries.save(read, replace(read, lease_owner=owner, lease_until=AT)).lease_owner
        except PreconditionFailed:
            return None

    with ThreadPoolExecutor(6) as pool:
        winners = [owner for owner in pool.map(lease, [f"o{number}" for number in range(6)]) if owner]

    assert winners == [each.lease_owner for each in libraries.all()]


def test_a_library_that_was_not_read_can_not_be_saved(libraries: TableLibraries) -> None:
    libraries.create(a_library())

    with pytest.raises(PreconditionFailed, match="was not read"):
        libraries.save(a_library(), a_library(walk_id="w1"))


def test_a_library_keeps_its_drive(libraries: TableLibraries) -> None:
    created = libraries.create(a_library())

    with pytest.raises(ValueError, match="drive never changes"):
        libraries.save(created, replace(created, drive_id="b!other"))


def test_a_library_subscribed_anew_is_found_by_its_new_subscription_only(
    libraries: TableLibraries, tables: TableServiceClient, own_table: str
) -> None:
    state = libraries.create(a_library())

    state = libraries.save(state, replace(state, subscription_id=SUBSCRIPTION))
    assert libraries.find_by_subscription(SUBSCRIPTION) == state
    state = libraries.save(state, replace(state, subscription_id=SUBSCRIPTION, watch=Watch.SUBSCRIBED))
    assert libraries.find_by_subscription(SUBSCRIPTION) == state
    state = libraries.save(state, replace(state, subscription_id=OTHER))
    assert libraries.find_by_subscription(SUBSCRIPTION) is None
    assert libraries.find_by_subscription(OTHER) == state
    libraries.save(state, replace(state, subscription_id=""))
    assert libraries.find_by_subscription(OTHER) is None
    assert keys_of(tables, own_table) == ["drive~b!dR-i_ve"]


def test_a_subscription_watches_one_library(libraries: TableLibraries) -> None:
    first = libraries.create(a_library("b!1", subscription_id=SUBSCRIPTION))
    second = libraries.create(a_library("b!2"))

    with pytest.raises(PreconditionFailed):
        libraries.save(second, replace(second, subscription_id=SUBSCRIPTION, walk_id="w1"))
    assert libraries.find_by_subscription(SUBSCRIPTION) == first
    assert libraries.find("b!2") == second


def test_all_libraries_are_listed_with_their_etags_and_without_their_subscriptions(libraries: TableLibraries) -> None:
    made = [libraries.create(a_library(f"b!{n}", subscription_id=f"{n}{SUBSCRIPTION}")) for n in range(3)]

    assert list(libraries.all()) == made


def test_a_row_of_another_version_is_read_with_defaults(
    libraries: TableLibraries, tables: TableServiceClient, own_table: str
) -> None:
    row: Row = {"PartitionKey": "libraries", "RowKey": "drive~b!1", "drive_id": "b!1", "customer": "c", "list_id": "l"}
    tables.get_table_client(own_table).create_entity(row | {"watch": "polled", "invented_later": 1})

    found = libraries.find("b!1")

    assert found == LibraryState("b!1", "c", "l", watch=Watch.POLLED, etag=found.etag if found else "")


@pytest.mark.parametrize(("reason", "stop"), [("", Stop.NONE), ("60 of 100 files …", Stop.DELETIONS)])
def test_a_library_that_an_earlier_version_stopped_waits_for_a_person(
    libraries: TableLibraries, tables: TableServiceClient, own_table: str, reason: str, stop: Stop
) -> None:
    row: Row = {"PartitionKey": "libraries", "RowKey": "drive~b!1", "drive_id": "b!1", "customer": "c", "list_id": "l"}
    tables.get_table_client(own_table).create_entity(row | {"watch": "new", "stopped_reason": reason, "approved": True})

    found = libraries.find("b!1")

    assert found is not None
    assert (found.stop, found.stopped_reason, found.answer) == (stop, reason, Answer.NONE)


def test_a_link_too_long_for_a_row_is_refused_by_name_only(libraries: TableLibraries) -> None:
    with pytest.raises(TooLarge, match="'changes_link'") as caught:
        libraries.create(a_library(changes_link="https://secret" + "x" * 40_000))
    assert "secret" not in str(caught.value)


def test_links_and_client_state_are_in_no_log(libraries: TableLibraries, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {"client_state": "s3cret", "changes_link": "https://g/s3cret", "fields_link": "https://g/s3cret"}

    state = libraries.create(a_library(subscription_id=SUBSCRIPTION, **secrets))
    libraries.save(state, replace(state, walk_id="w1"))
    found = libraries.find_by_subscription(SUBSCRIPTION)
    listed = list(libraries.all())

    assert "s3cret" not in caplog.text + repr(found) + repr(listed)
