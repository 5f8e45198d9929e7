"""The recycle bins of all sites, as the control plane shows them and brings something back."""

from typing import Any

from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.site import Site


async def show_recycle_bin(call: Call) -> Reply:
    """GET /_local/recycle-bin."""
    value: list[dict[str, Any]] = [
        {
            "id": entry.recycled_id,
            "site": site.path,
            "path": entry.path,
            "listId": entry.list_id,
            "deletedDateTime": iso(entry.deleted_at),
            "items": [{"id": item.item_id, "name": item.name, "size": item.size_bytes} for item in entry.items],
        }
        for site in call.tenant.sites
        for entry in site.recycle_bin
    ]
    return Reply(body={"value": value})


async def restore(call: Call) -> Reply:
    """POST /_local/recycle-bin/{id}/restore, by the id of the entry or of the item."""
    key = call.params["id"]
    item = bring_back(call, call.tenant.sites.with_recycled(key), key)
    return Reply(body={"id": item.item_id, "name": item.name})


def bring_back(call: Call, site: Site, key: str) -> DriveItem:
    """Restore something from the recycle bin of a site in the name of the caller."""
    tells = call.tenant.settings.restored_descendants
    item = site.restore(key, call.now, call.application_id, tell_descendants=tells)
    call.tenant.changed = True
    return item
