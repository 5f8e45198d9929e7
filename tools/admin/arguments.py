"""What each command takes. `arguments.run` is what carries it out with the API; it gives the exit code."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tools.admin.api import AppApi
from tools.admin.approve import decide, show_deletions, show_waiting
from tools.admin.explain import explain
from tools.admin.export_journal import Wanted, export_journal
from tools.admin.forget_customer import forget_customer
from tools.admin.library_tasks import begin_and_follow
from tools.admin.put_back import put_back, show
from tools.admin.reindex import reindex
from tools.admin.tables import restore, save
from tools.admin.tables_account import STORAGE_CONNECTION, service_of

TOKEN_VARIABLE = "MOMENT_TOKEN"
URL_VARIABLE = "MOMENT_URL"
_LOCAL_URL = "http://127.0.0.1:7071"

type Arguments = argparse.Namespace
type Carried = Callable[[AppApi, Arguments], int]


def parser(about: str) -> argparse.ArgumentParser:
    """The parser of all commands; `about` is what `--help` says first."""
    whole = argparse.ArgumentParser(
        prog="python -m tools.admin", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = whole.add_subparsers(dest="command", required=True)

    def command(name: str, text: str, run: Carried) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    for add in (_put_back, _reindex, _explain, _full_walk, _re_subscribe, _approve, _export_journal):
        _connection(add(command))
    for add in (_backup, _restore, _forget_customer):
        _account(add(command))
    return whole


type Adds = Callable[[str, str, Carried], argparse.ArgumentParser]


def _put_back(add: Adds) -> argparse.ArgumentParser:
    def run(api: AppApi, given: Arguments) -> int:
        if given.list:
            return show(api, as_json=given.json)
        return put_back(api, None if given.all else [quote(each, safe="") for each in given.id], as_json=given.json)

    command = add("put-back", "Have tried again what the app gave up after several tries.", run)
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="only show it")
    what.add_argument("--all", action="store_true", help="put all of it back")
    what.add_argument("id", nargs="*", default=[], help="put these back")
    return command


def _reindex(add: Adds) -> argparse.ArgumentParser:
    def run(api: AppApi, given: Arguments) -> int:
        return reindex(api, given.customer or None, all_files=given.all_files, as_json=given.json)

    about = "Build the rows that searches read, of files from before the app could search. It may be run again."
    command = add("reindex", about, run)
    command.add_argument("--customer", action="append", default=[], help="of this customer only; may be repeated")
    command.add_argument("--all-files", action="store_true", help="write the rows of every file anew")
    return command


def _explain(add: Adds) -> argparse.ArgumentParser:
    def run(api: AppApi, given: Arguments) -> int:
        return explain(api, given.customer, given.file, as_json=given.json)

    about = "Say why a file is where it is, and show every step with times, ids and fingerprints."
    command = add("explain", about, run)
    command.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    command.add_argument("file", metavar="FILE", help="the file's id")
    return command


def _full_walk(add: Adds) -> argparse.ArgumentParser:
    about = "Compare everything in SharePoint with what the app knows, and repair it. It may be run again."
    return _library_task(add, "full-walk", about)


def _re_subscribe(add: Adds) -> argparse.ArgumentParser:
    about = "Drop the subscriptions to SharePoint's changes and make them anew. It may be run again."
    return _library_task(add, "re-subscribe", about)


def _library_task(add: Adds, name: str, about: str) -> argparse.ArgumentParser:
    def run(api: AppApi, given: Arguments) -> int:
        customers: list[str | None] = [None] if given.all else list(given.customer)
        return begin_and_follow(api, name, customers, waits=not given.no_wait, as_json=given.json)

    command = add(name, about, run)
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("--customer", action="append", default=[], help="the library of this customer; may be repeated")
    which.add_argument("--all", action="store_true", help="every library")
    command.add_argument("--no-wait", action="store_true", help="do not wait for the end; the app goes on by itself")
    return command


def _approve(add: Adds) -> argparse.ArgumentParser:
    def run(api: AppApi, given: Arguments) -> int:
        if given.list:
            return show_waiting(api, as_json=given.json)
        if given.show:
            return show_deletions(api, given.show, as_json=given.json)
        return decide(api, given.keep or given.customer, keeps=bool(given.keep), as_json=given.json)

    about = "Decide on libraries from which too much vanished at once: let the deletions happen, or keep the files."
    command = add("approve", about, run)
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="only show which libraries wait")
    what.add_argument("--show", metavar="CUSTOMER", help="only show the files that would be marked deleted")
    what.add_argument("--keep", metavar="CUSTOMER", action="append", help="keep the files' records; may be repeated")
    what.add_argument("customer", nargs="*", default=[], help="let the deletions of these customers happen")
    return command


def _export_journal(add: Adds) -> argparse.ArgumentParser:
    def run(api: AppApi, given: Arguments) -> int:
        if given.file and len(given.customer) != 1:
            command.error("--file needs the one --customer that it belongs to")
        if given.json and not given.out:
            command.error("--json needs --out: the CSV itself would go where the outcome goes")
        wanted = Wanted(given.file, given.since, given.until)
        out = Path(given.out) if given.out else None
        return export_journal(api, given.customer or None, wanted, out, as_json=given.json)

    about = "Write what happened to files as CSV (UTF-8), by file and version, safe to open in a spreadsheet."
    command = add("export-journal", about, run)
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("--customer", action="append", default=[], help="of this customer's files; may be repeated")
    which.add_argument("--all", action="store_true", help="of every customer's files")
    command.add_argument("--file", help="of this file of the customer only")
    when = "a day such as 2026-11-23 (UTC), or a time with its zone; included"
    command.add_argument("--from", dest="since", metavar="TIME", help=when)
    command.add_argument("--to", dest="until", metavar="TIME", help=when)
    command.add_argument("--out", metavar="PATH", help="write here, once all of it is there; default: to stdout")
    return command


def _backup(add: Adds) -> argparse.ArgumentParser:
    def run(_api: AppApi, given: Arguments) -> int:
        return save(service_of(given.account), Path(given.folder), as_json=given.json)

    about = "Copy the app's tables into a new folder. Stop the app first, so that all rows are of one moment."
    command = add("backup", about, run)
    command.add_argument("folder", metavar="FOLDER", help="where to; new or empty")
    return command


def _restore(add: Adds) -> argparse.ArgumentParser:
    def run(_api: AppApi, given: Arguments) -> int:
        return restore(service_of(given.account), Path(given.folder), goes_on=given.go_on, as_json=given.json)

    command = add("restore", "Put a copy of the tables into tables that are empty. The app must not run.", run)
    command.add_argument("folder", metavar="FOLDER", help="the copy")
    command.add_argument("--go-on", action="store_true", help="go on with a restore that was interrupted")
    return command


def _forget_customer(add: Adds) -> argparse.ArgumentParser:
    def run(_api: AppApi, given: Arguments) -> int:
        return forget_customer(service_of(given.account), given.customer, is_meant=given.yes, as_json=given.json)

    about = "Remove every row of a customer from the tables. The app must not run. What is in SharePoint stays."
    command = add("forget-customer", about, run)
    command.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    command.add_argument("--yes", action="store_true", help="remove them; without it they are only counted")
    return command


def _account(command: argparse.ArgumentParser) -> None:
    about = f"name of Moment's storage account, opened as you (az login); default: the one of {STORAGE_CONNECTION}"
    command.add_argument("--account", metavar="NAME", help=about)
    command.add_argument("--json", action="store_true", help="print the outcome as JSON, progress to stderr")
    command.set_defaults(url="", token="")


def _connection(command: argparse.ArgumentParser) -> None:
    where = f"address of the app; default: {URL_VARIABLE}, without it that of make run"
    command.add_argument("--url", default=os.environ.get(URL_VARIABLE) or _LOCAL_URL, help=where)
    command.add_argument("--token", help=f"an access token; default: {TOKEN_VARIABLE}; `make run` asks for none")
    command.add_argument("--json", action="store_true", help="print the outcome as JSON, progress to stderr")
