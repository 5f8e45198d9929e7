"""Content types of the site and their copies in libraries.

https://learn.microsoft.com/graph/api/resources/contenttype
"""

from dataclasses import dataclass, field

from tools.sharepoint.state.columns import Column

DOCUMENT_ID = "0x0101"
FOLDER_ID = "0x0120"


@dataclass(slots=True)
class ContentType:
    """A named set of columns; the copy in a library has an id of its own that begins with the site's."""

    content_type_id: str
    name: str
    description: str = ""
    group: str = "Custom Content Types"
    columns: list[Column] = field(default_factory=list)
    base_id: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether it is for folders."""
        return self.content_type_id.startswith(FOLDER_ID)


def built_in(columns: list[Column]) -> list[ContentType]:
    """Return the content types every site has, as far as libraries need them."""
    return [
        ContentType(DOCUMENT_ID, "Document", "Create a new document.", "Document Content Types", list(columns), "0x01"),
        ContentType(FOLDER_ID, "Folder", "Create a new folder.", "Folder Content Types", list(columns), "0x01"),
    ]
