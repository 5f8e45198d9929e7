"""Several sites on the local SharePoint, at their limits: where a library comes, what counting costs, and refusals."""

import pytest

from shared.errors import AccessDenied, NameTaken, PermanentError, QuotaExceeded
from shared.graph.connect import connect
from shared.graph.request import RetryPolicy
from tests.graph.conftest import settings_for
from tests.graph.ledger import spent
from tests.graph.test_libraries import FURTHER, is_complete

SECOND = "/sites/moment-2"


@pytest.fixture
def adapter(sharepoint, sleeps):
    """Makes the adapter of a new process that knows two sites."""
    sharepoint.add_site(SECOND)

    def make(**changes):
        host = sharepoint.site_hostname
        sites = (f"{host}:{sharepoint.site_path}", f"{host}:{SECOND}")
        settings = settings_for(sharepoint, **{"sites": sites, "lists_per_site": 1900} | changes)
        return connect(settings, sleeps.now, sleeps, retry=RetryPolicy(delays_s=(0.5,), stale_read_delays_s=(0.5,)))

    return make


def site_ids(sharepoint):
    return [each["id"] for each in sharepoint.sites()]


def lists(sharepoint):
    return [each["lists"] for each in sharepoint.sites()]


def test_libraries_come_into_the_first_site_while_it_has_room(adapter, sharepoint):
    graph = adapter(lists_per_site=3)

    made = [graph.create_library(f"Library {number}", "marker") for number in range(4)]

    first, second = site_ids(sharepoint)
    assert [each.site_id for each in made] == [first, first, second, second]
    assert all(is_complete(graph, library) for library in made)
    assert "/sites/moment-2/" in made[3].web_url


def test_at_1900_lists_the_next_site_is_used(adapter, sharepoint):
    sharepoint.add_lists(1898)
    graph = adapter()

    made = [graph.create_library(name, "marker") for name in ("Last", "Next")]

    assert [each.site_id for each in made] == site_ids(sharepoint)
    assert lists(sharepoint) == [1900, 2]


def test_a_site_is_counted_once_per_process_page_by_page(adapter, sharepoint):
    sharepoint.add_lists(450)
    graph = adapter()
    graph.create_library("One", "marker")

    with spent(sharepoint) as cost:
        graph.create_library("Two", "marker")

    counting = [each for each in sharepoint.requests() if each["route"].endswith("/lists") and each["method"] == "GET"]
    assert len(counting) == 3
    assert cost.requests == FURTHER + 1  # whether the other site has a library of the name


def test_it_is_counted_again_after_ten_minutes(adapter, sharepoint, sleeps):
    graph = adapter(lists_per_site=3)
    graph.create_library("One", "marker")
    sharepoint.add_lists(1)
    sleeps(601)

    assert graph.create_library("Two", "marker").site_id == site_ids(sharepoint)[1]


def test_what_another_instance_made_meanwhile_is_made_good_by_sharepoints_own_refusal(adapter, sharepoint):
    sharepoint.settings(lists_per_site=3)
    graph = adapter()
    graph.create_library("One", "marker")
    sharepoint.add_lists(1)

    made = graph.create_library("Two", "marker")
    with spent(sharepoint) as cost:
        graph.create_library("Three", "marker")

    assert made.site_id == site_ids(sharepoint)[1]
    assert cost.requests == FURTHER + 1  # the full site is not tried again


def test_what_is_refused_everywhere_closes_no_site(adapter, sharepoint):
    graph = adapter()
    for _ in range(2):
        sharepoint.fault({"match": {"method": "POST", "route": "/lists$"}, "then": {"status": 400}})
    with pytest.raises(PermanentError):
        graph.create_library("One", "marker")

    assert graph.create_library("Two", "marker").site_id == site_ids(sharepoint)[0]


def test_no_permission_in_a_site_sends_nobody_to_the_next(adapter, sharepoint):
    graph = adapter()
    sharepoint.fault({"match": {"method": "POST", "route": "/lists$"}, "then": {"status": 403}})

    with pytest.raises(AccessDenied):
        graph.create_library("One", "marker")
    assert lists(sharepoint) == [1, 1]


def test_failures_of_the_moment_take_no_room(adapter, sharepoint):
    graph = adapter(lists_per_site=2)
    sharepoint.fault({"match": {"method": "POST", "route": "/lists$"}, "times": 2, "then": {"status": 503}})
    with pytest.raises(Exception, match="503"):
        graph.create_library("One", "marker")

    assert graph.create_library("One", "marker").site_id == site_ids(sharepoint)[0]


def test_when_all_are_full_the_reason_says_what_to_do(adapter, sharepoint):
    graph = adapter(lists_per_site=1)

    with pytest.raises(QuotaExceeded, match=r"make another site, .* add it to SHAREPOINT_SITES"):
        graph.create_library("One", "marker")
    assert lists(sharepoint) == [1, 1]


@pytest.mark.parametrize("limit", [1, 2, 1900])
def test_a_library_of_the_name_in_any_site_is_the_one_that_is_meant(adapter, sharepoint, limit):
    made = adapter(sites=(f"{sharepoint.site_hostname}:{SECOND}",)).create_library("Contoso", "marker")
    graph = adapter(lists_per_site=limit)

    with pytest.raises(NameTaken):
        graph.create_library("CONTOSO", "marker")
    assert graph.find_library("contoso") == (made, "marker")
    assert lists(sharepoint) == [1, 2]


def test_a_library_in_a_site_that_is_no_longer_set_goes_on(adapter, sharepoint):
    made = adapter(sites=(f"{sharepoint.site_hostname}:{SECOND}",)).create_library("Contoso", "marker")
    graph = adapter(sites=(f"{sharepoint.site_hostname}:{sharepoint.site_path}",))

    graph.complete_library(made, made_here=True)
    graph.rename_library(made.site_id, made.list_id, "Contoso & Sons")
    item = graph.put_file(made.drive_id, "root", "a.txt", b"x")

    assert graph.column_changes(made.site_id, made.list_id, "").entries
    assert graph.find_item(made.drive_id, item.id) == item
    assert is_complete(graph, made)
