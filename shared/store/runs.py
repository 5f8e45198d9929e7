"""Sync runs and their parts, in Table Storage (the RunStore port).

Rows of the table `runs`:

    partition   row key
    "runs"      run~<id>          a run; ids sort newest first
                active~<id>       that it has not ended
    <run's id>  part~<key>        a part of it
                open~<key>        that this part has not ended
                action~<number>   what a plan would do, in its order

Each change is one transaction of a row and its mark. Operations on the table: a find one point read; a save one
transaction; `any_open` one range query of a single row; `add_parts` one transaction for 49 new parts; a list, the parts
and the open ones one query for a thousand.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any

from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.plan import Action
from shared.model.runs import Count, Counts, Direction, Part, PartKind, PartState, Problem, Run, RunKind, RunState
from shared.model.stored import Page
from shared.model.table_rows import MAX_OPERATIONS, Operation, Row, cut, key_of
from shared.store.tables import RUNS_TABLE, StoredRow, Table

_RUNS = "runs"


class TableRuns:
    """Runs, parts and planned actions."""

    def __init__(self, service: TableServiceClient, table: str = RUNS_TABLE) -> None:
        self._table = Table(service, table)

    def create(self, run: Run) -> Run:
        """Insert it; its first parts must be there already, or it would count as over."""
        mark: Row = {"PartitionKey": _RUNS, "RowKey": key_of("active", run.id)}
        etags = self._table.submit([Operation("create", _run_row(run)), Operation("create", mark)])
        return replace(run, etag=etags[0])

    def find(self, run_id: str) -> Run | None:
        """One run, with its etag."""
        stored = self._table.get(_RUNS, key_of("run", run_id))
        return _run(stored.row, stored.etag) if stored else None

    def save(self, before: Run, after: Run) -> Run:
        """Replace `before` (by its etag). Raises PreconditionFailed when somebody saved in between."""
        mark: Row = {"PartitionKey": _RUNS, "RowKey": key_of("active", after.id)}
        marks = _change_of_mark(mark, before.ended_at is None, after.ended_at is None)
        return replace(after, etag=self._table.submit([Operation("replace", _run_row(after), before.etag), *marks])[0])

    def list(self, page_token: str | None, limit: int) -> Page[Run]:
        """Newest first, without etags. Raises InvalidInput for a bad token."""
        return self._table.page(_RUNS, "run~", page_token, limit, _run)

    def active(self) -> Iterator[str]:
        """The ids of the runs that have not ended."""
        return (str(stored.row["RowKey"]).removeprefix("active~") for stored in self._table.rows(_RUNS, "active~"))

    def add_parts(self, parts: Sequence[Part]) -> Sequence[str]:
        """Insert those that are not there yet; gives the keys of all of them that are open. Harmless when repeated."""
        open_keys: list[str] = []
        for some in batched(parts, MAX_OPERATIONS // 2, strict=False):
            try:
                self._table.submit([operation for part in some for operation in _new_part(part)])
                open_keys += [part.key for part in some]
            except PreconditionFailed:
                open_keys += [part.key for part in some if self._added(part)]
        return open_keys

    def _added(self, part: Part) -> bool:
        """One of several, some of which were there before."""
        try:
            self._table.submit(_new_part(part))
        except PreconditionFailed:
            known = self.find_part(part.run, part.key)
            return known is not None and known.state is PartState.OPEN
        return True

    def find_part(self, run_id: str, key: str) -> Part | None:
        """One part, with its etag."""
        stored = self._table.get(run_id, key_of("part", key))
        return _part(stored) if stored else None

    def save_part(self, before: Part, after: Part) -> Part:
        """Replace `before` (by its etag). Raises PreconditionFailed when somebody saved in between."""
        was_open, is_open = (each.state is PartState.OPEN for each in (before, after))
        marks = _change_of_mark(_open_mark(after), was_open, is_open)
        return replace(after, etag=self._table.submit([Operation("replace", _part_row(after), before.etag), *marks])[0])

    def parts(self, run_id: str) -> Iterator[Part]:
        """All parts of a run."""
        return (_part(stored) for stored in self._table.rows(run_id, "part~"))

    def page_of_parts(self, run_id: str, page_token: str | None, limit: int) -> Page[Part]:
        """The parts in pages. Raises InvalidInput for a bad token."""
        return self._table.page(run_id, "part~", page_token, limit, lambda row: _part(StoredRow(row, "")))

    def open_keys(self, run_id: str) -> Iterator[str]:
        """The keys of the parts that have not ended."""
        return (str(stored.row["RowKey"]).removeprefix("open~") for stored in self._table.rows(run_id, "open~"))

    def any_open(self, run_id: str) -> bool:
        """Whether a part has not ended."""
        return self._table.has_any(run_id, "open~")

    def clear_actions(self, run_id: str) -> None:
        """Take back what an interrupted planning listed."""
        self._delete(run_id, "action~")

    def add_actions(self, run_id: str, first: int, actions: Iterable[Action]) -> None:
        """What a plan would do, numbered from `first`; repeated, the same rows."""
        numbered = enumerate(actions, first)
        self._table.upsert_all(
            {"PartitionKey": run_id, "RowKey": key_of("action", f"{number:08d}"), "action": action.as_json()}
            for number, action in numbered
        )

    def actions(self, run_id: str, page_token: str | None, limit: int) -> Page[Action]:
        """A plan in pages, in its order. Raises InvalidInput for a bad token."""
        return self._table.page(run_id, "action~", page_token, limit, _action)

    def all_actions(self, run_id: str) -> Iterator[Action]:
        """A plan, whole."""
        return (_action(stored.row) for stored in self._table.rows(run_id, "action~"))

    def forget_before(self, moment: str) -> int:
        """Remove the ended runs whose id sorts behind this one, with all that belongs to them; gives their number."""
        old = [str(stored.row["RowKey"]) for stored in self._table.rows(_RUNS, "run~", after=key_of("run", moment))]
        for key in old:
            run_id = key.removeprefix("run~")
            for prefix in ("action~", "open~", "part~"):
                self._delete(run_id, prefix)
            self._table.delete(_RUNS, key_of("active", run_id))
            self._table.delete(_RUNS, key)
        return len(old)

    def _delete(self, run_id: str, prefix: str) -> None:
        keys = (str(stored.row["RowKey"]) for stored in self._table.rows(run_id, prefix))
        self._table.delete_all(run_id, keys)


def _new_part(part: Part) -> list[Operation]:
    return [Operation("create", _part_row(part)), Operation("create", _open_mark(part))]


def _change_of_mark(mark: Row, was_there: bool, is_there: bool) -> list[Operation]:
    if was_there == is_there:
        return []
    return [Operation("create" if is_there else "delete", mark)]


def _open_mark(part: Part) -> Row:
    return {"PartitionKey": part.run, "RowKey": key_of("open", part.key)}


def _run_row(run: Run) -> Row:
    row: dict[str, Any] = {
        "PartitionKey": _RUNS,
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
    }
    return {name: value for name, value in row.items() if value is not None} | _tally(run)


def _run(row: Row, etag: str = "") -> Run:
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
        counts=_counts(row),
        problems=_problems(row),
        etag=etag,
        **{name: values[name] for name in names},
    )


def _part_row(part: Part) -> Row:
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
    } | _tally(part)


def _part(stored: StoredRow) -> Part:
    row = stored.row
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
        counts=_counts(row),
        problems=_problems(row),
        etag=stored.etag,
    )


def _tally(counted: Run | Part) -> Row:
    problems = [[cut(each.what, 400), cut(each.reason, 600)] for each in counted.problems]
    return {"counts": json.dumps(counted.counts), "problems": json.dumps(problems, ensure_ascii=False)}


def _counts(row: Row) -> Counts:
    known = set(Count)
    return Counter({Count(name): n for name, n in json.loads(str(row["counts"])).items() if name in known})


def _problems(row: Row) -> tuple[Problem, ...]:
    return tuple(Problem(what, reason) for what, reason in json.loads(str(row["problems"])))


def _action(row: Row) -> Action:
    return Action.from_json(str(row["action"]))
