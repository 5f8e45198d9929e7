"""The worker process: one instance's Python, fed by the host through a socket it inherits.

It dies with its host: at once on Linux (the kernel is asked to), elsewhere when the socket ends. Its log lines go to
the host's standard error, each with the name of the function that wrote it.
"""

import asyncio
import ctypes
import io
import logging
import os
import signal
import socket
import sys
from pathlib import Path

import azure_functions_runtime as runtime

from . import worker
from .messages import Channel, Invocation, Outcome

_PR_SET_PDEATHSIG = 1
# One line per storage request and per invocation would bury the app's own lines.
_CHATTY = ("azure.core", "azure.functions", "azure.identity", "urllib3", "asyncio")


class _FunctionName(logging.Filter):
    """Puts the function's name on each record written while it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.running: dict[str, str] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the name; never drops a record."""
        record.function = self.running.get(runtime.invocation_id_cv.get() or "", "worker")
        return True


def _log_to_stderr(level: str) -> _FunctionName:
    names = _FunctionName()
    handler = logging.StreamHandler()
    handler.addFilter(names)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s [%(function)s] %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    if logging.getLogger().level > logging.DEBUG:
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
    return names


def _die_with_host(host_pid: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != host_pid:
        os._exit(1)


async def _answer(channel: Channel, invocation: Invocation, names: _FunctionName) -> None:
    names.running[invocation.invocation_id] = invocation.function_name
    try:
        outcome = await worker.invoke(invocation)
    except Exception as error:  # noqa: BLE001 - a fault in the seam must not leave the host waiting
        outcome = Outcome(invocation.invocation_id, succeeded=False, error=f"{type(error).__name__}: {error}")
    finally:
        names.running.pop(invocation.invocation_id, None)
    await channel.send(outcome)


async def _serve(connection: socket.socket, app_dir: Path, names: _FunctionName) -> None:
    channel = Channel(*await asyncio.open_connection(sock=connection))
    await channel.send(await worker.index(app_dir))
    running: set[asyncio.Task[None]] = set()
    while True:
        try:
            invocation = await channel.receive()
        except EOFError:
            sys.stdout.flush()
            # Threads of user code may still run; the platform does not wait for them either.
            os._exit(0)
        task = asyncio.create_task(_answer(channel, invocation, names))
        running.add(task)
        task.add_done_callback(running.discard)


def main(arguments: list[str]) -> None:
    """Run as `python -m tools.functions_host.childworker FD HOST_PID APP_DIR LOG_LEVEL`."""
    descriptor, host_pid, app_dir, level = arguments
    _die_with_host(int(host_pid))
    # Ctrl-C reaches the whole process group; when workers end is the host's decision.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # `-m` put the host's own folder first, and the app must not be able to import from there.
    sys.path.pop(0)
    # Lines of print() must not wait until the function succeeds.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    names = _log_to_stderr(level)
    asyncio.run(_serve(socket.socket(fileno=int(descriptor)), Path(app_dir), names))


if __name__ == "__main__":
    main(sys.argv[1:])
