"""What `run` and `demo` print around the table of files: what to open, and the figures."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tools.samples.companies import NORDLICHT
from tools.stack.graph_reader import GraphReader
from tools.stack.ledger import Cost
from tools.stack.product import Product
from tools.stack.programs import Stack
from tools.stack.watch import Watch

_MIB = 1024 * 1024
_MAX_GROWTH_MIB = 150


def print_what_to_open(console: Console, stack: Stack, reader: GraphReader, watch: Watch) -> None:
    """Addresses for a browser, and lines for a shell."""
    page = "/".join(next(iter(reader.libraries.values()), stack.sharepoint_url).split("/")[:5])
    api = f"{stack.host_url}/api"
    curl = "curl -s"
    post = '\'{"name": "hello.txt", "project": "relaunch", "tags": ["first"]}\''
    lines = [
        "Open the Files page: find, add, edit, move and sync files; make customers and projects",
        f"  {stack.host_url}/",
        "Play both halves: edit here as somebody in SharePoint, and watch Moment follow below",
        f"  {page}",
        "  Upload, rename, move, tag, delete, restore; folders too. Its libraries:",
        *(f"    {name}: {url}" for name, url in sorted(reader.libraries.items())),
        f"  Requests that reached it: {stack.sharepoint_url}/_local/requests",
        f"Try the API, described at {api}/docs",
        f"  {curl} {api}/customers",
        f"  {curl} {api}/customers/nordlicht/files",
        f"  {curl} {api}/customers/nordlicht/library",
        f"  {curl} {api}/unplaced-blobs",
        *_edit_lines(curl, api, watch),
        "Sync a customer by hand: what would be done, then every run so far",
        f'  {curl} {api}/customers/nordlicht/sync -d \'{{"direction": "from-sharepoint", "plan": true}}\'',
        f"  {curl} {api}/sync-runs",
        "Add a file: ask for its upload URL, then put the content there; it shows up below",
        f"  url=$({curl} {api}/customers/nordlicht/files -d {post} | {_PICK_URL})",
        "  curl -s -T README.md -H 'x-ms-blob-type: BlockBlob' \"$url\"",
        f"Logs are in {stack.host.log.parent}. Ctrl-C stops everything.",
    ]
    console.print()
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _edit_lines(curl: str, api: str, watch: Watch) -> list[str]:
    """An edit of a sample file in Moment, and its history."""
    row = watch.find(NORDLICHT, "Project brief.docx")
    if row is None:
        return []
    file = f"{api}/customers/{NORDLICHT}/files/{row.document['id']}"
    edit = '\'{"name": "Brief, agreed.docx", "project": "expenses", "tags": ["agreed"], "changedBy": "Ada Sample"}\''
    return [
        "Edit a file in Moment, and see it follow in SharePoint; then what happened to it",
        f"  {curl} -X PATCH {file} -d {edit}",
        f"  {curl} {file}/history",
    ]


def print_unplaced(console: Console, product: Product) -> None:
    """What a person has to look at."""
    for blob in product.items("unplaced-blobs"):
        line = f"Needs a person: the blob {blob['blob']!r} could not be placed. {blob['reason']}"
        console.print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)


_PICK_URL = '.venv/bin/python -c \'import json, sys; print(json.load(sys.stdin)["upload"]["url"])\''


def print_problems(console: Console, problems: list[str]) -> None:
    """What is wrong, a line for each."""
    for problem in problems:
        console.print(f"✗ {problem}", style="red", markup=False, highlight=False, soft_wrap=True)


def print_figures(console: Console, figures: dict[str, Any]) -> None:
    """Requests, memory and time, each as a small table."""
    _print_costs(console, figures["costs"])
    _print_memory(console, figures["memory"])
    times = figures["times"]
    table = _table("Seconds to the SharePoint link", "Small file, warm, one at a time", "median", "p95")
    for key, label in (
        ("arrival_to_link_s", "from the blob's arrival"),
        ("call_to_link_s", "from its claim by the trigger"),
    ):
        table.add_row(label, f"{times[key]['median']:.2f}", f"{times[key]['p95']:.2f}")
    console.print(table)
    console.print(
        f"{times['files']} files. The local trigger looks for new blobs every {times['poll_interval_s']} s, "
        "which is in the first line; in Azure, Event Grid tells the trigger.",
        highlight=False,
    )
    _print_round_trip(console, figures["round_trip"])
    if figures["following"] is not None:
        _print_following(console, figures["following"])


def save_figures(file: Path, figures: dict[str, Any]) -> None:
    """Write them down for programs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, indent=2, ensure_ascii=False, default=_plain) + "\n", encoding="utf-8")


def _print_costs(console: Console, costs: dict[str, Cost]) -> None:
    table = _table("Cost at Microsoft Graph", "A small", "requests", "resource units")
    for label, cost in costs.items():
        table.add_row(label, str(cost.requests), str(cost.resource_units))
    console.print(table)


def _print_memory(console: Console, memory: dict[str, int]) -> None:
    idle = memory["idle"]
    table = _table("Memory of the host and its worker, MiB", "While moving", "peak", "above idle")
    table.add_row("nothing yet (idle)", f"{idle / _MIB:.0f}", "")
    for label, peak in memory.items():
        if label != "idle":
            table.add_row(label, f"{peak / _MIB:.0f}", f"{(peak - idle) / _MIB:+.0f}")
    console.print(table)
    console.print(f"The aim is at most {_MAX_GROWTH_MIB} MiB above idle.", highlight=False)


def _print_round_trip(console: Console, steps: list[dict[str, Any]]) -> None:
    table = _table("Seconds until the other side shows an edit", "Edit", "s")
    for direction in dict.fromkeys(step["direction"] for step in steps):
        table.add_section()
        table.add_row(f"[bold]{direction}[/]", "")
        for step in steps:
            if step["direction"] == direction:
                table.add_row(f"  {step['edit']}", f"{step['seconds']:.2f}")
    console.print(table)


def _print_following(console: Console, times: dict[str, Any]) -> None:
    table = _table("Seconds from an edit in SharePoint to the changed record", "Rename, one at a time", "median", "p95")
    for key, label in (
        ("edit_to_record_s", "from the edit to the record"),
        ("edit_to_notification_s", "  of it until SharePoint's notification"),
        ("notification_to_record_s", "  of it from there: queue, pull, record"),
    ):
        table.add_row(label, f"{times[key]['median']:.2f}", f"{times[key]['p95']:.2f}")
    console.print(table)
    console.print(
        f"{times['renames']} renames. The local SharePoint tells of a change after {times['notification_delay_s']} s, "
        f"and the local host looks at an idle queue every {times['longest_queue_pause_s']:.0f} s at most; both are "
        f"in the figures. Following one costs {times['requests_per_rename']} requests and "
        f"{times['resource_units_per_rename']} resource units.",
        highlight=False,
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{value!r} has no place in JSON")
