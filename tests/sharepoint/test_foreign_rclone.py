"""rclone, which we did not write, copies a folder in and finds every byte again."""

import os
import socket
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.sharepoint.graph_client import Graph

RCLONE = Path(sys.executable).parent / "rclone"
NAMES = ("graph.microsoft.com", "login.microsoftonline.com", "contoso.sharepoint.com")

pytestmark = pytest.mark.skipif(not RCLONE.exists(), reason="rclone is not installed in this environment")


class ConnectProxy(socketserver.ThreadingTCPServer):
    """Leads the real host names to the local server's TLS port, as a hosts file would."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls_port: int) -> None:
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.tls_port = tls_port
        self.refused: list[str] = []


class Tunnel(socketserver.BaseRequestHandler):
    """One CONNECT."""

    server: ConnectProxy

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.request.recv(4096)
        host = head.split()[1].decode().rpartition(":")[0]
        if host not in NAMES:
            self.server.refused.append(host)
            self.request.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.server.tls_port)) as upstream:
            self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=pump, args=(upstream, self.request), daemon=True)
            back.start()
            pump(self.request, upstream)
            back.join(20)


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture
def folder(tmp_path):
    source = tmp_path / "source"
    for name, content in {
        "small.txt": b"hello",
        "empty.txt": b"",
        "sub folder/Ünï 100% #1.txt": b"odd name",
        "sub folder/deep/large.bin": os.urandom(11 << 20),
    }.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return source


def rclone(environment, *arguments):
    command = [str(RCLONE), "--retries", "1", "--low-level-retries", "3", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def environment(sharepoint, tmp_path):
    with Graph(sharepoint) as graph:
        drive = graph.drive
    settings = {
        "TYPE": "onedrive", "DRIVE_TYPE": "documentLibrary", "DRIVE_ID": drive, "CLIENT_CREDENTIALS": "true",
        "TENANT": sharepoint.tenant_id, "CLIENT_ID": "rclone", "CLIENT_SECRET": "secret",
    }  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    prefixed = {f"RCLONE_CONFIG_SP_{name}": value for name, value in settings.items()}
    return {**kept, **prefixed, "RCLONE_CONFIG": str(tmp_path / "rclone.conf"), "HOME": str(tmp_path)}


def test_rclone_copies_a_folder_in_over_plain_http(sharepoint, environment, folder):
    environment["RCLONE_CONFIG_SP_TENANT_URL"] = sharepoint.url
    environment["RCLONE_CONFIG_SP_TOKEN_URL"] = f"{sharepoint.url}/oauth2/v2.0/token"

    rclone(environment, "copy", folder, "sp:backup")
    rclone(environment, "check", "--download", folder, "sp:backup")
    rclone(environment, "check", folder, "sp:backup")

    unanswered = [entry for entry in sharepoint.requests() if entry["status"] in (0, 500, 501)]
    assert unanswered == []
    assert {entry["path"].split("/")[1] for entry in sharepoint.requests() if entry["ru"]} >= {"v2.0"}


def test_rclone_finds_nothing_to_do_the_second_time(sharepoint, environment, folder):
    environment["RCLONE_CONFIG_SP_TENANT_URL"] = sharepoint.url
    environment["RCLONE_CONFIG_SP_TOKEN_URL"] = f"{sharepoint.url}/oauth2/v2.0/token"
    rclone(environment, "copy", folder, "sp:backup")
    sharepoint.clear_requests()

    rclone(environment, "copy", folder, "sp:backup")

    assert {entry["method"] for entry in sharepoint.requests()} <= {"GET", "POST"}
    assert [
        entry for entry in sharepoint.requests() if entry["method"] == "POST" and "token" not in entry["path"]
    ] == []


def test_rclone_moves_and_deletes(sharepoint, environment, folder):
    environment["RCLONE_CONFIG_SP_TENANT_URL"] = sharepoint.url
    environment["RCLONE_CONFIG_SP_TOKEN_URL"] = f"{sharepoint.url}/oauth2/v2.0/token"
    rclone(environment, "copy", folder, "sp:backup")

    rclone(environment, "moveto", "sp:backup/small.txt", "sp:backup/sub folder/moved.txt")
    rclone(environment, "purge", "sp:backup/sub folder/deep")

    listed = rclone(environment, "lsf", "-R", "--files-only", "sp:backup").stdout.splitlines()
    assert sorted(listed) == ["empty.txt", "sub folder/moved.txt", "sub folder/Ünï 100% #1.txt"]


def test_rclone_reaches_the_real_names_over_tls(sharepoint, environment, folder):
    tls_port = int(sharepoint.tls_url.rpartition(":")[2])
    with ConnectProxy(tls_port) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        environment["HTTPS_PROXY"] = f"http://127.0.0.1:{proxy.server_address[1]}"
        environment["SSL_CERT_FILE"] = sharepoint.ca_path

        rclone(environment, "copy", folder, "sp:backup")
        rclone(environment, "check", "--download", folder, "sp:backup")
        proxy.shutdown()

    assert proxy.refused == []
    assert {entry["path"].split("/")[1] for entry in sharepoint.requests() if entry["ru"]} >= {"v1.0"}
