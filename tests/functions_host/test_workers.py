"""Several instances, instances that die, and how the host ends."""

import os
import signal
import threading

import psutil
import pytest
import requests

from tests.functions_host.conftest import APPS, World, seen, wait_until
from tools.functions_host.running import LocalHost


def test_workers_share_the_messages_of_a_queue_and_the_calls(world: World) -> None:
    one_at_a_time = {
        f"AzureFunctionsJobHost__extensions__queues__{name}": n
        for name, n in (("batchSize", "1"), ("newBatchThreshold", "0"))
    }
    with world.host("queues", workers=2, **one_at_a_time) as host:
        for _ in range(6):
            world.send("sleep 0.3")

        assert wait_until(lambda: host.log_text().count("DONE") == 6)
        assert len({call["pid"] for call in seen(host)}) == 2
        assert len(seen(host)) == 6


def test_calls_are_spread_over_workers() -> None:
    with LocalHost(APPS / "http", workers=2) as host:
        answers: list[str] = []

        def call() -> None:
            answers.append(requests.get(f"{host.url}/api/sleep?seconds=0.3", timeout=20).text)

        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answers.count(pid) for pid in answers} == {2}


def test_messages_of_a_killed_worker_wait_for_their_lease_and_its_successor_goes_on(world: World) -> None:
    with world.host("queues", "--lease-s", "3") as host:
        world.send("sleep 1.2")
        first = wait_until(lambda: seen(host))[0]
        os.kill(first["pid"], signal.SIGKILL)
        world.send("meanwhile")

        assert wait_until(lambda: "DONE sleep" in host.log_text())
        again = next(call for call in seen(host) if call["try"] == 2)
        assert again["at"] - first["at"] >= 2.5
        assert again["pid"] != first["pid"]
        assert "DONE meanwhile" in host.log_text()


def test_workers_die_with_a_killed_host() -> None:
    host = LocalHost(APPS / "slow", workers=2).start()
    try:
        workers = host.worker_pids()
        assert len(workers) == 2
        host.process.kill()
        assert wait_until(lambda: not any(_runs(pid) for pid in workers), timeout_s=5)
    finally:
        host.kill()


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_running_call_finishes_before_the_host_stops(number: signal.Signals) -> None:
    with LocalHost(APPS / "slow") as host:
        answers: list[str] = []
        call = threading.Thread(
            target=lambda: answers.append(requests.get(f"{host.url}/api/slow?seconds=1", timeout=20).text)
        )
        call.start()
        assert wait_until(lambda: "STARTED" in host.log_text())
        workers = host.worker_pids()
        host.process.send_signal(number)
        call.join()

        assert host.process.wait(10) == 0
        assert answers == ["finished"]
        assert not any(_runs(pid) for pid in workers)


def test_running_message_finishes_before_the_host_stops(world: World) -> None:
    with world.host("queues") as host:
        world.send("sleep 1")
        assert wait_until(lambda: seen(host))

        assert host.stop() == 0
        assert "DONE sleep 1" in host.log_text()
        assert world.waiting() == 0


def test_stop_does_not_wait_longer_than_the_grace_time(world: World) -> None:
    with world.host("queues", "--grace-s", "0.5") as host:
        world.send("sleep 30")
        assert wait_until(lambda: seen(host))

        assert host.stop() == 0
        assert "DONE sleep 30" not in host.log_text()
        assert world.waiting() == 1


def test_idle_host_stops_and_starts_again_with_its_keys() -> None:
    with LocalHost(APPS / "http") as host:
        assert host.stop() == 0
        host.start()
        assert requests.get(f"{host.url}/api/with-key?code={host.function_key}", timeout=20).text == "opened"
        assert host.memory_bytes() > 10_000_000
