"""What somebody does on SharePoint's own page is seen on the Files page, without a reload."""

from playwright.sync_api import expect

from tests.functions.test_files_api import wait_for
from tests.page.browser import Window
from tests.page.test_list import file_of, row
from tests.system.host_world import HostWorld


def test_a_tag_that_is_set_in_sharepoint_appears_in_the_list(world: HostWorld, window: Window):
    customer = world.company(storage="sharepoint")
    file_id = world.moved(customer, "Plan.docx", tags=["red"])
    wait_for(lambda: world.library(customer)["watch"] == "subscribed", "the subscription")
    page = window.goto(f"/?customer={customer}")
    expect(row(page, "Plan.docx")).to_contain_text("red")

    baseline = world.record(customer, file_id).baseline
    fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["red", "agreed"]}
    world.person.does("PATCH", f"/drives/{baseline.drive_id}/items/{baseline.item_id}/listItem/fields", json=fields)

    expect(row(page, "Plan.docx")).to_contain_text("agreed", timeout=60_000)
    assert file_of(world, customer, file_id)["tags"] == ["red", "agreed"]
