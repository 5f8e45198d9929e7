"""Carries a plan out: what it lists is done where it is still so, and nothing else; what changed meanwhile is said.

Files to be sent go out in parts of the run, each with the fingerprint it had in the plan. What the plan would bring in
is brought in by the pull itself, whose writes are let through where the plan lists them. The pull's own notes (how far
the changes were read) are not kept, so the next ordinary pull meets again what was left out.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import batched

from shared.model.files import FileRecord
from shared.model.journal import Event
from shared.model.plan import Action, fingerprint_of_change
from shared.model.runs import MAX_PROBLEMS, Count, Counts, Part, Problem, Run
from shared.sync.change_ports import KeyQueue, PulledFiles
from shared.sync.places import LIBRARY
from shared.sync.ports import Clock, Folders
from shared.sync.reconcile.files import FILES_AT_ONCE, files_part
from shared.sync.reconcile.planning import Rehearsal, change_action, is_in_scope
from shared.sync.reconcile.ports import RunControl, RunStore, Visit, ended

_OUTWARD = {Count.TRANSFERS, Count.RELEASES, Count.EDITS_SENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOutWork:
    """Does what the plan of `Run.plan_of` says."""

    store: RunStore
    files: PulledFiles
    folders: Folders
    rehearsal: Rehearsal
    pulls: KeyQueue
    clock: Clock

    def work(self, run: Run, part: Part, control: RunControl) -> Visit:
        """Hand the files to be sent out, bring the rest in."""
        actions = list(self.store.all_actions(run.plan_of))
        outward = [each for each in actions if _OUTWARD & set(each.kinds)]
        inward = [each for each in actions if not _OUTWARD & set(each.kinds)]
        items = (f"{each.file}@{each.fingerprint}" for each in outward)
        pages = batched(items, FILES_AT_ONCE, strict=False)
        control.add([files_part(run.id, run.customer, some, self.clock()) for some in pages])
        if not inward:
            return ended(part, Counter())
        gate = _Gate(run, {each.fingerprint: each for each in inward}, frozenset(each.file for each in inward))
        problems = self.rehearsal.run(run, run.customer, gate.judge)
        counts, changed = self._summary(gate, inward)
        self._pull_soon(run.customer)
        return ended(replace(part, counts=Counter()), counts, [*problems, *changed][:MAX_PROBLEMS])

    def _summary(self, gate: "_Gate", inward: list[Action]) -> tuple[Counts, list[Problem]]:
        """What was done, be it by an earlier visit that was cut off, and what was not."""
        by_file: defaultdict[str, list[Action]] = defaultdict(list)
        for action in inward:
            by_file[action.file].append(action)
        counts: Counts = Counter()
        changed = list(gate.unplanned)
        for actions in by_file.values():
            is_settled = self._is_as_planned(actions[-1])
            for action in actions:
                if is_settled or action.fingerprint in gate.done:
                    counts.update(action.kinds)
                else:
                    changed.append(Problem(action.name, f"Changed meanwhile, so it was left: {action.change}"))
        counts[Count.CHANGED_MEANWHILE] += len(changed)
        return counts, changed

    def _is_as_planned(self, last: Action) -> bool:
        record = self.files.find(last.customer, last.file)
        return record is not None and fingerprint_of_change(record.version - 1, record) == last.fingerprint

    def _pull_soon(self, customer: str) -> None:
        link = self.folders.find(customer, LIBRARY)
        if link is not None:
            self.pulls.send(f"poll:{link.drive_id}")


@dataclass(slots=True)
class _Gate:
    """Lets planned writes through."""

    run: Run
    planned: dict[str, Action]
    planned_files: frozenset[str]
    done: set[str] = field(default_factory=set)
    unplanned: list[Problem] = field(default_factory=list)

    def judge(self, before: FileRecord | None, after: FileRecord, event: Event) -> bool:
        """Also what changes nothing for people."""
        action = change_action(before, after, event)
        if action is None:
            return True
        if action.fingerprint in self.planned:
            self.done.add(action.fingerprint)
            return True
        if action.file not in self.planned_files and is_in_scope(self.run, before, after):
            self.unplanned.append(Problem(action.name, f"Was not in the plan, so it was left: {action.change}"))
        return False
