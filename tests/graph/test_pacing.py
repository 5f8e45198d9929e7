"""What headers ask of the pacing."""

import pytest

from shared.graph.pacing import remaining_units, retry_after_s


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
        ({}, None),
        ({"RateLimit-Remaining": "40", "RateLimit-Reset": "12"}, (40, 12)),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "12"}, (0, 12)),
        ({"RateLimit-Remaining": "0"}, None),
        ({"RateLimit-Remaining": "few", "RateLimit-Reset": "12"}, None),
    ],
)
def test_what_is_left_of_the_minute_is_read_where_it_is_said(headers, expected):
    assert remaining_units(headers) == expected
