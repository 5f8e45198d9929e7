"""What a document library looks like when it has just been made: a root folder, Title, Document and Folder."""

from tools.sharepoint.state import identifiers
from tools.sharepoint.state.columns import title_column
from tools.sharepoint.state.content_types import ContentType, built_in
from tools.sharepoint.state.identifiers import SiteIds, new_guid
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.library import Library


def new_library(
    title: str, name: str, description: str, site_path: str, site: SiteIds, *, now: float, who: str
) -> Library:
    """Make an empty library with the columns and content types every library begins with."""
    list_id = new_guid()
    columns = [title_column()]
    content_types = [_list_copy(each) for each in built_in(columns)]
    root_unique_id = identifiers.ROOT_UNIQUE_ID
    root = DriveItem(
        unique_id=root_unique_id,
        item_id=identifiers.item_id(list_id, root_unique_id),
        list_item_id=0,
        name="root",
        parent_id=None,
        is_folder=True,
        content_type_id=content_types[-1].content_type_id,
        created_at=now,
        created_by=who,
        modified_at=now,
        modified_by=who,
        fs_created_at=now,
        fs_modified_at=now,
    )
    library = Library(
        list_id=list_id,
        drive_id=identifiers.drive_id(site, list_id),
        name=name,
        display_name=title,
        description=description,
        created_at=now,
        created_by=who,
        modified_at=now,
        site_path=site_path,
        columns=columns,
        content_types=content_types,
        root_id=root.item_id,
        items={root.item_id: root},
        children={root.item_id: {}},
    )
    library.changes.note(root, now)
    return library


def _list_copy(source: ContentType) -> ContentType:
    copied_id = identifiers.child_content_type_id(source.content_type_id)
    return ContentType(
        copied_id, source.name, source.description, source.group, list(source.columns), source.content_type_id
    )
