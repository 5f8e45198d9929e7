"""Requests to Microsoft Graph as the person who signed in: reading, paging, waiting where Graph asks for it."""

from collections.abc import Callable
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import requests

from tools.connect.wanted import Json, Step

_TIMEOUT_S = 60
_TRIES = 5
_BUSY = {429, 503, 504}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Rights(Enum):
    """What a token has to be good for. The Azure CLI's is good for the directory, and not for sites."""

    DIRECTORY = "directory"
    SITES = "sites"


def rights_for(step: Step) -> Rights:
    """The rights that a step needs."""
    return Rights.SITES if step is Step.SITES else Rights.DIRECTORY


class Refused(Exception):
    """Graph answered with an error; advice.py says what to do about it."""

    def __init__(self, step: Step, call: str, status: int, error: Json, request_id: str) -> None:
        self.step, self.call, self.status, self.request_id = step, call, status, request_id
        self.code, self.said = str(error.get("code", "")), str(error.get("message", "")).split("\n", 1)[0]
        super().__init__(f"{call}: {status} {self.code}")


class Unreachable(Exception):
    """No answer came."""


class Graph:
    """Reads and writes below `url`/v1.0. `token` gives one that is good for something."""

    def __init__(self, url: str, token: Callable[[Rights], str], sleep: Callable[[float], None]) -> None:
        self.base = f"{url.rstrip('/')}/v1.0"
        self.sleep = sleep
        self._token = token
        self._session = requests.Session()
        self._session.trust_env = urlsplit(url).hostname not in _LOOPBACK  # no proxy leads to this machine

    def get(self, step: Step, path: str, query: dict[str, str] | None = None) -> Json:
        """One thing. Raises Refused and Unreachable."""
        return self._ask(step, "GET", f"{self.base}{path}", params=query)

    def rows(self, step: Step, path: str, where: str = "") -> list[Json]:
        """All rows of a list (https://learn.microsoft.com/graph/paging), or those that `where` filters."""
        answer = self.get(step, path, {"$filter": where} if where else None)
        found = list(answer["value"])
        while answer.get("@odata.nextLink"):
            answer = self._ask(step, "GET", answer["@odata.nextLink"])
            found += answer["value"]
        return found

    def send(self, step: Step, method: str, path: str, body: Json) -> Json:
        """A request that changes something; its answer is empty where Graph gives none."""
        return self._ask(step, method, f"{self.base}{path}", json=body)

    def _ask(self, step: Step, method: str, url: str, **more: Any) -> Json:
        headers = {"Authorization": f"Bearer {self._token(rights_for(step))}"}
        for tries_left in reversed(range(_TRIES)):
            try:
                answer = self._session.request(method, url, headers=headers, timeout=_TIMEOUT_S, **more)
            except requests.RequestException as failure:
                raise Unreachable(f"{urlsplit(url).hostname} did not answer ({type(failure).__name__}).") from failure
            if answer.status_code not in _BUSY or not tries_left:
                break
            self.sleep(_seconds(answer.headers.get("Retry-After", "")))
        document = _document(answer)
        if not answer.ok:
            path = urlsplit(url).path
            request_id = answer.headers.get("request-id", "")
            raise Refused(step, f"{method} {path}", answer.status_code, document.get("error") or {}, request_id)
        return document


def quoted(value: str) -> str:
    """A text inside a filter's apostrophes."""
    return value.replace("'", "''")


def _seconds(retry_after: str) -> float:
    return min(float(retry_after), 120.0) if retry_after.isdecimal() else 5.0


def _document(answer: requests.Response) -> Json:
    try:
        document = answer.json() if answer.content else {}
    except requests.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}
