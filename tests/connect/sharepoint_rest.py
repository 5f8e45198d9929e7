"""SharePoint's REST API for lists, fields and views, as far as Microsoft documents what the script asks of it."""

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

DIGEST = "0xD16E57,27 Nov 2026 12:00:00 -0000"


@dataclass
class Library:
    """A library with its columns, and which of them its default view shows."""

    title: str
    fields: list[str]
    shown: list[str]


@dataclass
class SharePointRest:
    """A site with libraries, by id; `refuse` has changes answered with 403."""

    libraries: dict[str, Library]
    refuse: bool = False
    added: list[str] = field(default_factory=list)

    def __enter__(self) -> str:
        rest = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(*rest.read(unquote(self.path)))

            def do_POST(self) -> None:
                self._answer(*rest.change(unquote(self.path), self.headers.get("X-RequestDigest", "")))

            def _answer(self, status: int, body: Any) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}/sites/moment"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def read(self, path: str) -> tuple[int, Any]:
        if "/web/lists?" in path:
            assert "BaseTemplate eq 101" in path
            return 200, {"value": [{"Id": key, "Title": each.title} for key, each in self.libraries.items()]}
        library = self.libraries[re.findall(r"lists\(guid'(.+?)'\)", path)[0]]
        if "/fields?" in path:
            own = [name for name in library.fields if name.startswith("moment")]
            return 200, {"value": [{"InternalName": name} for name in own]}
        assert path.endswith("/DefaultView/ViewFields")
        return 200, {"SchemaXml": "", "Items": library.shown}

    def change(self, path: str, digest: str) -> tuple[int, Any]:
        if path.endswith("/_api/contextinfo"):
            return 200, {"FormDigestValue": DIGEST, "FormDigestTimeoutSeconds": 1800}
        if digest != DIGEST or self.refuse:
            return 403, {"odata.error": {"code": "-2147024891", "message": {"value": "Access denied."}}}
        key, name = re.findall(r"lists\(guid'(.+?)'\)/DefaultView/ViewFields/addviewfield\('(\w+)'\)$", path)[0]
        self.libraries[key].shown.append(name)
        return 200, {"odata.null": True}
