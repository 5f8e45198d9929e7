"""`python -m tools.stack run|demo`: the whole product on this machine, with real files on their way.

run   shows the sample files move, then keeps serving until Ctrl-C
demo  the same, checks every file, plays edits in both directions, prints figures and ends; exit code 0 only when all
      is as it should be
"""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import requests
from rich.console import Console

from shared.errors import MomentError
from tools.stack.children import StackError
from tools.stack.display import PlainLines, open_display
from tools.stack.folders import LOCAL
from tools.stack.graph_reader import GraphReader
from tools.stack.judging import Judge
from tools.stack.product import Product
from tools.stack.programs import ENDING_SIGNALS, Stack, running_stack, stay_off_proxies
from tools.stack.report import print_unplaced, print_what_to_open
from tools.stack.show_case import play
from tools.stack.watch import Watch

_FIGURES = LOCAL / "demo.json"
_LOOK_S = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all went well or a person ended it, 1 in case of trouble."""
    arguments = _parser().parse_args(argv)
    console = Console()
    for number in ENDING_SIGNALS:
        signal.signal(number, _interrupt)
    stay_off_proxies()
    try:
        with running_stack(arguments.host, lambda line: console.print(line, markup=False, highlight=False)) as stack:
            try:
                return _on(stack, arguments, console)
            except requests.RequestException:
                time.sleep(_LOOK_S)
                stack.check()  # where a program died, that is the better message
                raise
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 0 if arguments.command == "run" else 130
    except (StackError, MomentError, requests.RequestException) as error:
        console.print(f"{error}", style="red", markup=False, highlight=False, soft_wrap=True)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.stack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("run", "demo"))
    parser.add_argument("--host", choices=("local", "func"), default="local", help="func: Azure Functions Core Tools")
    parser.add_argument("--large-mib", type=int, default=64, metavar="N", help="size of the large file, default 64")
    return parser


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _on(stack: Stack, arguments: argparse.Namespace, console: Console) -> int:
    product = Product(stack.host_url)
    watch = Watch(product)
    display = open_display(console)
    try:
        played = play(stack, product, watch, display, arguments.large_mib)
    finally:
        display.close()
    if arguments.command == "run":
        reader = GraphReader(stack.sharepoint_url, stack.login_url, stack.ca_bundle)
        print_what_to_open(console, stack, reader, watch)
        print_unplaced(console, product)
        _keep_serving(stack, watch, console)
    return Judge(stack, product, watch, console).judge(played, _FIGURES)


def _keep_serving(stack: Stack, watch: Watch, console: Console) -> NoReturn:
    """Show what else happens, line by line, until a person or a dead program ends it."""
    lines = PlainLines(console)
    lines.skip(watch.rows)
    while True:
        time.sleep(_LOOK_S)
        stack.check()
        watch.refresh()
        lines.update(watch.rows)


if __name__ == "__main__":
    sys.exit(main())
