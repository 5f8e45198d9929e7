"""Medians, verdicts, tables and the chart, from made-up figures."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tools.bench.chart import chart, pairs
from tools.bench.measured import Figure, Measured, document, read, summed_up
from tools.bench.processes import ProcessUse
from tools.bench.publishing import BEGIN, CHART, DOCUMENT, END, PUBLISHED, with_table
from tools.bench.results import Result, keep, load_results, result_of, stored, take_over
from tools.bench.row import MOMENT, RCLONE, RCLONE_BEST
from tools.bench.rows import ROWS
from tools.bench.rows.throttled import UNITS_A_MINUTE, seconds_that_the_budget_needs
from tools.bench.samples import samples
from tools.bench.storage import Operations
from tools.bench.tables import markdown
from tools.bench.targets import TARGETS, AgainstRclone, AtMost, Kind
from tools.bench.traffic import Traffic

MIB = 1 << 20


def measured(wall_s: float, requests: int, fragments: int = 0, peak_mib: int = 100) -> Measured:
    traffic = Traffic(requests, fragments, 0, 0, 0, 2 * requests, 0, 0, 0, 0)
    use = {"worker 1": ProcessUse(1.0, peak_mib * MIB), "host": ProcessUse(0.5, 10 * MIB)}
    return Measured(wall_s, traffic, Operations(blobs=1, tables=2), use, {"azurite": ProcessUse(9.0, MIB)})


def contest(ours: Measured, default: Measured, best: Measured) -> dict:
    return {name: summed_up([each]) for name, each in ((MOMENT, ours), (RCLONE, default), (RCLONE_BEST, best))}


def result(name: str = "small", scale: float = 1.0, busy_percent: float = 0.0, rounds: int = 3) -> Result:
    runs = {
        RCLONE: [measured(3.0, 242, 200)] * rounds,
        MOMENT: [measured(2.0, 224)] * rounds,
        RCLONE_BEST: [measured(2.5, 242, 200)] * rounds,
    }
    at = datetime(2026, 11, 27, tzinfo=UTC)
    return result_of(name, stored(ROWS[name], runs, scale, busy_percent, at))


def test_every_row_has_targets_and_every_target_a_row():
    assert set(TARGETS) == set(ROWS)


def test_a_figure_is_the_median_and_says_how_far_it_spread():
    figures = summed_up([measured(3.0, 10), measured(1.0, 10), measured(2.0, 12)])

    assert figures["wall_s"] == Figure(2.0, 1.0, 3.0)
    assert figures["requests"].shown() == "10 (10 to 12)"
    assert summed_up([measured(1.0, 10)])["requests"].shown() == "10"


def test_memory_and_processor_time_are_those_of_the_contestants_own_processes():
    figures = measured(1.0, 10, peak_mib=90).figures()

    assert (figures["peak_mib"], figures["cpu_s"]) == (100.0, 1.5)
    assert figures["cpu_s of azurite"] == 9.0
    assert figures["storage"] == 3.0


def test_figures_are_read_as_they_were_written():
    figures = summed_up([measured(3.25, 10), measured(1.25, 12)])

    assert read(document(figures)) == figures


@pytest.mark.parametrize(("scale", "most"), [(1.0, 225), (0.1, 27), (0.5, 115)])
def test_a_number_of_the_full_size_shrinks_with_the_scale(scale: float, most: int):
    target, others = AtMost("requests", 225, slack=5), measured(1.0, 1)

    assert target.judge(contest(measured(1.0, most), others, others), scale).good
    assert not target.judge(contest(measured(1.0, most + 1), others, others), scale).good


def test_a_number_that_does_not_grow_is_the_same_at_any_scale():
    others = measured(1.0, 1)

    assert not AtMost("requests", 1).judge(contest(measured(1.0, 2), others, others), 10.0).good


def test_rclone_is_taken_at_its_best_where_nothing_else_is_said():
    faster = AgainstRclone("wall_s", Kind.TIME, strictly=True)
    default, best = measured(3.0, 9), measured(2.0, 9)

    assert faster.judge(contest(measured(1.9, 1), default, best), 1).good
    assert not faster.judge(contest(measured(2.0, 1), default, best), 1).good


def test_calls_are_requests_and_fragments_together():
    fewer = AgainstRclone("calls", Kind.COUNT, strictly=True)

    assert not fewer.judge(contest(measured(1, 28, 20), measured(1, 28, 20), measured(1, 30, 20)), 1).good
    assert fewer.judge(contest(measured(1, 27, 20), measured(1, 28, 20), measured(1, 30, 20)), 1).good


def test_half_of_its_memory_is_compared_with_the_way_that_is_named():
    half = AgainstRclone("peak_mib", Kind.MEMORY, share=0.5, peer=RCLONE_BEST)
    default, best = measured(1, 1, peak_mib=100), measured(1, 1, peak_mib=250)

    assert half.judge(contest(measured(1, 1, peak_mib=120), default, best), 1).good
    assert not half.judge(contest(measured(1, 1, peak_mib=121), default, best), 1).good


def test_times_count_only_at_full_size_with_rounds_on_a_quiet_machine():
    assert result().has_times
    assert not result(scale=0.5).has_times
    assert not result(busy_percent=90.0).has_times
    assert not result(rounds=1).has_times
    assert Kind.TIME not in {each.kind for each in result(busy_percent=90.0).judged()}


def test_the_table_says_what_was_not_measured():
    assert "not measured" in markdown([result(busy_percent=90.0)])
    assert "not measured" not in markdown([result()])
    assert "seconds < rclone's: not judged" in markdown([result(busy_percent=90.0)])


def test_a_row_takes_the_place_of_its_earlier_result(tmp_path: Path):
    file, other = tmp_path / "results.json", tmp_path / "other.json"
    runs = {MOMENT: [measured(1.0, 5)]}
    for scale in (0.1, 0.2):
        keep(file, "small", stored(ROWS["small"], runs, scale, 1.0, datetime.now(UTC)))
    keep(other, "medium", stored(ROWS["medium"], runs, 1.0, 1.0, datetime.now(UTC)))
    take_over(other, file)

    assert [(each.name, each.scale) for each in load_results(file, list(ROWS))] == [("small", 0.2), ("medium", 1.0)]


def test_the_chart_draws_seconds_only_where_they_were_measured():
    assert [pair.unit for pair in pairs([result()])] == ["calls", "s"]
    assert [pair.unit for pair in pairs([result(busy_percent=90.0)])] == ["calls"]
    assert (pairs([result()])[1].ours, pairs([result()])[1].theirs) == (2.0, 2.5)


def test_the_chart_is_a_picture_with_two_bars_for_each_pair():
    odd = replace(result(), title="a < b & c")
    picture = ET.fromstring(chart([odd, result("medium")]))

    assert len(picture.findall("{http://www.w3.org/2000/svg}rect")) == 8
    assert "a < b & c" in [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]


def test_files_are_spread_evenly_and_are_the_same_each_time():
    files = samples(200, 20, 1024)

    assert [sum(file.folder == folder for file in files) for folder in range(20)] == [10] * 20
    assert files[7].content().sha256() == samples(200, 20, 1024)[7].content().sha256()
    assert len({file.content().sha256() for file in files}) == 200


@pytest.mark.parametrize(
    ("units", "seconds"), [(1, 0.003125), (UNITS_A_MINUTE, 3.90625), (UNITS_A_MINUTE + 1, 60.003125)]
)
def test_the_budget_needs_whole_minutes_and_the_rest(units: int, seconds: float):
    assert seconds_that_the_budget_needs(units) == pytest.approx(seconds)


def test_what_is_published_is_what_the_document_shows():
    results = load_results(PUBLISHED, list(ROWS))

    assert markdown(results) in DOCUMENT.read_text(encoding="utf-8")
    assert CHART.read_text(encoding="utf-8") == chart(results)


def test_the_table_stands_between_its_marks():
    text = f"before\n{BEGIN}old{END}\nafter"

    assert with_table(text, "new") == f"before\n{BEGIN}new{END}\nafter"
