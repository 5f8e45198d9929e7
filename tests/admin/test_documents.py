"""The runbook has a section for each alert, and the commands that documents tell exist and take what they say."""

import contextlib
import io
import re
import shlex

import pytest

from tests.admin.running import ROOT
from tests.infra.templates import module
from tools.admin import __main__ as admin
from tools.admin.arguments import parser

RUNBOOK = (ROOT / "docs/runbook.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = [*DOCUMENTS, ROOT / "infra/modules/alerts.bicep"]
NAMES = re.findall(r"^([a-z-]+) +[a-z]", (admin.__doc__ or "").split("\n\n")[1], re.MULTILINE)
COMMAND = re.compile(r"python -m tools\.admin((?: [^`\n|'\"→;]*)?)")


def alerts() -> list[str]:
    declared = module("alerts")
    return [str(each["name"]) for name in ("rules", "eventMetrics") for each in declared.value(name)]


def sections() -> dict[str, str]:
    parts = re.split(r"^### `([^`]+)`\n", RUNBOOK.partition("## Alerts")[2].partition("\n## ")[0], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_each_alert_has_a_section_that_says_what_to_look_at_and_no_section_is_left_over():
    assert list(sections()) == alerts()
    for name, text in sections().items():
        assert len(text.split()) > 25, name
        assert re.search(r"(?:`|^    )(?:python -m|az |azd |curl )", text, re.MULTILINE), f"{name} tells no command"


def test_what_stands_for_a_name_in_a_command_is_explained_first():
    head, _, rest = RUNBOOK.partition("## Alerts")
    used = set(re.findall(r"--(?:name|app|group|resource-group|account-name|account) ([A-Z]+)\b", rest))

    assert used >= {"APP", "GROUP", "ACCOUNT", "INSIGHTS"}
    assert [name for name in used if f"`{name}`" not in head] == []
    assert "app-insights query --app APP" not in RUNBOOK
    names = re.findall(r"'(appi-moment-|func-moment-)\$\{token\}'", (ROOT / "infra/main.bicep").read_text("utf-8"))
    assert {name.split("-")[0] for name in names} == {"appi", "func"}


def test_functions_that_are_begun_by_hand_exist():
    source = "".join(path.read_text("utf-8") for path in (ROOT / "functions").glob("*.py"))
    begun = re.findall(r"/admin/functions/(\w+)", RUNBOOK)

    assert begun
    assert all(re.search(rf"^def {name}\(", source, re.MULTILINE) for name in begun)


def test_no_alert_tells_to_run_the_hook_without_the_values_of_its_deployment():
    assert "postdeploy.sh" not in (ROOT / "infra/modules/alerts.bicep").read_text("utf-8")
    assert "azd hooks run postdeploy" in sections()["events-dead-lettered"]


def told() -> list[tuple[str, str]]:
    found = []
    for path in SOURCES:
        for match in COMMAND.finditer(path.read_text("utf-8")):
            words = match[1].strip().rstrip(".,)")
            if words not in {"", "…"} and not words.startswith("$"):
                found.append((str(path.relative_to(ROOT)), words))
    return found


def test_the_commands_are_found():
    names = {words.split()[0] for _, words in told()}

    assert names - {"--help"} == set(NAMES)


@pytest.mark.parametrize(("where", "words"), sorted(set(told())))
def test_a_command_of_the_documents_takes_what_they_say(where: str, words: str):
    if words in NAMES:
        words += " --help"  # it is only named
    said = io.StringIO()
    code: int | str | None = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            parser("").parse_args(shlex.split(words))
        except SystemExit as ended:
            code = ended.code

    assert code == 0, f"{where}: {said.getvalue()}"
