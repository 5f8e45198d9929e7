"""What the page has to know before it asks for anything."""

from typing import Annotated

from msgspec import Meta

from functions.shapes import Document, SizeBytes
from shared.model.principals import Role


class MeDocument(Document):
    """Who is signed in, what that person may, and what holds for this app."""

    id: str
    name: str
    roles: Annotated[list[Role], Meta(description="All, the included ones too.")]
    is_program: bool
    is_development: Annotated[bool, Meta(description="Nobody signed in: it is a developer's machine.")]
    sign_out_url: str | None
    share_point_hosts: Annotated[list[str], Meta(description="Where links into SharePoint may lead.")]
    upload_origin: Annotated[str, Meta(description="Where upload URLs lead.")]
    undo_seconds: Annotated[int, Meta(description="For so long a deletion is usually held back.")]
    max_file_bytes: SizeBytes
    release: str
