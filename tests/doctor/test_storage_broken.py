"""Settings, storage, clocks, budget, given-up messages: each is broken, and its line and its advice are read."""

import base64
from datetime import UTC, datetime

import pytest

from shared.bootstrap.examining import examined
from shared.model.budget import BudgetState, Taken
from shared.model.given_up import GivenUpMessage
from shared.settings import StorageSettings
from shared.store.budget import TableBudget
from shared.store.connect import open_queue
from shared.store.given_up import TableGivenUp
from shared.store.tables import TABLES
from tests.doctor.conftest import Patient, all_outcomes, assert_failed, outcome

CLOSED = "127.0.0.1:1"


def ignored(_what: str) -> None:
    """What is being done meanwhile."""


def test_all_is_well_but_what_needs_a_public_address_is_unknown(patient: Patient):
    outcomes = all_outcomes(patient.lines())

    assert {name for name, each in outcomes.items() if each != "pass"} == {"address", "notifications"}
    assert outcomes["address"] == outcomes["notifications"] == "unknown"


def test_all_problems_of_the_settings_are_told_at_once_and_nothing_else_is_tried(patient: Patient):
    environ = patient.environ | {"GRAPH_TENANT_ID": "", "FRAGMENT_BYTES": "17", "WEBSITE_SITE_NAME": "app-1"}

    lines = {each.check: each for each in examined(environ, ignored, wait_s=0)}

    assert_failed(lines["settings"], "GRAPH_TENANT_ID is missing", "appsettings set --name app-1", "FRAGMENT_BYTES=")
    assert "FRAGMENT_BYTES must be" in lines["settings"].verdict.why
    others = [line for name, line in lines.items() if name != "settings"]
    assert {outcome(each) for each in others} == {"unknown"}
    assert all("'Settings' failed" in each.verdict.why for each in others)


def test_on_a_developers_machine_the_advice_is_about_the_file(patient: Patient):
    lines = {each.check: each for each in examined(patient.environ | {"SHAREPOINT_SITES": ""}, ignored, wait_s=0)}

    assert_failed(
        lines["settings"], "SHAREPOINT_SITES is missing", 'In local.settings.json, under "Values": "SHAREPOINT_SITES"'
    )


@pytest.mark.parametrize("value", ["nonsense", "AccountName=a", "BlobEndpoint=http://127.0.0.1/a;AccountName=secret"])
def test_a_connection_string_that_is_none_is_a_problem_of_the_settings(patient: Patient, value: str):
    lines = {each.check: each for each in examined(patient.environ | {"MOMENT_STORAGE": value}, ignored, wait_s=0)}

    assert_failed(lines["settings"], "MOMENT_STORAGE can't be used", '"MOMENT_STORAGE": "VALUE"')
    assert "secret" not in str(lines)


def test_an_apps_own_settings_on_another_machine_say_where_to_look_instead(patient: Patient):
    uris = {f"MOMENT_STORAGE__{each}ServiceUri": "https://127.0.0.1:1/a" for each in ("blob", "queue", "table")}

    lines = patient.lines("queues", "clock", MOMENT_STORAGE="", **uris)

    assert_failed(lines["queues"], "5 of 5", "python -m tools.doctor --url")
    assert outcome(lines["clock"]) == "pass"


def test_a_missing_container_is_named_with_what_makes_it(patient: Patient):
    patient.clients.container.delete_container()

    assert_failed(patient.lines("container")["container"], "ContainerNotFound", "python -m tools.doctor --make-storage")


def test_in_azure_the_deployment_makes_what_is_missing(patient: Patient):
    patient.clients.container.delete_container()

    line = patient.lines("container", WEBSITE_SITE_NAME="app-1", WEBSITE_RESOURCE_GROUP="rg")["container"]

    assert line.verdict.mend[0] == "azd provision"


def test_each_missing_queue_is_named(patient: Patient):
    for queue in (patient.clients.pulls, patient.clients.syncs):
        queue.delete_queue()

    line = patient.lines("queues")["queues"]

    reason = "Azure Storage answered 404 QueueNotFound."
    assert_failed(line, f"2 of 5 (changes, syncs): {reason}", "--make-storage")


def test_a_missing_table_is_named_and_what_sharepoint_needs_of_it_is_not_tried(patient: Patient):
    patient.clients.tables.delete_table("budget")

    lines = patient.lines()

    assert_failed(lines["tables"], f"1 of {len(TABLES)} (budget): ", "--make-storage")
    for name in ("sites", "files", "budget"):
        assert lines[name].verdict.why == "Because 'Tables' failed: mend that first."
    assert outcome(lines["token"]) == "pass"


def test_storage_that_can_not_be_reached_fails_soon_and_everywhere(patient: Patient):
    parts = (f"{name}Endpoint=http://{CLOSED}/devstoreaccount1" for name in ("Blob", "Queue", "Table"))
    account = f"AccountName=devstoreaccount1;AccountKey={base64.b64encode(b'key').decode()}"
    lines = patient.lines(MOMENT_STORAGE=";".join((account, *parts)))

    for name in ("container", "queues", "tables"):
        assert_failed(lines[name], "could not be reached", "Start Azurite")
    assert outcome(lines["clock"]) == "pass"  # Graph told it


def test_a_wrong_key_is_no_missing_container(patient: Patient):
    key = base64.b64encode(b"another key").decode()
    given = patient.environ["MOMENT_STORAGE"].split(";")
    wrong = ";".join(f"AccountKey={key}" if part.startswith("AccountKey=") else part for part in given)

    assert_failed(patient.lines("container", MOMENT_STORAGE=wrong)["container"], "403", "MOMENT_STORAGE")


@pytest.mark.parametrize(("seconds", "side"), [(600, "ahead of"), (-600, "behind")])
def test_a_clock_that_is_off_is_told_with_how_far(patient: Patient, seconds: int, side: str):
    patient.clock.advance(seconds)

    line = patient.lines("clock")["clock"]

    assert_failed(line, side, "timedatectl set-ntp true", "w32tm /resync")


def test_the_clock_is_compared_also_where_storage_refuses_us(patient: Patient):
    patient.clients.container.delete_container()

    assert "storage and Graph" in patient.lines("clock")["clock"].verdict.why


def test_units_that_are_used_up_are_a_failure_and_those_left_a_number(patient: Patient):
    now = patient.clock().timestamp()
    save_budget(patient, BudgetState(day=(Taken(now + 3600, 900_000, bulk=True),)))

    left = patient.lines("budget")["budget"]
    used_up = patient.lines("budget", SHAREPOINT_UNITS_PER_DAY="900000")["budget"]

    assert outcome(left) == "pass"
    assert "300000 units of the next 24 hours" in left.verdict.why
    assert_failed(used_up, "used up", "SHAREPOINT_UNITS_PER_DAY")


def test_a_hold_says_for_how_long_nothing_goes_out(patient: Patient):
    save_budget(patient, BudgetState(hold_until=patient.clock().timestamp() + 300))

    assert_failed(patient.lines("budget")["budget"], "asked us to wait", "SHAREPOINT_UNITS_PER_MINUTE")


def test_what_was_given_up_is_named_with_the_command_that_puts_it_back(patient: Patient):
    now = datetime.now(UTC)
    given_up = TableGivenUp(patient.clients.tables)
    entry = given_up.create(
        GivenUpMessage("m1", "transfers", '{"customer":"c","file":"f"}', "file f of customer c", "It broke.", now, now)
    )
    url = "https://app-1.example"

    line = patient.lines("given-up", PUBLIC_URL=url)["given-up"]
    given_up.remove(entry)

    assert_failed(line, "1 given up: file f of customer c", f"python -m tools.admin put-back --all --url {url}")
    assert outcome(patient.lines("given-up")["given-up"]) == "pass"


def test_messages_that_lie_in_a_poison_queue_are_counted(patient: Patient):
    account = StorageSettings(connection_string=patient.environ["MOMENT_STORAGE"])
    queue = open_queue(account, "pushes-poison")
    queue.create_queue()
    queue.send_message("x")

    line = patient.lines("given-up")["given-up"]
    queue.delete_queue()

    assert_failed(line, "About 1 in queue pushes-poison", "put-back --list", "make run")


def test_the_looks_at_storage_leave_nothing(patient: Patient):
    patient.lines("container", "queues", "tables")

    assert list(patient.clients.container.list_blobs()) == []
    for queue in patient.clients.queues:
        assert queue.get_queue_properties().approximate_message_count == 0
    for name in TABLES:
        assert list(patient.clients.tables.get_table_client(name).query_entities("PartitionKey eq '~doctor'")) == []


def save_budget(patient: Patient, state: BudgetState) -> None:
    budget = TableBudget(patient.clients.tables)
    budget.save(state, budget.read()[1])


@pytest.fixture(autouse=True)
def fresh_budget(patient: Patient):
    save_budget(patient, BudgetState(hold_until=0.5))
