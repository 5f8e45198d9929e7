"""The cloud button: a direction where there is something to bring, a plan with names, the run, its outcome."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.functions.test_files_api import in_state, wait_for
from tests.page.browser import NARROW, Window, axe, no_sideways_scroll, shot, until
from tests.system.host_world import HostWorld

ENDED_MS = 60_000


def kept(world: HostWorld, customer: str, name: str, content: bytes, **body: str) -> None:
    """A file in Moment Cloud; told of by its one event, so that no other moves it later."""
    file_id = world.file(customer, name, content, **body)
    wait_for(lambda: in_state(world.api, customer, file_id, "in-moment-cloud"), "the arrival")


@pytest.fixture
def project(world: HostWorld) -> str:
    """`customer/projects/p1` with two files that wait in Moment Cloud for their project's move to SharePoint."""
    customer = world.company(storage="moment")
    scope = f"customers/{customer}/projects/p1"
    world.api.call("PUT", scope, json={"name": "Nytt lager"})
    for name in ("first.txt", "second.txt"):
        kept(world, customer, name, b"12345", project="p1")
    world.api.call("PUT", scope, json={"name": "Nytt lager", "storage": "sharepoint"})
    return f"{customer}/projects/p1"


def opened_dialog(page: Page) -> Locator:
    page.get_by_role("button", name="Sync…").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Sync"))
    expect(dialog.get_by_role("heading", name="Direction")).to_be_focused()
    return dialog


def address(project: str) -> str:
    customer, _, own = project.partition("/projects/")
    return f"/?customer={customer}&project={own}"


def states(world: HostWorld, project: str) -> list[str]:
    customer = project.partition("/")[0]
    return [each["state"] for each in world.api.call("GET", f"customers/{customer}/files").json()["items"]]


def test_a_project_is_planned_synced_and_then_has_nothing_more_to_bring(world: HostWorld, window: Window, project: str):
    page = window.goto(address(project))
    dialog = opened_dialog(page)
    expect(dialog.get_by_role("radio", name="To SharePoint 2 files wait")).to_be_checked()
    axe(page)
    dialog.get_by_role("button", name="Show the plan").click()

    expect(dialog.get_by_role("heading", name="Plan: nothing has been changed yet")).to_be_focused(timeout=ENDED_MS)
    expect(dialog.get_by_role("row", name="Move to SharePoint")).to_contain_text("2 files")
    dialog.get_by_role("button", name="Names: Move to SharePoint").click()
    expect(dialog.get_by_role("region", name="Names: Move to SharePoint")).to_contain_text("first.txt")
    axe(page)
    shot(page, "sync-plan")
    assert states(world, project) == ["in-moment-cloud"] * 2
    dialog.get_by_role("button", name="Move 2 files").click()

    expect(dialog.get_by_role("heading", name="Result")).to_be_focused(timeout=ENDED_MS)
    expect(dialog).to_contain_text("2 moved")
    axe(page)
    assert states(world, project) == ["in-sharepoint"] * 2
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sync…")).to_be_focused()
    expect(opened_dialog(page)).to_contain_text("Every file is already in SharePoint.")


def test_a_plan_that_is_outdated_is_made_anew_and_says_what_is_new(world: HostWorld, window: Window, project: str):
    page = window.goto(address(project))
    dialog = opened_dialog(page)
    dialog.get_by_role("button", name="Show the plan").click()
    button = dialog.get_by_role("button", name="Move 2 files")
    expect(button).to_be_visible(timeout=ENDED_MS)
    customer = project.partition("/")[0]
    world.api.call("PUT", f"customers/{project}", json={"name": "Nytt lager", "storage": "moment"})
    kept(world, customer, "third.txt", b"123", project="p1")
    world.api.call("PUT", f"customers/{project}", json={"name": "Nytt lager", "storage": "sharepoint"})

    refusal = {
        "status": 409,
        "content_type": "application/problem+json",
        "body": '{"status": 409, "detail": "outdated"}',
    }
    page.route("**/carry-out", lambda route: route.fulfill(**refusal), times=1)
    window.expect("status of 409")
    button.click()

    expect(dialog.get_by_role("button", name="Move 3 files")).to_be_visible(timeout=ENDED_MS)
    expect(dialog).to_contain_text("Something changed since the plan was made. Here is the new plan.")
    dialog.get_by_role("button", name="Names: Move to SharePoint").click()
    marked = dialog.get_by_role("listitem").filter(has_text="New in this plan")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("third.txt")


def test_a_second_person_sees_the_run_and_stops_it(world: HostWorld, opened: Callable[..., Window]):
    customer = world.company(storage="moment")
    files = [world.file(customer, f"{number}.txt") for number in range(40)]
    until_kept = opened().goto(f"/?customer={customer}")
    until(until_kept, lambda: world.count_in(customer, "in-moment-cloud") == len(files), "the arrivals")
    world.api.call("PUT", f"customers/{customer}", json={"name": customer, "storage": "sharepoint"})
    world.local.set_latency(300)
    try:
        run = world.sync(customer, "to-sharepoint")
        page = opened(viewport=NARROW).goto(f"/?customer={customer}")
        page.get_by_role("button", name="Sync…").click()
        dialog = page.get_by_role("dialog", name=re.compile("^Sync"))

        expect(dialog).to_contain_text("began this sync at")
        axe(page)
        assert no_sideways_scroll(page)
        dialog.get_by_role("button", name="Stop after this one").click()
        expect(dialog.get_by_role("heading", name="Result")).to_be_visible(timeout=ENDED_MS)
        expect(dialog).to_contain_text("Stopped")
    finally:
        world.local.set_latency(0)
    assert world.ended(run["id"])["state"] == "cancelled"


def test_a_customer_that_keeps_its_files_in_moment_is_told_so(world: HostWorld, window: Window):
    customer = world.company(storage="moment")
    page = window.goto(f"/?customer={customer}")

    dialog = opened_dialog(page)

    expect(dialog).to_contain_text("There is nothing to sync.")
    expect(dialog.get_by_role("radio")).to_have_count(0)
