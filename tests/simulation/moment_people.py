"""People who work in Moment: what each does through the API, chosen by chance. Each action gives what came of it."""

import random
import urllib.parse
from collections.abc import Callable

from azure.core.exceptions import AzureError

from tests.simulation.contents import content_for
from tests.simulation.scene import Place, Scene, StormCustomer, a_name, pick, some_tags

OVERWRITTEN = "overwritten in Moment Cloud before it was moved"
DELETED = "deleted in Moment before it was moved"
_BLOB = {"x-ms-blob-type": "BlockBlob"}


class MomentPeople:
    """The actions, by name. `rng` decides everything."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._stage = scene, scene.stage

    @property
    def actions(self) -> dict[str, tuple[int, Callable[[random.Random], str]]]:
        """Name → how often, relative to the others, and what is done."""
        return {
            "upload": (6, self.upload),
            "announce": (1, self.announce),
            "drop": (1, self.drop),
            "replace": (4, self.replace),
            "rename": (3, self.rename),
            "retag": (3, self.retag),
            "move": (3, self.move),
            "delete": (2, self.delete),
            "delete, held": (2, self.delete_held),
            "restore": (2, self.restore),
            "retry": (1, self.retry),
        }

    def upload(self, rng: random.Random) -> str:
        customer = self._scene.customer(rng)
        return self.upload_to(customer, rng.choice(customer.places), rng)

    def upload_to(self, customer: StormCustomer, place: Place, rng: random.Random) -> str:
        """A file for this customer, linked to this object."""
        announced = self._announced(customer, place, rng)
        if isinstance(announced, str):
            return announced
        file_id, name = announced
        return f"uploads {name!r} for {customer.id}: {self._put(customer, file_id, name, rng)}"

    def announce(self, rng: random.Random) -> str:
        """Without a content that ever comes."""
        customer = self._scene.customer(rng)
        announced = self._announced(customer, rng.choice(customer.places), rng)
        return announced if isinstance(announced, str) else f"announces {announced[1]!r} only"

    def _announced(self, customer: StormCustomer, place: Place, rng: random.Random) -> tuple[str, str] | str:
        """The file's id and name; a sentence where it was refused. A caller who got no answer asks once more."""
        name = a_name(rng)
        body = {"name": name, "tags": some_tags(rng), **place.links}
        key = {"Idempotency-Key": f"{self._scene.name}-{rng.getrandbits(64):x}"}
        for _ in range(2):
            answer = self._stage.call("POST", f"customers/{customer.id}/files", json=body, headers=key)
            if answer.is_done:
                customer.upload_urls[answer.body["id"]] = answer.body["upload"]["url"]
                return answer.body["id"], name
        return f"announces {name!r} for {customer.id} in {place}: {answer}"

    def _put(self, customer: StormCustomer, file_id: str, name: str, rng: random.Random) -> str:
        write = self._scene.ledger.write("moment", file_id, name)
        content = content_for(name, write.fingerprint, rng)
        answer = self._stage.ask("PUT", customer.upload_urls[file_id], data=content, headers=_BLOB)
        write.acknowledged = answer.is_done
        return f"{len(content)} bytes as {write.fingerprint} {answer}"

    def drop(self, rng: random.Random) -> str:
        """A blob straight into the container."""
        customer, name = self._scene.customer(rng), a_name(rng)
        place, tags = rng.choice(customer.places), some_tags(rng)
        blob = f"{customer.id}/drop{rng.getrandbits(48):x}/{name}"
        metadata = {key: value for key, value in place.links.items() if value}
        metadata["tags"] = ",".join(map(urllib.parse.quote, tags))
        write = self._scene.ledger.write("moment", blob, name)
        content = content_for(name, write.fingerprint, rng)
        try:
            self._stage.container.upload_blob(blob, content, metadata=metadata)
        except AzureError as failure:
            return f"drops {name!r} for {customer.id}: {type(failure).__name__}"
        write.acknowledged = True
        return f"drops {name!r} into the container for {customer.id} in {place} as {write.fingerprint}"

    def replace(self, rng: random.Random) -> str:
        """New content through the URL of the first one, as long as that holds."""
        customer, document = self._a_file(rng, has_url=True)
        if document is None:
            return "has nothing to replace"
        if not self._is_safe(document):
            self._scene.ledger.excuse(document["id"], OVERWRITTEN)
        return f"replaces {document['name']!r}: {self._put(customer, document['id'], document['name'], rng)}"

    def _is_safe(self, document: dict) -> bool:
        """Whether all content that the file has is in SharePoint, that of which the app has not heard yet, too."""
        place = f"{document['customer']}/{document['id']}/"
        if next(iter(self._stage.container.list_blob_names(name_starts_with=place)), None) is not None:
            return False
        found = self._stage.call("GET", f"customers/{document['customer']}/files/{document['id']}")
        return found.is_done and found.body["state"] != "expected" and not found.body["inMomentCloud"]

    def rename(self, rng: random.Random) -> str:
        name = a_name(rng)
        return self._edit(rng, {"name": name}, f"renames to {name!r}")

    def retag(self, rng: random.Random) -> str:
        tags = some_tags(rng)
        return self._edit(rng, {"tags": tags}, f"tags {tags}")

    def move(self, rng: random.Random) -> str:
        customer, document = self._a_file(rng)
        place = rng.choice(customer.places)
        if document is None:
            return "has nothing to move"
        answer = self._stage.call("PATCH", f"customers/{customer.id}/files/{document['id']}", json=place.links)
        return f"moves {document['name']!r} to {place}: {answer}"

    def _edit(self, rng: random.Random, change: dict, what: str) -> str:
        customer, document = self._a_file(rng)
        if document is None:
            return "has nothing to edit"
        path = f"customers/{customer.id}/files/{document['id']}"
        headers = {"If-Match": f'"{document["etag"]}"'} if rng.random() < 0.3 else {}
        return f"{what} {document['name']!r}: {self._stage.call('PATCH', path, json=change, headers=headers)}"

    def delete(self, rng: random.Random) -> str:
        return self._delete(rng, 0)

    def delete_held(self, rng: random.Random) -> str:
        return self._delete(rng, rng.randrange(1, 4))

    def _delete(self, rng: random.Random, hold_s: int) -> str:
        customer, document = self._a_file(rng)
        if document is None:
            return "has nothing to delete"
        path = f"customers/{customer.id}/files/{document['id']}"
        places = self._places(customer, document)
        if not self._is_safe(document):
            for each in places:
                self._scene.ledger.excuse(each, DELETED)
        answer = self._stage.call("DELETE", f"{path}?holdSeconds={hold_s}")
        if answer.is_done:
            self._scene.ledger.deleted("moment", document["id"], document["name"])
        elif not answer.is_open:
            for each in places:
                self._scene.ledger.expect_again(each, DELETED)
        return f"deletes {document['name']!r}, held for {hold_s} s: {answer}"

    def restore(self, rng: random.Random) -> str:
        customer = self._scene.customer(rng)
        document = pick(rng, self._scene.files(customer.id, "deleted"))
        if document is None:
            return "has nothing to restore"
        answer = self._stage.call("POST", f"customers/{customer.id}/files/{document['id']}/restore", json={})
        if answer.is_done:
            for each in self._places(customer, document):
                self._scene.ledger.expect_again(each, DELETED)
        if answer.is_done or answer.is_open:
            self._scene.ledger.undone(document["id"])
        return f"restores {document['name']!r}: {answer}"

    def retry(self, rng: random.Random) -> str:
        customer, document = self._a_file(rng)
        if document is None:
            return "has nothing to try"
        answer = self._stage.call("POST", f"customers/{customer.id}/files/{document['id']}/retry", json={})
        return f"has {document['name']!r} tried again: {answer}"

    def _places(self, customer: StormCustomer, document: dict) -> list[str]:
        """Where the ledger has what was written to this file: its id, and the blob where it was dropped."""
        record = self._stage.stores.files.find(customer.id, document["id"])
        return [document["id"], *([record.blob_name] if record and record.blob_name else [])]

    def _a_file(self, rng: random.Random, *, has_url: bool = False) -> tuple[StormCustomer, dict | None]:
        customer = self._scene.customer(rng)
        files = self._scene.files(customer.id)
        return customer, pick(rng, [each for each in files if not has_url or each["id"] in customer.upload_urls])
