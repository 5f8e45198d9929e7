"""Every HTTP route that the app registers, read from the app itself: also one that bypasses functions/operation.py."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import function_app
from functions.operation import OPERATIONS
from shared.model.principals import Role
from tests.functions.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Route:
    """One method at one address; `needs`: a role's name, 'anybody', or 'sign-in' (without one it leads there)."""

    method: str
    address: str
    needs: str

    @property
    def role(self) -> Role | None:
        return Role(self.needs) if self.needs in set(Role) else None

    @property
    def somewhere(self) -> str:
        """An address where nothing is, so that nothing is done."""
        return re.sub(r"\{\*?(\w+)[^}]*\}", r"no-\1", self.address)

    @property
    def takes_a_body(self) -> bool:
        return any(
            said.body is not None
            for said in OPERATIONS
            if (said.method, f"/api/{said.route}") == (self.method, self.address)
        )


@cache
def bindings() -> list[dict[str, Any]]:
    """Of all functions of the app, which tells of them only once in a process."""
    return [binding for each in function_app.app.get_functions() for binding in each.get_bindings_dict()["bindings"]]


def registered() -> set[tuple[str, str]]:
    """Method and address of each HTTP trigger."""
    found = set()
    for binding in bindings():
        if binding["type"] == "httpTrigger":
            address = "/" + re.sub(r"\{nothing:[^}]*\}", "", binding["route"])
            found |= {(str(getattr(method, "value", method)).upper(), address) for method in binding["methods"]}
    return found


def documented() -> list[Route]:
    """The rows of docs/roles.md, and of the table of the page in docs/threat-model.md."""
    rows = re.compile(r"^\| ([\w-]+) \| `([A-Z]+)` \| `(/\S*)` \|", re.MULTILINE)
    tables = [rows.findall((ROOT / "docs" / name).read_text("utf-8")) for name in ("roles.md", "threat-model.md")]
    return [Route(method, address, needs) for table in tables for needs, method, address in table]
