"""The invariants of the design (§3) after a storm, from outside: the API, the blobs, and SharePoint's own interfaces.

Each check raises Violation with the rule's number, the file, and what was found instead.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from urllib.parse import unquote

from shared.graph.connection import USER_AGENT
from tests.simulation.both_sides import BothSides, key_of, tags_of
from tests.simulation.hosts import secrets_in
from tests.simulation.report import Violation
from tests.simulation.scene import Scene

MEMORY_BYTES = 400 * 1024 * 1024
TOLD_WITHIN_S = 10.0
"""All instances know of a Retry-After with their next block of units, 1.5 seconds later (docs/architecture.md, Pacing).
The rest is for the row to be written and read, through proxies that hold requests back, on a machine where ten
processes want each of its cores: 6.2 seconds were seen there."""
_BACK_OFF_S = 3.0
"""So long may a request to storage that failed once be on its way."""
_SETTLED = ("in-sharepoint", "in-moment-cloud", "expected", "blocked", "deleted")


def nothing_is_lost(scene: Scene, sides: list[BothSides]) -> None:
    """Rule 1: what was acknowledged can be reached, but for what the ledger says may be gone."""
    documents = {each["id"]: each for side in sides for each in (*side.live, *side.deleted)}
    kept = {mark for each in sides for mark in each.kept | each.in_blobs}
    for write in scene.ledger.expected():
        if write.fingerprint not in kept:
            document = documents.get(write.where)
            told = [line["event"] for line in _history(scene, document)] if document else []
            lost = f"{write.fingerprint!r} of {write.name!r} ({write.side} {write.where})"
            raise Violation(f"Rule 1: {lost} is lost. Its history: {told}")


def one_record_per_file(sides: BothSides) -> None:
    """Rule 2: each live item has one live record, each record one item, and no content lies in two files."""
    live = {each["id"]: each for each in sides.live if each["state"] == "in-sharepoint"}
    owners = Counter(sides.item_ids[file_id] for file_id in live if file_id in sides.item_ids)
    for item_id, count in owners.items():
        if count > 1:
            raise Violation(f"Rule 2: {count} live records of {sides.customer} have the item {item_id}.")
        if item_id not in sides.files:
            raise Violation(f"Rule 3: {_of(sides, item_id)} is in SharePoint, says Moment, but is not there.")
    for item_id, item in sides.files.items():
        if item_id not in owners:
            raise Violation(f"Rule 2: {item.name!r} ({item_id}) of {sides.customer} has no live record.")


def no_content_is_doubled(scene: Scene, sides: BothSides) -> None:
    """Rule 2: no content lies in two files, but for one known limit.

    Where a transfer was cut off after SharePoint had the file and before the app knew, and a person renamed, moved or
    deleted that file before the next try, nobody can tell that it is the same: both stay, once the deletion is undone.
    Nothing is lost.
    """
    holders: dict[str, list[str]] = {}
    for item_id, marks in sides.contents.items():
        for mark in marks:
            holders.setdefault(mark, []).append(item_id)
    for mark, items in holders.items():
        names = [sides.files[item_id].name for item_id in items]
        if len(items) < 2:
            continue
        documents = [document for document in map(sides.document_of, items) if document]
        told = {each["id"]: [line["event"] for line in _history(scene, each)] for each in documents}
        if _was_touched_while_cut_off(scene, items, told.values()):
            scene.story.say("check", f"{mark!r} is in {names}: touched by a person while its transfer was cut off")
            scene.faults["doubled: touched while its transfer was cut off"] += 1
        else:
            raise Violation(f"Rule 2: {mark!r} is in two files of {sides.customer}: {names}. Their histories: {told}")


def _was_touched_while_cut_off(scene: Scene, items: Sequence[str], histories: Collection[Sequence[str]]) -> bool:
    """Moved and sent by more than one claim; or deleted and restored, and never known to be in SharePoint before."""

    def count(history: Sequence[str], event: str) -> int:
        return sum(each.startswith(event) for each in history)

    ledger = scene.ledger
    restored = {each.where for each in ledger.deletions if each.side == "sharepoint" and each.undone}
    is_cut_off = any(count(each, "Claimed") > 1 for each in histories)
    was_known = any(count(each, "In SharePoint as") > 1 for each in histories)
    return (is_cut_off and not ledger.moved_there.isdisjoint(items)) or (
        not was_known and not restored.isdisjoint(items)
    )


def _history(scene: Scene, document: dict) -> list[dict]:
    path = f"customers/{document['customer']}/files/{document['id']}/history"
    return (scene.stage.call("GET", path).body or {"items": []})["items"]


def both_sides_equal(scene: Scene, sides: BothSides) -> None:
    """Rule 3: name, tags, place, size and link."""
    for item_id, item in sides.files.items():
        document = sides.document_of(item_id)
        if document is None:
            continue
        key = sides.keys[item.parent if item.parent in sides.folders else ""]
        theirs = (item.name, tags_of(item.tags), key, item.size_bytes, unquote(item.url))
        place, url = key_of(scene, document, key), unquote(document["link"])
        ours = (document["name"], tags_of(document["tags"]), place, document["sizeBytes"], url)
        if ours != theirs:
            lines = "\n".join(f"  {each['at']} {each['side']} {each['event']}" for each in _history(scene, document))
            told = f"  Moment     {ours}\n  SharePoint {theirs}\n{lines}"
            raise Violation(f"Rule 3: {item.name!r} of {sides.customer}:\n{told}")


def the_search_finds_all(scene: Scene, sides: list[BothSides]) -> None:
    """Rule 3: the search over all customers says of each file what its customer's own list says.

    It has none whose content has not arrived yet (shared/model/everywhere.py).
    """
    found = {(each["customer"], each["id"]): _shown(each) for each in scene.everywhere()}
    arrived = [each for side in sides for each in side.live if each["state"] != "expected"]
    listed = {(each["customer"], each["id"]): _shown(each) for each in arrived}
    if found != listed:
        differs = {
            key: (found.get(key), listed.get(key)) for key in found | listed if found.get(key) != listed.get(key)
        }
        raise Violation(f"Rule 3: the search over all customers and the customers' lists differ: {differs}")


def _shown(document: dict) -> tuple[object, ...]:
    return document["name"], document["state"], sorted(document["tags"]), document["project"], document["sizeBytes"]


def every_file_has_a_state(sides: BothSides) -> None:
    """Rule 5: nothing waits for ever, and what needs attention says why."""
    for each in sides.live + sides.deleted:
        said = f"{each['name']!r} ({each['id']}) of {sides.customer} is {each['state']}: {each['reason']!r}"
        if each["state"] not in _SETTLED:
            raise Violation(f"Rule 5: {said}, and nothing happens.")
        if each["undoUntil"]:
            raise Violation(f"Rule 5: {said}, but its deletion was never carried out.")
        if each["state"] in ("blocked", "deleted") and not each["reason"]:
            raise Violation(f"Rule 5: {said}, without a reason.")
        if each["state"] == "in-sharepoint" and each["reason"]:
            raise Violation(f"Rule 5: {said}, although nothing is in its way.")
        if each["state"] == "blocked" and each["cause"] not in ("missing", "object-gone"):
            raise Violation(f"Rule 5: {said} ({each['cause']}), although nothing is in its way.")


def deletions_hold(scene: Scene, sides: BothSides) -> None:
    """Rule 3: what was deleted stays deleted, unless the other side's edit brought it back."""
    live = {each["id"]: each for each in sides.live}
    for deletion in scene.ledger.deletions:
        if deletion.undone:
            continue
        if deletion.where in sides.files:
            raise Violation(f"Rule 3: {deletion.name!r} was deleted in SharePoint and is there again.")
        document = live.get(deletion.where)
        if document is not None and not _came_back(scene, document):
            raise Violation(f"Rule 3: {document['name']!r} was deleted in Moment and is {document['state']} again.")


def _came_back(scene: Scene, document: dict) -> bool:
    """Whether its history has an edit of SharePoint's side, or an upload's end, after the last deletion."""
    lines = _history(scene, document)
    deleted_at = max((n for n, line in enumerate(lines) if line["event"].startswith("Deleted.")), default=-1)
    later = lines[deleted_at + 1 :]
    return any(line["side"] == "sharepoint" or line["event"].startswith("Brought back") for line in later)


def nobody_is_hurt(scene: Scene) -> None:
    """Rule 4: while a Retry-After runs, nothing of ours arrives that could know of it.

    Where storage did not let a process share the hold, the others learn by refusals of their own, as it logs. Where
    storage failed at that moment, it is shared when the request to storage is tried again, seconds later. A process
    that is killed at that moment tells nobody. What it tells is a moment, which a clock that is ahead takes for over.
    """
    if any("hold not shared" in line for line in scene.stage.logged()):
        return
    troubles = [*scene.stage.storage_between.faults.came_at, *scene.stage.killed_at]
    ours = [each for each in scene.stage.local.requests() if each["user_agent"] == USER_AGENT]
    for refused in ours:
        answered_at = refused["at"] - refused["ahead_s"]
        begin, end = answered_at + TOLD_WITHIN_S, answered_at + refused["retry_after_s"] - scene.stage.apart_s
        if any(answered_at - _BACK_OFF_S < came_at < end for came_at in troubles):
            continue
        early = [each for each in ours if begin < each["began"] - each["ahead_s"] < end]
        if early:
            told = f"{refused['method']} {refused['route']} was answered with {refused['status']}"
            before = [round(answered_at - came_at, 1) for came_at in troubles if came_at < answered_at]
            raise Violation(
                f"Rule 4: {told}, Retry-After {refused['retry_after_s']}: {refused}, then came {early[0]}. "
                f"The last kill or trouble of storage was so many seconds before: {min(before, default=None)}."
            )


def memory_is_bounded(scene: Scene) -> None:
    """Rule 6: as long as files are small."""
    used = scene.stage.memory_bytes()
    if used > MEMORY_BYTES:
        raise Violation(f"Rule 6: a process of a host had {used / 2**20:.0f} MiB.")


def no_secret_is_logged(scene: Scene) -> None:
    """Rule 7: no signature, token, upload URL or clientState."""
    states = []
    for customer in scene.customers:
        drive = scene.drive_of(customer.id)
        library = scene.stage.stores.libraries.find(drive) if drive else None
        states.append(library.client_state if library else "")
    found = secrets_in(scene.stage.logged(), states)
    if found:
        raise Violation(f"Rule 7: a host logged a secret: {found[0]}")


def nothing_is_given_up(scene: Scene) -> None:
    """Rule 5: no poison message is left, nor an entry of one."""
    left = {name: n for name, n in scene.stage.waiting_messages().items() if name.endswith("-poison")}
    entries = (scene.stage.call("GET", "given-up").body or {"items": []})["items"]
    if left or entries:
        raise Violation(f"Rule 5: given up: {left} {entries}")


def _of(sides: BothSides, item_id: str) -> str:
    document = sides.document_of(item_id)
    return f"{document['name']!r} of {sides.customer}" if document else item_id
