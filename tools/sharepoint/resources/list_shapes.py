"""How columns, content types and field values look in JSON.

https://learn.microsoft.com/graph/api/resources/columndefinition, .../contenttype and .../fieldvalueset
"""

from tools.sharepoint.resources.call import Json
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.columns import Column
from tools.sharepoint.state.content_types import ContentType
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library


def fields_body(library: Library, item: DriveItem, names: str = "") -> Json:
    """Return a fieldValueSet; a column without a value is left out, as the real one does."""
    fields: Json = {"@odata.etag": item.e_tag, "FileLeafRef": item.name}
    for column in library.columns:
        if column.name in item.fields:
            if column.is_multi_choice:
                fields[f"{column.name}@odata.type"] = "Collection(Edm.String)"
            fields[column.name] = item.fields[column.name]
    fields |= {
        "id": str(item.list_item_id),
        "ContentType": library.get_content_type(item.content_type_id).name,
        "Created": iso(item.created_at),
        "Modified": iso(item.modified_at),
        "AuthorLookupId": "1",
        "EditorLookupId": "1",
        "LinkFilename": item.name,
        "FileSizeDisplay": str(item.size_bytes),
        "_UIVersionString": f"{item.version_number}.0",
    }
    if not names:
        return fields
    wanted = {name.strip() for name in names.split(",")}
    return {name: value for name, value in fields.items() if name.partition("@")[0] in wanted | {""}}


def column_body(column: Column) -> Json:
    """Return a columnDefinition."""
    return {
        "columnGroup": column.column_group,
        "description": column.description,
        "displayName": column.display_name,
        "enforceUniqueValues": column.enforce_unique_values,
        "hidden": column.hidden,
        "id": column.column_id,
        "indexed": column.indexed,
        "name": column.name,
        "readOnly": column.read_only,
        "required": column.required,
        column.facet: dict(column.settings),
    }


def content_type_body(content_type: ContentType, library: Library | None = None) -> Json:
    """Return a contentType; in a library with its place in the order."""
    body: Json = {
        "id": content_type.content_type_id,
        "name": content_type.name,
        "description": content_type.description,
        "group": content_type.group,
        "hidden": False,
        "readOnly": False,
        "sealed": False,
        "parentId": content_type.base_id,
    }
    if library is not None:
        position = library.content_types.index(content_type)
        body["order"] = {"default": position == 0, "position": position}
    return body
