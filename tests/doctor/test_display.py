"""How lines look: colours and progress on a terminal, none of it anywhere else."""

import io

import pytest

from tools.doctor.display import Display, Json

FAILED: Json = {
    "title": "Clock",
    "outcome": "fail",
    "why": "It is off. " * 20,
    "mend": ["sudo timedatectl set-ntp true"],
}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_file_gets_no_colours_and_commands_in_one_piece():
    out = io.StringIO()

    Display(out, io.StringIO()).show(FAILED)

    assert "\x1b" not in out.getvalue()
    first, *more = out.getvalue().splitlines()
    assert first.startswith("FAIL     Clock")
    assert more[-1].endswith("→ sudo timedatectl set-ntp true")
    assert len(more) > 1
    assert max(map(len, [first, *more])) <= 120


@pytest.mark.parametrize("outcome", ["pass", "fail", "unknown"])
def test_a_terminal_gets_colours(outcome: str):
    out = Terminal()

    Display(out, io.StringIO()).show(FAILED | {"outcome": outcome})

    assert out.getvalue().startswith("\x1b[3")
    assert "\x1b[0m" in out.getvalue()


def test_on_a_terminal_what_is_waited_for_is_in_one_place_and_goes_away():
    waiting = Terminal()
    display = Display(io.StringIO(), waiting)
    display.told("the notification, 1 s")
    display.told("the notification, 2 s")

    display.clear()

    assert "\n" not in waiting.getvalue()
    assert waiting.getvalue().endswith("\r\x1b[K")
    assert "the notification, 2 s" in waiting.getvalue()


def test_elsewhere_what_takes_long_says_so_every_ten_seconds():
    waiting, time = io.StringIO(), Time()
    display = Display(io.StringIO(), waiting, time)
    for _ in range(25):
        time.now += 1
        display.told("the notification")

    assert waiting.getvalue() == "still looking: the notification\n" * 2


def test_the_last_line_counts():
    out = io.StringIO()

    Display(out, io.StringIO()).sum_up([FAILED, FAILED | {"outcome": "pass"}])

    assert out.getvalue() == "1 passed, 1 failed, 0 unknown.\n"
