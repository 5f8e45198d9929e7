"""Customers, projects, activities and tasks are made, renamed, moved to SharePoint and deleted on the page."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.functions.test_files_api import in_state, wait_for
from tests.page.browser import NARROW, Window, axe, no_sideways_scroll, shot, until
from tests.system.host_world import HostWorld


def pane(page: Page):
    """What stands beside the tree."""
    return page.locator(".pane")


def made(page: Page, button: str, name: str, number: str = "") -> None:
    """Fill in the form and wait until the new object is shown."""
    page.get_by_role("button", name=button, exact=True).click()
    if number:
        page.get_by_label("Number").fill(number)
    page.get_by_label("Name", exact=True).fill(name)
    page.keyboard.press("Enter")
    expect(page.locator("#object-title")).to_contain_text(name)
    expect(page.locator("#object-title")).to_be_focused()


def test_a_customer_with_all_below_it_is_made_by_keyboard_and_found_again(world: HostWorld, window: Window):
    name = f"Bygg {world.host.url[-5:]} AS"
    page = window.goto("/?view=customers")

    made(page, "New customer", name)
    made(page, "New project", "Nytt lager", "104")
    made(page, "New activity", "Prosjektering", "3")
    made(page, "New task", "Brannkonsept", "42")

    axe(page)
    shot(page, "customers")
    row = page.get_by_role("link", name="#42 Brannkonsept")
    expect(row).to_have_attribute("aria-current", "true")
    page.reload()
    expect(page.get_by_role("link", name="#42 Brannkonsept")).to_be_visible()
    page.get_by_role("searchbox", name="Find a customer").fill(name)
    expect(page.get_by_role("link", name=name)).to_be_visible()
    (customer,) = world.api.call("GET", "customers", params={"q": name}).json()["items"]
    (project,) = world.api.call("GET", f"customers/{customer['id']}/projects").json()["items"]
    assert (customer["storage"], project["name"], project["number"]) == ("moment", "Nytt lager", "104")
    (task,) = world.api.call("GET", f"customers/{customer['id']}/projects/{project['id']}/tasks").json()["items"]
    assert task["activity"] is not None


def test_a_rename_is_shown_saved_and_can_be_undone(world: HostWorld, window: Window):
    customer = world.company(storage="moment")
    page = window.goto(f"/?view=customers&customer={customer}")

    pane(page).get_by_role("button", name="Rename").click()
    page.get_by_label("Name", exact=True).fill(f"Renamed {customer}")
    page.get_by_role("button", name="Save").click()

    expect(pane(page).get_by_role("heading", name=f"Renamed {customer}")).to_be_focused()
    assert world.api.call("GET", f"customers/{customer}").json()["name"] == f"Renamed {customer}"
    page.get_by_role("button", name="Recent changes").click()
    page.get_by_role("button", name=re.compile("^Undo: ")).click()
    expect(pane(page).get_by_role("heading", name=f"Customer {customer}")).to_be_visible()
    assert world.api.call("GET", f"customers/{customer}").json()["name"] == f"Customer {customer}"


def test_a_name_that_a_sibling_has_is_told_at_the_field_and_stays_in_it(world: HostWorld, window: Window):
    customer = world.company(storage="sharepoint")
    for project, name in (("p1", "Nytt lager"), ("p2", "Intern avtale")):
        world.api.call("PUT", f"customers/{customer}/projects/{project}", json={"name": name})
    page = window.goto(f"/?view=customers&customer={customer}&project=p2")
    window.expect("status of 409")

    pane(page).get_by_role("button", name="Rename").click()
    field = page.get_by_label("Name", exact=True)
    field.fill("nytt LAGER")
    page.keyboard.press("Enter")

    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Nytt lager"))
    expect(field).to_be_focused()
    expect(field).to_have_value("nytt LAGER")
    axe(page)


def test_what_somebody_else_renamed_meanwhile_is_shown_before_mine_is_saved(world: HostWorld, window: Window):
    customer = world.company(storage="moment")
    page = window.goto(f"/?view=customers&customer={customer}")
    window.expect("status of 412")
    pane(page).get_by_role("button", name="Rename").click()
    field = page.get_by_label("Name", exact=True)
    field.fill(f"Mine {customer}")
    world.api.call("PUT", f"customers/{customer}", json={"name": f"Olas {customer}", "storage": "moment"})

    page.keyboard.press("Enter")
    expect(field).to_have_accessible_description(re.compile(f"Olas {customer}"))
    expect(field).to_have_value(f"Mine {customer}")
    page.keyboard.press("Enter")

    expect(pane(page).get_by_role("heading", name=f"Mine {customer}")).to_be_visible()
    assert world.api.call("GET", f"customers/{customer}").json()["name"] == f"Mine {customer}"


def test_a_project_is_switched_to_sharepoint_after_its_effect_was_told_and_then_synced(
    world: HostWorld, window: Window
):
    customer = world.company(storage="moment")
    world.api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Nytt lager"})
    for name in ("a.txt", "b.txt"):
        file_id = world.file(customer, name, project="p1")
        wait_for(lambda file_id=file_id: in_state(world.api, customer, file_id, "in-moment-cloud"), "the arrival")
    page = window.goto(f"/?view=customers&customer={customer}&project=p1")
    expect(pane(page).get_by_role("radio", name="Same as", checked=True)).to_be_visible()

    pane(page).get_by_role("radio", name="SharePoint", exact=True).check()
    expect(pane(page)).to_contain_text("2 files will move")
    axe(page)
    pane(page).get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="Nytt lager").locator("xpath=..")).to_contain_text("SharePoint (own choice)")
    assert world.api.call("GET", f"customers/{customer}/projects/p1").json()["storage"] == "sharepoint"
    pane(page).get_by_role("button", name="Sync now…").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Sync"))
    expect(dialog.get_by_role("radio", name="To SharePoint 2 files wait")).to_be_checked()


def test_what_files_belong_to_is_not_deleted_and_what_is_empty_is(world: HostWorld, window: Window):
    customer = world.company(storage="moment")
    for project in ("used", "empty"):
        world.api.call("PUT", f"customers/{customer}/projects/{project}", json={"name": f"Project {project}"})
    file_id = world.file(customer, "a.txt", project="used")
    wait_for(lambda: in_state(world.api, customer, file_id, "in-moment-cloud"), "the arrival")
    window.expect("status of 409")
    page = window.goto(f"/?view=customers&customer={customer}&project=used")

    pane(page).get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("dialog", name="Delete")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("button", name="Delete the project").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Files still belong to it")
    axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Project empty").click()
    pane(page).get_by_role("button", name="Delete…").click()
    dialog.get_by_role("button", name="Delete the project").click()

    expect(page.get_by_role("link", name="Project empty")).to_have_count(0)
    until(
        page, lambda: world.api.call("GET", f"customers/{customer}/projects/empty").status_code == 404, "the deletion"
    )
    assert world.api.call("GET", f"customers/{customer}/projects/used").status_code == 200


def test_on_a_phone_the_object_is_a_page_of_its_own_with_a_way_back(world: HostWorld, opened: Callable[..., Window]):
    name = "Nordøstlandske Entreprenør- og Anleggsforretning <b>for</b> Vann, Avløp, Veg og Jernbane " + "x" * 60
    customer = world.company(name=name, storage="sharepoint")
    page = opened(viewport=NARROW, color_scheme="dark").goto("/?view=customers")
    page.get_by_role("searchbox", name="Find a customer").fill("Nordøstlandske")

    page.get_by_role("link", name="Nordøstlandske").click()

    expect(pane(page).get_by_role("heading", name="Nordøstlandske")).to_be_focused()
    expect(page.get_by_role("searchbox", name="Find a customer")).to_be_hidden()
    axe(page)
    assert no_sideways_scroll(page)
    shot(page, "customers-narrow")
    page.get_by_role("button", name="All customers").click()
    expect(page.get_by_role("link", name="Nordøstlandske")).to_be_visible()
    assert no_sideways_scroll(page)
    assert customer not in page.url
