"""HTTP: the Files page at `/`, its files, and who is signed in.

The page's files lie below `/static/<release>/`, where the release is a hash of all of them: a browser may keep them for
ever, and a new release is a new address. They hold no data and no secret, so they are open; the page itself asks for a
sign-in, and all data come from the API.

The root of the site is a route with an optional part that nothing fits but nothing, because an empty route is taken for
none (https://github.com/Azure/Azure-Functions/issues/2473); AzureWebJobsDisableHomepage lets it through.
"""

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

import azure.functions as func

from functions.callers import SIGN_IN_PATH, SIGN_OUT_PATH, caller_of
from functions.operation import Call, operation
from functions.page_documents import MeDocument
from functions.problems import with_problems
from shared.bootstrap import settings_here
from shared.errors import Unauthenticated, UnknownObject
from shared.model.checks import MAX_FILE_BYTES
from shared.model.principals import Role
from shared.settings import PageSettings

blueprint = func.Blueprint()
STATIC = Path(__file__).parent.parent / "static"
UNDO_S = 60
_YEAR_S = 365 * 24 * 3600
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@blueprint.route("{nothing:maxlength(0)?}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@with_problems
def page(req: func.HttpRequest) -> func.HttpResponse:
    """The page; who is not signed in is led to the sign-in and back."""
    try:
        caller_of(req, settings_here().sign_in)
    except Unauthenticated:
        if not settings_here().sign_in.is_trusted:
            raise
        parts = urlsplit(req.url)
        back = quote(f"/?{parts.query}" if parts.query else "/", safe="")
        leads = {"Location": f"{SIGN_IN_PATH}?post_login_redirect_uri={back}", "Cache-Control": "no-store"}
        return func.HttpResponse(status_code=302, headers=leads)
    html = (STATIC / "index.html").read_text("utf-8").replace("{{base}}", f"/static/{release()}")
    return _kept(req, html.encode(), policy(settings_here().page))


@blueprint.route("static/{release}/{*path}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@with_problems
def page_file(req: func.HttpRequest) -> func.HttpResponse:
    """One of the page's files; those of another release are gone."""
    found = _files().get(req.route_params.get("path", ""))
    if found is None or req.route_params.get("release") != release():
        raise UnknownObject("There is no such file in this release.")
    content, packed, kind = found
    headers = _SAFE | {"Cache-Control": f"public, max-age={_YEAR_S}, immutable", "Vary": "Accept-Encoding"}
    if "gzip" not in req.headers.get("Accept-Encoding", ""):
        return func.HttpResponse(content, headers=headers, mimetype=kind, charset="utf-8")
    return func.HttpResponse(packed, headers=headers | {"Content-Encoding": "gzip"}, mimetype=kind, charset="utf-8")


@operation(blueprint, "GET", "me", Role.READER, answers=MeDocument)
def me(call: Call) -> MeDocument:
    """Who is signed in, what that person may, and what the page has to know of this app."""
    caller = call.caller
    return MeDocument(
        id=caller.id,
        name=caller.name,
        roles=caller.roles,
        is_program=caller.is_program,
        is_development=caller.is_development,
        sign_out_url=None if caller.is_development else SIGN_OUT_PATH,
        share_point_hosts=list(settings_here().page.sharepoint_hosts),
        upload_origin=settings_here().page.upload_origin,
        undo_seconds=UNDO_S,
        max_file_bytes=MAX_FILE_BYTES,
        release=release(),
    )


def policy(page: PageSettings) -> dict[str, str]:
    """The content security policy: nothing from other hosts, and no text becomes code."""
    rules = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        f"connect-src 'self' {page.upload_origin}",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html",
    )
    return {"Content-Security-Policy": "; ".join(rules)}


@cache
def release() -> str:
    """A hash of the page's files."""
    total = hashlib.sha256((STATIC / "index.html").read_bytes())
    for path, (content, _, _) in sorted(_files().items()):
        total.update(path.encode() + content)
    return total.hexdigest()[:12]


@cache
def _files() -> dict[str, tuple[bytes, bytes, str]]:
    """By path: content, the same packed, and its type."""
    found = {}
    for each in STATIC.rglob("*"):
        kind = _TYPES.get(each.suffix) or mimetypes.guess_type(each.name)[0]
        if each.is_file() and kind and each.name != "index.html":
            content = each.read_bytes()
            found[each.relative_to(STATIC).as_posix()] = (content, gzip.compress(content, mtime=0), kind)
    return found


def _kept(req: func.HttpRequest, content: bytes, headers: dict[str, str]) -> func.HttpResponse:
    e_tag = f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = _SAFE | headers | {"Cache-Control": "no-cache", "ETag": e_tag}
    if req.headers.get("If-None-Match") == e_tag:
        return func.HttpResponse(status_code=304, headers=headers)
    return func.HttpResponse(content, headers=headers, mimetype="text/html", charset="utf-8")
