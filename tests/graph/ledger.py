"""What SharePoint charged for a piece of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tools.sharepoint.running import LocalSharePoint


@dataclass
class Cost:
    requests: int = 0
    ru: int = 0
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def steps(self) -> list[str]:
        return [f"{each['method']} {each['route']}" for each in self.entries]


@contextmanager
def spent(local: LocalSharePoint) -> Iterator[Cost]:
    """Filled in when the block ends; token requests are not counted."""
    before = len(local.requests())
    cost = Cost()
    yield cost
    cost.entries = [each for each in local.requests()[before:] if "oauth2" not in each["path"] and each["ru"]]
    cost.requests = len(cost.entries)
    cost.ru = sum(each["ru"] for each in cost.entries)
