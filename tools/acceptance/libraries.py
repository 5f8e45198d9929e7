"""Questions about libraries, their columns and subscriptions: what the grant allows, and how refusals look."""

from datetime import UTC, datetime, timedelta

from shared.graph.wire import COLUMN_BODIES
from tools.acceptance.question import Answer, built_on, noted, question
from tools.acceptance.site import Site, refusal, taken

_UNREACHABLE = "https://moment-acceptance.invalid/api/sharepoint/notifications"


@question("Is a title that a library has refused with 409?")
def taken_title(site: Site) -> Answer:
    """The app tells by it that somebody else made the library meanwhile (list-create)."""
    body = {"displayName": site.title, "list": {"template": "documentLibrary"}}
    answer = site.call("POST", f"/sites/{site.site_id}/lists", json=body)
    return built_on(answer.status_code == 409, refusal(answer))


@question("Can the app make its columns, the one of several choices too?")
def columns(site: Site) -> Answer:
    """The four columns as the app defines them (list-post-columns)."""
    said = []
    for name, body in COLUMN_BODIES.items():
        answer = site.call("POST", f"/sites/{site.site_id}/lists/{site.list_id}/columns", json=body)
        said.append((name, answer.ok, refusal(answer)))
    return built_on(all(ok for _, ok, _ in said), ", ".join(f"{name} {status}" for name, _, status in said))


@question("Are several tags of a person's own words taken as a value?")
def tag_values(site: Site) -> Answer:
    """A value outside of the choices, since the column allows it (listitem-update)."""
    columns.look(site)
    item = site.upload("tags.txt")
    fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": ["Straße", "a, b"]}
    answer = site.call("PATCH", f"/drives/{site.drive_id}/items/{item['id']}/listItem/fields", json=fields)
    kept = taken(answer).get("momentTags") if answer.ok else None
    return built_on(kept == fields["momentTags"], f"{refusal(answer)}, {kept}")


@question("May the app read the content types of the site and of a library?")
def content_types(site: Site) -> Answer:
    """To make one would leave it behind in the site; the app does that at its first use, and the doctor looks."""
    answer = site.call("GET", f"/sites/{site.site_id}/contentTypes?$select=id,name")
    own = site.call("GET", f"/sites/{site.site_id}/lists/{site.list_id}/contentTypes?$select=id,name")
    return built_on(answer.ok and own.ok, f"site {refusal(answer)}, library {refusal(own)}")


@question("May the app subscribe to changes?")
def subscriptions(site: Site) -> Answer:
    """Asked with an address that nobody answers at: 403 says no. 400 may still mean either, as the address is looked at
    first; the doctor, whose address answers, then knows."""
    body = {
        "changeType": "updated",
        "notificationUrl": _UNREACHABLE,
        "resource": f"/drives/{site.drive_id}/root",
        "expirationDateTime": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "clientState": "acceptance",
    }
    answer = site.call("POST", "/subscriptions", json=body)
    if answer.ok:
        site.call("DELETE", f"/subscriptions/{answer.json()['id']}")
    if answer.status_code == 403:
        return built_on(False, refusal(answer))
    return noted(f"{refusal(answer)}; make doctor knows more")


@question("Has a new library its drive at once, and does a rename reach the drive's name?")
def new_library(site: Site) -> Answer:
    """The app waits for the drive, and knows a library by its ids (list-create, list-update)."""
    body = {"displayName": f"{site.title} again", "list": {"template": "documentLibrary"}}
    place = f"/sites/{site.site_id}/lists/{taken(site.call('POST', f'/sites/{site.site_id}/lists', json=body))['id']}"
    try:
        at_once = site.call("GET", f"{place}/drive")
        taken(site.call("PATCH", place, json={"displayName": f"{site.title} renamed"}))
        name = taken(site.call("GET", f"{place}/drive")).get("name") if at_once.ok else "not known"
    finally:
        site.call("DELETE", place)
    return noted(f"{refusal(at_once)}; after the rename the drive is called {name}")


@question("How is a request answered that holds others?")
def batches(site: Site) -> Answer:
    """The app sends none (json-batching)."""
    requests = [{"id": str(n), "method": "GET", "url": f"/drives/{site.drive_id}/root"} for n in range(2)]
    answer = site.call("POST", "/$batch", json={"requests": requests})
    statuses = [each["status"] for each in answer.json()["responses"]] if answer.ok else []
    return noted(f"{refusal(answer)}, {statuses}")


QUESTIONS = (taken_title, columns, tag_values, content_types, subscriptions, new_library, batches)
