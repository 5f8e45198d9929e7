"""Libraries from which too much vanished at once: show them, and let the deletions happen or keep the files."""

import json
import sys
from collections.abc import Sequence
from urllib.parse import quote

from tools.admin.api import AppApi, Json, Refused


def show_waiting(api: AppApi, *, as_json: bool) -> int:
    """Print every library that waits; 0."""
    entries = list(api.items("approvals"))
    if as_json:
        print(json.dumps({"items": entries}, indent=2, ensure_ascii=False))
        return 0
    for entry in entries:
        since = (entry["since"] or "")[:16].replace("T", " ")
        print(f"{entry['customer']}  {_how_much(entry)}, since {since} UTC\n    {entry['reason']}")
    print("See the files with --show CUSTOMER." if entries else "Nothing waits for a decision.")
    return 0


def show_deletions(api: AppApi, customer: str, *, as_json: bool) -> int:
    """Print the files that an approval would mark deleted; 0."""
    entries = list(api.items(f"{_library(customer)}/deletions"))
    if as_json:
        print(json.dumps({"items": entries}, indent=2, ensure_ascii=False))
        return 0
    for entry in entries:
        changed = f"{entry['modifiedAt'][:10]} by {entry['modifiedBy']}"
        print(f"{entry['id']}  {entry['name']}  (last changed {changed})")
    print(f"{len(entries)} files." if entries else "Nothing of this library waits.")
    return 0


def decide(api: AppApi, customers: Sequence[str], *, keeps: bool, as_json: bool) -> int:
    """Answer for these customers, with the number of files that is shown; 1 where one was refused, else 0.

    A library of which nothing waits, perhaps because it was answered already, is said and is no fault. The next pull of
    the library carries the answer out; where more is gone by then it asks again.
    """
    waiting = {entry["customer"]: entry for entry in api.items("approvals")}
    progress = sys.stderr if as_json else sys.stdout
    decided: list[Json] = []
    failed: list[Json] = []
    for customer in customers:
        try:
            entry = waiting.get(customer)
            if entry is None:
                api.call("GET", _library(customer))
                print(f"{customer}: nothing waits", file=progress, flush=True)
                continue
            what = "dismiss" if keeps else "approve"
            api.call("POST", f"{_library(customer)}/{what}", {"files": entry["files"]})
        except Refused as refusal:
            failed.append({"customer": customer, "reason": str(refusal)})
            print(f"{customer}: {refusal}", file=progress, flush=True)
        else:
            decided.append({"customer": customer, "files": entry["files"], "answer": "keep" if keeps else "approve"})
            outcome = "are kept" if keeps else "will be marked deleted"
            print(f"{customer}: {_how_much(entry)} {outcome}", file=progress, flush=True)
    if as_json:
        print(json.dumps({"decided": decided, "failed": failed}, indent=2, ensure_ascii=False))
    return 1 if failed else 0


def _how_much(entry: Json) -> str:
    return f"{entry['files']} of {entry['libraryFiles']} files"


def _library(customer: str) -> str:
    return f"customers/{quote(customer, safe='')}/library"
