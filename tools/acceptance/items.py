"""Questions about files and folders: uploads, fingerprints, clashes and preconditions."""

import requests

from shared.model.quick_xor_hash import QuickXorHash
from tools.acceptance.question import Answer, built_on, noted, question
from tools.acceptance.site import Site, refusal, taken

_UNIT_BYTES = 327_680
_TIMEOUT_S = 120


def fingerprint(content: bytes) -> str:
    """What SharePoint calls quickXorHash."""
    hashed = QuickXorHash()
    hashed.update(content)
    return hashed.base64()


@question("Has a small file its fingerprint as soon as it is there?")
def fingerprint_of_small_file(site: Site) -> Answer:
    """The app proves a transfer by it, and else reads the content back."""
    content = b"fingerprint" * 1000
    hashes = site.upload("hash.bin", content).get("file", {}).get("hashes", {})
    return built_on(hashes.get("quickXorHash") == fingerprint(content), f"{hashes or 'no hash'}")


@question("Does an upload by path make missing folders?")
def missing_folders(site: Site) -> Answer:
    """The app makes each folder before it sends a file into it."""
    answer = site.call("PUT", f"/drives/{site.drive_id}/root:/made/by path/a.txt:/content", data=b"a")
    session = site.drive("POST", "/root:/made/by session/a.txt:/createUploadSession", item={"name": "a.txt"})
    if session.ok:
        site.session.delete(session.json()["uploadUrl"], timeout=_TIMEOUT_S)
    return noted(f"in one request {refusal(answer)}; a session there {refusal(session)}")


@question("Is a file of 5 MiB taken in one request?")
def one_larger_request(site: Site) -> Answer:
    """The app tries so up to SMALL_FILE_MAX_BYTES, 10 MiB unless set, then a session (driveitem-put-content)."""
    content = bytes(5 * 1024 * 1024)
    answer = site.call("PUT", f"/drives/{site.drive_id}/root:/larger.bin:/content", data=content, allow_redirects=False)
    return noted(refusal(answer))


@question("Does an upload session take fragments of 320 KiB without a token, and end with the file?")
def upload_session(site: Site) -> Answer:
    """Also tells whether the item that ends it has a fingerprint (driveitem-createuploadsession)."""
    content = bytes(range(256)) * (2 * _UNIT_BYTES // 256 - 1)
    opened = taken(site.drive("POST", "/root:/session.bin:/createUploadSession", item={"name": "session.bin"}))
    seen = []
    for first in range(0, len(content), _UNIT_BYTES):
        part = content[first : first + _UNIT_BYTES]
        content_range = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
        headers = {"Content-Range": content_range}
        answer = site.session.put(opened["uploadUrl"], data=part, headers=headers, timeout=_TIMEOUT_S)
        seen.append(refusal(answer))
    item = answer.json() if answer.ok else {}
    has_hash = item.get("file", {}).get("hashes", {}).get("quickXorHash") == fingerprint(content)
    limits = [name for name in answer.headers if name.lower().startswith("ratelimit")]
    return built_on(
        seen == ["202", "201"] and item.get("size") == len(content),
        f"{', '.join(seen)}; fingerprint {'there' if has_hash else 'not there'}; {limits or 'no RateLimit headers'}",
    )


@question("Is an edit of an older version refused with 412?")
def stale_etag(site: Site) -> Answer:
    """If-Match keeps the app from overwriting what a person did meanwhile (driveitem-update)."""
    item = site.upload("stale.txt")
    site.upload("stale.txt", b"newer")
    answer = site.drive("PATCH", f"/items/{item['id']}", {"If-Match": item["eTag"]}, name="renamed.txt")
    return built_on(answer.status_code == 412, refusal(answer))


@question("Is a move onto a name that is taken refused with 409?")
def taken_name(site: Site) -> Answer:
    """The app then numbers its own name (driveitem-move)."""
    target = site.folder("target of a move")
    site.upload("target of a move/same.txt")
    item = site.upload("same.txt")
    answer = site.drive("PATCH", f"/items/{item['id']}", parentReference={"id": target["id"]})
    return built_on(answer.status_code == 409, refusal(answer))


@question("Does a move obey a conflict behaviour?")
def renaming_move(site: Site) -> Answer:
    """The app asks for none."""
    target = site.folder("target of another move")
    site.upload("target of another move/twin.txt")
    item = site.upload("twin.txt")
    answer = site.drive("PATCH", f"/items/{item['id']}", parentReference={"id": target["id"]}, conflict="rename")
    return noted(f"{refusal(answer)} {answer.json().get('name', '') if answer.ok else ''}".strip())


@question("Is a folder that is there refused with 409, and found by its path?")
def taken_folder(site: Site) -> Answer:
    """Two instances may make one folder at the same moment (driveitem-post-children)."""
    made = site.folder("twice")
    again = site.drive("POST", "/root/children", name="twice", folder={}, conflict="fail")
    found = taken(site.drive("GET", "/root:/twice"))
    return built_on(again.status_code == 409 and found["id"] == made["id"], refusal(again))


@question("What does a folder become that is made again with `replace`?")
def replaced_folder(site: Site) -> Answer:
    """The app never asks for that: it could empty the folder (driveitem-post-children)."""
    made = site.folder("to be replaced")
    site.upload("to be replaced/inner.txt")
    again = site.drive("POST", "/root/children", name="to be replaced", folder={}, conflict="replace")
    inner = site.drive("GET", "/root:/to be replaced/inner.txt")
    same = "the same" if again.ok and again.json()["id"] == made["id"] else "another"
    return noted(f"{refusal(again)}, {same}; what was in it: {refusal(inner)}")


@question("Does a download go by an address that needs no token?")
def download(site: Site) -> Answer:
    """The app follows it without one, and only to SharePoint's hosts (driveitem-get-content)."""
    item = site.upload("download.txt", b"to be read")
    answer = site.drive("GET", f"/items/{item['id']}")
    address = answer.json().get("@microsoft.graph.downloadUrl", "")
    content = requests.get(address, timeout=_TIMEOUT_S, verify=site.session.verify).content if address else b""
    return built_on(content == b"to be read", "an address that works" if address else "no address in the item")


QUESTIONS = (
    fingerprint_of_small_file,
    missing_folders,
    one_larger_request,
    upload_session,
    stale_etag,
    taken_name,
    renaming_move,
    taken_folder,
    replaced_folder,
    download,
)
