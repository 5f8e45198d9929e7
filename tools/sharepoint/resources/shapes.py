"""How sites, libraries and items look in JSON.

https://learn.microsoft.com/graph/api/resources/driveitem, .../drive, .../list, .../listitem
"""

import mimetypes
from pathlib import Path
from urllib.parse import quote

from tools.sharepoint.resources.call import Call, Json
from tools.sharepoint.resources.list_shapes import column_body, content_type_body, fields_body
from tools.sharepoint.resources.odata import Expand, expand, select_from, selected
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library
from tools.sharepoint.state.people import PEOPLE
from tools.sharepoint.state.site import Site

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MIME_TYPES = {
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
}


def mime_type(name: str) -> str:
    """Return the media type SharePoint derives from the extension."""
    suffix = Path(name).suffix.lower()
    return _MIME_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def identity(application_id: str) -> Json:
    """Return the identitySet of an application or a person; what nobody made belongs to the system account."""
    person = PEOPLE.get(application_id)
    if person is not None:
        return {"user": {"email": person.account, "id": person.person_id, "displayName": person.name}}
    if not application_id:
        return {"user": {"displayName": "System Account"}}
    return {"application": {"id": application_id, "displayName": f"App {application_id}"}}


def web_url(call: Call, library: Library, path: tuple[str, ...]) -> str:
    """Return the link people open; it leads to this server."""
    return call.tenant.http_base + quote("/".join((library.site_path, library.name, *path)))


def site_body(call: Call, site: Site) -> Json:
    """Return a site."""
    return {
        "@odata.context": call.graph_url("/$metadata#sites/$entity"),
        "createdDateTime": iso(site.created_at),
        "id": site.site_id,
        "lastModifiedDateTime": iso(site.created_at),
        "name": site.path.rpartition("/")[2],
        "webUrl": f"{call.tenant.http_base}{site.path}",
        "displayName": site.display_name,
        "root": {},
        "siteCollection": {"hostname": site.hostname},
    }


def list_body(call: Call, site: Site, library: Library, expanded: Expand) -> Json:
    """Return a list."""
    body: Json = {
        "@odata.etag": f'"{library.list_id},{library.e_tag_number}"',
        "id": library.list_id,
        "eTag": f'"{library.list_id},{library.e_tag_number}"',
        "name": library.name,
        "displayName": library.display_name,
        "description": library.description,
        "createdDateTime": iso(library.created_at),
        "lastModifiedDateTime": iso(library.modified_at),
        "webUrl": web_url(call, library, ()),
        "createdBy": identity(library.created_by),
        "parentReference": {"siteId": site.site_id},
        "list": {"contentTypesEnabled": True, "hidden": False, "template": "documentLibrary"},
    }
    if "drive" in expanded:
        body["drive"] = select_from(expanded["drive"].get("$select", ""), drive_body(call, library))
    if "columns" in expanded:
        body["columns"] = [column_body(column) for column in library.columns]
    if "contentTypes" in expanded:
        body["contentTypes"] = [content_type_body(each, library) for each in library.content_types]
    return body


def drive_body(call: Call, library: Library) -> Json:
    """Return a drive."""
    used = sum(item.size_bytes for item in library.items.values()) if selected(call, "quota") else 0
    quota = call.site_of(library).quota_bytes
    return {
        "id": library.drive_id,
        "driveType": "documentLibrary",
        "name": library.display_name,
        "description": library.description,
        "createdDateTime": iso(library.created_at),
        "lastModifiedDateTime": iso(library.modified_at),
        "webUrl": web_url(call, library, ()),
        "createdBy": identity(library.created_by),
        "quota": {"deleted": 0, "remaining": quota - used, "state": "normal", "total": quota, "used": used},
    }


def item_body(call: Call, library: Library, item: DriveItem, expanded: Expand | None = None) -> Json:
    """Return a driveItem with the default properties and those that ``$select`` or ``$expand`` ask for."""
    path = library.path_of(item)
    body: Json = {
        "@odata.etag": item.e_tag,
        "createdDateTime": iso(item.created_at),
        "eTag": item.e_tag,
        "id": item.item_id,
        "lastModifiedDateTime": iso(item.modified_at),
        "name": item.name,
        "webUrl": web_url(call, library, path),
        "size": item.size_bytes,
        "createdBy": identity(item.created_by),
        "lastModifiedBy": identity(item.modified_by),
        "parentReference": _parent_reference(call, library, item, path),
        "fileSystemInfo": {
            "createdDateTime": iso(item.fs_created_at),
            "lastModifiedDateTime": iso(item.fs_modified_at),
        },
    }
    if item.parent_id is None:
        body["root"] = {}
    if item.is_folder:
        body["folder"] = {"childCount": len(library.children.get(item.item_id, {}))}
    elif item.content is not None:
        body["cTag"] = item.c_tag
        hashes = {"quickXorHash": item.content.quick_xor_hash}
        body["file"] = {"mimeType": mime_type(item.name), "hashes": hashes}
        body["@microsoft.graph.downloadUrl"] = download_url(call, library, item)
    if selected(call, "sharepointIds"):
        body["sharepointIds"] = _sharepoint_ids(call, library, item)
    if expanded and "listItem" in expanded:
        options = expanded["listItem"]
        inner = expand(options.get("$expand", ""), ("fields",))
        body["listItem"] = select_from(_with(options, inner), list_item_body(call, library, item, inner))
    return body


def _with(options: dict[str, str], inner: Expand) -> str:
    """Return the ``$select`` of an expansion, with what it expands itself."""
    chosen = options.get("$select", "")
    return ",".join((chosen, *inner)) if chosen else ""


def download_url(call: Call, library: Library, item: DriveItem) -> str:
    """Return a URL that needs no token and works for an hour."""
    signature = call.tenant.download_signature(item.unique_id)
    return (
        f"{call.base_url}{library.site_path}/_layouts/15/download.aspx?UniqueId={item.unique_id}&tempauth={signature}"
    )


def _parent_reference(call: Call, library: Library, item: DriveItem, path: tuple[str, ...]) -> Json:
    reference: Json = {
        "driveType": "documentLibrary",
        "driveId": library.drive_id,
        "siteId": call.site_of(library).site_id,
    }
    if item.parent_id is not None:
        parents = quote("/".join(("", *path[:-1])))
        reference |= {
            "id": item.parent_id,
            "name": path[-2] if len(path) > 1 else library.name,
            "path": f"/drives/{library.drive_id}/root:{parents if len(path) > 1 else ''}",
        }
    return reference


def _sharepoint_ids(call: Call, library: Library, item: DriveItem) -> Json:
    site = call.site_of(library)
    return {
        "listId": library.list_id,
        "listItemId": str(item.list_item_id),
        "listItemUniqueId": item.unique_id,
        "siteId": site.ids.collection,
        "siteUrl": f"https://{site.hostname}{site.path}",
        "tenantId": call.tenant.tenant_id,
        "webId": site.ids.web,
    }


def _row_parent(call: Call, library: Library, item: DriveItem) -> Json:
    reference: Json = {"siteId": call.site_of(library).site_id}
    if item.parent_id is not None:
        reference["id"] = library.items[item.parent_id].unique_id
    return reference


def list_item_body(call: Call, library: Library, item: DriveItem, expanded: Expand) -> Json:
    """Return a listItem."""
    content_type = library.get_content_type(item.content_type_id)
    body: Json = {
        "@odata.etag": item.e_tag,
        "createdDateTime": iso(item.created_at),
        "eTag": item.e_tag,
        "id": str(item.list_item_id),
        "lastModifiedDateTime": iso(item.modified_at),
        "webUrl": web_url(call, library, library.path_of(item)),
        "createdBy": identity(item.created_by),
        "lastModifiedBy": identity(item.modified_by),
        "parentReference": _row_parent(call, library, item),
        "contentType": {"id": content_type.content_type_id, "name": content_type.name},
    }
    if selected(call, "sharepointIds"):
        body["sharepointIds"] = _sharepoint_ids(call, library, item)
    if "fields" in expanded:
        body["fields"] = fields_body(library, item, expanded["fields"].get("$select", ""))
    if "driveItem" in expanded:
        body["driveItem"] = select_from(expanded["driveItem"].get("$select", ""), item_body(call, library, item))
    return body
