"""Starts the programs of the stack in their order and stops them in the reverse: Azurite, local SharePoint, host.

Everything they keep lives in one folder below .local, which is removed at the end.
"""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import open_clients
from tools.stack.app_settings import app_settings, connection_string, write_local_settings
from tools.stack.children import Child, StackError
from tools.stack.folders import LOCAL, ROOT
from tools.stack.ports import USUAL, choose_ports

FUNCTION_KEY = "local"
POLL_INTERVAL_MS = 500

_AZURITE = ROOT / "node_modules/azurite/dist/src/azurite.js"
_READY_S = 60.0
_FUNC_READY_S = 240.0

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stack:
    """The running programs and how to reach them."""

    host_url: str
    sharepoint_url: str
    login_url: str
    ca_bundle: Path
    storage: str
    settings: dict[str, str]
    host: Child
    children: Sequence[Child]

    def check(self) -> None:
        """Raise StackError when one of them has ended."""
        for child in self.children:
            child.check()

    def host_memory_bytes(self) -> int:
        """The resident memory of the host and its workers together."""
        total = 0
        with contextlib.suppress(psutil.NoSuchProcess):
            leader = psutil.Process(self.host.pid)
            for process in (leader, *leader.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    total += process.memory_info().rss
        return total


@contextlib.contextmanager
def running_stack(host: str, say: Say) -> Iterator[Stack]:
    """Start everything; whatever happens, nothing of it is left behind."""
    LOCAL.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="stack-", dir=LOCAL))
    children: list[Child] = []
    try:
        yield _start(host, folder, children, say)
    finally:
        _stop(children)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(children: list[Child]) -> None:
    for child in reversed(children):
        child.stop()


def _start(host: str, folder: Path, children: list[Child], say: Say) -> Stack:
    start_host = _host_starter(host)
    ports = choose_ports(USUAL, say)
    say("Starting Azurite, the local Azure Storage…")
    storage = _start_azurite(ports, folder, children)
    say("Starting the local SharePoint…")
    sharepoint_url, login_url, ca_bundle = _start_sharepoint(ports, folder, children)
    settings = app_settings(storage, sharepoint_url, login_url, ca_bundle)
    open_clients(Settings.from_environ(settings).storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE).create_storage()
    say("Starting the Functions host…")
    host_url = start_host(ports["host"], settings, children)
    return Stack(host_url, sharepoint_url, login_url, ca_bundle, storage, settings, children[-1], tuple(children))


def _start_azurite(ports: dict[str, int], folder: Path, children: list[Child]) -> str:
    command = ["node", str(_AZURITE), "--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    command += ["--location", str(folder / "azurite")]
    for service in ("blob", "queue", "table"):
        command += [f"--{service}Host", "127.0.0.1", f"--{service}Port", str(ports[service])]
    azurite = Child("azurite", command, os.environ)
    children.append(azurite)
    for service in ("Blob", "Queue", "Table"):
        azurite.ready(rf"{service} service .*successfully listening", _READY_S)
    return connection_string(ports)


def _start_sharepoint(ports: dict[str, int], folder: Path, children: list[Child]) -> tuple[str, str, Path]:
    command = [sys.executable, "-m", "tools.sharepoint", "--port", str(ports["sharepoint"])]
    command += ["--tls", "--tls-port", str(ports["sharepoint-tls"]), "--state", str(folder / "sharepoint")]
    sharepoint = Child("sharepoint", command, os.environ)
    children.append(sharepoint)
    found = sharepoint.ready(r"^READY (http://\S+) (https://\S+) ca=(.+?)\s*$", _READY_S)
    return found[1], found[2], Path(found[3])


def _host_starter(host: str) -> Callable[[int, dict[str, str], list[Child]], str]:
    if host == "local":
        return _start_local_host
    func = shutil.which("func")
    if func is None:
        raise StackError(
            "Azure Functions Core Tools (func) are not installed. Install version 4, or leave HOST out:\n"
            "  https://learn.microsoft.com/azure/azure-functions/functions-run-local"
        )
    return lambda port, settings, children: _start_core_tools(func, port, settings, children)


def _start_local_host(port: int, settings: dict[str, str], children: list[Child]) -> str:
    command = [sys.executable, "-m", "tools.functions_host", "--app", str(ROOT), "--port", str(port)]
    command += ["--function-key", FUNCTION_KEY, "--poll-interval-ms", str(POLL_INTERVAL_MS)]
    host = Child("host", command, {**os.environ, **settings})
    children.append(host)
    return host.ready(r"^READY (http://\S+) functions=\d+", _READY_S)[1]


def _start_core_tools(func: str, port: int, settings: dict[str, str], children: list[Child]) -> str:
    """Microsoft's own host. It wants a settings file; what is in the environment wins over it."""
    file = ROOT / "local.settings.json"
    if not file.exists():
        write_local_settings(file, settings)
    venv = Path(sys.executable).parent
    environ = {**os.environ, **settings, "VIRTUAL_ENV": str(venv.parent)}
    environ["PATH"] = f"{venv}{os.pathsep}{environ.get('PATH', '')}"
    host = Child("host", [func, "start", "--port", str(port)], environ)
    children.append(host)
    url = f"http://127.0.0.1:{port}"
    host.until(lambda: _answers(f"{url}/api/customers"), _FUNC_READY_S)
    return url


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code < 500
    except requests.RequestException:
        return False
