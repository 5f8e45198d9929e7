"""Some rows of the benchmark in a very small form, on the real programs: counts alone, no times."""

from collections.abc import Mapping

from tools.bench.measured import Measured
from tools.bench.row import MOMENT, RCLONE, RCLONE_BEST
from tools.bench.rows import ROWS
from tools.bench.running import run


def told(what: str, done: int, total: int) -> None:
    """Nobody looks."""
    assert what
    assert done >= 0 <= total


def once(name: str, scale: float) -> Mapping[str, Measured]:
    runs = run(ROWS[name], scale, 1, told)
    assert set(runs) == {RCLONE, MOMENT, RCLONE_BEST}
    return {who: measured for who, (measured,) in runs.items()}


def test_small_files_take_fewer_calls_than_rclones():
    runs = once("small", 0.02)

    assert runs[RCLONE].traffic.fragments == 4
    assert runs[MOMENT].traffic.fragments == 0
    assert runs[MOMENT].routes["PUT /drives/{drive}/items/{item}:/{path}:/content 201"] == 4
    assert runs[MOMENT].traffic.writes == 5
    for measured in runs.values():
        assert measured.traffic.units > 0
        assert measured.storage.blobs >= 4
        assert measured.figures()["peak_mib"] > 0
        assert measured.figures()["cpu_s"] > 0


def test_where_nothing_changed_the_app_asks_once():
    runs = once("unchanged", 0.004)

    assert (runs[MOMENT].traffic.requests, runs[MOMENT].traffic.units) == (1, 1)
    assert runs[MOMENT].traffic.writes == runs[RCLONE].traffic.writes == 0
