"""Build the rows that searches read, of files that were there before the app could search."""

import json
import sys
from collections.abc import Sequence
from urllib.parse import quote

from tools.admin.api import AppApi, Json, Refused


def reindex(api: AppApi, customers: Sequence[str] | None, *, all_files: bool, as_json: bool) -> int:
    """Go through these customers, all of them for None, step by step; 1 where one of them refused, else 0."""
    wanted = [each["id"] for each in api.items("customers")] if customers is None else list(customers)
    progress = sys.stderr if as_json else sys.stdout
    done: list[Json] = []
    failed: list[Json] = []
    for number, customer in enumerate(wanted, 1):
        looked_at = written = 0
        step: Json = {"next": None}
        try:
            while True:
                body = {"next": step["next"], "all": all_files}
                step = api.call("POST", f"customers/{quote(customer, safe='')}/reindex", body)
                looked_at, written = looked_at + step["lookedAt"], written + step["written"]
                text = f"{number}/{len(wanted)}  {customer}: {looked_at} files looked at, {written} written"
                print(text, file=progress, flush=True)
                if step["next"] is None:
                    break
        except Refused as refusal:
            failed.append({"customer": customer, "reason": str(refusal)})
            print(f"{number}/{len(wanted)}  {customer}: {refusal}", file=progress, flush=True)
        else:
            done.append({"customer": customer, "lookedAt": looked_at, "written": written})
    if as_json:
        print(json.dumps({"done": done, "failed": failed}, indent=2, ensure_ascii=False))
    return 1 if failed else 0
