"""Sites and their libraries in the control plane: which there are, another site, and a site that fills up at once."""

from tools.sharepoint.resources.call import Call, Json, Reply, only, text_of
from tools.sharepoint.state.errors import invalid_request, list_limit_reached
from tools.sharepoint.state.site import Site


async def show_sites(call: Call) -> Reply:
    """GET /_local/sites."""
    return Reply(body={"value": [_shown(site) for site in call.tenant.sites]})


async def add_site(call: Call) -> Reply:
    """POST /_local/sites {"path": "/sites/name"}: 201, or 200 if it is there already."""
    path, sites = text_of(await call.json(), "path"), call.tenant.sites
    is_new = path.lower() not in sites.by_path
    site = sites.add(path, call.now)
    call.tenant.changed = True
    return Reply(201 if is_new else 200, _shown(site))


def _shown(site: Site) -> Json:
    return {"id": site.site_id, "path": site.path, "lists": len(site.libraries)}


async def fill_site(call: Call) -> Reply:
    """POST /_local/lists {"site": path, "count": n, "title": "Library"}: make plain libraries, "Library 1" and so on.

    It makes all of them or, if they would be too many for the site, none.
    """
    body = await call.json()
    only(body, "site", "count", "title")
    site = call.tenant.sites.at(text_of(body, "site", call.tenant.site.path))
    title, count, limit = text_of(body, "title", "Library"), body.get("count", 1), call.tenant.settings.lists_per_site
    if type(count) is not int or count < 0:
        raise invalid_request("count must be a number of libraries")
    if len(site.libraries) + count > limit:
        raise list_limit_reached(limit)
    site.fill(title, count, call.now)
    call.tenant.changed = True
    return Reply(201, _shown(site))
