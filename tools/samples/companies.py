"""The sample companies: what the API is told of customers, projects, activities and tasks, parents first."""

from dataclasses import dataclass
from typing import Any

NORDLICHT = "nordlicht"
TOKYO = "tokyo-design"
FJORD = "fjord"


@dataclass(frozen=True, slots=True)
class Entry:
    """One object: its address below /api/customers/ and what is PUT there."""

    path: str
    body: dict[str, Any]


def companies() -> list[Entry]:
    """Two customers that store files in SharePoint and one whose files stay in Moment Cloud."""
    return [*_nordlicht(), *_tokyo(), *_fjord()]


def _nordlicht() -> list[Entry]:
    relaunch, accounts = f"{NORDLICHT}/projects/relaunch", f"{NORDLICHT}/projects/accounts"
    closing = {"name": "Month-end closing", "activity": "bookkeeping", "series": "month-end"}
    return [
        Entry(NORDLICHT, {"name": "Nordlicht Energie GmbH & Co. KG", "storage": "sharepoint"}),
        Entry(relaunch, {"name": "Website relaunch", "number": "P-1001"}),
        Entry(f"{relaunch}/activities/design", {"name": "Design", "number": "20"}),
        Entry(f"{relaunch}/tasks/wireframes", {"name": "Wireframes", "number": "101", "activity": "design"}),
        Entry(f"{relaunch}/tasks/hosting", {"name": "Hosting: offer?", "number": "102"}),
        Entry(accounts, {"name": "Accounts 2026"}),
        Entry(f"{accounts}/activities/bookkeeping", {"name": "Bookkeeping"}),
        *(
            Entry(f"{accounts}/tasks/closing-{month}", {**closing, "number": f"3{month}", "period": f"{month}/2026"})
            for month in ("09", "10", "11")
        ),
        Entry(f"{accounts}/tasks/annual", {"name": "Annual report", "number": "400", "series": "y", "period": "2026"}),
        Entry(f"{NORDLICHT}/projects/expenses", {"name": "Travel expenses"}),
        Entry(f"{NORDLICHT}/projects/board", {"name": "Board papers", "storage": "moment"}),
    ]


def _tokyo() -> list[Entry]:
    garden = f"{TOKYO}/projects/garden"
    return [
        Entry(TOKYO, {"name": "東京デザイン S.p.A.", "storage": "sharepoint"}),
        Entry(garden, {"name": "Roof garden / Dachgarten", "number": "7"}),
        Entry(f"{garden}/activities/survey", {"name": "Survey"}),
    ]


def _fjord() -> list[Entry]:
    return [
        Entry(FJORD, {"name": "Fjord Yachts AS", "storage": "moment"}),
        Entry(f"{FJORD}/projects/refit", {"name": "Refit of the Solveig"}),
    ]
