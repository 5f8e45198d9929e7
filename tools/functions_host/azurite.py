"""Azurite for tests and demos: Microsoft's storage emulator on free ports, ended with its owner.

Page: https://learn.microsoft.com/azure/storage/common/storage-use-azurite. Telemetry is switched off; the API version
check too, because the SDKs are newer than the emulator.
"""

import atexit
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

_ROOT = Path(__file__).resolve().parents[2]
_PORT = re.compile(r"(Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(\d+)")
_ACCOUNT = "devstoreaccount1"
# The emulator's published key, the same on every machine.
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def find_azurite() -> str:
    """Find the program, or say how to get it."""
    beside = _ROOT / "node_modules" / ".bin" / "azurite"
    found = str(beside) if beside.exists() else shutil.which("azurite")
    if not found:
        raise FileNotFoundError("Azurite is not installed: run `npm ci` in the repository (needs Node.js)")
    return found


class Azurite:
    """A running Azurite; in memory unless `location` names a folder, on free ports unless they are given.

    `access_log`: `log_text` has a line for each request.
    """

    def __init__(
        self,
        *,
        location: Path | None = None,
        blob_port: int = 0,
        queue_port: int = 0,
        table_port: int = 0,
        access_log: bool = False,
    ) -> None:
        self._access_log = access_log
        self._ports_wanted = {"blob": blob_port, "queue": queue_port, "table": table_port}
        self._location = location
        self._process: subprocess.Popen[bytes] | None = None
        self._log: Path | None = None
        self.ports: dict[str, int] = {}

    @property
    def pid(self) -> int:
        """The id of its process, which is also its group's."""
        if self._process is None:
            raise RuntimeError("Azurite is not running")
        return self._process.pid

    @property
    def connection_string(self) -> str:
        """The connection string of its one account."""
        endpoints = "".join(
            f"{name.capitalize()}Endpoint=http://127.0.0.1:{port}/{_ACCOUNT};" for name, port in self.ports.items()
        )
        return f"DefaultEndpointsProtocol=http;AccountName={_ACCOUNT};AccountKey={_KEY};{endpoints}"

    def start(self, timeout_s: float = 60) -> Self:
        """Start it and wait until its three services listen."""
        command = [find_azurite(), "--disableTelemetry", "--skipApiVersionCheck"]
        command += [] if self._access_log else ["--silent"]
        for name, port in self._ports_wanted.items():
            command += [f"--{name}Port", str(port)]
        command += ["--location", str(self._location)] if self._location else ["--inMemoryPersistence"]
        descriptor, log = tempfile.mkstemp(prefix="azurite-", suffix=".log")
        self._log = Path(log)
        with os.fdopen(descriptor, "wb") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        atexit.register(self.stop)
        self._wait_for_ports(self._process, time.monotonic() + timeout_s)
        return self

    def _wait_for_ports(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        while len(self.ports) < 3:
            found = _PORT.findall(self.log_text())
            self.ports = {name.lower(): int(port) for name, port in found}
            if process.poll() is not None or time.monotonic() > deadline:
                text = self.log_text()
                self.stop()
                raise RuntimeError(f"Azurite did not start: {text.strip()}")
            time.sleep(0.02)

    def log_text(self) -> str:
        """What it printed."""
        return self._log.read_text(errors="replace") if self._log and self._log.exists() else ""

    def stop(self) -> None:
        """End it; harmless when it has ended."""
        atexit.unregister(self.stop)
        process, self._process, self.ports = self._process, None, {}
        if process is not None:
            _end_group(process, signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                _end_group(process, signal.SIGKILL)
                process.wait()
        if self._log:
            self._log.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _end_group(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
