"""What a page posts: the fields of a form, and the check that the page was one of ours."""

from urllib.parse import parse_qs

from tools.sharepoint.page.place import Form
from tools.sharepoint.resources.call import Call
from tools.sharepoint.state.errors import GraphError, invalid_request

_MAX_FORM_BYTES = 1 << 20


def check_same_origin(call: Call) -> None:
    """Raise 403 for a form that another site's page sent in the person's name.

    Browsers say where a request comes from; a client that says nothing is no browser, so nobody tricked it.
    """
    fetch_site = call.headers.get("Sec-Fetch-Site")
    origin = call.headers.get("Origin")
    if fetch_site is not None:
        allowed = fetch_site in ("same-origin", "none")
    else:
        allowed = origin is None or origin == call.base_url
    if not allowed:
        raise GraphError(403, "accessDenied", "This came from another site's page, so nothing was done")


async def read_form(call: Call) -> Form:
    """Return the fields of a form without files."""
    received = bytearray()
    async for piece in call.chunks:
        received += piece
        if len(received) > _MAX_FORM_BYTES:
            raise GraphError(413, "invalidRequest", "The form is too large")
    try:
        return parse_qs(received.decode("ascii"), keep_blank_values=True, errors="replace")
    except ValueError:
        raise invalid_request("The form cannot be read") from None


def field(form: Form, name: str) -> str:
    """Return a field's value; one that is missing is empty."""
    return form.get(name, [""])[0]
