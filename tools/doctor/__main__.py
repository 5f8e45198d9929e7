"""`python -m tools.doctor`: looks at everything that the app stands on, and says what mends what is wrong.

    python -m tools.doctor --url https://APP.azurewebsites.net    the app looks, as itself (an administrator's token)
    python -m tools.doctor                                        this machine looks, with local.settings.json
    python -m tools.doctor --app APP --group GROUP                only at the settings, of an app that does not start

Exit codes: 0 nothing failed, 1 something did, 2 wrong arguments, 3 the app or its settings can't be reached.
"""

import argparse
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from functions.health_documents import check_document
from shared.bootstrap import world_of
from shared.bootstrap.examining import CHECK_NAMES, examined, examined_of
from shared.errors import MomentError
from tools.admin.api import AppApi, Refused, Unusable
from tools.doctor.display import Display, Json, as_json
from tools.doctor.sources import NoSettings, from_azure, from_file, usual

_USUAL_FILE = Path("local.settings.json")
_WAIT_S = 330
_APPS_LONGEST_WAIT_S = 150


def main(argv: Sequence[str] | None = None) -> int:
    """Look; gives the exit code."""
    arguments = parser().parse_args(argv)
    display = Display(sys.stderr if arguments.json else sys.stdout, sys.stderr)
    checks: list[Json] = []
    try:
        for check in _checks(arguments, display):
            checks.append(check)
            if not arguments.json:
                display.show(check)
    except (NoSettings, Unusable, Refused) as trouble:
        display.clear()
        print(trouble, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        display.clear()
        print("Stopped.", file=sys.stderr)
        return 130
    display.sum_up(checks)
    if arguments.json:
        print(as_json(checks))
    return 1 if any(check["outcome"] == "fail" for check in checks) else 0


def _checks(arguments: argparse.Namespace, display: Display) -> Iterator[Json]:
    if arguments.url:
        yield from _of_app(arguments, display)
        return
    only = arguments.only
    if arguments.app:
        # What else there is only the app's own identity may look at.
        environ, only = from_azure(arguments.app, arguments.group), only or ["settings"]
    elif arguments.settings:
        environ = from_file(arguments.settings)
    else:
        environ = usual(os.environ, _USUAL_FILE)
    if arguments.make_storage:
        _make_storage(environ)
    for line in examined(
        environ, display.told, wait_s=_WAIT_S if arguments.wait is None else arguments.wait, only=only
    ):
        yield msgspec.to_builtins(check_document(line))


def _of_app(arguments: argparse.Namespace, display: Display) -> Iterator[Json]:
    api = AppApi(arguments.url, arguments.token or os.environ.get("MOMENT_TOKEN", ""))
    wait_s = min(_APPS_LONGEST_WAIT_S, arguments.wait)
    try:
        with _ticking(display):
            answer = api.call("POST", "health/checks", {"only": arguments.only, "waitS": wait_s})
    except Refused as refusal:
        raise Unusable(
            f"{refusal}\nWhere its settings are to blame: python -m tools.doctor --app NAME --group RESOURCE-GROUP"
        ) from refusal
    yield from answer["checks"]


@contextmanager
def _ticking(display: Display) -> Iterator[None]:
    """Say every second that the app is still at it."""
    over = threading.Event()

    def tick() -> None:
        seconds = 0
        while not over.wait(1):
            seconds += 1
            display.told(f"the app looks at itself, {seconds} s")

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        over.set()
        ticker.join()


def _make_storage(environ: Mapping[str, str]) -> None:
    try:
        examined_of(world_of(environ)).storage.create()
    except MomentError as trouble:
        raise NoSettings(f"The storage could not be made: {trouble}") from trouble


def parser() -> argparse.ArgumentParser:
    """The parser of its arguments, which tests read commands of advice with."""
    taken = argparse.ArgumentParser(
        prog="python -m tools.doctor", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    where = taken.add_mutually_exclusive_group()
    where.add_argument("--url", help="have the app at this address look at itself")
    where.add_argument("--app", metavar="NAME", help="take the settings of this function app in Azure, through az")
    about = f"take the settings of this file; default: {_USUAL_FILE}, and the environment over it"
    where.add_argument("--settings", metavar="FILE", type=Path, help=about)
    taken.add_argument("--group", default="", help="with --app: its resource group")
    taken.add_argument("--token", help="with --url: an administrator's access token; default: MOMENT_TOKEN")
    about = f"this check and what it needs; may be repeated: {', '.join(CHECK_NAMES)}"
    taken.add_argument("--only", metavar="CHECK", action="append", default=[], choices=CHECK_NAMES, help=about)
    about = f"how long to wait for a notification; default {_WAIT_S}, with --url at most {_APPS_LONGEST_WAIT_S}"
    taken.add_argument("--wait", metavar="SECONDS", type=int, default=_WAIT_S, help=about)
    taken.add_argument("--make-storage", action="store_true", help="first make missing tables, queues and container")
    taken.add_argument("--json", action="store_true", help="print the outcome as JSON, the rest to stderr")
    return taken


if __name__ == "__main__":
    sys.exit(main())
