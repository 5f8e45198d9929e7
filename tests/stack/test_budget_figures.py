"""How the ledger is read."""

from tools.stack.budget_figures import minutes, most_in_a_minute, refused, sent_too_early, used_share


def entry(at: float, ru: int = 2, status: int = 200) -> dict:
    return {"at": at, "ru": ru, "status": status}


def test_a_minute_begins_with_the_first_request_after_the_last_one():
    found = minutes([entry(0, 10), entry(59.9, 5), entry(70, 4), entry(100, 3, 429), entry(75, 0)])

    assert [(each.begins_at, each.units, each.ends_at) for each in found] == [(0, 15, 60), (70, 7, 130)]


def test_pauses_between_minutes_count_as_unused():
    assert used_share([entry(0, 100), entry(60, 100), entry(120, 1)], 100) == 1
    assert used_share([entry(0, 100), entry(120, 1)], 100) == 0.5
    assert used_share([entry(0, 100)], 100) == 0


def test_the_most_in_a_minute_does_not_depend_on_where_minutes_begin():
    assert most_in_a_minute([entry(0, 1), entry(50, 60), entry(61, 60), entry(110, 60)]) == 120
    assert most_in_a_minute([]) == 0


def test_requests_before_retry_after_are_those_that_came_although_all_could_know():
    entries = [entry(10, status=429), entry(11), entry(20), entry(40)]

    assert [each["at"] for each in refused(entries)] == [10]
    assert [each["at"] for each in sent_too_early(entries, refused_at=10, until=30)] == [20]
