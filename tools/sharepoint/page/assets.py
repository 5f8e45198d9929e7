"""The style sheet, the script, and the stamp by which the script sees that a folder changed."""

from pathlib import Path

from tools.sharepoint.page.listing import stamp
from tools.sharepoint.page.place import Place
from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.state.errors import item_not_found

_FOLDER = Path(__file__).parent
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}


async def show_style(call: Call) -> Reply:  # noqa: ARG001  (the same for everybody)
    """GET /sites/{site}/_layouts/15/page.css."""
    return _asset("page.css", "text/css")


async def show_script(call: Call) -> Reply:  # noqa: ARG001  (the same for everybody)
    """GET /sites/{site}/_layouts/15/page.js."""
    return _asset("page.js", "text/javascript")


def _asset(name: str, media_type: str) -> Reply:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return Reply(200, text=text, content_type=f"{media_type}; charset=utf-8", headers=dict(_HEADERS))


async def show_stamp(call: Call) -> Reply:
    """GET /sites/{site}/_layouts/15/stamp.aspx?folder={id}: other text as soon as the folder looks different."""
    for library in call.site_at_path().libraries.values():
        folder = library.items.get(call.query.get("folder", ""))
        if folder is not None:
            text = stamp(Place(call, library, folder))
            return Reply(200, text=text, content_type="text/plain; charset=utf-8", headers=dict(_HEADERS))
    raise item_not_found()
