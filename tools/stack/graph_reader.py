"""Reads the local SharePoint as a stranger would: plain Graph requests, by path, with nothing of the product's code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from tools.stack.app_settings import CLIENT_SECRET, SITE, STRANGER_ID, TENANT_ID

_USER_AGENT = "local-stack"
TIMEOUT_S = 60
_DOWNLOAD_TIMEOUT_S = 900
_COLUMNS = ("momentActivity", "momentYear", "momentPeriod", "momentTags")

type Json = dict[str, Any]


class GraphReader:
    """The site's libraries and what is in them."""

    def __init__(self, url: str, login_url: str, ca_bundle: Path) -> None:
        self.url = f"{url}/v1.0"
        self.session = requests.Session()
        self.session.headers["User-Agent"] = _USER_AGENT
        self.session.headers["Authorization"] = f"Bearer {self._token(login_url, ca_bundle)}"
        site = self._get(f"/sites/{SITE}")
        drives = self._pages(f"/sites/{site['id']}/drives")
        self._drives = {drive["name"]: drive for drive in drives}

    @property
    def libraries(self) -> dict[str, str]:
        """The libraries' names and addresses."""
        return {name: drive["webUrl"] for name, drive in self._drives.items()}

    def find(self, path: str) -> Json | None:
        """The drive item at `Library/folder/name`, or None."""
        library, _, rest = path.partition("/")
        drive = self._drives.get(library)
        if drive is None:
            return None
        answer = self.session.get(f"{self.url}/drives/{drive['id']}/root:/{quote(rest)}", timeout=TIMEOUT_S)
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        item: Json = answer.json()
        return item

    def columns(self, item: Json) -> dict[str, str | list[str]]:
        """The columns of Moment that are not empty."""
        drive_id = item["parentReference"]["driveId"]
        fields = self._get(f"/drives/{drive_id}/items/{item['id']}/listItem?$expand=fields")["fields"]
        return {name: fields[name] for name in _COLUMNS if fields.get(name)}

    def content(self, item: Json) -> requests.Response:
        """The file as a person would download it, as a stream."""
        drive_id = item["parentReference"]["driveId"]
        url = f"{self.url}/drives/{drive_id}/items/{item['id']}/content"
        answer = self.session.get(url, stream=True, timeout=_DOWNLOAD_TIMEOUT_S)
        answer.raise_for_status()
        return answer

    def file_paths(self) -> Iterator[str]:
        """`Library/folder/name` of every file in every library."""
        for name, drive in self._drives.items():
            yield from self._files_below(name, f"/drives/{drive['id']}/root/children", drive["id"])

    def _files_below(self, path: str, children: str, drive_id: str) -> Iterator[str]:
        for item in self._pages(children):
            here = f"{path}/{item['name']}"
            if "folder" in item:
                yield from self._files_below(here, f"/drives/{drive_id}/items/{item['id']}/children", drive_id)
            else:
                yield here

    def _token(self, login_url: str, ca_bundle: Path) -> str:
        form = {"grant_type": "client_credentials", "client_id": STRANGER_ID, "client_secret": CLIENT_SECRET}
        form["scope"] = "https://graph.microsoft.com/.default"
        url = f"{login_url}/{TENANT_ID}/oauth2/v2.0/token"
        answer = requests.post(url, data=form, verify=str(ca_bundle), timeout=TIMEOUT_S)
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def _get(self, address: str) -> Json:
        url = address if address.startswith("http") else f"{self.url}{address}"
        answer = self.session.get(url, timeout=TIMEOUT_S)
        answer.raise_for_status()
        document: Json = answer.json()
        return document

    def _pages(self, address: str) -> Iterator[Json]:
        while address:
            page = self._get(address)
            yield from page["value"]
            address = page.get("@odata.nextLink", "")
