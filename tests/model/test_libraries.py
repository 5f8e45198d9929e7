"""What a library's state says after each thing that can happen to it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.model.drive_items import DriveItem
from shared.model.libraries import Answer, LibraryState, Stop, Watch, came_unannounced
from tests.builders import AT

PLAIN = LibraryState("d", "c", "l", changes_link="changes", fields_link="fields", pulled_at=AT)
ASKING = PLAIN.asking("60 of 100.", 60, 100, AT)
LATER = AT + timedelta(hours=1)


def test_a_library_asks_since_it_was_first_stopped():
    again = ASKING.asking("61 of 100.", 61, 100, LATER)

    assert (ASKING.stop, ASKING.stopped_at) == (Stop.DELETIONS, AT)
    assert (again.doomed_files, again.stopped_at) == (61, AT)


@pytest.mark.parametrize("answer", [Answer.APPROVED, Answer.DISMISSED])
def test_an_answer_ends_the_question_and_is_over_when_it_is_carried_out(answer: Answer):
    answered = ASKING.answered(answer, "Ada", 60)

    assert (answered.stop, answered.stopped_reason, answered.doomed_files) == (Stop.NONE, "", 0)
    assert (answered.answer, answered.answered_by, answered.answered_files) == (answer, "Ada", 60)
    assert answered.in_pull
    assert replace(answered.decided(), in_pull=False) == PLAIN


def test_a_question_after_an_answer_is_a_new_one():
    again = ASKING.answered(Answer.APPROVED, "Ada", 60).asking("61 of 100.", 61, 100, LATER)

    assert (again.answer, again.answered_files, again.stopped_at) == (Answer.NONE, 0, LATER)


def test_a_walk_reads_everything_from_the_start():
    walking = replace(PLAIN, walk_cursor="file:1").walking("w1")

    assert (walking.changes_link, walking.fields_link, walking.walk_id, walking.walk_cursor) == ("", "", "w1", "")
    assert walking.in_pull


def test_a_library_that_is_back_is_walked_through():
    back = PLAIN.gone(AT).back("w1")

    assert back == PLAIN.walking("w1")


def test_a_lease_holds_until_its_end():
    held = replace(PLAIN, lease_until=AT + timedelta(seconds=5))

    assert [each.leased_for_s(at) for each in (held, PLAIN) for at in (AT, LATER)] == [5, 0, 0, 0]


HOUR_AGO = AT - timedelta(hours=1)
WATCHED = replace(PLAIN, watch=Watch.SUBSCRIBED, pulled_at=HOUR_AGO)


@pytest.mark.parametrize(
    ("before", "modified_at", "is_late"),
    [
        (WATCHED, AT - timedelta(minutes=10), True),
        (WATCHED, AT - timedelta(minutes=4), False),
        (WATCHED, HOUR_AGO - timedelta(minutes=1), False),
        (WATCHED, None, False),
        (replace(WATCHED, notified_at=AT - timedelta(minutes=6)), AT - timedelta(minutes=10), False),
        (replace(WATCHED, in_pull=True), AT - timedelta(minutes=10), False),
        (replace(WATCHED, watch=Watch.POLLED), AT - timedelta(minutes=10), False),
        (replace(WATCHED, pulled_at=None), AT - timedelta(minutes=10), False),
    ],
)
def test_changes_older_than_any_notification_takes_came_unannounced(before, modified_at, is_late):
    item = DriveItem("d", "i", "a.txt", "", "", modified_at=modified_at)

    assert came_unannounced(before, [item], AT) is is_late
