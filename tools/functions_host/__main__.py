"""`python -m tools.functions_host`: run an app on this machine as Azure Functions would."""

import argparse
import asyncio
import errno
import logging
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from azure.core.exceptions import AzureError

from .host import run_host
from .keys import Keys
from .settings import SettingsError, load_settings
from .triggers import HostOptions

_SETTINGS_FILE = "local.settings.json"
_KEY_SETTINGS = {"function": "LOCAL_FUNCTION_KEY", "master": "LOCAL_MASTER_KEY", "system": "LOCAL_SYSTEM_KEY"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.functions_host", description=__doc__)
    parser.add_argument("--app", type=Path, default=Path(), metavar="DIR", help="folder with function_app.py")
    parser.add_argument("--port", type=int, default=7071, help="0 takes a free one")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="worker processes, one for each instance")
    parser.add_argument("--settings", type=Path, metavar="FILE", help=f"default: {_SETTINGS_FILE} beside the app")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="one app setting; wins")
    parser.add_argument("--poll-interval-ms", type=int, default=1000, metavar="MS", help="pause between blob scans")
    parser.add_argument("--queue-poll-ms", type=int, metavar="MS", help="longest pause between looks at a queue")
    parser.add_argument("--lease-s", type=int, default=600, metavar="S", help="how long a message is hidden")
    parser.add_argument("--grace-s", type=float, default=10, metavar="S", help="time for running calls at the end")
    parser.add_argument("--emit-blob-events", action="store_true", help="stand for Event Grid")
    for kind, setting in _KEY_SETTINGS.items():
        parser.add_argument(f"--{kind}-key", metavar="KEY", help=f"default: setting {setting}, else generated")
    levels = ["debug", "info", "warning", "error"]
    parser.add_argument("--log-level", type=str.lower, choices=levels, default="info")
    return parser


def _options(arguments: argparse.Namespace) -> HostOptions:
    app_dir: Path = arguments.app.resolve()
    if not app_dir.is_dir():
        raise SettingsError(f"{app_dir} is no folder")
    if arguments.workers < 1 or arguments.lease_s < 1:
        raise SettingsError("--workers and --lease-s must be at least 1")
    file = arguments.settings or app_dir / _SETTINGS_FILE
    required = arguments.settings is not None
    settings = load_settings(os.environ, file, required=required, overrides=arguments.set)
    keys = {kind: getattr(arguments, f"{kind}_key") or settings.get(name) for kind, name in _KEY_SETTINGS.items()}
    return HostOptions(
        app_dir=app_dir,
        settings=settings,
        keys=Keys.make(**keys),
        workers=arguments.workers,
        poll_interval_s=arguments.poll_interval_ms / 1000,
        queue_poll_s=arguments.queue_poll_ms / 1000 if arguments.queue_poll_ms else None,
        lease_s=arguments.lease_s,
        grace_s=arguments.grace_s,
        emit_blob_events=arguments.emit_blob_events,
        log_level=arguments.log_level,
    )


def _log_to_stderr(level: str) -> None:
    form = "%(asctime)s %(levelname)-7s [host] %(message)s"
    logging.basicConfig(level=level.upper(), format=form, stream=sys.stderr)
    if level != "debug":
        for name in ("azure", "aiohttp", "asyncio"):
            logging.getLogger(name).setLevel(logging.WARNING)


def _bind(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    # Listening at once keeps the port from a second host; requests wait until the workers are ready.
    listening.listen(128)
    return listening


def main(argv: Sequence[str] | None = None) -> int:
    """Run the host; 0 after a clean stop, 1 where the app cannot be run, 2 where the port is taken."""
    arguments = _parser().parse_args(argv)
    _log_to_stderr(arguments.log_level)
    try:
        options = _options(arguments)
        listening = _bind(arguments.port)
        with listening:
            asyncio.run(run_host(options, listening))
    except SettingsError as error:
        print(f"functions host: {error}", file=sys.stderr)
        return 1
    except AzureError as error:
        print(f"functions host: storage cannot be reached: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"functions host: port {arguments.port} is in use; choose another with --port", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
