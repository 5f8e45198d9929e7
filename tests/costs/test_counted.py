"""What docs/costs.md says that a file costs. A number that grows fails here."""

import math
import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from shared.model.directory import Links
from tests.conftest import moments_storage
from tests.costs.counted import Cost, moved
from tests.functions.routes import bindings
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.package.contents import ROOT
from tools.sharepoint.running import LocalSharePoint

DOCUMENT = (ROOT / "docs/costs.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, its head left out."""
    section = re.split(rf"^##+ {heading}$", DOCUMENT, flags=re.MULTILINE)[1]
    rows = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[0].splitlines()[2:]
    return [[cell.strip().replace(",", "") for cell in row.split("|")[1:-1]] for row in rows]


def documented(case: str) -> Cost:
    """A column of the table of counts."""
    column = {"alone": 1, "among many": 2}[case]
    values = {row[0]: float(row[column]) for row in table("Counted")}
    return Cost(*(values[each.name.replace("_", " ")] for each in fields(Cost)))


@pytest.fixture(scope="module")
def storage() -> Iterator[Azurite]:
    with moments_storage(access_log=True) as running:
        yield running


@pytest.fixture
def world(storage: Azurite, sharepoint: LocalSharePoint) -> World:
    return World.start(environ_for(storage.connection_string, sharepoint), sharepoint)


@pytest.fixture
def links(world: World) -> Links:
    """Of a customer whose library is followed, and has a file."""
    links = Links(world.customer().id)
    world.arrive(world.upload(links, "first.txt"))
    world.settle()
    return links


def check(found: Cost, said: Cost) -> None:
    """No more than what is said. Much less than a third, which one pull for all comes to, would be wrong too."""
    for each in fields(Cost):
        counted, written = getattr(found, each.name), getattr(said, each.name)
        assert written / 3 <= counted <= written, (each.name, found)


@pytest.mark.parametrize(("case", "files"), [("alone", 1), ("among many", 20)])
def test_a_file_costs_no_more_than_the_document_says(
    world: World, storage: Azurite, links: Links, case: str, files: int
):
    check(moved(world, storage, links, files).per(files), documented(case))


def test_the_months_are_worked_out_from_the_counts():
    cases = [documented("alone"), documented("alone"), documented("among many")]
    months = {name: [int(cell) for cell in cells] for name, *cells in table("A month")}

    files = months.pop("files")
    assert files == [1_000, 100_000, 10_000_000]
    assert set(months) == {each.name.replace("_", " ") for each in fields(Cost)}
    for name, said in months.items():
        assert said == [n * getattr(each, name.replace(" ", "_")) for n, each in zip(files, cases, strict=True)]


def test_the_times_are_worked_out_from_the_units():
    units = documented("among many").units
    share = 0.8

    for _, a_minute, a_day, burst, daily, days in table("Time"):
        assert int(burst) == int(int(a_minute) * share / units)
        assert int(daily) == int(int(a_day) * share / units)
        assert days == f"{math.ceil(10_000_000 / int(daily))} days"


def test_timers_are_those_of_the_app():
    schedules = [binding["schedule"] for binding in bindings() if binding["type"] == "timerTrigger"]
    a_day = sum(
        {"0 * * * * *": 24 * 60, "0 */5 * * * *": 24 * 12}.get(each, 24 if each.split()[2] == "*" else 1)
        for each in schedules
    )

    assert f"{a_day * 30:,} executions" in DOCUMENT
