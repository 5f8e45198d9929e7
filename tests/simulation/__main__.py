"""`python -m tests.simulation`: storms by seed, until so many ran or the time is over; 1 where a rule was broken."""

import argparse
import itertools
import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.simulation.hosts import Stage, open_stage
from tests.simulation.report import Report, Violation
from tests.simulation.shrinking import shrunk
from tests.simulation.storm import STEPS, Failed, Storm

SEEDS_ON_A_STAGE = 20
"""Then everything is started anew, so that no storm meets too much of earlier ones."""
_SEEDS_A_LINE = 25
"""Of the model's short storms."""
_REPORT = Path(".local/storm/report.json")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--runs", type=int, default=10, help="how many seeds")
    parser.add_argument("--minutes", type=float, default=0, help="stop when so many are over; 0: after the runs")
    parser.add_argument("--level", choices=("world", "model", "crash", "both"), default="both")
    parser.add_argument("--length", type=int, default=STEPS, help="steps of a storm in the world")
    parser.add_argument("--steps", type=_numbers, help="only these steps, such as 3,4,17")
    parser.add_argument("--without", type=_numbers, default=(), help="all steps but these")
    parser.add_argument("--story", action="store_true", help="print the story of storms that held, too")
    parser.add_argument("--shrink-minutes", type=float, default=4, help="how long to look for a shorter story")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(",") if each)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the storms; prints a line for each seed and the totals at the end."""
    arguments = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends, too
    total, failed = Report(), False
    try:
        for level in ("model", "world") if arguments.level == "both" else (arguments.level,):
            failed = _played(level, arguments, total) or failed
    finally:
        _write(total, failed=failed)
    return 1 if failed else 0


def _played(level: str, arguments: argparse.Namespace, total: Report) -> bool:
    """Whether a rule was broken."""
    match level:
        case "model":
            return _model(_seeds(arguments), total)
        case "crash":
            return _crash(total)
        case _:
            return _world(arguments, _seeds(arguments), total)


def _seeds(arguments: argparse.Namespace) -> Iterator[int]:
    deadline = time.monotonic() + arguments.minutes * 60 if arguments.minutes else None
    for seed in range(arguments.seed, arguments.seed + arguments.runs):
        if deadline is not None and time.monotonic() > deadline:
            return
        yield seed


def _model(seeds: Iterator[int], total: Report) -> bool:
    from tests.simulation.model_storm import run_seed

    for number, seed in enumerate(seeds, 1):
        try:
            total.add(run_seed(seed))
            if number % _SEEDS_A_LINE == 0:
                print(f"model: to seed {seed}: {total.lines()[0]}", flush=True)
        except Violation as violation:
            print(f"model seed {seed}: {violation}\nagain: make storm LEVEL=model SEED={seed} RUNS=1")
            return True
    print(f"model: {total.lines()[0]}", flush=True)
    return False


def _crash(total: Report) -> bool:
    from tests.simulation.crash_points import run_all

    try:
        total.add(run_all(lambda line: print(line, flush=True)))
    except Violation as violation:
        print(f"crash points: {violation}\nagain: make storm LEVEL=crash")
        return True
    return False


def _world(arguments: argparse.Namespace, seeds: Iterator[int], total: Report) -> bool:
    """Whether a storm failed. The stage is a new one after some seeds."""
    for some in by_stage(seeds):
        with open_stage() as stage:
            if any(_world_seed(stage, seed, arguments, total) for seed in some):
                return True
    return False


def by_stage(seeds: Iterator[int]) -> Iterator[Iterator[int]]:
    """The seeds in the same order, each group for a stage of its own; each seed is taken when its turn comes."""
    for first in seeds:
        yield itertools.islice(itertools.chain((first,), seeds), SEEDS_ON_A_STAGE)


def _world_seed(stage: Stage, seed: int, arguments: argparse.Namespace, total: Report) -> bool:
    began = time.monotonic()
    numbers = arguments.steps or tuple(range(1, arguments.length + 1))
    only = [number for number in numbers if number not in arguments.without]
    storm = Storm(stage, seed, arguments.length)
    try:
        total.add(storm.run(only))
    except Failed as failure:
        print(f"seed {seed} failed:\n{failure.story.text()}\n\n{failure}\n", flush=True)
        shortest = shrunk(stage, seed, arguments.length, failure, arguments.shrink_minutes)
        if shortest is not failure:
            steps = ",".join(map(str, shortest.steps))
            print(f"a shorter story:\n{shortest.story.text()}\n\n{shortest}\nits steps: --steps {steps}\n")
        print(f"again: make storm LEVEL=world SEED={seed} RUNS=1", flush=True)
        return True
    took = time.monotonic() - began
    if arguments.story:
        print(storm.scene.story.text())
    print(f"seed {seed} held, {took:.0f} s. So far {total.lines()[0]}", flush=True)
    return False


def _write(total: Report, *, failed: bool) -> None:
    for line in total.lines():
        print(line)
    _REPORT.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "held": not failed,
        "seeds": total.seeds,
        "operations": dict(total.operations),
        "faults": dict(total.faults),
        "crashPoints": total.crash_points,
    }
    _REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
