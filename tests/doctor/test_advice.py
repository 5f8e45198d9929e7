"""What the doctor tells people to type: our own commands take what they say, the others begin with a program."""

import inspect
import re
import shlex
from pathlib import Path

import pytest

from shared.doctor import advice
from shared.doctor.ground import About
from shared.settings import Place, Settings
from tests.doctor.test_judging import ABOUT
from tests.test_settings import LOCAL
from tools.admin.arguments import parser as of_admin
from tools.connect.__main__ import parser as of_connect
from tools.doctor.__main__ import parser as of_doctor

ROOT = Path(__file__).parents[2]
ELSEWHERE = About(Settings.from_environ(LOCAL), Place(), "devstoreaccount1")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
FURTHER = {
    "address": "contoso.sharepoint.com:/sites/moment",
    "service": "Blob",
    "name": "PUBLIC_URL",
    "value": "https://HOST",
}
ADVICE = sorted(name for name, _ in inspect.getmembers(advice, inspect.isfunction) if not name.startswith("_"))
PROGRAMS = {"az", "azd", "curl", "make", "nslookup", "python", "sudo"}


def steps(name: str, about: About) -> tuple[str, ...]:
    """What a function of shared/doctor/advice.py says of an app."""
    function = getattr(advice, name)
    given = {"about": about, "place": about.place} | FURTHER
    said = function(**{each: given[each] for each in inspect.signature(function).parameters})
    return (said,) if isinstance(said, str) else tuple(said)


def commands(text: str) -> list[list[str]]:
    """Our own commands in a text, as a shell reads them."""
    found = re.findall(r"(?:python -m tools\.\w+(?: -{0,2}[\w./:-]+)*|make [a-z-]+(?: ARGS=\"[^\"]+\")?)", text)
    return [shlex.split(each) for each in found]


def check(words: list[str]) -> None:
    """Raises SystemExit or fails where a command of ours is not taken."""
    if words[0] == "make":
        assert words[1] in TARGETS
        if words[1] == "connect":
            of_connect().parse_args(shlex.split("".join(words[2:]).removeprefix("ARGS=")))
        return
    takes = {"tools.doctor": of_doctor, "tools.admin": lambda: of_admin(""), "tools.connect": of_connect}
    takes[words[2]]().parse_args(words[3:])


@pytest.mark.parametrize("name", ADVICE)
@pytest.mark.parametrize("about", [ABOUT, ELSEWHERE], ids=["in Azure", "elsewhere"])
def test_a_command_of_ours_in_an_advice_is_taken(name: str, about: About):
    said = steps(name, about)

    assert said
    assert all(each.strip() for each in said)
    for each in said:
        for words in commands(each):
            check(words)


@pytest.mark.parametrize("name", [each for each in ADVICE if each not in {"set_setting", "correct_site"}])
def test_an_advice_about_an_app_in_azure_has_a_line_to_type(name: str):
    def first(line: str) -> str:
        return line.split()[0]

    assert any(first(line) in PROGRAMS for line in steps(name, ABOUT)), steps(name, ABOUT)


def test_commands_that_verdicts_say_themselves_are_taken():
    texts = [path.read_text("utf-8") for path in (ROOT / "shared/doctor").glob("judging_*.py")]
    told = [words for text in texts for words in commands(re.sub(r"\{[^}]*\}", "https://app", text))]

    assert len(told) >= 4
    for words in told:
        check(words)


def test_all_of_it_was_called():
    assert {"make_storage", "grant_site", "open_paths", "put_back", "trust_identity"} <= set(ADVICE)
