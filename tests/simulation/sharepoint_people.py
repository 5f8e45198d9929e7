"""People who work in SharePoint, through Graph with a token of another app. Each action gives what came of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import quote

import requests

from tests.simulation.contents import content_for, marks_in
from tests.simulation.hosts import Answer, Stage
from tests.simulation.ledger import Deletion
from tests.simulation.scene import Scene, a_name, some_tags

_COLUMNS = {"momentTags@odata.type": "Collection(Edm.String)"}


@dataclass
class Item:
    """A file or folder as SharePoint shows it."""

    id: str
    name: str
    parent: str
    is_folder: bool
    size_bytes: int
    tags: tuple[str, ...]
    url: str


class Browser:
    """One person's way into SharePoint."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._token = ""

    def ask(self, method: str, path: str, **arguments: object) -> Answer:
        """A request to Graph below a drive; signs in where the token is none any more."""
        url = f"{self._stage.local.url}/v1.0{path}"
        for _ in range(2):
            answer = self._stage.ask(method, url, headers={"Authorization": f"Bearer {self._token}"}, **arguments)
            if answer.status != 401:
                break
            self._sign_in()
        return answer

    def _sign_in(self) -> None:
        form = {"grant_type": "client_credentials", "client_id": "person", "client_secret": "x", "scope": "x/.default"}
        local = self._stage.local
        answer = requests.post(f"{local.url}/{local.tenant_id}/oauth2/v2.0/token", data=form, timeout=30)
        self._token = answer.json().get("access_token", "") if answer.ok else ""

    def everything(self, drive: str) -> list[Item] | None:
        """All folders, then all files, by name; None where SharePoint gave no full answer."""
        found: list[Item] = []
        waiting = ["root"]
        while waiting:
            path = f"/drives/{drive}/items/{waiting.pop()}/children?$expand=listItem($expand=fields)&$top=200"
            answer = self.ask("GET", path)
            if not answer.is_done:
                return None
            for each in answer.body["value"]:
                fields = each.get("listItem", {}).get("fields", {})
                tags = tuple(fields.get("momentTags") or ())
                parent, url = each["parentReference"]["id"], each["webUrl"]
                item = Item(each["id"], each["name"], parent, "folder" in each, each["size"], tags, url)
                found.append(item)
                if item.is_folder:
                    waiting.append(item.id)
        return sorted(found, key=lambda item: (not item.is_folder, item.name))


class SharePointPeople:
    """The actions, by name. `rng` decides everything."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._stage = scene, scene.stage
        self._browser = Browser(scene.stage)
        self._drive = ""
        self._seen: list[Item] = []

    @property
    def actions(self) -> dict[str, tuple[int, Callable[[random.Random], str]]]:
        """Name → how often, relative to the others, and what is done."""
        each = {
            "add": (4, self.add),
            "write": (4, self.write),
            "rename": (3, self.rename),
            "move": (3, self.move),
            "retag": (3, self.retag),
            "delete": (3, self.delete),
            "restore": (3, self.restore),
            "add a folder": (1, self.add_folder),
            "rename a folder": (1, self.rename_folder),
            "move a folder": (1, self.move_folder),
            "delete a folder": (1, self.delete_folder),
        }
        return {name: (weight, self._looking(do)) for name, (weight, do) in each.items()}

    def _looking(self, do: Callable[[random.Random], str]) -> Callable[[random.Random], str]:
        """The action in a library that is there, once the person has looked."""

        def act(rng: random.Random) -> str:
            drives = list(filter(None, (self._scene.drive_of(each.id) for each in self._scene.customers)))
            if not drives:
                return "finds no library"
            drive = rng.choice(drives)
            seen = self._browser.everything(drive)
            if seen is None:
                return "can't see the library"
            self._drive, self._seen = drive, seen
            return do(rng)

        return act

    def add(self, rng: random.Random) -> str:
        name, parent = a_name(rng), self._a_parent(rng)
        return self._put(rng, f"{parent}:/{quote(name)}:", name, "adds")

    def write(self, rng: random.Random) -> str:
        item = self._one(rng, is_folder=False)
        return self._put(rng, item.id, item.name, "writes") if item else "has nothing to write"

    def _put(self, rng: random.Random, address: str, name: str, what: str) -> str:
        write = self._scene.ledger.write("sharepoint", address, name)
        content = content_for(name, write.fingerprint, rng)
        answer = self._ask("PUT", f"{address}/content", data=content)
        write.acknowledged = answer.is_done
        return f"{what} {name!r}, {len(content)} bytes as {write.fingerprint} {answer}"

    def rename(self, rng: random.Random) -> str:
        return self._patch(rng, {"name": a_name(rng)}, is_folder=False)

    def move(self, rng: random.Random) -> str:
        return self._patch(rng, {"parentReference": {"id": self._id_of(self._a_parent(rng))}}, is_folder=False)

    def rename_folder(self, rng: random.Random) -> str:
        return self._patch(rng, {"name": f"Folder {rng.randrange(100)}"}, is_folder=True)

    def move_folder(self, rng: random.Random) -> str:
        return self._patch(rng, {"parentReference": {"id": self._id_of(self._a_parent(rng))}}, is_folder=True)

    def _patch(self, rng: random.Random, change: dict, *, is_folder: bool) -> str:
        item = self._one(rng, is_folder=is_folder)
        if item is None:
            return "has nothing to change"
        self._scene.ledger.moved_there.add(item.id)
        return f"changes {self._path(item)!r} to {change}: {self._ask('PATCH', item.id, json=change)}"

    def retag(self, rng: random.Random) -> str:
        item, tags = self._one(rng, is_folder=False), some_tags(rng)
        if item is None:
            return "has nothing to tag"
        answer = self._ask("PATCH", f"{item.id}/listItem/fields", json=_COLUMNS | {"momentTags": tags})
        return f"tags {self._path(item)!r} {tags}: {answer}"

    def delete(self, rng: random.Random) -> str:
        return self._delete(self._one(rng, is_folder=False))

    def delete_folder(self, rng: random.Random) -> str:
        return self._delete(self._one(rng, is_folder=True))

    def _delete(self, item: Item | None) -> str:
        if item is None:
            return "has nothing to delete"
        path, answer = self._path(item), self._ask("DELETE", item.id)
        if answer.is_done:
            for gone in self._binned(item.id):
                deletion: Deletion = self._scene.ledger.deleted("sharepoint", gone["id"], gone["name"])
                contents = self._stage.local.contents(gone["id"])
                deletion.contents = marks_in(contents[0]) if contents else set()
        return f"deletes {path!r}: {answer}"

    def restore(self, rng: random.Random) -> str:
        """Something out of the recycle bin."""
        entries = [each for each in self._stage.local.recycle_bin() if each["listId"] in self._drive_lists()]
        if not entries:
            return "finds the recycle bin empty"
        entry = rng.choice(entries)
        try:
            self._stage.local.restore(entry["id"])
        except HTTPError as refusal:  # somebody else was faster
            return f"restores {entry['path']!r}: {refusal.code}"
        for each in entry["items"]:
            self._scene.ledger.undone(each["id"])
        return f"restores {entry['path']!r} from the recycle bin"

    def _drive_lists(self) -> set[str]:
        links = (self._stage.stores.folders.find(each.id, "library") for each in self._scene.customers)
        return {link.list_id for link in links if link is not None}

    def _binned(self, item_id: str) -> list[dict]:
        """What the newest entry for this item holds."""
        entries = [each for each in self._stage.local.recycle_bin() if each["items"][0]["id"] == item_id]
        return entries[-1]["items"] if entries else []

    def add_folder(self, rng: random.Random) -> str:
        name = f"Folder {rng.randrange(100)}"
        answer = self._ask("POST", f"{self._a_parent(rng)}/children", json={"name": name, "folder": {}})
        return f"adds the folder {name!r}: {answer}"

    def _ask(self, method: str, item: str, **arguments: object) -> Answer:
        return self._browser.ask(method, f"/drives/{self._drive}/items/{item}", **arguments)

    def _one(self, rng: random.Random, *, is_folder: bool) -> Item | None:
        fitting = [item for item in self._seen if item.is_folder is is_folder]
        return rng.choice(fitting) if fitting else None

    def _a_parent(self, rng: random.Random) -> str:
        folders = [item.id for item in self._seen if item.is_folder]
        return rng.choice(["root", *folders, *folders])

    def _id_of(self, folder: str) -> str:
        found = self._ask("GET", folder) if folder == "root" else None
        return found.body["id"] if found is not None and found.is_done else folder

    def _path(self, item: Item) -> str:
        names, folders = [item.name], {each.id: each for each in self._seen if each.is_folder}
        while item.parent in folders:
            item = folders[item.parent]
            names.insert(0, item.name)
        return "/".join(names)
