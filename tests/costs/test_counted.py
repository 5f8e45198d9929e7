"""What docs/costs.md says that a file costs, counted through the real host. A number that grows fails here."""

import math
import re
import time
from collections.abc import Iterator
from dataclasses import fields

import pytest

import function_app
from tests.costs.counted import Cost, cost_of, moved_alone, moved_together
from tests.system.host_world import ROOT, HostWorld, host_world

TOGETHER = 20
ALONE = 3
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
def world() -> Iterator[HostWorld]:
    with host_world(["--emit-blob-events"]) as running:
        yield running


@pytest.fixture(scope="module")
def customer(world: HostWorld) -> str:
    """With a library that is followed, and one file in it."""
    made = world.company(storage="sharepoint")
    moved_alone(world, made)
    return made


def check(found: Cost, said: Cost, most: Cost) -> None:
    """No more than `most`. Much less than what is said would make the document wrong too."""
    for each in fields(Cost):
        counted = getattr(found, each.name)
        assert getattr(said, each.name) / 2 <= counted <= getattr(most, each.name), (each.name, found)


def test_a_file_that_comes_alone(world: HostWorld, customer: str):
    def work() -> None:
        for _ in range(ALONE):
            moved_alone(world, customer)

    check(cost_of(world, work, time.sleep).per(ALONE), documented("alone"), documented("alone"))


def test_a_file_among_many(world: HostWorld, customer: str):
    found = cost_of(world, lambda: moved_together(world, customer, TOGETHER), time.sleep)

    # How many share a pull depends on how busy the machine is; none costs more than a file alone.
    check(found.per(TOGETHER), documented("among many"), documented("alone"))


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
    schedules = [
        binding["schedule"]
        for each in function_app.app.get_functions()
        for binding in each.get_bindings_dict()["bindings"]
        if binding["type"] == "timerTrigger"
    ]
    a_day = sum(
        {"0 * * * * *": 24 * 60, "0 */5 * * * *": 24 * 12}.get(each, 24 if each.split()[2] == "*" else 1)
        for each in schedules
    )

    assert f"{a_day * 30:,} executions" in DOCUMENT
