"""The gate of one process, and what headers ask of it."""

import pytest

from shared.graph.pacing import ProcessGate, exhausted_for_s, retry_after_s
from tests.graph.parts import PassingTime


def test_the_gate_is_open_at_first():
    assert ProcessGate(PassingTime().monotonic).ahead_s() == 0


def test_nothing_goes_out_before_a_hold_has_passed():
    time = PassingTime()
    gate = ProcessGate(time.monotonic)

    gate.hold(30)
    time.now = 29.5

    assert gate.ahead_s() == 0.5
    time.now = 30
    assert gate.ahead_s() == 0


def test_a_shorter_hold_never_ends_a_longer_one():
    gate = ProcessGate(PassingTime().monotonic)

    gate.hold(30)
    gate.hold(5)

    assert gate.ahead_s() == 30


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "41"}, 41),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "5", "RateLimit-Reset": "17"}, 17),
        ({"Retry-After": "41", "RateLimit-Reset": "17"}, 41),
        ({"RateLimit-Reset": "17"}, 17),
        ({"Retry-After": "Mon, 23 Nov 2026 22:00:30 GMT", "Date": "Mon, 23 Nov 2026 22:00:00 GMT"}, 30),
        ({"Retry-After": "Mon, 23 Nov 2026 22:00:30 GMT"}, None),
    ],
)
def test_the_longer_of_retry_after_and_rate_limit_reset_counts(headers, expected):
    assert retry_after_s(headers) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0),
        ({"RateLimit-Remaining": "40", "RateLimit-Reset": "12"}, 0),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "12"}, 12),
        ({"RateLimit-Remaining": "0"}, 0),
    ],
)
def test_a_used_up_minute_is_waited_for_before_it_is_refused(headers, expected):
    assert exhausted_for_s(headers) == expected
