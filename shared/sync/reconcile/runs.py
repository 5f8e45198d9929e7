"""The life of a sync run: begun by the timer or a person, cut into parts, followed, cancelled, and always ended.

    begin   first parts, then the run's row, then a message for each part
    take    one message: the part's worker does a visit; the part is saved; it comes again, or it is over
    end     whoever ends the last part sees that no part is open and writes how the run ended
    watch   for the timer: parts of which nothing was heard for an hour get a new message; after a day they are given up

Nothing depends on one instance: a part that died with its instance is delivered again by the queue, what the queue
gives up ends as failed (shared/sync/given_up.py), and what is lost altogether is found by `watch`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from shared.errors import Collision, MomentError, PreconditionFailed, StaleError, TransientError, UnknownObject
from shared.model.plan import Action
from shared.model.runs import MAX_PROBLEMS, Part, PartKind, PartState, Problem, Run, RunState, ending, summed
from shared.model.stored import Page
from shared.model.urgency import bulk
from shared.sync.change_ports import KeyQueue
from shared.sync.ports import Clock
from shared.sync.reconcile.ports import RunStore, Visit, Worker, again
from shared.telemetry import run_ended, working

_TRIES = 5
_PATIENCE_S = 30.0
_MOST_FAILURES = 20
_UNHEARD = timedelta(hours=1)
_LONGEST = timedelta(days=1)
_CANCEL_LOOK = timedelta(seconds=5)
_BEGIN = datetime.min.replace(tzinfo=UTC)
_LAST_TICK = (datetime.max.replace(tzinfo=UTC) - _BEGIN) // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The use case. `queue` is the queue of parts, whose keys are `run/part`; `new_id` makes ids differ."""

    store: RunStore
    queue: KeyQueue
    workers: Mapping[PartKind, Worker]
    clock: Clock
    new_id: Callable[[], str]

    def begin(self, run: Run, kinds: Sequence[PartKind]) -> Run:
        """Start a run, whose id and date are given here, with one part of each of these kinds.

        Where another one was asked for under the same key, gives that one.
        """
        now = self.clock()
        run = replace(run, id=f"{run_id_at(now)}-{self.new_id()[:8]}", started_at=now)
        parts = [new_part(run.id, kind, kind.value, now, run.customer) for kind in kinds]
        self.store.add_parts(parts)
        saved = self._created(run)
        if saved.id != run.id:
            self.store.drop_parts(run.id)
            return saved
        for part in parts:
            self.queue.send(f"{run.id}/{part.key}")
        return saved

    def _created(self, run: Run) -> Run:
        """The run, or the one that was created under its key meanwhile. A lost answer may mean that it was saved."""
        try:
            return self.store.create(run)
        except PreconditionFailed:
            found = self.store.find(run.id) or self.asked(run.asked_under)
            if found is None:
                raise
            return found

    def asked(self, asked_under: str) -> Run | None:
        """The run that was asked for under this key."""
        return self.store.find_asked(asked_under) if asked_under else None

    def find(self, run_id: str) -> Run:
        """A run with what it did so far. Raises UnknownObject."""
        run = self.store.find(run_id)
        if run is None:
            raise UnknownObject(f"There is no run {run_id!r}.", "run")
        return run if run.ended_at else self._with_totals(run, list(self.store.parts(run_id)))

    def page(self, page_token: str | None, limit: int) -> Page[Run]:
        """Runs, newest first; those that have not ended without what they did so far."""
        return self.store.list(page_token, limit)

    def parts(self, run_id: str, page_token: str | None, limit: int) -> Page[Part]:
        """What each part of a run came to. Raises UnknownObject."""
        return self.store.page_of_parts(self.find(run_id).id, page_token, limit)

    def plan(self, run_id: str, page_token: str | None, limit: int) -> Page[Action]:
        """What a plan would do. Raises UnknownObject."""
        return self.store.actions(self.find(run_id).id, page_token, limit)

    def cancel(self, run_id: str) -> Run:
        """Let the run end soon: what has not begun is not done. Raises UnknownObject, and Collision when it is over."""
        for _ in range(_TRIES):
            run = self.find(run_id)
            if run.ended_at is not None:
                raise Collision("The run has ended already.")
            try:
                return self.store.save(run, replace(run, cancel_wanted=True))
            except PreconditionFailed:
                continue
        raise Collision("The run is just ending.")

    def take(self, key: str) -> None:
        """Do what a key of the queue of parts names: one visit of one part of a run."""
        run_id, _, part_key = key.partition("/")
        run, part = self.store.find(run_id), self.store.find_part(run_id, part_key)
        if run is None or part is None:
            return
        if part.given_up:
            run, part = self._reopened(run, part)  # a person put it back
        if part.state is PartState.OPEN:
            self._keep(part, self._visit(run, part))
        else:
            self._end_if_over(run_id)  # who ended it may have died before looking

    def _reopened(self, run: Run, part: Part) -> tuple[Run, Part]:
        """The run goes on with a part that had failed; what it said of the failure is gone."""
        if run.ended_at is not None:
            run = self.store.save(run, replace(run, state=RunState.RUNNING, ended_at=None))
        part = self.store.save_part(part, replace(part, state=PartState.OPEN, given_up=False, problems=()))
        return run, part

    def give_up(self, key: str, reason: str) -> None:
        """The platform tried a part too often (poison queue): it ends as failed, and the run can end."""
        run_id, _, part_key = key.partition("/")
        part = self.store.find_part(run_id, part_key)
        if part is not None and part.state is PartState.OPEN:
            self._keep(part, Visit(replace(_failed(part, reason), given_up=True)))

    def is_given_up(self, key: str) -> bool:
        """Whether the part of this key, if it is still remembered, is given up."""
        run_id, _, part_key = key.partition("/")
        part = self.store.find_part(run_id, part_key)
        return part is not None and part.given_up

    def watch(self) -> None:
        """For the timer: what was lost on the way is sent again, and a run that can't end is ended."""
        for run_id in list(self.store.active()):
            run = self.store.find(run_id)
            if run is None:
                continue
            for part in list(self.store.parts(run_id)):
                if part.state is PartState.OPEN:
                    self._revive(run, part)
            self._end_if_over(run_id)

    def _revive(self, run: Run, part: Part) -> None:
        if self.clock() - run.started_at > _LONGEST:
            self._keep(part, Visit(_failed(part, "It did not end within a day.")))
        elif self.clock() - part.seen_at > _UNHEARD:
            self._keep(part, again(part))

    def _visit(self, run: Run, part: Part) -> Visit:
        """A worker's visit; its failures become another visit or the part's reason."""
        if run.cancel_wanted:
            return Visit(replace(part, state=PartState.CANCELLED))
        try:
            with bulk(), working("part of run", self.clock, run=run.id, part=part.key):
                visit = self.workers[part.kind].work(run, part, _Control(self, run.id, self.clock()))
            return replace(visit, part=replace(visit.part, failures=0))
        except (StaleError, TransientError) as failure:
            if part.failures >= _MOST_FAILURES:
                return Visit(_failed(part, str(failure)))
            delay_s = failure.delay_s if isinstance(failure, TransientError) else 1.0
            return again(replace(part, failures=part.failures + 1), _PATIENCE_S if delay_s is None else delay_s)
        except MomentError as refusal:
            return Visit(_failed(part, str(refusal)))

    def _keep(self, before: Part, visit: Visit) -> None:
        """Save the part; another delivery of the same message may have been faster, and then its visit counts."""
        after = replace(visit.part, seen_at=self.clock())
        try:
            self.store.save_part(before, after)
        except PreconditionFailed:
            return
        if after.state is PartState.OPEN:
            self.queue.send(f"{after.run}/{after.key}", visit.again_in_s or 0)
        else:
            self._end_if_over(after.run)

    def _end_if_over(self, run_id: str) -> None:
        for _ in range(_TRIES):
            run = None if self.store.any_open(run_id) else self.store.find(run_id)
            if run is None or run.ended_at is not None:
                return
            parts = list(self.store.parts(run_id))
            after = replace(self._with_totals(run, parts), state=ending(run, parts), ended_at=self.clock())
            try:
                self.store.save(run, after)
            except PreconditionFailed:
                continue  # somebody cancelled it, or ended it too
            run_ended(after)
            return

    def _with_totals(self, run: Run, parts: Sequence[Part]) -> Run:
        counts, problems = summed(parts)
        over = sum(part.state is not PartState.OPEN for part in parts)
        return replace(run, counts=counts, problems=problems, parts=len(parts), parts_ended=over)


@dataclass(slots=True)
class _Control:
    """A worker's view of its run."""

    runs: Runs
    run_id: str
    looked_at: datetime
    _cancelled: bool = field(default=False)

    def add(self, parts: Sequence[Part]) -> None:
        for key in self.runs.store.add_parts(parts):
            self.runs.queue.send(f"{self.run_id}/{key}")

    def is_cancelled(self) -> bool:
        now = self.runs.clock()
        if not self._cancelled and now - self.looked_at > _CANCEL_LOOK:
            self.looked_at = now
            run = self.runs.store.find(self.run_id)
            self._cancelled = run is None or run.cancel_wanted
        return self._cancelled


def new_part(run_id: str, kind: PartKind, key: str, now: datetime, customer: str = "", **what: object) -> Part:
    """A part that has not begun."""
    return replace(Part(run_id, key, kind, now, now, customer), **what)  # type: ignore[arg-type]


def run_id_at(moment: datetime) -> str:
    """What the ids of runs begun at this moment begin with: they sort newest first."""
    return f"{_LAST_TICK - (moment - _BEGIN) // timedelta(milliseconds=1):015d}"


def _failed(part: Part, reason: str) -> Part:
    problem = Problem(part.customer or part.key, reason)
    return replace(part, state=PartState.FAILED, problems=(*part.problems, problem)[:MAX_PROBLEMS])
