"""The control plane under ``/_local/``: what tests and people use to look inside and to cause trouble on purpose."""

from typing import Any, get_type_hints

from tools.sharepoint.resources.call import Call, Json, Reply
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.delta_faults import ChangeFaults
from tools.sharepoint.state.delta_tokens import FLAVOURS
from tools.sharepoint.state.errors import invalid_request, item_not_found
from tools.sharepoint.state.faults import read_fault
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.tenant import Settings

_SETTINGS = get_type_hints(Settings)


async def reset(call: Call) -> Reply:
    """POST /_local/reset."""
    call.tenant.reset()
    return Reply(204)


async def show_requests(call: Call) -> Reply:
    """GET /_local/requests?since=n."""
    return Reply(body=call.tenant.ledger.report(int(call.query.get("since", "0"))))


async def clear_requests(call: Call) -> Reply:
    """DELETE /_local/requests."""
    call.tenant.ledger.clear()
    return Reply(204)


async def show_faults(call: Call) -> Reply:
    """GET /_local/faults."""
    return Reply(body=_pending(call))


def _pending(call: Call) -> Json:
    return {"faults": call.tenant.faults.report(), "changes": call.tenant.change_faults.report()}


async def clear_faults(call: Call) -> Reply:
    """DELETE /_local/faults: also unlocks every file and shows every hidden item."""
    call.tenant.faults.clear()
    call.tenant.change_faults = ChangeFaults()
    call.tenant.settings.hide_new_items_ms = 0.0
    for library in call.tenant.site.libraries.values():
        for item in library.items.values():
            item.locked_until = item.hidden_until = 0.0
    return Reply(204)


async def add_fault(call: Call) -> Reply:
    """POST /_local/faults: one of ``match``/``then``, ``lock``, ``hide_new_items_ms``, ``expire_tokens``,
    ``expire_upload_sessions``, ``expire_delta_tokens``, or those of ``state/delta_faults.py``."""
    body, tenant = await call.json(), call.tenant
    if "then" in body:
        tenant.faults.add(read_fault(body))
    elif "lock" in body:
        item = _find(call, body["lock"])
        item.locked_until = call.now + float(body["lock"].get("seconds", 60))
    elif "hide_new_items_ms" in body:
        tenant.settings.hide_new_items_ms = float(body["hide_new_items_ms"])
    elif body.get("expire_tokens"):
        tenant.tokens.expire_all(call.now)
    elif body.get("expire_upload_sessions"):
        tenant.sessions.expire_all(call.now)
    elif "expire_delta_tokens" in body:
        _expire_delta_tokens(call, body)
    elif not tenant.change_faults.ask(body, call.now):
        raise invalid_request(f"Unknown fault: {sorted(body)}")
    return Reply(201, _pending(call))


def _expire_delta_tokens(call: Call, body: Json) -> None:
    """Expire the tokens of every library, or of the one that ``list`` names by id or title."""
    flavour, site = body["expire_delta_tokens"], call.tenant.site
    if flavour not in FLAVOURS:
        raise invalid_request(f"expire_delta_tokens takes one of {', '.join(FLAVOURS)}")
    libraries = [site.get_library(str(body["list"]))] if "list" in body else site.libraries.values()
    for library in libraries:
        library.changes.expire(flavour)


def _find(call: Call, wanted: Json) -> DriveItem:
    """Find an item by id, or by ``Library/folder/name``."""
    site = call.tenant.site
    if "item" in wanted:
        for library in site.libraries.values():
            if wanted["item"] in library.items:
                return library.items[wanted["item"]]
        raise item_not_found()
    first, *rest = str(wanted.get("path", "")).strip("/").split("/")
    found = site.find_by_title(first) or site.find_by_address(first)
    item = found.find_path(found.get_item("root"), tuple(rest)) if found else None
    if item is None:
        raise item_not_found(f"There is no {wanted}")
    return item


async def move_clock(call: Call) -> Reply:
    """POST /_local/clock {"advance_s": n}."""
    body = await call.json()
    call.tenant.clock.advance(float(body.get("advance_s", 0)))
    return Reply(body={"now": iso(call.now)})


async def set_latency(call: Call) -> Reply:
    """POST /_local/latency {"ms": n}."""
    call.tenant.settings.latency_ms = float((await call.json()).get("ms", 0))
    return Reply(204)


async def change_settings(call: Call) -> Reply:
    """POST /_local/settings: rewriting and its flavour, budgets, the site's quota."""
    body, tenant = await call.json(), call.tenant
    for name, value in body.items():
        if name in _SETTINGS:
            setattr(tenant.settings, name, _SETTINGS[name](value))
        elif name == "quota_bytes":
            tenant.site.quota_bytes = int(value)
        elif name not in ("ru_per_minute", "ru_per_day"):
            raise invalid_request(f"There is no setting '{name}'")
    if "ru_per_minute" in body or "ru_per_day" in body:
        tenant.budget.set_limits(int(body.get("ru_per_minute", 0)), int(body.get("ru_per_day", 0)))
    return Reply(204)


async def show_recycle_bin(call: Call) -> Reply:
    """GET /_local/recycle-bin."""
    value: list[dict[str, Any]] = [
        {
            "id": entry.recycled_id,
            "path": entry.path,
            "listId": entry.list_id,
            "deletedDateTime": iso(entry.deleted_at),
            "items": [{"id": item.item_id, "name": item.name, "size": item.size_bytes} for item in entry.items],
        }
        for entry in call.tenant.site.recycle_bin
    ]
    return Reply(body={"value": value})


async def restore(call: Call) -> Reply:
    """POST /_local/recycle-bin/{id}/restore, by the id of the entry or of the item."""
    tenant = call.tenant
    item = tenant.site.restore(
        call.params["id"], call.now, call.application_id, tell_descendants=tenant.settings.restored_descendants
    )
    tenant.changed = True
    return Reply(body={"id": item.item_id, "name": item.name})


async def show_health(call: Call) -> Reply:
    """GET /_local/health."""
    site = call.tenant.site
    return Reply(body={"site": site.site_id, "path": site.path, "tenant": call.tenant.tenant_id})
