"""Row `notifications`: a burst of thousands of notifications, one to a request, over several subscriptions."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import requests

from shared.model.libraries import LibraryState
from shared.settings import NOTIFICATIONS_PATH
from tools.load.both_sides import check_moved, check_queues
from tools.load.memory import peaks_of
from tools.load.outcome import Outcome, Progress, quantile
from tools.load.uploads import Uploader
from tools.load.world import LoadWorld
from tools.stack.app_settings import TENANT_ID

NOTIFICATIONS = 10_000
LIBRARIES = 20
_AT_ONCE = 16
_WORKER_MIB = 400
_PATIENCE_S = 900.0
_TIMEOUT_S = 60


def run(world: LoadWorld, scale: float, say: Progress) -> Outcome:
    """Libraries with a file each, then the burst; then the queues drain and both sides are still equal."""
    count, libraries = max(round(NOTIFICATIONS * scale), 20), max(round(LIBRARIES * min(1.0, scale * 5)), 2)
    outcome = Outcome("notifications", f"{count} notifications over {libraries} subscriptions")
    uploader = Uploader(world)
    customers = [f"told{number}" for number in range(libraries)]
    uploader.companies(customers, say)
    handed = uploader.put_all(uploader.announce_all([(each, "a.txt") for each in customers], say), say)
    world.wait_until(
        lambda: len(watched(world, customers)) == libraries, "a subscription for each library", _PATIENCE_S
    )
    world.wait_until_drained(say, _PATIENCE_S)
    before, began = world.ledger.used(), time.monotonic()
    with peaks_of(world.processes) as peaks:
        took_s, statuses = burst(world, watched(world, customers), count, say)
        burst_s = time.monotonic() - began
        drained = world.wait_until_drained(say, _PATIENCE_S)
        drained_s = time.monotonic() - began
    used = world.ledger.used() - before
    # In each process a library's first one goes out at once, and then one a second; a pull asks two deltas.
    most = world.workers * libraries * (int(burst_s) + 2)
    p99 = quantile(took_s, 0.99)
    outcome.figures |= {
        "burst, s": round(burst_s, 1),
        "notifications a second": round(count / burst_s, 1),
        "answered, p50 and p99, ms": f"{quantile(took_s, 0.5) * 1000:.0f} and {p99 * 1000:.0f}",
        "SharePoint": used.shown(),
        "until all queues were empty, s": round(drained_s, 1),
        "peak RSS, MiB": peaks.shown(),
    }
    outcome.check("every notification was answered with 202", statuses == {202: count}, dict(statuses))
    outcome.check("they became far fewer pulls", used.deltas <= min(count, 2 * most), f"{used.deltas} deltas")
    outcome.check("nothing but deltas was asked", used.requests - used.hourly == used.deltas, used.shown())
    outcome.check(f"no worker above {_WORKER_MIB} MiB", peaks.worker_mib() <= _WORKER_MIB, peaks.worker_mib())
    check_queues(outcome, world, drained=drained)
    check_moved(outcome, world, handed)
    return outcome


def watched(world: LoadWorld, customers: Sequence[str]) -> list[LibraryState]:
    """The libraries of these customers that have a subscription."""
    return [state for state in world.libraries_of(customers) if state.subscription_id]


def burst(
    world: LoadWorld, states: Sequence[LibraryState], count: int, say: Progress
) -> tuple[list[float], Counter[int]]:
    """Post so many for these libraries in turn, as fast as they are answered; gives seconds, and the answers."""
    url = f"{world.host.url}{NOTIFICATIONS_PATH}"
    took_s: list[float] = []
    of_thread = threading.local()

    def post(number: int) -> int:
        if not hasattr(of_thread, "session"):
            of_thread.session = requests.Session()
        began = time.monotonic()
        body = {"value": [_notification(states[number % len(states)])]}
        answer = of_thread.session.post(url, json=body, timeout=_TIMEOUT_S)
        took_s.append(time.monotonic() - began)
        return int(answer.status_code)

    statuses: Counter[int] = Counter()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="graph") as pool:
        for done, status in enumerate(pool.map(post, range(count)), 1):
            statuses[status] += 1
            say("notifications are posted", done, count)
    return took_s, statuses


def _notification(state: LibraryState) -> dict[str, str]:
    """As Graph posts it: https://learn.microsoft.com/graph/api/resources/changenotification."""
    return {
        "subscriptionId": state.subscription_id,
        "clientState": state.client_state,
        "changeType": "updated",
        "resource": f"drives/{state.drive_id}/root",
        "tenantId": TENANT_ID,
        "subscriptionExpirationDateTime": (datetime.now(UTC) + timedelta(days=20)).isoformat(),
    }
