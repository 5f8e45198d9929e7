"""docs/connect.md and the advice of others say what the command really takes and sends."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from shared.doctor import advice
from shared.doctor.ground import About
from shared.graph.wire import COLUMN_BODIES
from shared.settings import Place, Settings
from tests.test_settings import LOCAL
from tools.connect.__main__ import parser
from tools.connect.advice import ROLES
from tools.connect.plan import plan
from tools.connect.seen import Seen, Site
from tools.connect.sign_in import COMMAND_LINE_TOOLS, GIVEN, SCOPES
from tools.connect.wanted import (
    APP_ROLES,
    AZURE_CLI,
    EXCHANGE_AUDIENCE,
    GRAPH_APP_ID,
    SITES_SELECTED,
    Call,
    Certificate,
    Step,
    Wanted,
)

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/connect.md").read_text("utf-8")
ABOUT = About(Settings.from_environ(LOCAL), Place(), "account")
CALLS = re.compile(r'make connect(?: ARGS=(?:"([^"]+)"|(\S+)))?')


def flags(text: str) -> list[list[str]]:
    """The flags of every `make connect` in a text."""
    return [shlex.split((quoted or plain).strip("`.,")) for quoted, plain in CALLS.findall(text)]


@pytest.mark.parametrize(
    "fact",
    [
        *(role["value"] for role in APP_ROLES),
        *(scope for scopes in SCOPES.values() for scope in scopes),
        *(str(column["displayName"]) for column in COLUMN_BODIES.values()),
        AZURE_CLI,
        COMMAND_LINE_TOOLS,
        EXCHANGE_AUDIENCE,
        GIVEN,
        GRAPH_APP_ID,
        SITES_SELECTED,
    ],
)
def test_every_fixed_name_is_in_the_document(fact: str):
    assert fact in DOCUMENT


WANTED = Wanted("T", "Moment", "https://app/.auth", "I", ("host:/sites/a", "host:/sites/b"), frozenset(Step))
SITES = [Site("host:/sites/a", "{its id}"), Site("host:/sites/b", "{its id}", {"id": "{id}", "roles": ["write"]})]
EVERY_CALL = plan(WANTED, Seen(graph_principal={"id": "G"}, me={"id": "M"}, sites=SITES))
WITH_CERTIFICATE = replace(WANTED, certificate=Certificate("C", "moment", "2027"), steps=frozenset({Step.TRUST}))


@pytest.mark.parametrize(
    "call",
    [*EVERY_CALL, *plan(WITH_CERTIFICATE, Seen(application={"id": "A", "appId": "B"}))],
    ids=lambda call: f"{call.step}-{call.method}-{call.path}",
)
def test_every_request_that_changes_something_is_told_with_what_is_in_it(call: Call):
    said = DOCUMENT.replace("{id of the answer}", "{id}")

    assert f"{call.method} {call.path}" in said
    assert [name for name in call.body if not re.search(rf'[`"]{name}\b', said)] == []


def test_every_kind_of_request_was_planned():
    assert {call.step for call in EVERY_CALL} == set(Step)


@pytest.mark.parametrize("step", Step)
def test_every_part_is_told_with_the_role_that_it_needs(step: Step):
    (row,) = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{step}` |")]

    assert row.split("|")[3].strip() in ROLES[step]


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENT,
        (ROOT / "docs/deploy.md").read_text("utf-8"),
        (ROOT / "README.md").read_text("utf-8"),
        "\n".join(advice.consent(ABOUT) + advice.trust_identity(ABOUT) + advice.grant_site(ABOUT, "h:/sites/a")),
        "\n".join(advice.new_certificate(ABOUT)),
    ],
    ids=["connect.md", "deploy.md", "README.md", "advice", "advice on certificates"],
)
def test_every_command_that_is_told_is_taken(text: str):
    told = flags(text)

    assert told
    for each in told:
        parser().parse_args(each)


def test_the_outputs_that_it_reads_are_made():
    outputs = re.findall(r"^output (\w+) string", (ROOT / "infra/main.bicep").read_text("utf-8"), re.MULTILINE)

    assert {"MOMENT_IDENTITY_PRINCIPAL_ID", "MOMENT_SIGN_IN_CALLBACK", "AZURE_TENANT_ID"} <= set(outputs)
