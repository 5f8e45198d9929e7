"""The one way to Graph: bearer token, pacing, retry and errors, around `Connection.send`.

Every request of the product passes `GraphTransport`, and this is the only level that repeats one over HTTP; whatever it
gives up on goes back to the queue. It gives up when its delays are used up or the next wait would be too long for a
thread to sleep through.

A body that is read while it is sent is opened again for each attempt; a failure to read it (SourceFailed) is not
SharePoint's, so nothing is repeated here for it.

Repeating is harmless for every call made here, also where the first attempt was done and only its answer lost:
- GET, PATCH with the same values, DELETE: the same state again. With If-Match the repeat of a PATCH that was done is a
  412, so the caller reads the item and finds nothing left to do.
- POST of a subscription: the repeat is a 409, and the caller replaces the one that its first attempt made.
- PUT and POST that create (a file, folder, library, column, content type): all say `conflictBehavior=fail` or are
  unique by name, so the repeat is a 409 and the caller recognises what its first attempt made.
- PUT of new content for an item: the same content again, at worst one more version.
- createUploadSession: a session whose URL was lost blocks its name whether we repeat or not.
- A fragment is not repeated, because only the session knows what it took: the caller asks it. The exception is a
  throttled one, which was not looked at; were it taken nevertheless, the repeat is a 416 and the caller asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests

from shared.errors import MomentError, PermanentError, Throttled, Unavailable
from shared.graph.classify import classify, read_refusal
from shared.graph.connection import DOWNLOAD_URL, UPLOAD_URL, Call, Connection, Repeat
from shared.graph.hosts import Hosts
from shared.graph.pacing import Pacing, Wait, remaining_units
from shared.graph.units import SMALL_FILE_UNITS, units_of
from shared.model.bodies import Sendable
from shared.telemetry import spends

__all__ = ["DOWNLOAD_URL", "UPLOAD_URL", "GraphTransport", "Repeat", "RetryPolicy", "TokenSource"]


class TokenSource(Protocol):
    """Gives bearer tokens."""

    def get(self) -> str:
        """A token that is valid for some more minutes."""

    def renew(self, rejected: str) -> str:
        """A token other than the one that was just rejected."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient the transport is."""

    delays_s: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)
    """Wait before the second, third… attempt; one attempt more than there are delays."""
    max_wait_s: float = 20.0
    """Waiting of one call in total. A longer Retry-After is raised as Throttled and left to the queue."""
    max_turn_s: float = 65.0
    """Beside that, waiting of one call for our own budget: as long as its minute takes to pass, so that the queue keeps
    what there is too much of. The day's budget takes longer and is raised as Throttled."""
    unspecified_hold_s: float = 10.0
    """How long nothing goes out after a 429 without Retry-After."""
    stale_read_delays_s: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)
    """Waits before a 404 on something just created is believed."""


class GraphTransport:
    """Sends requests to Graph v1.0. Safe for threads. `url` has no version: `https://graph.microsoft.com`."""

    def __init__(
        self,
        url: str,
        tokens: TokenSource,
        connection: Connection,
        pacing: Pacing,
        *,
        sleep: Callable[[float], None],
        retry: RetryPolicy | None = None,
        site_hosts: frozenset[str] = frozenset(),
    ) -> None:
        self.base_url = f"{url.rstrip('/')}/v1.0"
        self.hosts = Hosts(self.base_url, site_hosts)
        self.retry = retry or RetryPolicy()
        self._sleep = sleep
        self._tokens = tokens
        self._connection = connection
        self._pacing = pacing

    def request(
        self,
        method: str,
        route: str,
        values: Mapping[str, str] | None = None,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        content: Sendable | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
    ) -> requests.Response:
        """Call a route of Graph; gives the answer if its status is below 400 and raises what it means otherwise."""
        return self._send(
            Call(
                method,
                route,
                values or {},
                params=params,
                json=json,
                content=content,
                headers=headers or {},
                stream=stream,
            )
        )

    def request_signed(
        self,
        method: str,
        kind: str,
        url: str,
        *,
        content: Sendable | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        repeat: Repeat = Repeat.ALWAYS,
    ) -> requests.Response:
        """Call a pre-authenticated URL, without a token. `kind` is UPLOAD_URL or DOWNLOAD_URL.

        Raises PermanentError for one in clear text where Graph itself is not: it would show the file to everybody.
        """
        if not self.hosts.is_safe(url):
            raise PermanentError(f"SharePoint named an {kind} that is not safe; it was not called.")
        return self._send(
            Call(method, kind, signed_url=url, content=content, headers=headers or {}, stream=stream, repeat=repeat)
        )

    def follow(self, link: str, route: str, headers: Mapping[str, str] | None = None) -> requests.Response:
        """Call a nextLink or deltaLink as it is (concepts/paging). The token goes to Graph's own host only."""
        if not self.hosts.is_graph(link):
            raise PermanentError("A page of SharePoint's answer continues on another host; it was not followed.")
        return self._send(Call("GET", route, link=link, headers=headers or {}))

    def until_known[T](self, ask: Callable[[], T], *passing: type[MomentError]) -> T:
        """What `ask` gives, tried again while it raises one of `passing`.

        Right after something was made, SharePoint may not know it everywhere yet.
        """
        for delay_s in self.retry.stale_read_delays_s:
            try:
                return ask()
            except passing:
                self._sleep(delay_s)
        return ask()

    def fresh_token(self) -> str:
        """A new bearer token, for what it says of us; a secret that is never shown. Raises Unavailable."""
        return self._tokens.renew(self._tokens.get())

    def date(self) -> str:
        """The Date of Graph's answer, whatever it answers. Without a token it never reaches SharePoint: no units."""
        with self._connection.send(Call("GET", "/sites/root"), self.base_url, None) as response:
            return response.headers.get("Date", "")

    def wait_for_turn(self) -> None:
        """Wait until the requests of a small file may go out. Raises Throttled where that takes too long."""
        patience = _Patience(self.retry, self._sleep)
        while (wait := self._pacing.ready(SMALL_FILE_UNITS)) is not None:
            patience.sit_out(wait)

    def _send(self, call: Call) -> requests.Response:
        patience = _Patience(self.retry, self._sleep)
        for delay_s in (*self.retry.delays_s, None):
            try:
                return self._attempt(call, patience)
            except (Throttled, Unavailable) as exc:
                repeatable = call.repeat is Repeat.ALWAYS or isinstance(exc, Throttled)
                if delay_s is None or not repeatable or not patience.allows(max(delay_s, exc.delay_s or 0.0)):
                    raise
                patience.wait(delay_s)
        raise AssertionError  # the last attempt returns or raises

    def _attempt(self, call: Call, patience: "_Patience") -> requests.Response:
        token = None if call.signed_url is not None else self._tokens.get()
        response = self._send_paced(call, token, patience)
        if response.status_code == requests.codes.unauthorized and token is not None:
            response.close()
            token = self._tokens.renew(token)
            response = self._send_paced(call, token, patience)
        if response.ok:
            return response
        with response:
            raise self._refused(call, response)

    def _send_paced(self, call: Call, token: str | None, patience: "_Patience") -> requests.Response:
        units = units_of(call)
        while (wait := self._pacing.take(units)) is not None:
            patience.sit_out(wait)
        spends(units)
        response = self._connection.send(call, self.base_url, token)
        if (told := remaining_units(response.headers)) is not None:
            self._pacing.heard(*told)
        return response

    def _refused(self, call: Call, response: requests.Response) -> MomentError:
        refusal = read_refusal(
            response.status_code,
            response.headers,
            _body(response),
            of_upload_url=call.route == UPLOAD_URL,
        )
        error = classify(refusal)
        if isinstance(error, Throttled):
            if error.delay_s is None:
                error.delay_s = self.retry.unspecified_hold_s
            self._pacing.hold(error.delay_s)
        return error


def _body(response: requests.Response) -> Any:
    try:
        return response.json()
    except (requests.RequestException, ValueError, RecursionError):
        return None


class _Patience:
    """The waiting that one call may do before its trouble is raised."""

    def __init__(self, retry: RetryPolicy, sleep: Callable[[float], None]) -> None:
        self._left_s = retry.max_wait_s
        self._left_of_turn_s = retry.max_turn_s
        self._sleep = sleep

    def allows(self, wait_s: float) -> bool:
        return wait_s <= self._left_s

    def wait(self, wait_s: float) -> None:
        self._left_s -= wait_s
        self._sleep(wait_s)

    def sit_out(self, wait: Wait) -> None:
        """Sleep until a request may go out; raises Throttled where that is too long for a thread."""
        if wait.seconds > (self._left_s if wait.asked else self._left_of_turn_s):
            raise Throttled(wait.reason, wait.seconds)
        if wait.asked:
            self._left_s -= wait.seconds
        else:
            self._left_of_turn_s -= wait.seconds
        self._sleep(wait.seconds)
