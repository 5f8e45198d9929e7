"""Files go from the browser straight into storage and from there into SharePoint; one line tells both steps."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.page.browser import NARROW, Window, axe, no_sideways_scroll, shot, until
from tests.system.host_world import HostWorld

BLOCK_BYTES = 8 * 1024 * 1024
MOVED_MS = 60_000


def choose(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload files").click()
    chooser.value.set_files([str(each) for each in files])


def tray(page: Page):
    return page.get_by_role("region", name=re.compile("^Uploads"))


def made(folder: Path, name: str, content: bytes = b"content") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def files_of(world: HostWorld, customer: str) -> dict[str, dict]:
    return {each["name"]: each for each in world.api.call("GET", f"customers/{customer}/files").json()["items"]}


def test_a_small_and_a_large_file_are_uploaded_and_followed_into_sharepoint(
    world: HostWorld, window: Window, tmp_path: Path
):
    customer = world.company(storage="sharepoint")
    world.api.call("PUT", f"customers/{customer}/projects/p1", json={"name": "Web"})
    large = b"".join(b"%07d\n" % number for number in range(2 * BLOCK_BYTES // 8 + 1000))
    page = window.goto(f"/?customer={customer}&project=p1")

    choose(page, made(tmp_path, "small.txt"), made(tmp_path, "large.txt", large))

    expect(tray(page).get_by_text("In SharePoint")).to_have_count(2, timeout=MOVED_MS)
    expect(tray(page)).to_contain_text("Uploads: 2 of 2 done")
    shot(page, "upload")
    axe(page)
    found = files_of(world, customer)
    assert {(each["project"], each["state"]) for each in found.values()} == {("p1", "in-sharepoint")}
    assert found["large.txt"]["sizeBytes"] == len(large)
    tray(page).get_by_role("button", name="Clear done").click()
    expect(tray(page)).to_have_count(0)


def test_where_the_list_names_no_customer_one_is_asked_for_before_bytes_go(
    world: HostWorld, opened: Callable[..., Window], tmp_path: Path
):
    customer = world.company(name="Fjordtek asked for", storage="moment")
    page = opened(viewport=NARROW).goto("/")

    choose(page, made(tmp_path, "asked.txt"))
    dialog = page.get_by_role("dialog", name="Where do the files belong?")
    axe(page)
    dialog.get_by_role("combobox", name="Customer").fill("asked for")
    dialog.get_by_role("option", name="Fjordtek asked for").click()
    assert files_of(world, customer) == {}
    dialog.get_by_role("button", name="Upload 1 file").click()

    expect(tray(page).get_by_text("In Moment Cloud", exact=True)).to_be_visible(timeout=MOVED_MS)
    assert no_sideways_scroll(page)
    assert files_of(world, customer)["asked.txt"]["state"] == "in-moment-cloud"


def test_a_name_that_sharepoint_does_not_take_or_that_is_taken_is_told_before(
    world: HostWorld, window: Window, tmp_path: Path
):
    customer = world.company(storage="sharepoint")
    world.moved(customer, "Kart.txt")
    page = window.goto(f"/?customer={customer}")

    choose(page, made(tmp_path, "a:b.txt"), made(tmp_path, "Kart.txt"))
    dialog = page.get_by_role("dialog", name="Before the upload")

    expect(dialog).to_contain_text('There it will be "a-b.txt"')
    expect(dialog).to_contain_text('It will be saved as "Kart (2).txt"')
    shot(page, "upload-review")
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert list(files_of(world, customer)) == ["Kart.txt"]


def test_an_upload_is_cancelled_and_tried_again(world: HostWorld, window: Window, tmp_path: Path):
    customer = world.company(storage="moment")
    page = window.goto(f"/?customer={customer}")
    held: list[Route] = []
    page.route(re.compile("comp=block(&|$)"), lambda route: held.append(route))

    choose(page, made(tmp_path, "big.bin", b"x" * (BLOCK_BYTES + 1)))
    page.get_by_role("button", name="Cancel the upload of").click()
    expect(tray(page)).to_contain_text("Cancelled")
    until(page, lambda: files_of(world, customer) == {}, "the announced file to go")

    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Try again to upload").click()
    expect(tray(page).get_by_text("In Moment Cloud", exact=True)).to_be_visible(timeout=MOVED_MS)
    assert files_of(world, customer)["big.bin"]["sizeBytes"] == BLOCK_BYTES + 1


def test_a_lost_connection_is_told_and_the_upload_goes_on_by_itself(world: HostWorld, window: Window, tmp_path: Path):
    customer = world.company(storage="moment")
    page = window.goto(f"/?customer={customer}")
    page.route(re.compile("/moment-cloud/"), lambda route: route.abort("internetdisconnected"))
    window.expect("ERR_INTERNET_DISCONNECTED")

    choose(page, made(tmp_path, "resumed.txt"))
    expect(tray(page)).to_contain_text("Connection lost. We go on by ourselves.")
    page.unroute_all(behavior="wait")

    expect(tray(page).get_by_text("In Moment Cloud", exact=True)).to_be_visible(timeout=MOVED_MS)


def test_after_a_reload_the_same_file_goes_on_with_the_blocks_that_are_there(
    world: HostWorld, window: Window, tmp_path: Path
):
    customer = world.company(storage="moment")
    page = window.goto(f"/?customer={customer}")
    file = made(tmp_path, "broken off.bin", b"x" * (2 * BLOCK_BYTES + 5))
    held: list[Route] = []
    last_block = re.compile("blockid=MDAwMDI")
    page.route(last_block, lambda route: held.append(route))
    blocks = []
    page.on("requestfinished", lambda request: blocks.append(request.url) if "comp=block&" in request.url else None)
    choose(page, file)
    expect(tray(page).get_by_role("progressbar")).to_be_visible()
    page.wait_for_function(
        "() => document.querySelector('.tray progress')?.value >= 2 * 8 * 1024 * 1024", timeout=MOVED_MS
    )
    until(page, lambda: len(blocks) == 2, "two blocks to be there")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute_all(behavior="ignoreErrors")
    blocks.clear()

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Choose .*broken off.bin.* again")).click()
    chooser.value.set_files(str(file))

    expect(tray(page).get_by_text("In Moment Cloud", exact=True)).to_be_visible(timeout=MOVED_MS)
    assert [last_block.search(url) is not None for url in blocks] == [True]
    assert len(files_of(world, customer)) == 1


def test_dropped_files_go_to_the_place_that_the_sheet_shows(world: HostWorld, window: Window):
    customer = world.company(name="Droppers AS", storage="moment")
    page = window.goto(f"/?customer={customer}")
    drag = """kind => {
        const data = new DataTransfer();
        data.items.add(new File(["dropped"], "dropped.txt"));
        document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    expect(page.get_by_role("button", name="Upload files")).to_be_visible()

    page.evaluate(drag, "dragenter")
    expect(page.get_by_role("region", name="Drop the files here")).to_contain_text("They go to Droppers AS")
    axe(page)
    page.evaluate(drag, "drop")

    expect(tray(page).get_by_text("In Moment Cloud", exact=True)).to_be_visible(timeout=MOVED_MS)
    assert list(files_of(world, customer)) == ["dropped.txt"]
