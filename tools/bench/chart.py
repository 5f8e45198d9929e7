"""The chart of the README: for each row, what the app and rclone needed, as bars in an SVG. Pure.

Each row has a scale of its own, for its counts say nothing beside another row's. Times are drawn only where they were
measured on a quiet machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tools.bench.results import Result
from tools.bench.row import MOMENT, RCLONE, RCLONE_BEST

_WIDTH, _LEFT, _BAR, _GAP, _TOP = 900, 330, 13, 14, 56
_ROOM = 420
_COLOURS = {"the app": "#2563eb", "rclone": "#9ca3af"}
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#374151}.t{font-size:15px;font-weight:600}"
    "@media(prefers-color-scheme:dark){text{fill:#d1d5db}}"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bars beside each other."""

    title: str
    unit: str
    ours: float
    theirs: float


def pairs(results: Sequence[Result]) -> list[Pair]:
    """Calls of every row, and seconds of those that have some; rclone's are those of its better way."""
    found: list[Pair] = []
    for result in results:
        peers = [result.contestants[name] for name in (RCLONE, RCLONE_BEST) if name in result.contestants]
        ours = result.contestants[MOMENT]
        calls = [each["requests"].median + each["fragments"].median for each in (ours, *peers)]
        found.append(Pair(result.title, "calls", calls[0], min(calls[1:])))
        if result.has_times:
            found.append(Pair("", "s", ours["wall_s"].median, min(each["wall_s"].median for each in peers)))
    return found


def chart(results: Sequence[Result]) -> str:
    """The SVG document."""
    parts = [f'<text class="t" x="10" y="22">Calls to SharePoint and seconds, {_legend()}</text>']
    top = _TOP
    for pair in pairs(results):
        parts += _drawn(pair, top)
        top += 2 * _BAR + _GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}"'
    title = "<title>What this app and rclone needed for the same work</title>"
    return "\n".join([f'{head} role="img">', title, f"<style>{_STYLE}</style>", *parts, "</svg>\n"])


def _legend() -> str:
    spans = [f'<tspan fill="{colour}">{name}</tspan>' for name, colour in _COLOURS.items()]
    return " and ".join(spans)


def _drawn(pair: Pair, top: int) -> list[str]:
    most = max(pair.ours, pair.theirs) or 1.0
    parts = [f'<text x="10" y="{top + _BAR}">{escape(_shortened(pair.title))}</text>']
    for number, (name, value) in enumerate((("the app", pair.ours), ("rclone", pair.theirs))):
        y, width = top + number * _BAR, max(_ROOM * value / most, 1.0)
        parts.append(
            f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR - 2}" fill="{_COLOURS[name]}"/>'
            f'<text x="{_LEFT + width + 6:.1f}" y="{y + _BAR - 3}">{_number(value)} {pair.unit}</text>'
        )
    return parts


def _shortened(title: str) -> str:
    return title.partition(" (")[0]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:.1f}"
