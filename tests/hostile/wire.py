"""Requests that no client library would send: paths and headers go out as they are written."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class RawAnswer:
    """What came back. `header` is without case."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The problem document; fails where it is none."""
        assert self.headers.get_content_type() == PROBLEM, (self.status, self.content[:300])
        document = json.loads(self.content)
        assert document["status"] == self.status
        assert document["detail"]
        return document


def send(
    url: str, method: str, path: str, body: bytes = b"", headers: tuple[tuple[str, str | bytes], ...] = ()
) -> RawAnswer:
    """One request below `/api/`; a header may be given several times, and in bytes."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.putrequest(method, f"/api/{path}", skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return RawAnswer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
