"""`python -m tools.admin`: commands for people who look after a running app.

put-back   have tried again what the app gave up after several tries
reindex    build the rows that searches read, of files from before the app could search
explain    say why a file is where it is, and show every step that led there

Exit codes: 0 all went well, 1 a part did not, 2 wrong arguments, 3 the app can't be reached or does not let us in.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from urllib.parse import quote

from tools.admin.api import AppApi, Refused, Unusable
from tools.admin.explain import explain
from tools.admin.put_back import put_back, show
from tools.admin.reindex import reindex

_TOKEN_VARIABLE = "MOMENT_TOKEN"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    arguments = _parser().parse_args(argv)
    api = AppApi(arguments.url, arguments.token or os.environ.get(_TOKEN_VARIABLE, ""))
    try:
        if arguments.command == "explain":
            return explain(api, arguments.customer, arguments.file, as_json=arguments.json)
        if arguments.command == "reindex":
            customers = arguments.customer or None
            return reindex(api, customers, all_files=arguments.all_files, as_json=arguments.json)
        if arguments.list:
            return show(api, as_json=arguments.json)
        ids = None if arguments.all else [quote(each, safe="") for each in arguments.id]
        return put_back(api, ids, as_json=arguments.json)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except Unusable as trouble:
        print(trouble, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.admin", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    about = "Have tried again what the app gave up after several tries."
    command = commands.add_parser("put-back", help=about, description=about)
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="only show it")
    what.add_argument("--all", action="store_true", help="put all of it back")
    what.add_argument("id", nargs="*", default=[], help="put these back")
    _add_connection(command)
    about = "Build the rows that searches read, of files from before the app could search. It may be run again."
    command = commands.add_parser("reindex", help=about, description=about)
    command.add_argument("--customer", action="append", default=[], help="of this customer only; may be repeated")
    command.add_argument("--all-files", action="store_true", help="write the rows of every file anew")
    _add_connection(command)
    about = "Say why a file is where it is, and show every step with times, ids and fingerprints."
    command = commands.add_parser("explain", help=about, description=about)
    command.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    command.add_argument("file", metavar="FILE", help="the file's id")
    _add_connection(command)
    return parser


def _add_connection(command: argparse.ArgumentParser) -> None:
    command.add_argument("--url", default="http://127.0.0.1:7071", help="address of the app, default: that of make run")
    command.add_argument("--token", help=f"an access token; default: {_TOKEN_VARIABLE}; `make run` asks for none")
    command.add_argument("--json", action="store_true", help="print the outcome as JSON, progress to stderr")


if __name__ == "__main__":
    sys.exit(main())
