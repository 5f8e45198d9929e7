"""A run and its parts as rows of the table `runs`; shared/store/runs.py says which rows there are. Pure."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from shared.model.runs import (
    Count,
    Counts,
    Direction,
    Part,
    PartKind,
    PartState,
    Problem,
    Run,
    RunKind,
    RunState,
    RunTask,
)
from shared.model.table_rows import Row, cut, key_of

RUNS = "runs"
"""The partition of all runs; each run's parts are in one of its own."""


def run_row(run: Run) -> Row:
    """A run's row."""
    row: dict[str, Any] = {
        "PartitionKey": RUNS,
        "RowKey": key_of("run", run.id),
        "kind": run.kind.value,
        "directions": " ".join(run.directions),
        "started_by": run.started_by,
        "started_at": run.started_at,
        "customer": run.customer,
        "project": run.project,
        "is_plan": run.is_plan,
        "plan_of": run.plan_of,
        "is_full": run.is_full,
        "state": run.state.value,
        "cancel_wanted": run.cancel_wanted,
        "ended_at": run.ended_at,
        "parts": run.parts,
        "parts_ended": run.parts_ended,
        "asked_under": run.asked_under,
        "task": run.task.value if run.task else "",
    }
    return {name: value for name, value in row.items() if value is not None} | _tally(run)


def run_from(row: Row, etag: str = "") -> Run:
    """The run that a row holds."""
    values: dict[str, Any] = dict(row)
    names = ("started_by", "started_at", "customer", "project", "is_plan", "plan_of", "is_full", "cancel_wanted")
    return Run(
        id=str(row["RowKey"]).removeprefix("run~"),
        kind=RunKind(values["kind"]),
        directions=tuple(Direction(each) for each in values["directions"].split()),
        state=RunState(values["state"]),
        ended_at=values.get("ended_at"),
        parts=values["parts"],
        parts_ended=values["parts_ended"],
        asked_under=values.get("asked_under", ""),
        task=next((each for each in RunTask if each == values.get("task")), None),
        counts=_counts(row),
        problems=_problems(row),
        etag=etag,
        **{name: values[name] for name in names},
    )


def part_row(part: Part) -> Row:
    """A part's row."""
    return {
        "PartitionKey": part.run,
        "RowKey": key_of("part", part.key),
        "kind": part.kind.value,
        "wanted_at": part.wanted_at,
        "seen_at": part.seen_at,
        "customer": part.customer,
        "cursor": part.cursor,
        "items": " ".join(part.items),
        "state": part.state.value,
        "failures": part.failures,
        "given_up": part.given_up,
    } | _tally(part)


def part_from(row: Row, etag: str = "") -> Part:
    """The part that a row holds."""
    wanted_at, seen_at = row["wanted_at"], row["seen_at"]
    assert isinstance(wanted_at, datetime)
    assert isinstance(seen_at, datetime)
    return Part(
        run=str(row["PartitionKey"]),
        key=str(row["RowKey"]).removeprefix("part~"),
        kind=PartKind(str(row["kind"])),
        wanted_at=wanted_at,
        seen_at=seen_at,
        customer=str(row["customer"]),
        cursor=str(row["cursor"]),
        items=tuple(str(row["items"]).split()),
        state=PartState(str(row["state"])),
        failures=int(str(row["failures"])),
        given_up=bool(row["given_up"]),
        counts=_counts(row),
        problems=_problems(row),
        etag=etag,
    )


def _tally(counted: Run | Part) -> Row:
    problems = [[cut(each.what, 400), cut(each.reason, 600)] for each in counted.problems]
    return {"counts": json.dumps(counted.counts), "problems": json.dumps(problems, ensure_ascii=False)}


def _counts(row: Row) -> Counts:
    known = set(Count)
    return Counter({Count(name): n for name, n in json.loads(str(row["counts"])).items() if name in known})


def _problems(row: Row) -> tuple[Problem, ...]:
    return tuple(Problem(what, reason) for what, reason in json.loads(str(row["problems"])))
