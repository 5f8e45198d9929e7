"""What `run` and `demo` print around the table of files: what to open, and the figures."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tools.stack.figures import Cost
from tools.stack.graph_reader import GraphReader
from tools.stack.product import Product
from tools.stack.programs import FUNCTION_KEY, Stack

_MIB = 1024 * 1024
_MAX_GROWTH_MIB = 150


def print_what_to_open(console: Console, stack: Stack, reader: GraphReader) -> None:
    """Addresses for a browser, and lines for a shell."""
    site = "/".join(next(iter(reader.libraries.values()), stack.sharepoint_url).split("/")[:5])
    api = f"{stack.host_url}/api"
    header = f"-H 'x-functions-key: {FUNCTION_KEY}'"
    post = '\'{"name": "hello.txt", "project": "relaunch", "tags": ["first"]}\''
    lines = [
        "Open in a browser",
        f"  SharePoint   {site}",
        *(f"    {name}: {url}" for name, url in sorted(reader.libraries.items())),
        f"  its requests {stack.sharepoint_url}/_local/requests",
        "Try the API",
        f"  curl -s {header} {api}/customers",
        f"  curl -s {header} {api}/customers/nordlicht/files",
        f"  curl -s {header} {api}/unplaced-blobs",
        "Add a file: ask for its upload URL, then put the content there; it shows up in the table",
        f"  url=$(curl -s {header} {api}/customers/nordlicht/files -d {post} | {_PICK_URL})",
        "  curl -s -T README.md -H 'x-ms-blob-type: BlockBlob' \"$url\"",
        f"Logs are in {stack.host.log.parent}. Ctrl-C stops everything.",
    ]
    console.print()
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_unplaced(console: Console, product: Product) -> None:
    """What a person has to look at."""
    for blob in product.items("unplaced-blobs"):
        line = f"Needs a person: the blob {blob['blob']!r} could not be placed. {blob['reason']}"
        console.print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)


_PICK_URL = '.venv/bin/python -c \'import json, sys; print(json.load(sys.stdin)["upload"]["url"])\''


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


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{value!r} has no place in JSON")
