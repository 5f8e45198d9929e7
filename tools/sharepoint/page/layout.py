"""The frame of every page: who is signed in, the site's libraries, the other sites, messages, and headers that keep
strangers out."""

from tools.sharepoint.page import links, wording
from tools.sharepoint.page.markup import Child, Markup, element, join
from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.state.errors import GraphError
from tools.sharepoint.state.people import GRACE
from tools.sharepoint.state.site import Site

RECYCLE_BIN = "RecycleBin.aspx"
_LIBRARIES_SHOWN = 25
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def page(
    call: Call, site: Site, title: str, *content: Child, status: int = 200, moving: str = "", here: str = ""
) -> Reply:
    """Return a whole page. ``moving`` is the id of an item on its way; ``here`` is the id of the library shown."""
    navigation = (_navigation(site, moving, here), _other_sites(call, site, moving))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{title} · {site.display_name}"),
        element("link", rel="icon", href="data:,"),
        element("link", rel="stylesheet", href=links.layouts(site, "page.css")),
        element("script", src=links.layouts(site, "page.js"), type="module"),
    )
    body = element(
        "body",
        element("a", "Skip to the content", href="#content", class_="skip"),
        _suite_bar(site, moving),
        element(
            "div", element("div", navigation, class_="side"), element("main", *content, id="content"), class_="frame"
        ),
    )
    text = f"<!doctype html>{element('html', head, body, lang='en')}"
    return Reply(status, text=text, content_type="text/html; charset=utf-8", headers=dict(_HEADERS))


def notice(problem: str, done: str) -> Markup:
    """Return what there is to say about what the person just did."""
    if problem:
        return element("p", problem, class_="notice problem", role="alert")
    sentence = wording.DONE.get(done)
    return element("p", sentence, class_="notice", role="status") if sentence else join()


def sorry(call: Call, error: GraphError) -> Reply:
    """Return the page for what cannot be shown or done at all."""
    try:
        site = call.site_at_path()
    except GraphError:
        site = call.tenant.site
    back = element("p", element("a", "All libraries", href=links.site(site)))
    problem = notice(wording.refusal(error, "this"), "")
    return page(call, site, "Not possible", element("h1", "Not possible"), problem, back, status=error.status)


def _suite_bar(site: Site, moving: str) -> Markup:
    initials = "".join(part[0] for part in GRACE.name.split())
    return element(
        "header",
        element("a", site.display_name, href=links.site(site, **_carry(moving)), class_="site"),
        element("span", "local SharePoint", class_="product"),
        element(
            "span",
            element("span", GRACE.name, class_="person"),
            element("span", initials, class_="initials", aria_hidden="true"),
            class_="me",
            title=f"You work here as {GRACE.name}, {GRACE.account}",
        ),
    )


def _navigation(site: Site, moving: str, here: str) -> Markup:
    libraries = list(site.libraries.values())
    entries = [
        element(
            "a", each.display_name, href=links.root(each, **_carry(moving)), aria_current=_current(each.list_id, here)
        )
        for each in libraries[:_LIBRARIES_SHOWN]
    ]
    if len(libraries) > _LIBRARIES_SHOWN:
        entries.append(element("a", f"All {len(libraries)} libraries", href=links.site(site, **_carry(moving))))
    if not moving:
        target = links.layouts(site, RECYCLE_BIN)
        entries.append(element("a", "Recycle bin", href=target, class_="bin", aria_current=_current(RECYCLE_BIN, here)))
    return element("nav", element("ul", [element("li", each) for each in entries]), aria_label="Libraries")


def _other_sites(call: Call, site: Site, moving: str) -> Markup | None:
    others = [each for each in call.tenant.sites if each is not site]
    entries = [
        element("li", element("a", each.display_name, href=links.site(each, **_carry(moving)))) for each in others
    ]
    return element("nav", element("h2", "Other sites"), element("ul", entries), aria_label="Sites") if entries else None


def _current(which: str, here: str) -> str | None:
    return "page" if which == here else None


def _carry(moving: str) -> dict[str, str]:
    return {"moving": moving} if moving else {}
