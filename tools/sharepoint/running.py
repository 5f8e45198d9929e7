"""The local SharePoint inside another process: a background thread with an event loop of its own.

``with LocalSharePoint(tls=True) as sharepoint:`` gives tests a real server on free ports.
"""

import asyncio
import base64
import json
import tempfile
import threading
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.sharepoint.options import Options
from tools.sharepoint.server import SharePointServer
from tools.sharepoint.state.identifiers import TENANT_ID
from tools.sharepoint.state.tenant import HOSTNAME


class LocalSharePoint:
    """A server that runs while the ``with`` block does. The options are those of :class:`Options`."""

    def __init__(self, **options: Any) -> None:
        self._options = Options(**{"port": 0, "tls_port": 0, **options})
        self._temporary = tempfile.TemporaryDirectory(prefix="sharepoint-")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sharepoint", daemon=True)
        self._server = SharePointServer(self._options, self._options.state or Path(self._temporary.name))
        self.tenant_id = TENANT_ID
        self.site_hostname = HOSTNAME
        self.site_path = self._options.sites[0]
        self.url = ""
        self.tls_url = ""
        self.ca_path = ""

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(30)
        except BaseException:
            self._end()
            raise
        self.url, self.tls_url = self._server.url, self._server.tls_url
        self.ca_path = str(self._server.ca_path or "")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(30)
        self._end()

    def _end(self) -> None:
        asyncio.run_coroutine_threadsafe(_cancel_the_rest(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()
        self._temporary.cleanup()

    def reset(self) -> None:
        """Go back to the default content and no traffic."""
        self._control("POST", "reset")

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the ledger's entries after number ``since``."""
        return list(self._control("GET", f"requests?since={since}")["requests"])

    def totals(self) -> dict[str, Any]:
        """Return the ledger's totals, and under ``by_route`` those of each route."""
        report = self._control("GET", "requests")
        return dict(report["totals"]) | {"by_route": report["totals_by_route"]}

    def clear_requests(self) -> None:
        """Empty the ledger."""
        self._control("DELETE", "requests")

    def fault(self, script: dict[str, Any]) -> None:
        """Ask for a fault; README.md describes the scripts."""
        self._control("POST", "faults", script)

    def faults_taken(self) -> dict[str, int]:
        """Return how often each fault that has a name, and each kind of those of changes, has happened."""
        return dict(self._control("GET", "faults")["taken"])

    def clear_faults(self) -> None:
        """Withdraw all faults, locks and hiding."""
        self._control("DELETE", "faults")

    def set_latency(self, ms: float) -> None:
        """Delay every answer."""
        self._control("POST", "latency", {"ms": ms})

    def settings(self, **changes: Any) -> None:
        """Change settings of the control plane, such as ``rewrite=False``."""
        self._control("POST", "settings", changes)

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._control("POST", "clock", {"advance_s": seconds})

    def recycle_bin(self) -> list[dict[str, Any]]:
        """Return what was deleted."""
        return list(self._control("GET", "recycle-bin")["value"])

    def add_site(self, path: str) -> str:
        """Make another site, such as ``/sites/moment-2``, unless it is there; return its id."""
        return str(self._control("POST", "sites", {"path": path})["id"])

    def sites(self) -> list[dict[str, Any]]:
        """Return ``id``, ``path`` and number of ``lists`` of each site, the first one first."""
        return list(self._control("GET", "sites")["value"])

    def add_lists(self, count: int, site_path: str = "", title: str = "Library") -> int:
        """Make plain libraries "Library 1", "Library 2" … in a site (the first one); return how many it has now."""
        body = {"site": site_path or self.site_path, "count": count, "title": title}
        return int(self._control("POST", "lists", body)["lists"])

    def add_files(self, count: int, library: str, folder: str = "", site_path: str = "") -> int:
        """Make small files "File 1.txt" … in a folder of a library (by id or title); return how many items it has."""
        body = {"site": site_path or self.site_path, "list": library, "folder": folder, "count": count}
        return int(self._control("POST", "files", body)["items"])

    def notifications(self, since: int = 0) -> list[dict[str, Any]]:
        """Return what was sent to subscribers, or was not, after row ``since``."""
        return list(self._control("GET", f"notifications?since={since}")["notifications"])

    def lifecycle(self, subscription_id: str, event: str = "reauthorizationRequired") -> None:
        """Cause a lifecycle event of a subscription."""
        self._control("POST", "lifecycle", {"subscription": subscription_id, "event": event})

    def contents(self, item_id: str) -> list[bytes]:
        """Return all that is kept of a file, also of one in the recycle bin, newest version first."""
        return [base64.b64decode(each["base64"]) for each in self._control("GET", f"contents/{item_id}")["value"]]

    def restore(self, item_id: str) -> dict[str, Any]:
        """Bring something back from the recycle bin, by the id of the item or of the entry."""
        return self._control("POST", f"recycle-bin/{item_id}/restore")

    def _control(self, method: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  (always our own loopback address)
            f"{self.url}/_local/{what}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            received = response.read()
        return dict(json.loads(received)) if received else {}


async def _cancel_the_rest() -> None:
    """End the tasks of connections that clients left open, so that the loop closes without complaint."""
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
