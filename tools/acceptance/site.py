"""A site to ask, and a library of its own in it: raw requests to Graph, so that the whole of an answer can be seen.

What throttles is waited for, as it asks (https://learn.microsoft.com/graph/throttling); nothing else is tried again.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from shared.graph.connect import credentials_of
from shared.graph.connection import USER_AGENT
from shared.graph.pacing import retry_after_s
from shared.graph.tokens import MsalTokens
from shared.settings import GraphSettings

Json = dict[str, Any]
_TIMEOUT_S = 120
_PATIENCE_S = 120.0
_LONGEST_WAIT_S = 300.0
_LOOK_S = 2.0


class NoSite(Exception):
    """The site can't be asked at all; the message is Graph's or Entra's."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site, and the scratch library in it. Paths begin below `/v1.0`."""

    session: requests.Session
    base: str
    tokens: MsalTokens
    sleep: Callable[[float], None]
    site_id: str = ""
    list_id: str = ""
    drive_id: str = ""
    title: str = ""
    client_id: str = ""
    """Of the app registration."""

    def call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **arguments: Any
    ) -> requests.Response:
        """One request; the answer whatever it is. A link of Graph's is asked for as it is."""
        url = path if path.startswith("http") else f"{self.base}{path}"
        for _ in range(5):
            signed = {"Authorization": f"Bearer {self.tokens.get()}"} | dict(headers or {})
            answer = self.session.request(method, url, headers=signed, timeout=_TIMEOUT_S, **arguments)
            if answer.status_code not in {429, 503}:
                break
            self.sleep(min(retry_after_s(answer.headers) or _LOOK_S, _LONGEST_WAIT_S))
        return answer

    def drive(self, method: str, path: str, headers: Mapping[str, str] | None = None, **json: Any) -> requests.Response:
        """A request below the library's drive, with a body where members are given."""
        body = {name.replace("conflict", "@microsoft.graph.conflictBehavior"): value for name, value in json.items()}
        return self.call(method, f"/drives/{self.drive_id}{path}", headers, **({"json": body} if body else {}))

    def upload(self, path: str, content: bytes = b"content") -> Json:
        """A small file at a path of the library; gives its item. Raises requests.HTTPError."""
        return taken(self.call("PUT", f"/drives/{self.drive_id}/root:/{path}:/content", data=content))

    def folder(self, name: str) -> Json:
        """A folder in the library's root; gives its item. Raises requests.HTTPError."""
        return taken(self.drive("POST", "/root/children", name=name, folder={}, conflict="fail"))

    def delta(self, link: str) -> tuple[list[Json], str]:
        """All pages from a link on, and the link for the next time. Raises requests.HTTPError."""
        items: list[Json] = []
        while True:
            page = taken(self.call("GET", link))
            items += page["value"]
            if "@odata.deltaLink" in page:
                return items, page["@odata.deltaLink"]
            link = page["@odata.nextLink"]

    def until[T](self, look: Callable[[], T | None]) -> T | None:
        """What `look` finds, as soon as it does; None after two minutes. SharePoint tells of changes late."""
        waited_s = 0.0
        while (found := look()) is None and waited_s < _PATIENCE_S:
            self.sleep(_LOOK_S)
            waited_s += _LOOK_S
        return found


def taken(answer: requests.Response) -> Json:
    """The document of an answer that is none of a refusal. Raises requests.HTTPError."""
    answer.raise_for_status()
    return dict(answer.json()) if answer.content else {}


def refusal(answer: requests.Response) -> str:
    """An answer in short: its status, and the error's code where there is one."""
    try:
        return f"{answer.status_code} {answer.json()['error']['code']}"
    except (ValueError, LookupError, TypeError):
        return str(answer.status_code)


@contextlib.contextmanager
def scratch_library(
    settings: GraphSettings, title: str, seconds: Callable[[], float], sleep: Callable[[float], None]
) -> Iterator[Site]:
    """The first of the settings' sites, with a library of this title that is gone afterwards. Raises NoSite."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = settings.ca_bundle or True
        session.headers["User-Agent"] = USER_AGENT
        asked = Site(session, f"{settings.url}/v1.0", MsalTokens(credentials_of(settings), seconds), sleep)
        site_id = str(_needed(asked.call("GET", f"/sites/{settings.sites[0]}"), "The site")["id"])
        body = {"displayName": title, "list": {"template": "documentLibrary"}}
        made = _needed(asked.call("POST", f"/sites/{site_id}/lists", json=body), "A library in it")
        try:
            place = f"/sites/{site_id}/lists/{made['id']}"
            drive = asked.until(lambda: _drive_of(asked.call("GET", f"{place}/drive")))
            if drive is None:
                raise NoSite("The new library has no drive after two minutes.")
            yield Site(session, asked.base, asked.tokens, sleep, site_id, made["id"], drive, title, settings.client_id)
        finally:
            asked.call("DELETE", f"/sites/{site_id}/lists/{made['id']}")


def _drive_of(answer: requests.Response) -> str | None:
    return str(answer.json()["id"]) if answer.ok else None


def _needed(answer: requests.Response, what: str) -> Json:
    if not answer.ok:
        raise NoSite(f"{what}: {refusal(answer)}. {answer.text[:300]}")
    return taken(answer)
