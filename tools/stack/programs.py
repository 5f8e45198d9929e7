"""Starts the programs of the stack in their order and stops them in the reverse: Azurite, local SharePoint, host.

Everything they keep lives in one folder below .local, which is removed at the end.
"""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
import requests

from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, Settings
from shared.store.connect import open_clients
from tools.stack.app_settings import app_settings, connection_string, write_local_settings
from tools.stack.children import Child, StackError
from tools.stack.folders import LOCAL, ROOT
from tools.stack.ports import USUAL, choose_ports

POLL_INTERVAL_MS = 500
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

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
    undo = contextlib.ExitStack()
    undo.callback(shutil.rmtree, folder, ignore_errors=True)
    try:
        yield _start(host, _Starting(folder, undo), say)
    finally:
        _ignore_interrupts()
        undo.close()


def _ignore_interrupts() -> None:
    """Ctrl-C again, while everything is being stopped, stops nothing short; the process ends soon anyway."""
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@dataclass(frozen=True, slots=True)
class _Starting:
    """Where programs keep things, and what has been started so far."""

    folder: Path
    undo: contextlib.ExitStack
    children: list[Child] = field(default_factory=list)

    def child(self, name: str, command: Sequence[str], environ: Mapping[str, str] = os.environ) -> Child:
        child = Child(name, command, environ)
        self.undo.callback(child.stop)
        self.children.append(child)
        return child


def stay_off_proxies() -> None:
    """Everything here talks to this machine, so a proxy that the environment names is left out."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost")))


def _start(host: str, starting: _Starting, say: Say) -> Stack:
    start_host = _host_starter(host)
    ports = choose_ports(USUAL, say)
    say("Starting Azurite, the local Azure Storage…")
    storage = _start_azurite(ports, starting)
    say("Starting the local SharePoint…")
    sharepoint_url, login_url, ca_bundle = _start_sharepoint(ports, starting)
    public_url = f"http://127.0.0.1:{ports['host']}"
    settings = app_settings(storage, sharepoint_url, login_url, ca_bundle, public_url)
    clients = open_clients(Settings.from_environ(settings).storage, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE)
    clients.create_storage(origins=[public_url, public_url.replace("127.0.0.1", "localhost")])
    say("Starting the Functions host…")
    host_url = start_host(ports["host"], settings, starting)
    children = tuple(starting.children)
    return Stack(host_url, sharepoint_url, login_url, ca_bundle, storage, children[-1], children)


def _start_azurite(ports: Mapping[str, int], starting: _Starting) -> str:
    command = ["node", str(_AZURITE), "--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    command += ["--location", str(starting.folder / "azurite")]
    for service in ("blob", "queue", "table"):
        command += [f"--{service}Host", "127.0.0.1", f"--{service}Port", str(ports[service])]
    azurite = starting.child("azurite", command)
    for service in ("Blob", "Queue", "Table"):
        azurite.ready(rf"{service} service .*successfully listening", _READY_S)
    return connection_string(ports)


def _start_sharepoint(ports: Mapping[str, int], starting: _Starting) -> tuple[str, str, Path]:
    command = [sys.executable, "-m", "tools.sharepoint", "--port", str(ports["sharepoint"])]
    command += ["--tls", "--tls-port", str(ports["sharepoint-tls"]), "--state", str(starting.folder / "sharepoint")]
    found = starting.child("sharepoint", command).ready(r"^READY (http://\S+) (https://\S+) ca=(.+?)\s*$", _READY_S)
    return found[1], found[2], Path(found[3])


def _host_starter(host: str) -> Callable[[int, dict[str, str], _Starting], str]:
    if host == "local":
        return _start_local_host
    func = shutil.which("func")
    if func is None:
        raise StackError(
            "Azure Functions Core Tools (func) are not installed. Install version 4, or leave HOST out:\n"
            "  https://learn.microsoft.com/azure/azure-functions/functions-run-local"
        )
    return partial(_start_core_tools, func)


def _start_local_host(port: int, settings: dict[str, str], starting: _Starting) -> str:
    command = [sys.executable, "-m", "tools.functions_host", "--app", str(ROOT), "--port", str(port)]
    command += ["--poll-interval-ms", str(POLL_INTERVAL_MS)]
    host = starting.child("host", command, {**os.environ, **settings})
    return host.ready(r"^READY (http://\S+) functions=\d+", _READY_S)[1]


def _start_core_tools(func: str, port: int, settings: dict[str, str], starting: _Starting) -> str:
    """Microsoft's own host. It wants a settings file; what is in the environment wins over it."""
    file = ROOT / "local.settings.json"
    if not file.exists():
        starting.undo.callback(file.unlink, missing_ok=True)
        write_local_settings(file, settings)
    venv = Path(sys.executable).parent
    environ = {**os.environ, **settings, "VIRTUAL_ENV": str(venv.parent)}
    environ["PATH"] = f"{venv}{os.pathsep}{environ.get('PATH', '')}"
    host = starting.child("host", [func, "start", "--port", str(port)], environ)
    url = f"http://127.0.0.1:{port}"
    host.until(lambda: _answers(f"{url}/api/customers"), _FUNC_READY_S)
    return url


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code < 500
    except requests.RequestException:
        return False
