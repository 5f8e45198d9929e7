"""Say why a file is where it is, and show every step that led there."""

import json
from urllib.parse import quote

from tools.admin.api import AppApi, Json


def explain(api: AppApi, customer: str, file: str, *, as_json: bool) -> int:
    """Print the explanation; 0."""
    said = api.call("GET", f"customers/{quote(customer, safe='')}/files/{quote(file, safe='')}/explain")
    if as_json:
        print(json.dumps(said, indent=2, ensure_ascii=False))
        return 0
    print(f"{said['file']['name']}  (customer {customer}, file {said['id']}, {said['file']['state']})\n")
    for sentence in said["why"]:
        print(f"  {sentence}")
    _show_ids(said)
    print("\nStep by step:")
    for step in said["steps"]:
        _show_step(step)
    return 0


def _show_ids(said: Json) -> None:
    item = said["item"]
    if item is not None:
        print(f"\n  drive {item['drive']}\n  item  {item['item']}  eTag {item['eTag']}  cTag {item['cTag']}")
    if said["blob"] is not None:
        print(f"  blob  {said['blob']}")


def _show_step(step: Json) -> None:
    who = f", {step['who']}" if step["who"] else ""
    print(f"  {step['at'][:19].replace('T', ' ')} UTC  {step['side']}{who}: {step['event']}")
    if step["requestId"]:
        print(f"      Graph's request-id: {step['requestId']}")
