"""Sites and their drives: https://learn.microsoft.com/graph/api/site-get and .../drive-list."""

from tools.sharepoint.resources import odata, shapes
from tools.sharepoint.resources.call import Call, Reply


async def get_site(call: Call) -> Reply:
    """GET /sites/{site}, by id or by path."""
    return Reply(body=odata.select(call, shapes.site_body(call, call.site())))


async def get_default_drive(call: Call) -> Reply:
    """GET /sites/{site}/drive."""
    return Reply(body=odata.select(call, shapes.drive_body(call, call.site().default_library())))


async def list_drives(call: Call) -> Reply:
    """GET /sites/{site}/drives."""
    libraries = list(call.site().libraries.values())
    return Reply(body=odata.page(call, libraries, lambda each: odata.select(call, shapes.drive_body(call, each))))


async def get_drive(call: Call) -> Reply:
    """GET /drives/{drive}, and the drive of a list."""
    return Reply(body=odata.select(call, shapes.drive_body(call, call.library())))
