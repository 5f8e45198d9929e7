"""The list of files: found as one types, filtered by the address, edited in place, undone, by mouse and by keys."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.functions.test_files_api import wait_for
from tests.page.browser import NARROW, Window, axe, no_sideways_scroll, shot
from tests.system.host_world import HostWorld

HOSTILE = "<img src=x onerror=alert(1)>&amp;\"quotes' \u202egnp.txt"
LONG = "a" * 251 + ".txt"
"""The longest name that SharePoint takes: 255 characters."""


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_text(name, exact=True))


def link(page: Page, name: str) -> Locator:
    return row(page, name).locator(".name")


def names(page: Page) -> list[str]:
    return page.locator("tbody .name").all_inner_texts()


def file_of(world: HostWorld, customer: str, file_id: str) -> dict:
    return world.api.call("GET", f"customers/{customer}/files/{file_id}").json()


@pytest.fixture
def customer(world: HostWorld) -> str:
    return world.company(storage="moment")


def test_files_are_found_as_one_types_and_back_undoes_the_search(world: HostWorld, window: Window, customer: str):
    for name in ("Tilbud 100.docx", "Tilbud 101.docx", "Kart.pdf"):
        world.kept(customer, name)
    page = window.goto(f"/?customer={customer}")
    expect(link(page, "Kart.pdf")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("tilb", delay=20)
    expect(page.locator("tbody tr")).to_have_count(2)

    assert "q=tilb" in page.url
    expect(page.get_by_role("status")).to_have_text("2 files")
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.keyboard.type("zzz")
    expect(page.get_by_role("heading", name="No files match “zzz”")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("No files match")


def test_the_address_alone_gives_the_same_view_to_a_colleague(
    world: HostWorld, opened: Callable[..., Window], customer: str
):
    world.api.call("PUT", f"customers/{customer}/projects/lager", json={"name": "Nytt lager", "number": "1042"})
    world.kept(customer, "In.docx", project="lager", tags=["tilbud"])
    world.kept(customer, "Out.docx", tags=["tilbud"])
    world.kept(customer, "Untagged.docx", project="lager")
    page = opened().goto(f"/?customer={customer}")

    page.get_by_role("button", name="Belongs to").click()
    page.get_by_role("combobox", name="Project").fill("nytt")
    page.get_by_role("option", name="1042 Nytt lager").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("combobox", name="Tag").fill("tilbud")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("tbody tr")).to_have_count(1)

    other = opened(locale="nb-NO").goto(page.url.removeprefix(world.host.url))
    expect(other.locator("tbody .name")).to_have_text(["In.docx"])
    expect(other.get_by_text("Prosjekt: 1042 Nytt lager")).to_be_visible()
    axe(other)


def test_a_name_is_edited_in_its_row_and_taken_back(world: HostWorld, window: Window, customer: str):
    file_id = world.kept(customer, "Plan.xlsx")
    page = window.goto(f"/?customer={customer}")

    link(page, "Plan.xlsx").focus()
    page.keyboard.press("F2")
    page.keyboard.type("Plan B")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Renamed “Plan.xlsx” to “Plan B.xlsx”")
    expect(link(page, "Plan B.xlsx")).to_be_focused()
    assert file_of(world, customer, file_id)["name"] == "Plan B.xlsx"
    page.keyboard.press("Control+z")
    expect(link(page, "Plan.xlsx")).to_be_visible()
    assert file_of(world, customer, file_id)["name"] == "Plan.xlsx"


def test_two_people_rename_a_file_and_the_slower_one_chooses(world: HostWorld, window: Window, customer: str):
    window.expect("status of 412")
    file_id = world.kept(customer, "Mine.docx")
    page = window.goto(f"/?customer={customer}")
    link(page, "Mine.docx").focus()
    page.keyboard.press("F2")
    world.api.call("PATCH", f"customers/{customer}/files/{file_id}", json={"name": "Theirs.docx", "changedBy": "Ola"})

    page.keyboard.type("Wanted")
    page.keyboard.press("Enter")

    conflict = page.get_by_role("group", name="Changed by two people")
    expect(conflict).to_contain_text("Ola renamed it to “Theirs.docx” while you typed.")
    axe(page)
    conflict.get_by_role("button", name="Use mine").click()
    expect(conflict).to_have_count(0)
    wait_for(lambda: file_of(world, customer, file_id)["name"] == "Wanted.docx", "the name that was chosen")


def test_tags_of_two_people_are_merged(world: HostWorld, window: Window, customer: str):
    window.expect("status of 412")
    file_id = world.kept(customer, "Tagged.docx", tags=["first"])
    page = window.goto(f"/?customer={customer}&file={customer}/{file_id}")
    expect(page.get_by_role("heading", name="Tagged.docx")).to_be_focused()
    expect(page.locator(".panel .tag")).to_have_count(1)
    world.api.call("PATCH", f"customers/{customer}/files/{file_id}", json={"tags": ["first", "theirs"]})

    page.get_by_role("combobox", name="Add a tag").fill("mine")
    page.keyboard.press("Enter")

    wait_for(lambda: file_of(world, customer, file_id)["tags"] == ["first", "theirs", "mine"], "the merged tags")
    expect(page.locator(".panel .tag")).to_have_count(3)


def test_a_deleted_file_is_out_of_sight_at_once_and_comes_back(world: HostWorld, window: Window, customer: str):
    for name in ("A.docx", "B.docx"):
        file_id = world.kept(customer, name)
    page = window.goto(f"/?customer={customer}")
    link(page, "B.docx").focus()

    page.keyboard.press("Delete")

    expect(row(page, "B.docx")).to_have_count(0)
    expect(link(page, "A.docx")).to_be_focused()
    wait_for(lambda: file_of(world, customer, file_id)["state"] == "deleted", "the deletion")
    axe(page)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(row(page, "B.docx")).to_have_count(1)
    wait_for(lambda: file_of(world, customer, file_id)["state"] == "in-moment-cloud", "the file")


def test_a_file_is_moved_to_a_project_by_keys_alone(world: HostWorld, window: Window, customer: str):
    world.api.call("PUT", f"customers/{customer}/projects/lager", json={"name": "Nytt lager", "number": "1042"})
    file_id = world.kept(customer, "Plan.xlsx")
    page = window.goto(f"/?customer={customer}")
    link(page, "Plan.xlsx").focus()

    page.keyboard.press("m")
    expect(page.get_by_role("combobox", name="Project")).to_be_focused()
    page.keyboard.type("lager")
    expect(page.get_by_role("option", name="1042 Nytt lager")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    axe(page)
    page.get_by_role("button", name="Move 1 file").press("Enter")

    wait_for(lambda: file_of(world, customer, file_id)["project"] == "lager", "the new place")
    expect(row(page, "Plan.xlsx")).to_contain_text("1042 Nytt lager")
    expect(link(page, "Plan.xlsx")).to_be_focused()


def test_what_others_add_waits_until_asked_for(world: HostWorld, window: Window, customer: str):
    world.kept(customer, "Old.docx")
    page = window.goto(f"/?customer={customer}")
    expect(link(page, "Old.docx")).to_be_visible()

    world.kept(customer, "New.docx")

    shown = page.get_by_text("1 new or changed file")
    expect(shown).to_be_visible(timeout=30_000)
    assert names(page) == ["Old.docx"]
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody .name")).to_have_text(["New.docx", "Old.docx"])


def test_a_file_moves_to_sharepoint_under_the_eyes_and_its_name_opens_it_there(world: HostWorld, window: Window):
    customer = world.company(storage="sharepoint")
    file_id = world.file(customer, "Plan.docx")
    page = window.goto(f"/?customer={customer}")
    expect(row(page, "Plan.docx")).to_be_visible()

    world.stores.transfer_queue.send(customer, file_id)

    expect(row(page, "Plan.docx")).to_contain_text("In SharePoint", timeout=60_000)
    opens = link(page, "Plan.docx")
    expect(opens).to_have_attribute("href", file_of(world, customer, file_id)["link"])
    expect(opens).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_names_stay_text_and_inside_their_place(
    world: HostWorld, opened: Callable[..., Window], viewport: dict[str, int], scheme: str
):
    customer = world.company(storage="moment")
    hostile = f'{customer} & <b>Sønn</b> "Group"'
    world.api.call("PUT", f"customers/{customer}", json={"name": hostile, "storage": "moment"})
    who = "<script>alert(2)</script>"
    for name in ("hostile.txt", LONG):
        file_id = world.kept(customer, name, tags=["<b>fet</b>", "y" * 100], createdBy=who)
        if name != LONG:
            # No name like this gets in: the app makes one of it that SharePoint takes.
            world.save(world.record(customer, file_id), name=HOSTILE)
    page = opened(viewport=viewport, color_scheme=scheme).goto(f"/?customer={customer}")
    expect(page.locator("tbody tr")).to_have_count(2)

    assert names(page) == [LONG, HOSTILE]
    assert no_sideways_scroll(page)
    axe(page)
    shot(page, f"hostile-{scheme}-{viewport['width']}")
    page.goto(f"{world.host.url}/?customer={customer}&file={customer}/{file_id}")
    expect(page.get_by_role("heading", name=re.compile("^a{200}"))).to_be_visible()
    expect(page.get_by_text("Why is it here?")).to_be_visible()
    assert page.locator("img, script:not([src]), main b").count() == 0
    assert no_sideways_scroll(page)
    axe(page)
