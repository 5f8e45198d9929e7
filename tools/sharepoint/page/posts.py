"""From a posted form to the next page: what was done is shown where it was done, and what was refused as well.

What went well is answered with 303, so that loading the page again does nothing twice.
"""

from tools.sharepoint.page import links
from tools.sharepoint.page.actions import ITEM_ACTIONS, Wish, make_folder
from tools.sharepoint.page.column_fields import SAVE
from tools.sharepoint.page.forms import field, read_form
from tools.sharepoint.page.listing import folder_page
from tools.sharepoint.page.place import Form, Place
from tools.sharepoint.page.receiving import receive_files
from tools.sharepoint.page.wording import refusal
from tools.sharepoint.resources.call import Reply
from tools.sharepoint.state.errors import GraphError, not_supported


async def fulfil(place: Place, action: str) -> Reply:
    """Do what the person wants and return the page to go to, or the page that says why not."""
    place.failed = action
    if action == "upload":
        return await _upload(place)
    place.typed = await read_form(place.call)
    if action == "new-folder":
        return await _new_folder(place, place.typed)
    if action in ITEM_ACTIONS:
        return await _act_on_item(place, action, place.typed)
    raise not_supported(f"'{action}' on the page")


async def _upload(place: Place) -> Reply:
    received = await receive_files(place)
    if not received.problems:
        return _go_to(links.item(place.library, place.folder, done="uploaded"))
    place.problem, place.status, place.typed = received.problem(), received.status, received.form
    return folder_page(place)


async def _new_folder(place: Place, form: Form) -> Reply:
    try:
        return _go_to(await make_folder(place, form))
    except GraphError as error:
        return _refused(place, error, field(form, "name"))


async def _act_on_item(place: Place, action: str, form: Form) -> Reply:
    try:
        library, item = place.call.tenant.sites.get_item(field(form, "item"))
    except GraphError as error:
        return _refused(place, error, "")
    try:
        return _go_to(await ITEM_ACTIONS[action](Wish(place, form, library, item)))
    except GraphError as error:
        name = field(form, "name") if action == "rename" and error.status == 409 else item.name
        if action == "move":
            place.moving = item
        else:
            place.library, place.folder = library, library.get_item(item.parent_id or "root")
            place.selected = item
        if action == SAVE and error.status == 412:
            place.typed = {}  # what others changed is shown, not what was typed on top of what they replaced
        return _refused(place, error, name)


def _refused(place: Place, error: GraphError, name: str) -> Reply:
    place.problem, place.status = refusal(error, name), error.status
    return folder_page(place)


def _go_to(address: str) -> Reply:
    return Reply(303, headers={"Location": address})
