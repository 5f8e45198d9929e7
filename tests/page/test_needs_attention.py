"""What waits for a person: by cause and customer, with the one button that helps; stopped deletions; the given up."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from shared.model.causes import Cause
from shared.model.files import FileState
from shared.model.given_up import GivenUpMessage
from tests.functions.test_files_api import in_state, wait_for
from tests.page.browser import NARROW, Window, axe, no_sideways_scroll, shot, until
from tests.system.host_world import HostWorld
from tests.system.test_round_trip import where

SOON_MS = 60_000


def blocked(world: HostWorld, customer: str, name: str, cause: Cause, reason: str) -> str:
    """A file that SharePoint refused, with its content in Moment Cloud."""
    file_id = world.file(customer, name)
    wait_for(lambda: in_state(world.api, customer, file_id, "in-moment-cloud"), "the arrival")
    world.save(world.record(customer, file_id), state=FileState.BLOCKED, cause=cause, reason=reason)
    return file_id


def a_customer_of_sharepoint(world: HostWorld, *refused: tuple[str, Cause, str]) -> str:
    """The files were refused; the reason has gone since."""
    customer = world.company(storage="moment")
    for name, cause, reason in refused:
        blocked(world, customer, name, cause, reason)
    world.api.call("PUT", f"customers/{customer}", json={"name": customer, "storage": "sharepoint"})
    return customer


def trouble(page: Page, customer: str, sentence: str):
    return page.get_by_role("listitem").filter(has_text=customer).filter(has_text=sentence).first


def test_files_are_grouped_by_cause_and_one_button_tries_them_all(world: HostWorld, window: Window):
    full = Cause.SITE_FULL
    customer = a_customer_of_sharepoint(
        world, ("a.txt", full, "quotaLimitReached"), ("b.txt", full, "quotaLimitReached")
    )
    page = window.goto("/?view=attention")
    group = trouble(page, customer, "The SharePoint site is full.")
    expect(group).to_contain_text("2 files", timeout=SOON_MS)
    group.get_by_role("button", name="Files: The SharePoint site is full.").click()
    expect(group.get_by_role("link", name="a.txt")).to_be_visible()
    axe(page)
    shot(page, "needs-attention")

    group.get_by_role("button", name="Try now", exact=True).click()

    expect(group).to_have_count(0, timeout=SOON_MS)
    until(page, lambda: world.count_in(customer, "in-sharepoint") == 2, "the moves")


def test_one_file_of_several_is_tried_alone(world: HostWorld, window: Window):
    differs = Cause.COPY_DIFFERS
    customer = a_customer_of_sharepoint(world, ("one.txt", differs, "x"), ("two.txt", differs, "x"))
    page = window.goto("/?view=attention")
    group = trouble(page, customer, "The copy is not equal to the original.")
    expect(group).to_contain_text("2 files", timeout=SOON_MS)
    group.get_by_role("button", name="Files: ").click()

    group.get_by_role("button", name="Try now: ").nth(0).click()

    expect(group).to_contain_text("1 file", timeout=SOON_MS)
    until(page, lambda: world.count_in(customer, "in-sharepoint") == 1, "the move")
    assert world.count_in(customer, "blocked") == 1


def test_a_name_that_was_refused_is_changed_in_the_panel(world: HostWorld, window: Window):
    refusal = ("too long.txt", Cause.PATH_TOO_LONG, "The path has 412 characters.")
    customer = a_customer_of_sharepoint(world, refusal)
    page = window.goto("/?view=attention")

    trouble(page, customer, "The path is too long").get_by_role("button", name="Rename…").click()

    field = page.get_by_role("textbox", name="New name of")
    expect(field).to_be_focused()
    field.fill("short.txt")
    page.keyboard.press("Enter")
    until(page, lambda: world.count_in(customer, "in-sharepoint") == 1, "the move under its new name")


def test_a_file_with_malware_is_deleted_and_the_deletion_undone(world: HostWorld, window: Window):
    customer = a_customer_of_sharepoint(world, ("bad.zip", Cause.MALWARE, "malwareDetected"))
    page = window.goto("/?view=attention")
    group = trouble(page, customer, "SharePoint found malware in it.")

    group.get_by_role("button", name="Delete", exact=True).click()

    expect(group).to_have_count(0)
    until(page, lambda: world.count_in(customer, "deleted") == 1, "the deletion")
    page.get_by_role("button", name="Recent changes").click()
    page.get_by_role("button", name="Undo: Deleted").click()
    until(page, lambda: world.count_in(customer, "deleted") == 0, "the undoing")


def vanished(world: HostWorld) -> str:
    """A customer of whose library 8 of 9 files vanished at once, which the guard stopped."""
    customer = world.company(storage="sharepoint")
    world.moved(customer, "first.txt")
    drive, _, _ = where(world.person, customer, "", "first.txt")
    wait_for(lambda: world.library(customer).get("watch") == "subscribed", "the subscription")
    folder = world.person.does("POST", f"/drives/{drive}/items/root/children", json={"name": "Old", "folder": {}})["id"]
    for number in range(8):
        world.person.does("PUT", f"/drives/{drive}/items/{folder}:/{number}.txt:/content", data=b"%d" % number)
    world.ended(world.sync(customer, "from-sharepoint")["id"])
    world.person.does("DELETE", f"/drives/{drive}/items/{folder}")
    world.ended(world.sync(customer, "from-sharepoint")["id"])
    return customer


def test_stopped_deletions_are_reviewed_by_name_and_approved(world: HostWorld, window: Window):
    customer = vanished(world)
    page = window.goto("/?view=attention")
    row = trouble(page, customer, "8 of 9 files vanished")
    row.get_by_role("button", name="Review").click()
    dialog = page.get_by_role("dialog", name="8 of 9 files vanished")
    expect(dialog.get_by_role("rowheader", name="7.txt")).to_be_attached(timeout=SOON_MS)
    expect(dialog.get_by_role("button", name="Keep them in Moment")).to_be_focused()
    axe(page)
    shot(page, "approval")

    dialog.get_by_role("button", name="Delete 8 files here too").click()

    expect(dialog).to_have_count(0)
    expect(row).to_have_count(0)
    until(page, lambda: world.count_in(customer, "deleted") == 8, "the deletions")


def test_stopped_deletions_are_dismissed_and_the_records_kept(world: HostWorld, opened: Callable[..., Window]):
    customer = vanished(world)
    page = opened(viewport=NARROW, color_scheme="dark").goto("/?view=attention")
    row = trouble(page, customer, "8 of 9 files vanished")
    row.get_by_role("button", name="Review").click()
    dialog = page.get_by_role("dialog", name="8 of 9 files vanished")
    expect(dialog.get_by_role("rowheader", name="7.txt")).to_be_attached(timeout=SOON_MS)
    axe(page)
    assert no_sideways_scroll(page)

    dialog.get_by_role("button", name="Keep them in Moment").click()

    expect(row).to_have_count(0)
    until(page, lambda: world.count_in(customer, "blocked") == 8, "the dismissal")
    assert world.count_in(customer, "deleted") == 0


def test_what_was_given_up_is_tried_again_or_forgotten(world: HostWorld, window: Window):
    now = datetime.now(UTC)
    entry = GivenUpMessage(
        id=uuid.uuid4().hex,
        queue="transfers",
        body='{"customer": "nobody", "file": "nothing"}',
        concerns="file <b>nothing</b> of nobody",
        reason="KeyError: 'blob'",
        first_at=now,
        last_at=now,
        times=2,
    )
    other = replace(entry, id=uuid.uuid4().hex, concerns="another thing")
    for each in (entry, other):
        world.stores.given_up.create(each)
    page = window.goto("/?view=attention")
    section = page.get_by_role("region", name="Given up")
    expect(section).to_contain_text("file <b>nothing</b> of nobody")
    axe(page)

    section.get_by_role("button", name="Try now: ").nth(0).click()
    expect(section.get_by_role("listitem")).to_have_count(1)
    section.get_by_role("button", name="Forget: ").click()

    expect(section).to_have_count(0)
    assert world.stores.given_up.list(None, 10).items == []


def test_where_nothing_is_wrong_it_says_when_that_was_checked(opened: Callable[..., Window]):
    window = opened()
    empty = {"status": 200, "content_type": "application/json", "body": '{"items": []}'}
    for path in ("files", "approvals", "given-up"):
        window.page.route(f"**/api/{path}?**", lambda route: route.fulfill(**empty))

    page = window.goto("/?view=attention")

    expect(page.get_by_text("Nothing needs attention. Last checked")).to_be_visible()
    axe(page)
