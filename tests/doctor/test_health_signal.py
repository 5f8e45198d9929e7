"""Health that is remembered: a flood looks once, and a storage that hangs holds up nobody but who looks."""

import threading
from concurrent.futures import ThreadPoolExecutor

from shared.doctor.health import HOLDS_S, Health
from shared.errors import SettingsError, Unavailable


class Storage:
    """Counts looks; `fault` is raised by each."""

    def __init__(self) -> None:
        self.looks = 0
        self.fault: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.looking = threading.Event()

    def look(self) -> None:
        self.looks += 1
        self.looking.set()
        assert self.gate.wait(30)
        if self.fault:
            raise self.fault


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_flood_looks_once_until_the_finding_is_old():
    storage, time = Storage(), Time()
    health = Health(storage.look, time)
    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(lambda _: health.is_well(), range(200)))
    assert storage.looks == 1

    time.now += HOLDS_S
    assert health.is_well()

    assert storage.looks == 2


def test_whatever_is_wrong_is_no_health_and_the_end_of_it_is_seen():
    storage, time = Storage(), Time()
    health = Health(storage.look, time)
    for fault in (Unavailable("gone"), SettingsError(["missing"]), ZeroDivisionError()):
        storage.fault = fault
        time.now += HOLDS_S
        assert not health.is_well()

    storage.fault = None
    assert not health.is_well()
    time.now += HOLDS_S

    assert health.is_well()


def test_while_one_waits_for_a_storage_that_hangs_the_others_get_what_was_found_last():
    storage, time = Storage(), Time()
    health = Health(storage.look, time)
    assert health.is_well()
    storage.gate.clear()
    storage.looking.clear()
    time.now += HOLDS_S
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(health.is_well)
        assert storage.looking.wait(30)

        assert health.is_well()  # at once

        storage.fault = Unavailable("it hung")
        storage.gate.set()
        assert slow.result(30) is False
    assert not health.is_well()
