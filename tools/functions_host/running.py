"""The local host as a test or a demo uses it: started as a program of its own, and ended at any moment."""

import atexit
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import psutil

_ROOT = Path(__file__).resolve().parents[2]


class LocalHost:
    """A host for the app in a folder; `start` again after `stop` or `kill` keeps its keys and settings.

    `options` are further arguments of `python -m tools.functions_host`.
    """

    def __init__(
        self,
        app: Path | str,
        settings: Mapping[str, str] | None = None,
        *,
        workers: int = 1,
        port: int = 0,
        options: Sequence[str] = (),
    ) -> None:
        self._arguments = ["--app", str(app), "--port", str(port), "--workers", str(workers), *options]
        self._settings = dict(settings or {})
        self.function_key = secrets.token_urlsafe(16)
        self.master_key = secrets.token_urlsafe(16)
        self.system_key = secrets.token_urlsafe(16)
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._log: Path | None = None
        self._read_from = 0

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The host's process; the workers are its children."""
        if self._process is None:
            raise RuntimeError("the host is not running")
        return self._process

    def start(self, timeout_s: float = 120) -> Self:
        """Start it and wait until it serves; RuntimeError with its output where it does not."""
        keys = [f"--{kind}-key={getattr(self, f'{kind}_key')}" for kind in ("function", "master", "system")]
        # As one word each: a value may begin with a dash.
        values = [f"--set={name}={value}" for name, value in self._settings.items()]
        command = [sys.executable, "-m", "tools.functions_host", *self._arguments, *keys, *values]
        log = self._log_file()
        self._read_from = log.stat().st_size
        with log.open("ab") as output:
            self._process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        atexit.register(self.kill)
        self.url = self._wait_until_ready(self._process, time.monotonic() + timeout_s)
        return self

    def _log_file(self) -> Path:
        if self._log is None:
            descriptor, name = tempfile.mkstemp(prefix="functions-host-", suffix=".log")
            os.close(descriptor)
            self._log = Path(name)
        return self._log

    def _wait_until_ready(self, process: subprocess.Popen[bytes], deadline: float) -> str:
        while True:
            ended = process.poll() is not None
            for line in (
                self._log_file().read_bytes()[self._read_from :].decode(errors="replace").splitlines(keepends=True)
            ):
                if line.startswith("READY ") and line.endswith("\n"):
                    return line.split()[1]
            if ended or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the host did not start (exit code {process.returncode}):\n{self.log_text()}")
            time.sleep(0.02)

    def log_text(self) -> str:
        """All that the host and its workers printed, over all starts."""
        return self._log.read_text(errors="replace") if self._log else ""

    def worker_pids(self) -> list[int]:
        """The process ids of the workers."""
        return [each.pid for each in psutil.Process(self.process.pid).children()]

    def memory_bytes(self) -> int:
        """Resident memory of the host and its workers together."""
        total = 0
        for process in self._tree():
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total

    def _tree(self) -> list[psutil.Process]:
        try:
            host = psutil.Process(self.process.pid)
            return [host, *host.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """End host and workers at once with SIGKILL, as a lost machine would; harmless when they have ended."""
        atexit.unregister(self.kill)
        if self._process is None:
            return
        tree = self._tree()
        for process in tree:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self._process.wait()
        psutil.wait_procs(tree, timeout=10)
        self._process = None

    def stop(self, timeout_s: float = 30) -> int:
        """Stop it cleanly and give its exit code."""
        atexit.unregister(self.kill)
        process = self.process
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._process = None
        return code

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            # A test that fails shows what the host said.
            print(self.log_text())
        if self._process is not None:
            self.stop()
        if self._log is not None:
            self._log.unlink(missing_ok=True)
            self._log = None
