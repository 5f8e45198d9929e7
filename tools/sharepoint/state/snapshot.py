"""Saving the tenant to a folder and loading it again: plain dataclasses as JSON, contents as the files they are."""

import functools
import json
import types
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from tools.sharepoint.state.directory import Directory
from tools.sharepoint.state.site import Site
from tools.sharepoint.state.subscriptions import Subscriptions
from tools.sharepoint.state.tenant import Tenant
from tools.sharepoint.state.tokens import IssuedToken
from tools.sharepoint.state.upload_sessions import UploadSession

_FILE = "state.json"
_hints = functools.cache(get_type_hints)


def save(tenant: Tenant, folder: Path) -> None:
    """Write the snapshot; a crash in the middle leaves the one before."""
    tenant.changed = False
    state = {
        "sites": [asdict(site) for site in tenant.sites],
        "tokens": {token: asdict(issued) for token, issued in tenant.tokens.issued.items()},
        "subscriptions": asdict(tenant.subscriptions),
        "directory": asdict(tenant.directory),
        "sessions": {guid: asdict(session) for guid, session in tenant.sessions.sessions.items()},
    }
    unfinished = folder / f"{_FILE}.new"
    unfinished.write_text(json.dumps(state), encoding="utf-8")
    unfinished.replace(folder / _FILE)


def load(tenant: Tenant, folder: Path) -> None:
    """Read the snapshot, if there is one."""
    path = folder / _FILE
    if not path.exists():
        return
    state = json.loads(path.read_text(encoding="utf-8"))
    for site in _read(list[Site], state.get("sites") or [state["site"]]):  # saved when there was one site
        tenant.sites.by_path[site.path.lower()] = site
    for library in tenant.sites.libraries():
        library.by_number = {item.list_item_id: item.item_id for item in library.items.values() if item.parent_id}
        if not library.changes.drive.entries:  # saved before there was a log
            for item in library.items.values():
                library.changes.note(item, item.modified_at)
    tenant.tokens.issued = _read(dict[str, IssuedToken], state["tokens"])
    tenant.subscriptions = _read(Subscriptions, state.get("subscriptions", {}))
    tenant.directory = _read(Directory, state.get("directory", {}))
    tenant.sessions.sessions = _read(dict[str, UploadSession], state["sessions"])


def _read(kind: Any, value: Any) -> Any:
    """Make ``value`` an instance of ``kind`` again, by its type hints."""
    if value is None or kind is Any:
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(
            **{each.name: _read(hints[each.name], value[each.name]) for each in fields(kind) if each.name in value}
        )
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is types.UnionType:
        return _read(next(each for each in arguments if each is not type(None)), value)
    if origin is list:
        return [_read(arguments[0], each) for each in value]
    if origin is tuple:
        return tuple(_read(arguments[0], each) for each in value)
    if origin is dict:
        return {name: _read(arguments[1], each) for name, each in value.items()}
    return value
