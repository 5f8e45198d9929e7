"""How fast is it? ``python -m tools.sharepoint.measure`` starts a server process of its own and prints two figures:
small PUTs a second, and the server's memory before and during one large upload."""

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

SMALL = b"x" * 10_240
FRAGMENT_BYTES = 32 * 327_680
MIB = 1 << 20


class Client:
    """One connection that stays open."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address)
        self._headers: dict[str, str] = {}

    def sign_in(self) -> None:
        """Get a token."""
        form = {"grant_type": "client_credentials", "client_id": "measure", "client_secret": "x", "scope": "y"}
        token = self.ask("POST", "/t/oauth2/v2.0/token", urlencode(form).encode())["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> dict[str, str]:
        """Send a request and return the JSON of the answer."""
        self._connection.request(method, path, body, {**self._headers, **headers})
        with self._connection.getresponse() as response:
            received = response.read()
            if response.status >= 300:
                raise RuntimeError(f"{method} {path}: {response.status} {received[:200]!r}")
        return dict(json.loads(received)) if received else {}

    def forget_token(self) -> None:
        """Send no Authorization from now on."""
        self._headers = {}


def small_puts(address: str, seconds: float, connections: int) -> float:
    """Return how many files of 10 KiB a second the server takes."""
    counts = [0] * connections
    ends_at = time.monotonic() + seconds

    def work(index: int) -> None:
        client = Client(address)
        client.sign_in()
        drive = client.ask("GET", "/v1.0/sites/contoso.sharepoint.com:/sites/moment:/drive")["id"]
        while time.monotonic() < ends_at:
            client.ask("PUT", f"/v1.0/drives/{drive}/root:/small/{index}-{counts[index]}.bin:/content", SMALL)
            counts[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def large_upload(address: str, size: int, server: int) -> tuple[float, int, int]:
    """Return the seconds for one upload session, and the server's memory before and at most, in MiB."""
    client = Client(address)
    client.sign_in()
    drive = client.ask("GET", "/v1.0/sites/contoso.sharepoint.com:/sites/moment:/drive")["id"]
    session = client.ask("POST", f"/v1.0/drives/{drive}/root:/large.bin:/createUploadSession")
    url = urlsplit(session["uploadUrl"])
    client.forget_token()
    before = peak = memory_mib(server)
    begun = time.monotonic()
    for first in range(0, size, FRAGMENT_BYTES):
        piece = b"\xa5" * min(FRAGMENT_BYTES, size - first)
        content_range = f"bytes {first}-{first + len(piece) - 1}/{size}"
        client.ask("PUT", f"{url.path}?{url.query}", piece, **{"Content-Range": content_range})
        peak = max(peak, memory_mib(server))
    return time.monotonic() - begun, before, peak


def memory_mib(process: int) -> int:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // MIB


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--large-mib", type=int, default=2048)
    given = parser.parse_args()
    command = [sys.executable, "-m", "tools.sharepoint", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[1].removeprefix("http://")
        print(f"small PUTs a second: {small_puts(address, given.seconds, given.connections):.0f}", flush=True)
        took, before, peak = large_upload(address, given.large_mib * MIB, server.pid)
        print(f"{given.large_mib} MiB upload: {took:.1f} s, memory {before} MiB before, {peak} MiB at most")
        server.terminate()


if __name__ == "__main__":
    main()
