"""The contents of a file as the control plane shows them: the current one and all that its history keeps."""

import base64
from collections.abc import Iterator

from tools.sharepoint.resources.call import Call, Json, Reply
from tools.sharepoint.state.content import StoredContent
from tools.sharepoint.state.errors import item_not_found
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.tenant import Tenant


async def show_contents(call: Call) -> Reply:
    """GET /_local/contents/{id}: of a file in a library or in a recycle bin, newest first; equal ones once."""
    item = next((each for each in _all_items(call.tenant) if each.item_id == call.params["id"]), None)
    if item is None:
        raise item_not_found()
    numbered = [(item.version_number, item.content), *((each.number, each.content) for each in reversed(item.versions))]
    shown: dict[str, Json] = {}
    for number, content in numbered:
        if content is not None and call.tenant.contents.path(content.blob).exists():
            shown.setdefault(content.blob, {"version": number, "base64": _read(call.tenant, content)})
    return Reply(body={"value": list(shown.values())})


def _all_items(tenant: Tenant) -> Iterator[DriveItem]:
    for library in tenant.sites.libraries():
        yield from library.items.values()
    for site in tenant.sites:
        for entry in site.recycle_bin:
            yield from entry.items


def _read(tenant: Tenant, content: StoredContent) -> str:
    return base64.b64encode(tenant.contents.path(content.blob).read_bytes()).decode()
