"""docs/operate.md, the code and the alerts say the same: messages with level and fields, metrics, spans."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shared.telemetry.work import _LINES
from tests.infra.templates import module
from tools.infra.bicep import INFRA, ROOT

OPERATE = (ROOT / "docs/operate.md").read_text("utf-8")
LEVELS = {"warning": "warning", "error": "error", "info": "information", "debug": "debug"}
ON_THE_CONSOLE = {"graph request"}
FIELD = re.compile(r"`([a-z_]+)`")


def product() -> list[Path]:
    return [path for part in ("shared", "functions") for path in sorted((ROOT / part).rglob("*.py"))]


@cache
def said() -> dict[str, tuple[str, frozenset[str] | None]]:
    """Each message of the code with its level and fields; None: the fields are put together elsewhere."""
    found: dict[str, tuple[str, frozenset[str] | None]] = {}
    for path in product():
        for call in _log_calls(ast.parse(path.read_text("utf-8"))):
            assert isinstance(call.func, ast.Attribute)
            message = call.args[0]
            assert isinstance(message, ast.Constant), f"{path}:{call.lineno} is not a constant message"
            assert "%" not in message.value, f"{path}:{call.lineno} has what changes in the message"
            found[message.value] = call.func.attr, _fields(call)
    return found


def _log_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="_log" | "_logger"), attr=level)) if level != "log":
                yield node


def _fields(call: ast.Call) -> frozenset[str] | None:
    for keyword in call.keywords:
        if keyword.arg == "extra":
            if not isinstance(keyword.value, ast.Dict):
                return None
            return frozenset(key.value for key in keyword.value.keys if isinstance(key, ast.Constant))
    return frozenset()


def rows(below: str) -> Iterator[list[str]]:
    """The rows of all tables of a section."""
    section = OPERATE.partition(f"\n### {below}\n")[2].partition("\n### ")[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def documented() -> dict[str, list[str]]:
    return {cells[0].strip("` "): cells[1:] for cells in rows("Lines")}


def fields_documented(message: str) -> set[str]:
    return set(FIELD.findall(documented()[message][-1]))


def test_every_message_of_the_code_is_documented_and_no_other():
    assert set(documented()) == (set(said()) | set(_LINES.values())) - ON_THE_CONSOLE
    assert all(f"`{message}` (debug" in OPERATE for message in ON_THE_CONSOLE)


def test_levels_are_those_of_the_code():
    for message, (level, _) in said().items():
        if message in ON_THE_CONSOLE:
            continue
        cells = documented()[message]
        assert level == "exception" if len(cells) == 1 else cells[0] == LEVELS[level], message


def test_fields_are_those_of_the_code():
    for message, (_, fields) in said().items():
        if fields is not None and message not in ON_THE_CONSOLE:
            assert fields_documented(message) == fields, message


def test_every_metric_is_documented_with_its_attributes_and_no_other():
    source = (ROOT / "shared/telemetry/measures.py").read_text("utf-8")
    made = set(re.findall(r'create_(?:counter|histogram)\(\s*"([^"]+)"', source))
    everywhere = "".join(path.read_text("utf-8") for path in product())

    assert {cells[0].strip("` ") for cells in rows("Metrics")} == made
    assert len(re.findall(r"create_(?:up_down_)?(?:counter|histogram|gauge)\(", everywhere)) == len(made)
    attributes = {name for cells in rows("Metrics") for name in re.findall(r"`([a-z]+)`", cells[2].partition(":")[0])}
    assert attributes | {"moment"} >= set(re.findall(r'"([a-z]+)": ', source)) == attributes


def test_every_span_is_documented_and_no_other():
    source = "".join(path.read_text("utf-8") for path in product())
    made = set(re.findall(r'(?:\bworking|start_span)\("([a-z ]+)"', source))

    assert {cells[0].strip("` ") for cells in rows("Traces")} == made


def test_what_alerts_workbook_and_questions_look_for_is_said():
    queries = [rule["query"] for rule in module("alerts").value("rules")]
    queries += [each["content"].get("query", "") for each in json.loads((INFRA / "workbook.json").read_text())["items"]]
    queries += re.findall(r"```kusto\n(.*?)```", OPERATE, re.DOTALL)
    wanted = {each for query in queries for each in re.findall(r"message (?:startswith|==) '([^']+)'", query)}
    wanted |= {
        each for query in queries for some in re.findall(r"message in \(([^)]+)\)", query) for each in _quoted(some)
    }
    metrics = {each for query in queries for each in re.findall(r"'(moment\.[^']+)'", query)}

    assert len(wanted) >= 8
    assert wanted <= set(documented())
    assert len(metrics) >= 3
    assert metrics <= {cells[0].strip("` ") for cells in rows("Metrics")}
    fields = {each for query in queries for each in re.findall(r"customDimensions\.(\w+)", query)}
    known = {field for message in documented() for field in fields_documented(message)}
    known |= {"work", "bulk", "queue", "part", "state"}
    assert fields <= known


def _quoted(text: str) -> list[str]:
    return re.findall(r"'([^']+)'", text)
