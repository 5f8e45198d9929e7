"""Sends one HTTP request, once: pooled connections, time-outs, headers, the log line. No retry and no judgement.

Safe for threads: one `requests` session serves all of them, without cookies and without settings of the
environment (a `.netrc` entry would replace the bearer token).
Nothing secret is logged: routes are logged as templates, pre-authenticated URLs not at all, and urllib3's own lines,
which hold whole URLs, are kept back.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import requests
import urllib3
from requests.adapters import HTTPAdapter

from shared.errors import PermanentError, SourceFailed, Unavailable
from shared.graph.classify import request_id
from shared.graph.outgoing import outgoing
from shared.model.bodies import Sendable

USER_AGENT = "NONISV|Moment|SharePointIntegration/1.0"
"""The decoration that SharePoint asks of an in-house app; undecorated traffic is throttled first."""

UPLOAD_URL = "(upload url)"
DOWNLOAD_URL = "(download url)"
"""What stands for a pre-authenticated URL in the log."""

_logger = logging.getLogger(__name__)


class Repeat(Enum):
    """When the transport may send a request again by itself."""

    ALWAYS = "always"
    WHEN_REFUSED = "when refused"
    """Only after an answer that says the request was not looked at (Throttled)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. Either `route` with `values` for its placeholders, or the whole `signed_url`."""

    method: str
    route: str
    """`/drives/{drive}/items/{item}`; what the log shows."""
    values: Mapping[str, str] = field(default_factory=dict)
    signed_url: str | None = field(default=None, repr=False)
    """A pre-authenticated URL: it gets no bearer token and is never shown."""
    link: str | None = None
    """A nextLink, to be called as it is."""
    params: Mapping[str, str] | None = None
    json: Any = None
    content: Sendable | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: bool = False
    repeat: Repeat = Repeat.ALWAYS

    def url(self, base_url: str) -> str:
        """The address; each value is one encoded segment (concepts/onedrive-addressing-driveitems)."""
        if self.signed_url is not None:
            return self.signed_url
        if self.link is not None:
            return self.link
        return base_url + self.route.format_map({name: quote(value, safe="!,") for name, value in self.values.items()})


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one attempt may take. `answer_s` covers the commit of a large upload's last fragment."""

    connect_s: float = 20.0
    answer_s: float = 100.0


class Connection:
    """The pool of connections of one process."""

    def __init__(
        self,
        *,
        new_id: Callable[[], str] | None = None,
        verify: bool | str = True,
        timeouts: Timeouts | None = None,
        pool_size: int = 32,
    ) -> None:
        self._new_id = new_id
        self._timeouts = timeouts or Timeouts()
        self._session = plain_session(verify, pool_size)
        logging.getLogger("urllib3.connectionpool").addFilter(_no_addresses)

    def send(self, call: Call, base_url: str, token: str | None) -> requests.Response:
        """The answer, whatever its status. Raises Unavailable where there is none, SourceFailed for an unread body."""
        headers = {"User-Agent": USER_AGENT, **call.headers}
        if self._new_id is not None:
            headers["client-request-id"] = self._new_id()
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        started = time.perf_counter()
        try:
            with outgoing(call.content) as body:
                response = self._session.request(
                    call.method,
                    call.url(base_url),
                    params=call.params,
                    json=call.json,
                    data=body,
                    headers=headers,
                    timeout=(self._timeouts.connect_s, self._timeouts.answer_s),
                    allow_redirects=False,
                    stream=call.stream,
                )
        except SourceFailed as exc:
            _log(call, type(exc).__name__, started, "")
            raise
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
        ) as exc:  # requests lets some of urllib3's through
            _log(call, type(exc).__name__, started, "")
            error = no_answer(exc)
        else:
            _log(call, str(response.status_code), started, request_id(response.headers))
            return response
        # Raised out here so that the foreign exception, whose text holds the URL, is not chained to it.
        raise error

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()


def no_answer(exc: Exception) -> Unavailable | PermanentError:
    """What an exception of `requests` or `urllib3` means. Its own text is left out: it may hold a signed URL."""
    kind = type(exc).__name__
    if isinstance(exc, requests.exceptions.SSLError):
        return Unavailable(f"SharePoint's certificate was not accepted ({kind}).")
    if isinstance(exc, requests.Timeout):
        return Unavailable(f"SharePoint did not answer in time ({kind}).")
    if isinstance(exc, ValueError) and not isinstance(exc, requests.JSONDecodeError):
        return PermanentError(f"The request to SharePoint could not be made ({kind}).")
    return Unavailable(f"The connection to SharePoint broke ({kind}).")


def plain_session(verify: bool | str, pool_size: int) -> requests.Session:
    """A session that takes nothing from the environment and keeps no cookies."""
    session = requests.Session()
    session.trust_env = False
    session.verify = verify
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _log(call: Call, status: str, started: float, identifier: str) -> None:
    _logger.debug(
        "graph request",
        extra={
            "method": call.method,
            "route": call.route,
            "status": status,
            "duration_ms": round((time.perf_counter() - started) * 1000),
            "request_id": identifier,
        },
    )


def _no_addresses(record: logging.LogRecord) -> bool:
    """Keep back urllib3's lines that hold a URL: all of DEBUG, and the warning about unreadable headers."""
    return record.levelno > logging.DEBUG and "url" not in str(record.msg)
