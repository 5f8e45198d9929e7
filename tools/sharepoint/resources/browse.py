"""Opening a ``webUrl``: the bytes of a file, and for folders, libraries and the site a plain list of links."""

from html import escape
from urllib.parse import quote

from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.resources.content import file_reply
from tools.sharepoint.state.errors import item_not_found


async def open_web_url(call: Call) -> Reply:
    """GET /sites/{site}/{library}/{path}, as a person's browser does; nobody has to sign in here."""
    site = call.tenant.site
    names = call.paths["path"]
    if f"/sites/{call.params['site']}".lower() != site.path.lower():
        raise item_not_found()
    if not names or not names[0]:
        rows = [(each.display_name, f"{site.path}/{each.name}") for each in site.libraries.values()]
        return _listing(site.display_name, rows)
    library = site.find_by_address(names[0])
    if library is None:
        raise item_not_found()
    item = library.find_path(library.get_item("root"), tuple(name for name in names[1:] if name))
    if item is None:
        raise item_not_found()
    if not item.is_folder:
        return file_reply(call, item)
    here = "/".join((site.path, library.name, *library.path_of(item)))
    children = library.list_children(item)
    return _listing(names[-1], [(each.name, f"{here}/{each.name}") for each in children])


def _listing(title: str, rows: list[tuple[str, str]]) -> Reply:
    links = "".join(f'<li><a href="{escape(quote(url))}">{escape(name)}</a></li>' for name, url in rows)
    page = f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title><h1>{escape(title)}</h1><ul>{links}</ul>"
    return Reply(200, text=page, content_type="text/html; charset=utf-8")
