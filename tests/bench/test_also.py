"""What is measured without a peer: paces, percentiles, verdicts on growth, the second table. All pure."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tools.bench.__main__ import names_of
from tools.bench.also_table import also_markdown, is_time, own_figures
from tools.bench.growth import GROWTH, DoesNotGrow, GrowsLinearly
from tools.bench.measured import Measured, summed_up
from tools.bench.pace import due_times, paced, percentiles
from tools.bench.processes import ProcessUse
from tools.bench.publishing import ALSO_BEGIN, ALSO_END, DOCUMENT, PUBLISHED, with_table
from tools.bench.results import Result, load_results, result_of, stored
from tools.bench.rows import ALSO, ROWS
from tools.bench.storage import Operations
from tools.bench.traffic import Traffic

MIB = 1 << 20


def measured(**extra: float) -> Measured:
    traffic = Traffic(7, 2, 0, 0, 0, 9, 0, 0, 0, 0)
    uses = {"worker 1": ProcessUse(1.0, 80 * MIB)}
    return Measured(2.0, traffic, Operations(tables=40), uses, {"azurite": ProcessUse(3.0, MIB)}, extra=extra)


def growing(**costs: tuple[float, ...]) -> dict:
    """Steps of 1,000, 10,000 and 100,000 files, and what each cost; not in the order of their sizes."""
    name, values = next(iter(costs.items()))
    steps = {files: {"files": files, name: value} for files, value in zip((1e3, 1e4, 1e5), values, strict=True)}
    return {f"{files:.0f} files": summed_up([measured(**steps[files])]) for files in (1e4, 1e3, 1e5)}


def result(name: str = "arrival", **changes: object) -> Result:
    runs = {"1 a second": [measured(**{"files": 60, "p50, s": 0.5})], "10 a second": [measured(**{"p50, s": 2.25})]}
    kept = stored(ALSO[name], runs, 1.0, 0.0, datetime(2026, 11, 28, tzinfo=UTC))
    return replace(result_of(name, kept), **changes)


def test_things_are_due_at_a_steady_rate_whatever_went_before():
    assert due_times(100.0, 4, 2) == [100.0, 100.5, 101.0, 101.5]


def test_each_thing_is_done_once_and_not_before_it_is_due():
    early: list[float] = []

    def do(thing: int, due: float) -> int:
        early.extend([due - time.time()] if time.time() < due else [])
        return thing * 2

    assert paced(list(range(20)), 500, do) == [number * 2 for number in range(20)]
    assert early == []


def test_percentiles_are_of_all_that_was_seen_and_name_their_unit():
    seconds = [number / 100 for number in range(100, 0, -1)]

    assert percentiles(seconds) == {"p50, s": 0.51, "p95, s": 0.96, "p99, s": 1.0, "most, s": 1.0}
    assert percentiles([0.25], "ms") == {"p50, ms": 250.0, "p95, ms": 250.0, "p99, ms": 250.0, "most, ms": 250.0}
    assert percentiles([])["p99, s"] == 0.0


@pytest.mark.parametrize(("costs", "good"), [((3, 3, 3), True), ((3, 4, 4), True), ((3, 3, 5), False)])
def test_what_must_not_grow_is_the_same_at_every_size_but_for_the_slack(costs: tuple[float, ...], good: bool):
    verdict = DoesNotGrow("pull", slack=1).judge(growing(pull=costs), 1.0)

    assert verdict.good is good
    assert verdict.found == ", ".join(f"{each:,.0f}" for each in costs)


@pytest.mark.parametrize(
    ("costs", "good"),
    [
        ((4_100, 40_100, 400_100), True),
        ((4_100, 40_100, 430_000), True),
        ((4_100, 40_100, 450_000), False),
        ((4_100, 40_100, 40_100), True),
    ],
)
def test_what_must_grow_linearly_follows_a_line_with_a_tenth_to_spare(costs: tuple[float, ...], good: bool):
    assert GrowsLinearly("walk").judge(growing(walk=costs), 1.0).good is good


def test_a_few_operations_of_timers_are_forgiven_in_small_libraries():
    assert GrowsLinearly("walk", slack=8).judge(growing(walk=(5, 50, 505)), 1.0).good
    assert not GrowsLinearly("walk").judge(growing(walk=(5, 5, 12)), 1.0).good


def test_rows_without_a_peer_have_names_of_their_own_and_verdicts_are_theirs_alone():
    assert not set(ALSO) & set(ROWS)
    assert set(GROWTH) <= set(ALSO)


def test_the_group_also_stands_for_the_rows_without_a_peer():
    assert names_of([]) == names_of(["all"]) == list(ROWS)
    assert names_of(["also"]) == list(ALSO)
    assert names_of(["small", "all", "small"])[0] == "small"
    assert len(names_of(["small", "all", "also"])) == len(ROWS) + len(ALSO)


def test_the_table_has_a_line_for_each_step_with_what_only_this_row_measures():
    head, _, first, second = also_markdown([result()]).splitlines()

    assert head.count("|") == first.count("|") == second.count("|")
    assert "`arrival`" in first
    assert "| 1 a second | p50, s: 0.50 | 7 + 2, 9 | 40 | 1.0 | 80 |" in first
    assert "| 10 a second | p50, s: 2.25 |" in second
    assert set(own_figures(summed_up([measured(**{"p50, s": 1})]))) == {"p50, s"}


def test_the_table_says_what_size_it_was_and_has_no_times_of_a_busy_machine():
    table = also_markdown([result(scale=0.1, busy_percent=85.4)])

    assert "at 0.1 of the size; no times, for others used 85 % of the machine" in table
    assert "| 1 a second | not measured | 7 + 2, 9 | 40 | not measured | 80 |" in table
    assert "others used" not in also_markdown([result()])


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("p99, ms", True),
        ("walk, s", True),
        ("files a second", True),
        ("pages a second, 8 at once", True),
        ("walk: requests", False),
        ("storage operations for a file", False),
    ],
)
def test_a_figure_that_depends_on_the_machine_says_so_in_its_name(name: str, time: bool):
    assert is_time(name) is time


def test_what_is_published_of_them_is_what_the_document_shows():
    table = also_markdown(load_results(PUBLISHED, list(ALSO)))

    assert f"{ALSO_BEGIN}{table}{ALSO_END}" in DOCUMENT.read_text(encoding="utf-8")


def test_the_second_table_stands_between_marks_of_its_own():
    text = f"a{ALSO_BEGIN}old{ALSO_END}z"

    assert with_table(text, "new", ALSO_BEGIN, ALSO_END) == f"a{ALSO_BEGIN}new{ALSO_END}z"
