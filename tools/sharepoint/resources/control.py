"""The control plane under ``/_local/``: what tests and people use to look inside and to cause trouble on purpose."""

from typing import Any

from tools.sharepoint.resources.call import Call, Json, Reply
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.errors import invalid_request, item_not_found
from tools.sharepoint.state.faults import read_fault
from tools.sharepoint.state.items import DriveItem

_SETTINGS = {
    "rewrite": bool, "rewrite_asynchronously": bool, "rewrite_delay_ms": float, "latency_ms": float,
    "hide_new_items_ms": float, "fragment_ru": int,
}  # fmt: skip


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
    return Reply(body={"faults": call.tenant.faults.report()})


async def clear_faults(call: Call) -> Reply:
    """DELETE /_local/faults: also unlocks every file and shows every hidden item."""
    call.tenant.faults.clear()
    call.tenant.settings.hide_new_items_ms = 0.0
    for library in call.tenant.site.libraries.values():
        for item in library.items.values():
            item.locked_until = item.hidden_until = 0.0
    return Reply(204)


async def add_fault(call: Call) -> Reply:
    """POST /_local/faults: one of ``match``/``then``, ``lock``, ``hide_new_items_ms``, ``expire_tokens``,
    ``expire_upload_sessions``."""
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
    else:
        raise invalid_request(f"Unknown fault: {sorted(body)}")
    return Reply(201, {"faults": tenant.faults.report()})


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
            "path": entry.path,
            "listId": entry.list_id,
            "deletedDateTime": iso(entry.deleted_at),
            "items": [{"id": item.item_id, "name": item.name, "size": item.size_bytes} for item in entry.items],
        }
        for entry in call.tenant.site.recycle_bin
    ]
    return Reply(body={"value": value})


async def show_health(call: Call) -> Reply:
    """GET /_local/health."""
    site = call.tenant.site
    return Reply(body={"site": site.site_id, "path": site.path, "tenant": call.tenant.tenant_id})
