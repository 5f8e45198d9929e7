"""Stands between the product and the local SharePoint and rewrites answers into what a real one never says."""

import http.client
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

_NUMBER = re.compile(r"[?&]n=\d+$")
_NOT_PASSED_ON = {"connection", "content-length", "transfer-encoding", "keep-alive"}


@dataclass
class Passing:
    """An answer on its way. A rewriter changes it in place."""

    method: str
    path: str
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def is_drive_delta(self) -> bool:
        return "/root/delta" in self.path and self.status == 200

    @property
    def is_column_delta(self) -> bool:
        return "/items/delta" in self.path and self.status == 200

    def json(self) -> dict[str, Any]:
        return json.loads(self.content)

    def say(self, body: Any, status: int = 200, **headers: str) -> None:
        """Answer this instead; `body` as it is where it is bytes."""
        self.status, self.content = status, body if isinstance(body, bytes) else json.dumps(body).encode()
        self.headers |= headers


type Rewrite = Callable[[Passing], None]


def unchanged(_passing: Passing) -> None:
    """Passes an answer on as it is."""


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    has_token: bool


@dataclass
class RewritingProxy:
    """`rewrite` is called with every answer, by several threads.

    A number `n` in a query makes one link of several that SharePoint, which never sees it, answers alike.
    """

    upstream: str
    rewrite: Rewrite = unchanged
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def passed_on(self, method: str, path: str, headers: dict[str, str], content: bytes) -> Passing:
        self.asked.append(Asked(method, path, "Authorization" in headers))
        connection = http.client.HTTPConnection(urlsplit(self.upstream).netloc, timeout=60)
        try:
            connection.request(method, _NUMBER.sub("", path), body=content, headers=headers)
            answer = connection.getresponse()
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _NOT_PASSED_ON}
            passing = Passing(method, path, answer.status, kept, answer.read())
        finally:
            connection.close()
        self.rewrite(passing)
        return passing

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        passed_on = self.passed_on

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                passing = passed_on(self.command, self.path, dict(self.headers), content)
                self.send_response(passing.status)
                for name, value in passing.headers.items():
                    self.send_header(name, value)
                if passing.status != 204:
                    self.send_header("Content-Length", str(len(passing.content)))
                self.end_headers()
                self.wfile.write(passing.content)

            do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815  (http.server's names)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
