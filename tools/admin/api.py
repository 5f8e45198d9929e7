"""The API of one app, on this machine or deployed, and what to do where it does not answer."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import requests

_TIMEOUT_S = 240
"""The platform's load balancer ends a request after 230 s."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}

type Json = dict[str, Any]


class Refused(Exception):
    """The app answered that it can't do this; the message is its own sentence."""


class Unusable(Exception):
    """The app can't be reached or doesn't let us in; the message says what to do."""


class AppApi:
    """Calls as whoever the access token names. Every method raises Refused and Unusable."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.trust_env = urlsplit(url).hostname not in _LOOPBACK  # no proxy leads to this machine

    def items(self, path: str) -> Iterator[Json]:
        """All items of a list, page by page."""
        page = ""
        while True:
            answer = self.call("GET", f"{path}?limit=500{page}")
            yield from answer["items"]
            if "nextPage" not in answer:
                return
            page = f"&page={quote(answer['nextPage'], safe='')}"

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        """The answer's document; empty where it has none."""
        return _document(self._answer(method, path, body))

    def parts(self, path: str) -> Iterator[bytes]:
        """The parts of a long text, each as it comes; the header `Link` of each leads to the next."""
        following: str | None = path
        while following is not None:
            answer = self._answer("GET", following, None)
            yield answer.content
            following = answer.links.get("next", {}).get("url", "").removeprefix("/api/") or None

    def _answer(self, method: str, path: str, body: Json | None) -> requests.Response:
        try:
            answer = self._session.request(method, f"{self._url}/api/{path}", json=body, timeout=_TIMEOUT_S)
        except (requests.RequestException, UnicodeError) as failure:
            raise Unusable(
                f"The app at {self._url} can't be reached ({type(failure).__name__}). On this machine, `make run` "
                "starts it and prints its address. For a deployed app give its address, such as "
                "--url https://NAME.azurewebsites.net, and see in the Azure portal whether it runs."
            ) from failure
        if answer.ok:
            return answer
        raise self._refusal(answer)

    def _refusal(self, answer: requests.Response) -> Exception:
        if answer.status_code in {requests.codes.unauthorized, requests.codes.forbidden}:
            why = _document(answer).get("detail", "It did not say why.")
            return Unusable(
                f"The app at {self._url} did not let us in. {why} Give an access token with --token or in "
                "MOMENT_TOKEN, of somebody who is an administrator of the app: "
                "`az account get-access-token --resource api://CLIENT_ID --query accessToken --output tsv`."
            )
        detail = _document(answer).get("detail")
        if detail is None:
            return Unusable(
                f"{self._url} answered {answer.status_code} and nothing that our app says. Is this its address?"
            )
        return Refused(detail)


def _document(answer: requests.Response) -> Json:
    try:
        document = answer.json() if answer.content else {}
    except requests.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}
