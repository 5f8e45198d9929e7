"""The questions to a real tenant, asked of the local SharePoint: it answers as the app was built."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared.settings import Settings
from tests.world import environ_for
from tools.acceptance.__main__ import QUESTIONS, answered
from tools.acceptance.question import Answer, Outcome, Question
from tools.acceptance.site import NoSite, Site, scratch_library
from tools.package.contents import ROOT
from tools.sharepoint.running import LocalSharePoint

STORAGE = "UseDevelopmentStorage=true"
DOCUMENT = (ROOT / "docs/acceptance.md").read_text("utf-8")


class Waiting:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def seconds(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def site(sharepoint: LocalSharePoint) -> Iterator[Site]:
    settings = Settings.from_environ(environ_for(STORAGE, sharepoint)).graph
    time = Waiting()
    with scratch_library(settings, "Moment acceptance", time.seconds, time.sleep) as asked:
        yield asked


@pytest.mark.parametrize("question", QUESTIONS, ids=[each.name for each in QUESTIONS])
def test_the_local_sharepoint_answers_as_the_app_was_built(site: Site, question: Question):
    answer = answered(question, site)

    assert answer.outcome is not Outcome.DIFFERENT, answer.seen
    assert answer.seen


@pytest.mark.parametrize(
    ("setting", "name", "seen"),
    [
        ({"descendant_tombstones": True}, "tombstones", "with"),
        ({"descendant_tombstones": False}, "tombstones", "without"),
        ({"field_edits_in_drive_delta": True}, "column-edit-in-drive-delta", "it does"),
        ({"field_edits_in_drive_delta": False}, "column-edit-in-drive-delta", "it does not"),
    ],
)
def test_each_answer_is_told_as_it_is(sharepoint: LocalSharePoint, site: Site, setting: dict, name: str, seen: str):
    sharepoint.settings(**setting)

    assert asked(site, name) == Answer(Outcome.NOTED, seen)


def test_what_the_app_was_not_built_on_is_different(sharepoint: LocalSharePoint, site: Site):
    sharepoint.fault({"match": {"method": "PATCH"}, "then": {"status": 423, "code": "resourceLocked"}})

    answer = asked(site, "stale-etag")

    assert answer.outcome is Outcome.DIFFERENT
    assert answer.seen.startswith("423")


def asked(site: Site, name: str) -> Answer:
    (question,) = [each for each in QUESTIONS if each.name == name]
    return answered(question, site)


def test_nothing_is_left_behind(sharepoint: LocalSharePoint):
    settings = Settings.from_environ(environ_for(STORAGE, sharepoint)).graph
    time = Waiting()
    with scratch_library(settings, "Gone", time.seconds, time.sleep) as site:
        place = f"/sites/{site.site_id}/lists/{site.list_id}"
        assert site.call("GET", place).status_code == 200
        with scratch_library(settings, "Another", time.seconds, time.sleep) as other:
            pass
        assert other.call("GET", f"/sites/{site.site_id}/lists/{other.list_id}").status_code == 404

    with (
        pytest.raises(NoSite, match="The site"),
        scratch_library(_elsewhere(sharepoint), "x", time.seconds, time.sleep),
    ):
        pass


def _elsewhere(sharepoint: LocalSharePoint):
    sites = f"{sharepoint.site_hostname}:/sites/nowhere"
    return Settings.from_environ(environ_for(STORAGE, sharepoint, SHAREPOINT_SITES=sites)).graph


def test_the_command_asks_what_is_named_and_says_what_it_saw(sharepoint: LocalSharePoint):
    environ = {"PATH": os.environ["PATH"], "NO_PROXY": "*"} | environ_for(STORAGE, sharepoint)
    command = [sys.executable, "-m", "tools.acceptance", "stale-etag", "taken-title"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("as built") == 2


@pytest.mark.parametrize("question", QUESTIONS, ids=[each.name for each in QUESTIONS])
def test_each_question_is_in_the_document(question: Question):
    assert f"| `{question.name}` | {question.asks} |" in DOCUMENT
