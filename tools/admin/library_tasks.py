"""Begin a full walk or new subscriptions, and follow the run that does it until it has ended."""

import json
import sys
import time
from collections.abc import Sequence
from typing import TextIO
from urllib.parse import quote

from tools.admin.api import AppApi, Json, Refused

_LOOK_S = 2.0
_GOOD = {"succeeded"}


def begin_and_follow(
    api: AppApi, task: str, customers: Sequence[str | None], *, waits: bool, as_json: bool, look_s: float = _LOOK_S
) -> int:
    """Begin the task for these customers, None for all of them; 1 where a run was refused or did not succeed, else 0.

    What is going on already is joined. A person who stops waiting stops nothing: the app goes on.
    """
    progress = sys.stderr if as_json else sys.stdout
    runs: list[Json] = []
    failed: list[Json] = []
    for customer in customers:
        whose = customer or "all libraries"
        try:
            run = api.call("POST", "sync-runs", {"task": task, "customer": customer})
        except Refused as refusal:
            failed.append({"customer": customer, "reason": str(refusal)})
            print(f"{whose}: {refusal}", file=progress, flush=True)
            continue
        print(f"{whose}: run {run['id']} goes on, begun by {run['startedBy']}", file=progress, flush=True)
        runs.append(_followed(api, run, whose, progress, look_s) if waits else run)
    if as_json:
        print(json.dumps({"runs": runs, "failed": failed}, indent=2, ensure_ascii=False))
    is_bad = failed or (waits and any(run["state"] not in _GOOD for run in runs))
    return 1 if is_bad else 0


def _followed(api: AppApi, run: Json, whose: str, progress: TextIO, look_s: float) -> Json:
    shown = ""
    while True:
        run = api.call("GET", f"sync-runs/{quote(run['id'], safe='')}")
        text = f"{whose}: {_how_far(run)}"
        if text != shown:
            print(text, file=progress, flush=True)
            shown = text
        if run["endedAt"] is not None:
            for problem in run.get("problems", []):
                print(f"    {problem['what']}: {problem['reason']}", file=progress, flush=True)
            return run
        time.sleep(look_s)


def _how_far(run: Json) -> str:
    done, counts = run.get("progress", {}), run.get("counts", {})
    counted = "".join(f", {counts[name]} {name}" for name in sorted(counts))
    return f"{run['state']}, {done.get('ended', 0)} of {done.get('parts', 0)} parts ended{counted}"
