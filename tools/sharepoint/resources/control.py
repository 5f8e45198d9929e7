"""The control plane under ``/_local/``: what tests and people use to look inside and to cause trouble on purpose."""

from typing import get_type_hints

from tools.sharepoint.resources.call import Call, Json, Reply
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.delta_faults import ChangeFaults
from tools.sharepoint.state.delta_tokens import FLAVOURS
from tools.sharepoint.state.errors import invalid_request, item_not_found
from tools.sharepoint.state.faults import read_fault
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.site import Site
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
    faults, changes = call.tenant.faults, call.tenant.change_faults
    return {"faults": faults.report(), "changes": changes.report(), "taken": {**faults.taken, **changes.taken}}


async def clear_faults(call: Call) -> Reply:
    """DELETE /_local/faults: also unlocks every file and shows every hidden item."""
    call.tenant.faults.clear()
    call.tenant.change_faults = ChangeFaults(taken=call.tenant.change_faults.taken)
    call.tenant.settings.hide_new_items_ms = 0.0
    for library in call.tenant.sites.libraries():
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
    """Expire the tokens of every library, of a site's, or of the one that ``list`` names by id or title."""
    flavour, sites = body["expire_delta_tokens"], call.tenant.sites
    if flavour not in FLAVOURS:
        raise invalid_request(f"expire_delta_tokens takes one of {', '.join(FLAVOURS)}")
    if "list" in body:
        wanted = str(body["list"])
        libraries = [sites.find_list(wanted) or _site(call, body).get_library(wanted)]
    else:
        libraries = list(_site(call, body).libraries.values() if "site" in body else sites.libraries())
    for library in libraries:
        library.changes.expire(flavour)


def _site(call: Call, body: Json) -> Site:
    """Return the site that ``site`` names by its path, else the first."""
    return call.tenant.sites.at(str(body["site"])) if "site" in body else call.tenant.site


def _find(call: Call, wanted: Json) -> DriveItem:
    """Find an item by id, or by ``Library/folder/name`` in a site."""
    if "item" in wanted:
        return call.tenant.sites.get_item(str(wanted["item"]))[1]
    site = _site(call, wanted)
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
    """POST /_local/settings: rewriting and its flavour, budgets, the quota of every site."""
    body, tenant = await call.json(), call.tenant
    for name, value in body.items():
        if name in _SETTINGS:
            setattr(tenant.settings, name, _SETTINGS[name](value))
        elif name == "quota_bytes":
            for site in tenant.sites:
                site.quota_bytes = int(value)
        elif name not in ("ru_per_minute", "ru_per_day"):
            raise invalid_request(f"There is no setting '{name}'")
    if "ru_per_minute" in body or "ru_per_day" in body:
        tenant.budget.set_limits(int(body.get("ru_per_minute", 0)), int(body.get("ru_per_day", 0)))
    return Reply(204)


async def show_health(call: Call) -> Reply:
    """GET /_local/health."""
    site = call.tenant.site
    return Reply(body={"site": site.site_id, "path": site.path, "tenant": call.tenant.tenant_id})
