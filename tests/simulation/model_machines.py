"""What hosts, queues, the network and SharePoint's deltas do of their own: the other half of a storm's steps.

Each takes two numbers, as people's acts do, and says what happened; an empty sentence: nothing did.
"""

from shared.errors import Collision
from shared.model.libraries import Answer, Stop
from tests.simulation.model_delta import DeltaFault
from tests.simulation.model_hosts import Fault, Host, System
from tests.simulation.model_sharepoint_people import Act
from tests.simulation.model_storage import Message
from tests.simulation.model_world import ModelWorld

_FAULTS = (
    *((System.TABLES, fault) for fault in (Fault.LOST, Fault.ANSWER_LOST, Fault.REPEATED)),
    *((System.SHAREPOINT, fault) for fault in (*Fault, Fault.ANSWER_LOST, Fault.REPEATED)),
    *((System.BLOBS, fault) for fault in (Fault.LOST, Fault.ANSWER_LOST)),
    (System.QUEUES, Fault.LOST),
    (System.QUEUES, Fault.REPEATED),
)
_MOST_ARMED = 4


class Machines:
    """The two hosts that take messages, the one that answers people, and what goes wrong."""

    def __init__(self, world: ModelWorld) -> None:
        self._world = world
        self._workers = world.hosts[:2]
        self.faults: list[str] = []

    def acts(self) -> dict[str, tuple[Act, int]]:
        """Each by its name, with how often it is done compared with others."""
        return {
            "work": (self.work, 45),
            "finish": (self.finish, 12),
            "kill": (self.kill, 4),
            "fault": (self.fault, 6),
            "delta fault": (self.delta_fault, 4),
            "sessions end": (self.sessions_end, 1),
            "time": (self.time, 4),
            "poll": (self.poll, 8),
            "walk": (self.walk, 1),
            "double": (self.double, 2),
            "answer deletions": (self.answer_deletions, 2),
            "daily sync": (self.daily_sync, 1),
        }

    def work(self, a: int, b: int) -> str:
        """A host goes on, or takes a message that is due; it stops after some requests, or goes to the end."""
        host = self._workers[a % 2]
        if not host.is_busy:
            due = self._due()
            if not due:
                return ""
            self._world.take(host, due[a // 2 % len(due)])
        self._world.go_on(host, b % 24 if b % 3 else None)
        return f"host {host.number}: {host.doing}"

    def _due(self) -> list[Message]:
        queues = self._world.queues
        due = queues.due()
        if not due and queues.messages:
            soonest = min(each.visible_at for each in queues.messages)
            self._world.clock.advance(max((soonest - self._world.clock()).total_seconds(), 0))
            due = queues.due()
        return due

    def finish(self, a: int, b: int) -> str:
        host = self._a_busy_one(a)
        if host is None:
            return ""
        self._world.go_on(host)
        return f"host {host.number}: {host.doing}"

    def kill(self, a: int, b: int) -> str:
        host = self._a_busy_one(a)
        if host is None:
            return ""
        self._world.kill(host)
        self.faults.append("host killed")
        return f"host {host.number}: {host.doing}"

    def _a_busy_one(self, a: int) -> Host | None:
        busy = [each for each in self._world.hosts if each.is_busy]
        return busy[a % len(busy)] if busy else None

    def fault(self, a: int, b: int) -> str:
        armed = self._world.network.armed
        if len(armed) >= _MOST_ARMED:
            return ""
        armed.append(_FAULTS[a % len(_FAULTS)])
        return f"{armed[-1][0]} {armed[-1][1]}"

    def delta_fault(self, a: int, b: int) -> str:
        deltas = list(self._world.sharepoint.deltas.values())
        if not deltas:
            return ""
        fault = list(DeltaFault)[a % len(DeltaFault)]
        deltas[0 if b % 5 else -1].arm(fault)
        return fault

    def sessions_end(self, a: int, b: int) -> str:
        sessions = self._world.sharepoint.sessions
        if not sessions:
            return ""
        sessions.clear()
        self.faults.append("upload sessions ended")
        return "all"

    def time(self, a: int, b: int) -> str:
        self._world.clock.advance(a % 200)
        return f"{a % 200} s"

    def poll(self, a: int, b: int) -> str:
        drives = list(self._world.sharepoint.drives)
        if not drives:
            return ""
        drive = drives[0 if b % 5 else -1]
        self._world.queues.put("changes", f"poll:{drive}")
        return drive

    def walk(self, a: int, b: int) -> str:
        drives = list(self._world.sharepoint.drives)
        if not drives:
            return ""
        self._world.queues.put("changes", f"walk:{drives[a % len(drives)]}")
        return drives[a % len(drives)]

    def double(self, a: int, b: int) -> str:
        """Queues deliver at least once."""
        messages = self._world.queues.messages
        if not messages:
            return ""
        messages.append(messages[a % len(messages)])
        self.faults.append("message doubled")
        return f"{messages[-1].queue} {messages[-1].key}"

    def answer_deletions(self, a: int, b: int) -> str:
        waiting = [each for each in self._world.stores.libraries.all() if each.stop is Stop.DELETIONS]
        if not waiting:
            return ""
        state = waiting[a % len(waiting)]
        answer = Answer.DISMISSED if b % 3 == 0 else Answer.APPROVED
        try:
            self._world.app.approvals.answer(state.drive_id, answer, "Ada")
        except Collision:
            return ""
        return f"{answer} {state.doomed_files} of {state.drive_id}"

    def daily_sync(self, a: int, b: int) -> str:
        return "begun" if self._world.app.daily_sync.begin() else ""
