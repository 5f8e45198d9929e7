"""An endpoint for notifications on a free loopback port: what subscribers run, in a thread of the test process."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

WAIT_S = 60.0


class Receiver:
    """Echoes validation tokens and keeps what is posted. ``answer`` gives the status of the next notifications."""

    def __init__(self) -> None:
        self.validations: list[dict[str, str]] = []
        self.posts: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.statuses: list[int] = []
        self.answer_after_s = 0.0
        self.echo: Callable[[str], tuple[int, str, str]] = lambda token: (200, "text/plain", token)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/notifications?code=a%2Bb"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", "0")))
        query = parse_qs(urlsplit(request.path).query)
        if "validationToken" in query:
            [token] = query["validationToken"]
            self.validations.append({"token": token, "type": request.headers["Content-Type"], "path": request.path})
            self._reply(request, *self.echo(token))
            return
        time.sleep(self.answer_after_s)
        status = self.statuses.pop(0) if self.statuses else 202
        self.paths.append(request.path)
        self.posts.append(json.loads(body))
        self._reply(request, status, "text/plain", "")

    @staticmethod
    def _reply(request: BaseHTTPRequestHandler, status: int, content_type: str, text: str) -> None:
        try:
            request.send_response(status)
            request.send_header("Content-Type", content_type)
            request.send_header("Content-Length", str(len(text.encode())))
            request.end_headers()
            request.wfile.write(text.encode())
        except OSError:
            request.close_connection = True  # the sender did not want to wait

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [entry for post in self.posts for entry in post["value"]]

    def wait(self, count: int = 1) -> list[dict[str, Any]]:
        """Return the entries once there are that many."""
        wait_until(lambda: len(self.entries) >= count, f"{count} notifications; there are {len(self.entries)}")
        return self.entries


def wait_until(condition: Callable[[], bool], what: str = "it") -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, f"waited for {what}"
        time.sleep(0.01)
