"""Alerts and the workbook rest on what is really logged, and each alert says what to do."""

import json
import re
from functools import cache
from typing import Any

import pytest

from tests.infra.templates import main, module
from tools.infra.bicep import INFRA, ROOT

DEPLOY = (ROOT / "docs/deploy.md").read_text("utf-8")
MESSAGE = re.compile(r"message startswith '([^']+)'")
FUNCTION = re.compile(r"operation_Name == '([^']+)'")
WINDOWS = {"PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "P1D"}


def rules() -> list[dict[str, Any]]:
    return list(module("alerts").value("rules"))


@cache
def source() -> str:
    return "".join(path.read_text("utf-8") for part in ("shared", "functions") for path in (ROOT / part).rglob("*.py"))


def queries() -> list[str]:
    items = json.loads((INFRA / "workbook.json").read_text("utf-8"))["items"]
    return [item["content"]["query"] for item in items if item["type"] == 3]


@pytest.mark.parametrize("name", [rule["name"] for rule in rules()])
def test_a_rule_rests_on_a_message_or_a_function_that_exists(name: str):
    (query,) = [rule["query"] for rule in rules() if rule["name"] == name]
    messages, functions = MESSAGE.findall(query), FUNCTION.findall(query)

    assert messages or functions or "resultCode" in query
    for message in messages:
        assert re.search(rf'_log(?:ger)?\.\w+\(\s*f?"{re.escape(message)}', source())
    for function in functions:
        assert f"def {function}(" in source()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["name"])
def test_a_rule_is_one_that_azure_monitor_takes(rule: dict[str, Any]):
    assert rule["every"] in WINDOWS
    assert rule["window"] in WINDOWS
    assert ("ago(" in rule["query"]) == (rule["window"] == "P1D")
    assert 0 <= rule["severity"] <= 4
    assert rule["query"].endswith("| summarize found = count()\n")
    assert rule["operator"] in {"GreaterThanOrEqual", "LessThan"}
    assert len(rule["description"]) > 40


def test_what_the_issue_asks_for_is_watched():
    assert {
        "given-up",
        "files-need-attention",
        "quiet-subscription",
        "budget-used-up",
        "daily-run-late",
        "run-failed",
        "server-errors",
    } <= {rule["name"] for rule in rules()}
    metrics = [each["metric"] for each in module("alerts").value("eventMetrics")]
    assert metrics == ["DeadLetteredCount", "DroppedEventCount"]


@pytest.mark.parametrize("name", [each["name"] for each in [*rules(), *module("alerts").value("eventMetrics")]])
def test_every_alert_is_explained(name: str):
    assert re.search(rf"^\| `{name}` \| .{{20,}} \|$", DEPLOY, re.MULTILINE)


def test_nothing_is_alerted_before_sharepoint_is_connected():
    assert module("alerts").body("rule")["properties"]["enabled"] == "isConnected"
    assert main().body("alerts")["params"]["isConnected"] == "isConnected"


def test_the_workbook_asks_what_exists():
    found = queries()

    assert len(found) >= 6
    for query in found:
        assert query.splitlines()[0] in {"requests", "traces", "customMetrics"}
        for message in MESSAGE.findall(query):
            assert f'"{message}' in source()


def test_the_workbook_shows_what_an_operator_was_promised():
    asked = "\n".join(queries())

    for shown in (
        "moment.files.moved",
        "since_upload_s",
        "moment.edit_to_record",
        "moment.sharepoint.units",
        "moment.queue.age",
        "moment.files.states",
        "given up",
        "sync run ended",
    ):
        assert shown in asked


def test_the_workbook_is_loaded():
    properties = module("workbook").body("workbook")["properties"]

    assert properties["serializedData"]["function"]["parameters"]["file_path"] == "../workbook.json"
    assert json.loads((INFRA / "workbook.json").read_text("utf-8"))["version"] == "Notebook/1.0"
