"""A client that speaks raw Graph, for tests that look at every byte of an answer."""

from typing import Any

import requests

from tools.sharepoint.running import LocalSharePoint

UNIT = 327_680


class Graph(requests.Session):
    """A signed-in session with one site and one document library at hand."""

    def __init__(
        self,
        sharepoint: LocalSharePoint,
        client_id: str = "11111111-1111-1111-1111-111111111111",
        site_path: str = "",
    ):
        super().__init__()
        self.sharepoint = sharepoint
        self.site_path = site_path or sharepoint.site_path
        self.base = f"{sharepoint.url}/v1.0"
        self.sign_in(client_id)
        self.site = self.get(f"{self.base}/sites/{sharepoint.site_hostname}:{self.site_path}").json()["id"]
        drive = self.get(f"{self.base}/sites/{self.site}/drive").json()
        self.drive = drive["id"]

    def sign_in(self, client_id: str = "11111111-1111-1111-1111-111111111111") -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": "secret",
            "scope": "https://graph.microsoft.com/.default",
        }
        answer = requests.post(
            f"{self.sharepoint.url}/{self.sharepoint.tenant_id}/oauth2/v2.0/token", data=form, timeout=30
        )
        self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        if str(url).startswith("/"):
            url = self.base + str(url)
        return super().request(method, url, *args, **kwargs)

    def library(self, title: str, **body: Any) -> dict[str, Any]:
        answer = self.post(
            f"/sites/{self.site}/lists",
            json={"displayName": title, "list": {"template": "documentLibrary"}, **body},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def upload(self, path: str, content: bytes = b"hello", query: str = "", **headers: str) -> requests.Response:
        return self.put(f"/drives/{self.drive}/root:/{path}:/content{query}", data=content, headers=headers)

    def item(self, path: str) -> dict[str, Any]:
        return self.get(f"/drives/{self.drive}/root:/{path}").json()

    def folder(self, name: str, parent: str = "root", behavior: str = "fail") -> requests.Response:
        body = {"name": name, "folder": {}, "@microsoft.graph.conflictBehavior": behavior}
        return self.post(f"/drives/{self.drive}/items/{parent}/children", json=body)

    def session(self, path: str, item: dict[str, Any] | None = None, **headers: str) -> requests.Response:
        body = {"item": {"@microsoft.graph.conflictBehavior": "replace"} if item is None else item}
        return self.post(f"/drives/{self.drive}/root:/{path}:/createUploadSession", json=body, headers=headers)


def fragment(url: str, content: bytes, first: int, total: int, **headers: str) -> requests.Response:
    """PUT one fragment, without Authorization as the documentation demands."""
    content_range = f"bytes {first}-{first + len(content) - 1}/{total}"
    return requests.put(url, data=content, headers={"Content-Range": content_range, **headers}, timeout=30)


def code(answer: requests.Response) -> tuple[int, str]:
    """The status and the error code of an answer."""
    return answer.status_code, answer.json()["error"]["code"]
