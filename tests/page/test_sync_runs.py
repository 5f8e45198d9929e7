"""Sync runs: which there were, what each did, in parts."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.page.browser import NARROW, Window, axe, no_sideways_scroll, shot
from tests.system.host_world import HostWorld


def test_a_run_is_found_opened_and_left_again_with_the_focus_where_it_was(world: HostWorld, window: Window):
    customer = world.company(storage="sharepoint")
    world.file(customer, "a.txt")
    run = world.ended(world.sync(customer, "to-sharepoint")["id"])
    page = window.goto("/?view=runs")
    row = page.get_by_role("row").filter(has_text=f"Customer {customer}")
    expect(row).to_contain_text("By Ada")
    expect(row).to_contain_text("Done")
    axe(page)

    row.get_by_role("link").click()

    expect(page.get_by_role("heading", name=f"Sync of Customer {customer}")).to_be_focused()
    expect(page.get_by_role("table", name="Parts").get_by_role("row").filter(has_text="Library")).to_have_count(1)
    axe(page)
    shot(page, "sync-run")
    assert f"run={run['id']}" in page.url
    page.keyboard.press("Escape")
    expect(row.get_by_role("link")).to_be_focused()


def test_filters_are_in_the_address_and_plans_are_shown_when_asked_for(world: HostWorld, window: Window):
    customer = world.company(storage="sharepoint")
    other = world.company(storage="sharepoint")
    world.ended(world.sync(customer, "from-sharepoint", plan=True)["id"])
    world.ended(world.sync(customer, "from-sharepoint")["id"])
    world.ended(world.sync(other, "from-sharepoint")["id"])
    page = window.goto("/?view=runs")
    rows = page.get_by_role("table", name="Sync runs").get_by_role("row").filter(has_text="From SharePoint")
    expect(rows.filter(has_text=f"Customer {other}")).to_have_count(1)

    page.get_by_label("Customer").select_option(customer)
    expect(rows).to_have_count(1)
    page.get_by_label("Result").select_option("planned")

    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Plan only")
    assert f"customer={customer}" in page.url
    assert "state=planned" in page.url
    page.go_back()
    expect(rows).not_to_contain_text("Plan only")


def test_runs_fit_a_phone(world: HostWorld, opened: Callable[..., Window]):
    customer = world.company(storage="sharepoint")
    run = world.ended(world.sync(customer, "from-sharepoint")["id"])
    page = opened(viewport=NARROW, color_scheme="dark", locale="nb-NO").goto("/?view=runs")

    expect(page.get_by_role("table", name="Synkroniseringer")).to_contain_text(f"Customer {customer}")
    axe(page)
    assert no_sideways_scroll(page)
    page.goto(f"{world.host.url}/?view=runs&run={run['id']}")
    expect(page.get_by_role("heading", name="Synkronisering av")).to_be_visible()
    axe(page)
    assert no_sideways_scroll(page)


def test_a_run_that_is_not_there_is_told(window: Window):
    window.expect("status of 404")

    page = window.goto("/?view=runs&run=nothing")

    expect(page.get_by_text("There is no such run.")).to_be_visible()
