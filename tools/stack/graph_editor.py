"""Edits the local SharePoint as somebody else's program would: plain Graph requests under another application's id."""

from urllib.parse import quote

import requests

from tools.stack.graph_reader import TIMEOUT_S, GraphReader, Json


class GraphEditor(GraphReader):
    """What people do to files, by drive item."""

    def item(self, item: Json) -> Json | None:
        """The item as it is now; None where it is deleted."""
        answer = self.session.get(_address(self.url, item), timeout=TIMEOUT_S)
        if answer.status_code == 404:
            return None
        return _json(answer)

    def rename(self, item: Json, name: str) -> None:
        """Give it another name."""
        self._patch(_address(self.url, item), {"name": name})

    def move(self, item: Json, folder: Json) -> None:
        """Put it into another folder of the same library."""
        self._patch(_address(self.url, item), {"parentReference": {"id": folder["id"]}})

    def tag(self, item: Json, tags: list[str]) -> None:
        """Choose other tags in the column."""
        fields = {"momentTags@odata.type": "Collection(Edm.String)", "momentTags": tags}
        self._patch(f"{_address(self.url, item)}/listItem/fields", fields)

    def add(self, folder: Json, name: str, content: bytes) -> Json:
        """Upload a new file."""
        url = f"{_address(self.url, folder)}:/{quote(name)}:/content"
        return _json(self.session.put(url, data=content, timeout=TIMEOUT_S))

    def delete(self, item: Json) -> None:
        """To the recycle bin."""
        self.session.delete(_address(self.url, item), timeout=TIMEOUT_S).raise_for_status()

    def restore(self, item: Json) -> None:
        """Out of the recycle bin. Graph v1.0 has no way to do that, so it is asked as its page would."""
        control = self.url.removesuffix("/v1.0")
        answer = requests.post(f"{control}/_local/recycle-bin/{item['id']}/restore", timeout=TIMEOUT_S)
        answer.raise_for_status()

    def _patch(self, url: str, body: Json) -> None:
        self.session.patch(url, json=body, timeout=TIMEOUT_S).raise_for_status()


def _address(url: str, item: Json) -> str:
    return f"{url}/drives/{item['parentReference']['driveId']}/items/{item['id']}"


def _json(answer: requests.Response) -> Json:
    answer.raise_for_status()
    document: Json = answer.json()
    return document
