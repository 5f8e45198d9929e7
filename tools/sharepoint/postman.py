"""Requests to the endpoints of subscribers: the validation handshake, and deliveries that are tried again.

https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
"""

import asyncio
import time
from urllib.parse import quote

import aiohttp
from yarl import URL

from tools.sharepoint.state.endpoints import Endpoint
from tools.sharepoint.state.errors import GraphError
from tools.sharepoint.state.identifiers import new_guid
from tools.sharepoint.state.tenant import Tenant

LONGEST_WAIT_S = 600.0


class Postman:
    """One HTTP client for all endpoints."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def validate(self, url: str) -> None:
        """POST a validation token; the endpoint must answer 200 with exactly the token, decoded, as plain text."""
        token = f"Validation: Testing client application reachability for subscription Request-Id: {new_guid()} +/="
        address = f"{url}{'&' if '?' in url else '?'}validationToken={quote(token, safe='')}"
        begun, status, problem = time.monotonic(), 0, ""
        try:
            async with self._client().post(
                _verbatim(address),
                headers={"Content-Type": "text/plain; charset=utf-8"},
                timeout=aiohttp.ClientTimeout(self._tenant.settings.validation_timeout_s),
                allow_redirects=False,
            ) as response:
                status, echo = response.status, await response.text()
                problem = _problem_of_echo(response, echo, token)
        except TimeoutError:
            problem = "the endpoint did not answer in time"
        except aiohttp.ClientError as error:
            problem = f"the endpoint could not be reached ({type(error).__name__})"
        self._write(url, [], "validation", 1, status, begun, "given up" if problem else "accepted")
        if problem:
            raise GraphError(400, "ValidationError", f"Subscription validation request failed: {problem}.")

    async def deliver(
        self,
        url: str,
        entries: list[dict[str, object]],
        *,
        kind: str = "notification",
        event: str = "",
        endpoint: Endpoint | None = None,
        delay_s: float = 0.0,
    ) -> None:
        """POST entries; anything but 2xx is tried again after a wait that doubles, until the attempts are used up."""
        settings, subscriptions = self._tenant.settings, self._tenant.subscriptions
        await asyncio.sleep(delay_s)
        wait_s = settings.notification_retry_ms / 1000
        for attempt in range(1, settings.notification_attempts + 1):
            if subscriptions is not self._tenant.subscriptions:
                return  # a reset has come between
            begun = time.monotonic()
            status = await self._post(url, entries)
            if endpoint is not None:
                slow = time.monotonic() - begun >= settings.slow_reply_s
                endpoint.note(self._tenant.clock.now(), slow=slow, minimum=settings.slow_minimum_replies)
            accepted, last = 200 <= status < 300, attempt == settings.notification_attempts
            outcome = "accepted" if accepted else "given up" if last else "retried"
            if subscriptions is self._tenant.subscriptions:
                self._write(url, entries, kind, attempt, status, begun, outcome, event)
            if accepted or last:
                return
            await asyncio.sleep(min(wait_s, LONGEST_WAIT_S))
            wait_s *= 2

    async def _post(self, url: str, entries: list[dict[str, object]]) -> int:
        try:
            async with self._client().post(
                _verbatim(url),
                json={"value": entries},
                timeout=aiohttp.ClientTimeout(self._tenant.settings.notification_timeout_s),
                allow_redirects=False,
            ) as response:
                await response.read()
                return response.status
        except (TimeoutError, aiohttp.ClientError):
            return 0

    def _write(
        self,
        url: str,
        entries: list[dict[str, object]],
        kind: str,
        attempt: int,
        status: int,
        begun: float,
        outcome: str,
        event: str = "",
    ) -> None:
        self._tenant.notifications.add(
            time=self._tenant.clock.now(),
            kind=kind,
            url=url,
            subscriptions=[str(entry["subscriptionId"]) for entry in entries],
            attempt=attempt,
            status=status,
            ms=round((time.monotonic() - begun) * 1000, 1),
            outcome=outcome,
            event=event,
        )


def _verbatim(url: str) -> URL:
    """Keep a URL as the subscriber wrote it: its query may hold a key in any spelling."""
    return URL(url, encoded=True)


def _problem_of_echo(response: aiohttp.ClientResponse, echo: str, token: str) -> str:
    if response.status != 200:
        return f"the endpoint answered {response.status} instead of 200"
    if response.content_type != "text/plain":
        return f"the endpoint answered {response.content_type} instead of text/plain"
    return "" if echo == token else "the endpoint did not echo the validation token"
