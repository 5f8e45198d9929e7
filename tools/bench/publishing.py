"""Puts results into the repository: bench/results.json, bench/chart.svg, and the two tables of docs/performance.md."""

from collections.abc import Sequence
from pathlib import Path

from tools.bench.also_table import also_markdown
from tools.bench.chart import chart
from tools.bench.results import load_results, take_over
from tools.bench.tables import markdown
from tools.stack.folders import ROOT

PUBLISHED = ROOT / "bench" / "results.json"
CHART = ROOT / "bench" / "chart.svg"
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- table: python -m tools.bench --publish -->\n", "\n<!-- end of table -->"
ALSO_BEGIN = "<!-- table of what is also measured: python -m tools.bench --publish -->\n"
ALSO_END = "\n<!-- end of that table -->"


def publish(results: Path, names: Sequence[str], also: Sequence[str]) -> None:
    """Take over the rows that were measured; those that were not stay as they are."""
    take_over(results, PUBLISHED)
    found = load_results(PUBLISHED, names)
    CHART.write_text(chart(found), encoding="utf-8")
    text = with_table(DOCUMENT.read_text(encoding="utf-8"), markdown(found))
    text = with_table(text, also_markdown(load_results(PUBLISHED, also)), ALSO_BEGIN, ALSO_END)
    DOCUMENT.write_text(text, encoding="utf-8")


def with_table(text: str, table: str, begin: str = BEGIN, end: str = END) -> str:
    """The document with this table between its marks."""
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}{table}{end}{after}"
