"""Sync runs and their parts, in Table Storage (the RunStore port).

Rows of the table `runs`:

    partition   row key
    "runs"      run~<id>          a run; ids sort newest first
                active~<id>       that it has not ended
                asked~<key>       -> run id, of one asked for under an Idempotency-Key. Unique: one run per key
    <run's id>  part~<key>        a part of it
                open~<key>        that this part has not ended
                action~<number>   what a plan would do, in its order

Each change is one transaction of a row and its mark. Operations on the table: a find one point read; a save one
transaction; `any_open` one range query of a single row; `add_parts` one transaction for 49 new parts; a list, the parts
and the open ones one query for a thousand.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import batched

from azure.data.tables import TableServiceClient

from shared.errors import PreconditionFailed
from shared.model.plan import Action
from shared.model.runs import Part, PartState, Run
from shared.model.stored import Page
from shared.model.table_rows import MAX_OPERATIONS, Operation, Row, key_of
from shared.store.run_rows import RUNS, part_from, part_row, run_from, run_row
from shared.store.tables import RUNS_TABLE, Table


class TableRuns:
    """Runs, parts and planned actions."""

    def __init__(self, service: TableServiceClient, table: str = RUNS_TABLE) -> None:
        self._table = Table(service, table)

    def create(self, run: Run) -> Run:
        """Insert it; its first parts must be there already, or it would count as over.

        Raises PreconditionFailed where another run was asked for under its key.
        """
        marks: list[Row] = [{"PartitionKey": RUNS, "RowKey": key_of("active", run.id)}]
        if run.asked_under:
            marks.append({"PartitionKey": RUNS, "RowKey": key_of("asked", run.asked_under), "run": run.id})
        etags = self._table.submit([Operation("create", row) for row in (run_row(run), *marks)])
        return replace(run, etag=etags[0])

    def find_asked(self, asked_under: str) -> Run | None:
        """The run that was asked for under this key, while it is remembered."""
        stored = self._table.get(RUNS, key_of("asked", asked_under))
        return self.find(str(stored.row["run"])) if stored else None

    def drop_parts(self, run_id: str) -> None:
        """Remove the parts of a run that was not created after all."""
        for prefix in ("open~", "part~"):
            self._delete(run_id, prefix)

    def find(self, run_id: str) -> Run | None:
        """One run, with its etag."""
        stored = self._table.get(RUNS, key_of("run", run_id))
        return run_from(stored.row, stored.etag) if stored else None

    def save(self, before: Run, after: Run) -> Run:
        """Replace `before` (by its etag). Raises PreconditionFailed when somebody saved in between."""
        mark: Row = {"PartitionKey": RUNS, "RowKey": key_of("active", after.id)}
        marks = _change_of_mark(mark, before.ended_at is None, after.ended_at is None)
        return replace(after, etag=self._table.submit([Operation("replace", run_row(after), before.etag), *marks])[0])

    def list(self, page_token: str | None, limit: int) -> Page[Run]:
        """Newest first, without etags. Raises InvalidInput for a bad token."""
        return self._table.page(RUNS, "run~", page_token, limit, run_from)

    def active(self) -> Iterator[str]:
        """The ids of the runs that have not ended."""
        return (str(stored.row["RowKey"]).removeprefix("active~") for stored in self._table.rows(RUNS, "active~"))

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
        return part_from(stored.row, stored.etag) if stored else None

    def save_part(self, before: Part, after: Part) -> Part:
        """Replace `before` (by its etag). Raises PreconditionFailed when somebody saved in between."""
        was_open, is_open = (each.state is PartState.OPEN for each in (before, after))
        marks = _change_of_mark(_open_mark(after), was_open, is_open)
        return replace(after, etag=self._table.submit([Operation("replace", part_row(after), before.etag), *marks])[0])

    def parts(self, run_id: str) -> Iterator[Part]:
        """All parts of a run."""
        return (part_from(stored.row, stored.etag) for stored in self._table.rows(run_id, "part~"))

    def page_of_parts(self, run_id: str, page_token: str | None, limit: int) -> Page[Part]:
        """The parts in pages. Raises InvalidInput for a bad token."""
        return self._table.page(run_id, "part~", page_token, limit, part_from)

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
        old = [run_from(stored.row) for stored in self._table.rows(RUNS, "run~", after=key_of("run", moment))]
        for run in old:
            run_id = run.id
            for prefix in ("action~", "open~", "part~"):
                self._delete(run_id, prefix)
            if run.asked_under:
                self._table.delete(RUNS, key_of("asked", run.asked_under))
            self._table.delete(RUNS, key_of("active", run_id))
            self._table.delete(RUNS, key_of("run", run_id))
        return len(old)

    def _delete(self, run_id: str, prefix: str) -> None:
        keys = (str(stored.row["RowKey"]) for stored in self._table.rows(run_id, prefix))
        self._table.delete_all(run_id, keys)


def _new_part(part: Part) -> list[Operation]:
    return [Operation("create", part_row(part)), Operation("create", _open_mark(part))]


def _change_of_mark(mark: Row, was_there: bool, is_there: bool) -> list[Operation]:
    if was_there == is_there:
        return []
    return [Operation("create" if is_there else "delete", mark)]


def _open_mark(part: Part) -> Row:
    return {"PartitionKey": part.run, "RowKey": key_of("open", part.key)}


def _action(row: Row) -> Action:
    return Action.from_json(str(row["action"]))
