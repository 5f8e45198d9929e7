"""Questions about deltas: what they tell of an edit, a deletion, a column, and by what items are known."""

from shared.graph.change_wire import COLUMN_CHANGES
from shared.model.drive_items import unique_id_of
from tools.acceptance.libraries import columns
from tools.acceptance.question import Answer, built_on, noted, question
from tools.acceptance.site import Json, Site, taken


def drive_delta(site: Site) -> str:
    """Where the drive's delta begins (driveitem-delta)."""
    return f"/drives/{site.drive_id}/root/delta"


def list_delta(site: Site) -> str:
    """Where the list items' delta begins, with the columns as the app asks for them (listitem-delta)."""
    query = "&".join(f"{name}={value}" for name, value in COLUMN_CHANGES.items())
    return f"/sites/{site.site_id}/lists/{site.list_id}/items/delta?{query}"


def told_of(site: Site, link: str, item_id: str) -> Json | None:
    """The item's last entry since this link, once there is one."""

    def look() -> Json | None:
        return next((each for each in reversed(site.delta(link)[0]) if each["id"] == item_id), None)

    return site.until(look)


@question("Does the drive's delta begin with everything, and go on from its link?")
def drive_changes(site: Site) -> Answer:
    """What following a library rests on."""
    first = site.upload("before.txt")
    items, link = site.delta(drive_delta(site))
    second = site.upload("after.txt")
    later = told_of(site, link, second["id"])
    is_all = any(each["id"] == first["id"] for each in items)
    return built_on(
        is_all and later is not None, f"{len(items)} items at first; the new one {'came' if later else 'did not'}"
    )


@question("Do a file's two deltas join by the GUID in its eTag?")
def unique_ids(site: Site) -> Answer:
    """A list's delta has no drive item ids (docs/decisions/0010)."""
    item = site.upload("joined.txt")
    in_drive = told_of(site, drive_delta(site), item["id"])
    rows = site.delta(list_delta(site))[0]
    wanted = unique_id_of((in_drive or item)["eTag"])
    found = [row for row in rows if unique_id_of(row.get("eTag", "")) == wanted]
    return built_on(len(found) == 1, f"eTag {item['eTag']}, {len(found)} rows of {len(rows)}")


@question("Does the list's delta tell of columns, and keep telling them from its link?")
def column_changes(site: Site) -> Answer:
    """The app puts `$expand` in again should the link lose it."""
    columns.look(site)
    item = site.upload("columns.txt")
    _, link = site.delta(list_delta(site))
    path = f"/drives/{site.drive_id}/items/{item['id']}/listItem/fields"
    site.call("PATCH", path, json={"momentYear": "2026"}).raise_for_status()

    def look() -> Json | None:
        rows = site.delta(link)[0]
        return next((row for row in rows if row.get("fields", {}).get("momentYear") == "2026"), None)

    return built_on(site.until(look) is not None, f"link {'keeps' if 'expand' in link else 'hides or loses'} $expand")


@question("Does an edit of a column show in the drive's delta?")
def column_edit_in_drive_delta(site: Site) -> Answer:
    """The app asks the list's delta as well, so either will do."""
    columns.look(site)
    item = site.upload("edited column.txt")
    _, link = site.delta(drive_delta(site))
    path = f"/drives/{site.drive_id}/items/{item['id']}/listItem/fields"
    site.call("PATCH", path, json={"momentYear": "2027"}).raise_for_status()
    return noted("it does" if told_of(site, link, item["id"]) else "it does not")


@question("Is an edit by the app told as the app's, with its id?")
def own_edits(site: Site) -> Answer:
    """The app tells by it its own uploads from files that people made (shared/sync/ingest_items.py)."""
    item = site.upload("own.txt")
    _, link = site.delta(drive_delta(site))
    taken(site.drive("PATCH", f"/items/{item['id']}", name="own, renamed.txt"))
    found = told_of(site, link, item["id"]) or {}
    ids = [
        str((found.get(name) or {}).get("application", {}).get("id", "")) for name in ("createdBy", "lastModifiedBy")
    ]
    is_ours = all(each.lower() == site.client_id.lower() for each in ids)
    return built_on(is_ours, f"made by {ids[0] or 'no application'}, changed by {ids[1] or 'no application'}")


@question("Does a deleted folder come with tombstones of what was in it?")
def tombstones(site: Site) -> Answer:
    """The app deals with either: what was below a folder that is gone is gone."""
    folder = site.folder("deleted")
    inner = site.upload("deleted/inner.txt")
    _, link = site.delta(drive_delta(site))
    site.drive("DELETE", f"/items/{folder['id']}")
    tombstone = told_of(site, link, folder["id"])
    if tombstone is None or "deleted" not in tombstone:
        return built_on(False, f"no tombstone of the folder itself: {tombstone}")
    told = any(each["id"] == inner["id"] for each in site.delta(link)[0])
    return noted("with" if told else "without")


@question("Which members do items in a delta lack?")
def delta_members(site: Site) -> Answer:
    """The app needs id, name, eTag, parent's id, and a size and hash of files."""
    item = site.upload("members.txt")
    found = told_of(site, drive_delta(site), item["id"]) or {}
    needed = {"id", "name", "eTag", "size", "file", "parentReference"}
    lacking = sorted(needed - set(found))
    extra = [name for name in ("cTag",) if name not in found]
    extra += [] if "path" in found.get("parentReference", {}) else ["parentReference.path"]
    return built_on(not lacking, f"needed ones: {lacking or 'none'}; others: {extra or 'none'}")


@question("Does a folder's rename tell of the folder alone?")
def folder_rename(site: Site) -> Answer:
    """The app computes places from folders, so either will do."""
    folder = taken(site.drive("POST", "/root/children", name="old name", folder={}, conflict="fail"))
    inner = site.upload("old name/inner.txt")
    _, link = site.delta(drive_delta(site))
    taken(site.drive("PATCH", f"/items/{folder['id']}", name="new name"))
    if told_of(site, link, folder["id"]) is None:
        return built_on(False, "the folder did not come")
    told = any(each["id"] == inner["id"] for each in site.delta(link)[0])
    return noted("with what is in it" if told else "alone")


QUESTIONS = (
    drive_changes,
    unique_ids,
    column_changes,
    column_edit_in_drive_delta,
    own_edits,
    tombstones,
    delta_members,
    folder_rename,
)
