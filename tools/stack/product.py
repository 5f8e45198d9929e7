"""The product's HTTP API as a person's script would use it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import requests
from azure.storage.blob import BlobClient

from shared.settings import MOMENT_CLOUD_CONTAINER
from tools.samples.content import Content
from tools.stack.children import StackError

_TIMEOUT_S = 60
_UPLOAD_TIMEOUT_S = 900

type Json = dict[str, Any]


class Product:
    """One host's API. Not safe for threads; make one for each."""

    def __init__(self, host_url: str) -> None:
        self._api = f"{host_url}/api"
        self._session = requests.Session()

    def get(self, path: str) -> Json:
        """The document at this address below /api/."""
        return self._json(self._session.get(f"{self._api}/{path}", timeout=_TIMEOUT_S))

    def put(self, path: str, body: Json) -> Json:
        """Create or change a customer, project, activity or task."""
        return self._json(self._session.put(f"{self._api}/customers/{path}", json=body, timeout=_TIMEOUT_S))

    def post(self, path: str, body: Json) -> Json:
        """Have something done."""
        return self._json(self._session.post(f"{self._api}/{path}", json=body, timeout=_TIMEOUT_S))

    def patch(self, path: str, body: Json) -> Json:
        """Change what is named in the body."""
        return self._json(self._session.patch(f"{self._api}/{path}", json=body, timeout=_TIMEOUT_S))

    def delete(self, path: str) -> None:
        """Delete it."""
        _check(self._session.delete(f"{self._api}/{path}", timeout=_TIMEOUT_S))

    def items(self, path: str) -> Iterator[Json]:
        """All items of a list, page by page."""
        page = ""
        while True:
            answer = self.get(f"{path}?limit=1000{page}")
            yield from answer["items"]
            if "nextPage" not in answer:
                return
            page = f"&page={quote(answer['nextPage'], safe='')}"

    def announce(self, customer: str, body: Json) -> Json:
        """Make a file's record; the answer has the upload URL."""
        url = f"{self._api}/customers/{customer}/files"
        return self._json(self._session.post(url, json=body, timeout=_TIMEOUT_S))

    def content_url(self, customer: str, file_id: str) -> str:
        """Where the file's address in Moment leads now."""
        url = f"{self._api}/customers/{customer}/files/{file_id}/content"
        found = self._session.get(url, allow_redirects=False, timeout=_TIMEOUT_S)
        if found.status_code != 302:
            raise StackError(f"GET {url} answered {found.status_code}: {found.text[:300]}")
        return found.headers["Location"]

    def _json(self, answer: requests.Response) -> Json:
        _check(answer)
        document: Json = answer.json()
        return document


def _check(answer: requests.Response) -> None:
    if answer.status_code >= 400:
        request = answer.request
        raise StackError(f"{request.method} {request.url} answered {answer.status_code}: {answer.text[:500]}")


def upload(target: Json, content: Content) -> None:
    """Stream content to an upload URL, as `announce` describes it."""
    with content.open() as stream:
        body = stream if content.size_bytes else b""
        answer = requests.put(target["url"], data=body, headers=target["headers"], timeout=_UPLOAD_TIMEOUT_S)
    if answer.status_code != 201:
        raise StackError(f"The upload to Moment Cloud answered {answer.status_code}: {answer.text[:500]}")


def drop(storage: str, blob_name: str, content: Content, metadata: dict[str, str]) -> None:
    """Put a blob straight into the container, as a scanner or a script would."""
    with BlobClient.from_connection_string(storage, MOMENT_CLOUD_CONTAINER, blob_name) as blob, content.open() as data:
        blob.upload_blob(data, length=content.size_bytes, metadata=metadata, overwrite=True)
