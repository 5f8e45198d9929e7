"""Each kind of trouble, and of nothing at all, has a look of its own; and hostile names stay text in every place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from shared.errors import PreconditionFailed
from shared.model.causes import Cause
from shared.model.files import FileState
from tests.functions.test_files_api import wait_for
from tests.page.browser import NARROW, WIDE, Window, axe, no_sideways_scroll, shot
from tests.page.test_list import HOSTILE
from tests.system.host_world import HostWorld

FILES = "**/api/**files?*"


def saved(world: HostWorld, customer: str, file_id: str, **changes: object) -> bool:
    try:
        world.save(world.record(customer, file_id), **changes)
    except PreconditionFailed:
        return False
    return True


def test_a_customer_without_files_says_how_to_add_the_first(world: HostWorld, window: Window):
    page = window.goto(f"/?customer={world.company(storage='moment')}")

    expect(page.get_by_text("No files yet.").first).to_be_visible()
    axe(page)


@pytest.mark.parametrize(
    ("locale", "told", "helps"),
    [("en-GB", "You have been signed out. Nothing is lost.", "Sign in"), ("nb-NO", "Du er logget av.", "Logg på")],
)
def test_an_expired_sign_in_is_a_bar_that_leads_back(opened: Callable[..., Window], locale: str, told: str, helps: str):
    window = opened(locale=locale)
    window.expect("status of 401")
    problem = {"status": 401, "title": "Sign in", "signIn": "/.auth/login/aad"}
    window.page.route("**/api/**", lambda route: route.fulfill(status=401, json=problem))

    page = window.goto("/")

    expect(page.get_by_text(told).first).to_be_visible()
    expect(page.get_by_text(helps, exact=True).first).to_be_visible()
    axe(page)
    shot(page, f"signed-out-{locale}")


def test_a_lost_network_is_told_and_what_was_there_stays(world: HostWorld, window: Window):
    customer = world.company(storage="moment")
    world.kept(customer, "Plan.docx")
    page = window.goto(f"/?customer={customer}")
    expect(page.get_by_text("Plan.docx")).to_be_visible()

    window.expect("ERR_INTERNET_DISCONNECTED")  # of looks that come while it lasts
    page.context.set_offline(True)

    expect(page.get_by_text("You are offline.").first).to_be_visible()
    expect(page.get_by_text("Plan.docx")).to_be_visible()
    axe(page)


def test_a_list_that_can_not_be_loaded_says_so_and_is_tried_again(world: HostWorld, window: Window):
    customer = world.company(storage="moment")
    world.kept(customer, "Plan.docx")
    window.expect("status of 500")
    problem = {"status": 500, "title": "Internal error", "detail": "The error was logged."}

    def refuse(route: Route) -> None:
        route.fulfill(status=500, json=problem)

    window.page.route(FILES, refuse)
    page = window.goto(f"/?customer={customer}")
    expect(page.get_by_text("Your files are safe.").first).to_be_visible()
    axe(page)

    page.unroute(FILES, refuse)
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_text("Plan.docx")).to_be_visible()


def test_a_page_of_very_many_files_is_a_page_with_more_behind_it(world: HostWorld, window: Window):
    customer = world.company(storage="moment")
    file_id = world.kept(customer, "Plan.docx")
    one = world.api.call("GET", f"customers/{customer}/files/{file_id}?include=place").json()
    many = [one | {"id": f"{file_id}{number}", "name": f"Plan {number}.docx"} for number in range(50)]
    window.page.route(FILES, lambda route: route.fulfill(json={"items": many, "nextPage": "behind"}))

    page = window.goto(f"/?customer={customer}")

    expect(page.locator("tbody tr")).to_have_count(50)
    expect(page.get_by_role("button", name="Next")).to_be_enabled()
    axe(page)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("place", ["attention", "customers", "runs", "sync"])
def test_hostile_names_stay_text_in_the_other_places(
    world: HostWorld, opened: Callable[..., Window], viewport: dict[str, int], place: str
):
    hostile = f"{'x' * 30} {HOSTILE}"
    customer = world.company(storage="moment")
    file_id = world.kept(customer, "hostile.txt", createdBy=hostile)
    world.api.call("PUT", f"customers/{customer}", json={"name": f"{customer} {hostile}", "storage": "sharepoint"})
    blocked = {"state": FileState.BLOCKED, "reason": hostile, "cause": Cause.OTHER, "may_pass": False}
    wait_for(lambda: saved(world, customer, file_id, name=hostile, **blocked), "a save that no trigger overtakes")
    world.stores.indexing.send(customer)
    if place == "runs":
        world.ended(world.sync(customer, "from-sharepoint", by=hostile)["id"])
    addresses = {"sync": f"/?customer={customer}", "customers": f"/?view=customers&customer={customer}"}

    page = opened(viewport=viewport).goto(addresses.get(place, f"/?view={place}"))
    if place == "sync":
        page.get_by_role("button", name="Sync").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()

    expect(page.get_by_text(customer).locator("visible=true").first).to_be_visible(timeout=60_000)
    assert page.locator("img, script:not([src]), main b").count() == 0
    assert no_sideways_scroll(page)
    axe(page)
    shot(page, f"hostile-{place}-{viewport['width']}")
