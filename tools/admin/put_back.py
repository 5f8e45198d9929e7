"""What the app gave up after several tries: show it, or have it tried again."""

import json
import sys
from collections.abc import Sequence

from tools.admin.api import AppApi, Json, Refused

_PATH = "given-up"


def show(api: AppApi, *, as_json: bool) -> int:
    """Print every entry; 0."""
    entries = list(api.items(_PATH))
    if as_json:
        print(json.dumps({"items": entries}, indent=2, ensure_ascii=False))
        return 0
    for entry in entries:
        print(
            f"{entry['id']}  {entry['concerns']}\n"
            f"    given up {_times(entry['times'])}, last on {entry['lastAt'][:16].replace('T', ' ')} UTC, "
            f"queue {entry['queue']}\n"
            f"    {entry['reason']}"
        )
    print("Put all of it back with --all, or some of it by its ids." if entries else "Nothing was given up.")
    return 0


def put_back(api: AppApi, ids: Sequence[str] | None, *, as_json: bool) -> int:
    """Have these entries tried again, all of them for None; 1 where that was not possible for one of them, else 0."""
    wanted: Sequence[str] = [entry["id"] for entry in api.items(_PATH)] if ids is None else ids
    done: list[Json] = []
    failed: list[Json] = []
    progress = sys.stderr if as_json else sys.stdout
    for number, entry_id in enumerate(wanted, 1):
        try:
            entry = api.call("POST", f"{_PATH}/{entry_id}/put-back")
        except Refused as refusal:
            failed.append({"id": entry_id, "reason": str(refusal)})
            print(f"{number}/{len(wanted)}  not put back: {entry_id}: {refusal}", file=progress, flush=True)
        else:
            done.append(entry)
            print(f"{number}/{len(wanted)}  put back: {entry['concerns']}", file=progress, flush=True)
    if as_json:
        print(json.dumps({"putBack": done, "failed": failed}, indent=2, ensure_ascii=False))
    elif not wanted:
        print("Nothing was given up.")
    elif done:
        print("It is being tried again; what fails several times more comes back to this list.")
    return 1 if failed else 0


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
