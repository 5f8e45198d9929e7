"""GET /api/health and POST /api/health/checks where all is well; where it is not: tests/doctor/test_command.py."""

from tests.functions.conftest import Api
from tests.functions.test_directory_api import problem_of


def test_health_is_one_word_and_kept_by_no_cache(api: Api):
    answer = api.call("GET", "health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_checks_say_what_was_found_and_what_helps(api: Api):
    answer = api.call("POST", "health/checks", json={"only": ["address"], "waitS": 0})

    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["ok"] is True
    settings, address = document["checks"]
    assert (settings["check"], settings["outcome"], settings["mend"]) == ("settings", "pass", [])
    assert (address["check"], address["outcome"]) == ("address", "unknown")
    assert "PUBLIC_URL" in address["mend"][0]


def test_a_check_that_does_not_exist_is_named(api: Api):
    problem = problem_of(api.call("POST", "health/checks", json={"only": ["nonsense"]}))

    assert problem["status"] == 400
    assert "only" in problem["field"]
