"""What the daily job costs for a company of 500 libraries in which nothing changed, through the real host."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from shared.model.directory import Customer, StorageLocation
from shared.model.libraries import LibraryState, Watch
from shared.model.stored import FolderLink
from shared.settings import NOTIFICATIONS_PATH
from tests.system.host_world import HostWorld, host_world

LIBRARIES = 500
TABLE_REQUESTS = 15
"""For each library; docs/architecture.md says what they are."""
_ACCESS = re.compile(r'"(?:GET|POST|PUT|MERGE|DELETE|PATCH) /devstoreaccount1/([A-Za-z$]+)')
_TABLES = {"files", "directory", "folders", "libraries", "tree", "runs", "unplaced", "departed", "budget", "$batch"}


@pytest.fixture(scope="module")
def company() -> Iterator[HostWorld]:
    """500 customers with an empty library each, followed by notification; none is walked today or tomorrow."""
    with host_world() as world:
        site = world.local.add_site(world.local.site_path)
        world.local.add_lists(LIBRARIES)
        lists = world.person.all(f"/sites/{site}/lists?$expand=drive&$top=200")
        today = datetime.now(UTC).toordinal() % 7
        busy = {today, (today + 1) % 7}
        ids = (f"idle{n}" for n in range(10 * LIBRARIES) if zlib.crc32(f"idle{n}".encode()) % 7 not in busy)
        libraries = [each for each in lists if each["displayName"] != "Documents"]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda pair: follow(world, site, *pair), zip(ids, libraries, strict=False)))
        yield world


def follow(world: HostWorld, site: str, customer: str, library: dict) -> None:
    """The library as it is after its first pull."""
    drive, ends = library["drive"]["id"], datetime.now(UTC) + timedelta(days=29)
    watch = world.sharepoint.subscribe(drive, f"{world.host.url}{NOTIFICATIONS_PATH}", "secret", ends)
    state = LibraryState(
        drive_id=drive,
        customer=customer,
        list_id=library["id"],
        site_id=site,
        changes_link=world.sharepoint.changes(drive, "").link,
        watch=Watch.SUBSCRIBED,
        subscription_id=watch.id,
        client_state="secret",
        subscription_expires_at=watch.expires_at,
        pulled_at=datetime.now(UTC),
    )
    world.stores.libraries.create(state)
    world.stores.directory.put(Customer(customer, f"Customer {customer}", StorageLocation.SHAREPOINT))
    world.stores.folders.save(FolderLink(customer, "library", drive, "root", library["id"], site_id=site))


def test_an_idle_library_costs_one_unit_and_a_stated_number_of_table_requests(company: HostWorld):
    before, since = table_requests(company), len(company.local.requests())

    run = company.daily_run()

    sent = [call for call in company.local.requests()[since:] if call["path"].startswith("/v1.0")]
    deltas = [call for call in sent if "/delta" in call["route"]]
    others = [call for call in sent if "/delta" not in call["route"]]
    assert (len(deltas), sum(call["ru"] for call in deltas)) == (LIBRARIES, LIBRARIES)
    assert {call["route"] for call in others} == {"/subscriptions"}
    used = table_requests(company) - before
    assert sum(used.values()) <= TABLE_REQUESTS * LIBRARIES
    assert run["counts"] == {"libraries": LIBRARIES}


def table_requests(world: HostWorld) -> Counter[str]:
    """The requests to tables so far, by table; a transaction is one."""
    return Counter(name for name in _ACCESS.findall(world.storage.log_text()) if name in _TABLES)
