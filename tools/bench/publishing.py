"""Puts results into the repository: bench/results.json, bench/chart.svg, and the table of docs/performance.md."""

from collections.abc import Sequence
from pathlib import Path

from tools.bench.chart import chart
from tools.bench.results import load_results, take_over
from tools.bench.tables import markdown
from tools.stack.folders import ROOT

PUBLISHED = ROOT / "bench" / "results.json"
CHART = ROOT / "bench" / "chart.svg"
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- table: python -m tools.bench --publish -->\n", "\n<!-- end of table -->"


def publish(results: Path, names: Sequence[str]) -> None:
    """Take over the rows that were measured; those that were not stay as they are."""
    take_over(results, PUBLISHED)
    found = load_results(PUBLISHED, names)
    CHART.write_text(chart(found), encoding="utf-8")
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8"), markdown(found)), encoding="utf-8")


def with_table(text: str, table: str) -> str:
    """The document with this table between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table}{END}{after}"
