"""Decisions that no local server can bring about: an app in Azure, Entra's other codes, SharePoint's slowness."""

import json
import re

import pytest

from shared.bootstrap.examining import CHECK_NAMES
from shared.doctor import judging_sharepoint as sharepoint
from shared.doctor import judging_storage as storage
from shared.doctor.examining import Check, examine
from shared.doctor.ground import About
from shared.doctor.seen import FilesSeen, Trip
from shared.doctor.table import CHECKS
from shared.doctor.verdicts import Verdict, passed
from shared.errors import AccessDenied, NameTaken, PermanentError, Unavailable
from shared.settings import Place, Settings
from tests.doctor.conftest import Patient
from tests.infra.templates import module

AZURE = {
    "MOMENT_STORAGE__blobServiceUri": "https://stmoment.blob.core.windows.net/",
    "MOMENT_STORAGE__queueServiceUri": "https://stmoment.queue.core.windows.net/",
    "MOMENT_STORAGE__tableServiceUri": "https://stmoment.table.core.windows.net/",
    "MOMENT_STORAGE__clientId": "11111111-0000-4000-8000-000000000001",
    "GRAPH_TENANT_ID": "22222222-0000-4000-8000-000000000002",
    "GRAPH_CLIENT_ID": "33333333-0000-4000-8000-000000000003",
    "GRAPH_MANAGED_IDENTITY_CLIENT_ID": "11111111-0000-4000-8000-000000000001",
    "SHAREPOINT_SITES": "contoso.sharepoint.com:/sites/moment",
    "PUBLIC_URL": "https://app-1.azurewebsites.net",
}
ABOUT = About(Settings.from_environ(AZURE), Place("app-1", "rg-1"), "stmoment")
NAMED = "--name app-1 --resource-group rg-1"


def steps(verdict: Verdict) -> str:
    return "\n".join(verdict.mend)


@pytest.mark.parametrize(
    ("service", "role"),
    [
        ("Blob", "Storage Blob Data Owner"),
        ("Queue", "Storage Queue Data Contributor"),
        ("Table", "Storage Table Data Contributor"),
    ],
)
def test_an_identity_without_its_role_gets_the_command_that_gives_the_deployments(service: str, role: str):
    refused = AccessDenied("Writing: Azure Storage answered 403 AuthorizationPermissionMismatch.")

    verdict = storage.parts_verdict({"one": None, "two": refused}, ABOUT, service)

    assert verdict.why == "1 of 2 (two): Azure Storage answered 403 AuthorizationPermissionMismatch."
    assert f'--role "{role}"' in steps(verdict)
    assert role.replace("Storage", "storage").replace(" ", "") in module("roles").text
    assert f"--assignee {AZURE['MOMENT_STORAGE__clientId']}" in steps(verdict)
    assert "az storage account show --name stmoment --query id" in steps(verdict)


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("7000222", "az ad app credential reset"),
        ("700213", "az ad app federated-credential create --id 33333333"),
        ("70021", f"az ad sp show --id {AZURE['GRAPH_MANAGED_IDENTITY_CLIENT_ID']} --query id"),
        ("700016", f"az functionapp config appsettings set {NAMED} --settings GRAPH_CLIENT_ID=APP-ID"),
        ("90002", "az account show --query tenantId"),
        ("700024", f"az functionapp restart {NAMED}"),
        ("53003", "https://login.microsoftonline.com/error?code=53003"),
    ],
)
def test_entras_code_decides_what_mends_it(code: str, step: str):
    refusal = Unavailable(f"Microsoft Entra gave the app no token (invalid_client: AADSTS{code}: Something.).")

    assert step in steps(sharepoint.token_refused(refusal, ABOUT))


def test_a_token_that_can_not_be_read_is_good():
    assert sharepoint.token_verdict(None, ABOUT).outcome == "pass"


@pytest.mark.parametrize("status", [302, 401, 403])
def test_an_address_that_asks_for_a_sign_in_is_opened_as_the_deployment_does(status: int):
    verdict = sharepoint.address_verdict(status, ABOUT)

    deployed = module("sign-in").body("signIn")["properties"]["globalValidation"]
    (said,) = re.findall(r"\.excludedPaths='([^']+)'", steps(verdict))
    assert f"az functionapp show {NAMED}" in steps(verdict)
    assert json.loads(said) == module("sign-in").value(deployed["excludedPaths"])
    assert f".requireAuthentication={json.dumps(deployed['requireAuthentication'])} " in steps(verdict)
    assert f".unauthenticatedClientAction={deployed['unauthenticatedClientAction']} " in steps(verdict)


def test_an_app_that_answers_otherwise_or_not_at_all_is_to_be_started():
    for verdict in (
        sharepoint.address_verdict(404, ABOUT),
        sharepoint.address_refused(Unavailable("It gave no answer (ConnectionError)."), ABOUT),
    ):
        assert verdict.outcome == "fail"
        assert f"az functionapp start {NAMED}" in verdict.mend


def test_an_app_that_is_not_ready_is_to_look_at_itself():
    assert "--url https://app-1.azurewebsites.net" in steps(sharepoint.address_verdict(503, ABOUT))


def test_a_notification_that_did_not_come_is_unknown_until_graphs_longest_has_passed():
    early = sharepoint.notifications_verdict(Trip(120.0), ABOUT)
    late = sharepoint.notifications_verdict(Trip(330.0), ABOUT)

    assert (early.outcome, late.outcome) == ("unknown", "fail")
    assert "--only notifications --wait 330" in steps(early)
    assert "excludedPaths" in steps(late)


def test_a_webhook_that_does_not_echo_gets_a_call_to_try():
    refusal = PermanentError("The app's address did not answer Microsoft's validation request.")

    verdict = sharepoint.notifications_refused(refusal, ABOUT)

    url = "https://app-1.azurewebsites.net/api/sharepoint/notifications"
    assert f'curl -X POST "{url}?validationToken=hello"' in steps(verdict)


def test_a_subscription_of_another_deployment_is_left_alone():
    assert sharepoint.notifications_refused(NameTaken("It is there."), ABOUT).outcome == "unknown"


def test_of_several_sites_the_worst_is_told():
    good, bad = FilesSeen(), FilesSeen("writing a file", AccessDenied("No."))

    verdict = sharepoint.files_verdict({"a:/sites/a": good, "b:/sites/b": bad}, ABOUT)

    assert verdict.why == "b:/sites/b, writing a file: No."


def test_the_table_is_in_order_so_that_what_a_check_needs_comes_before_it():
    for number, check in enumerate(CHECKS):
        assert set(check.needs) <= set(CHECK_NAMES[:number])
    assert len(set(CHECK_NAMES)) == len(CHECKS)


def test_a_check_that_breaks_is_a_failure_and_the_others_go_on(patient: Patient):
    def broken(_ground: object) -> None:
        raise KeyError("oops")

    def refused(_ground: object) -> None:
        raise Unavailable("No.")

    def unjudged(_error: object, _about: object) -> Verdict:
        raise LookupError

    checks = (
        Check("one", "One", (), broken, lambda _seen, _about: passed(""), storage.table_refused),
        Check("refused", "Refused", (), refused, lambda _seen, _about: passed(""), unjudged),
        Check("two", "Two", (), lambda _ground: None, lambda _seen, _about: passed("Fine."), storage.table_refused),
    )

    one, unforeseen, two = examine(checks, patient.ground())

    assert one.verdict.outcome == "fail"
    assert "KeyError" in one.verdict.why
    assert "LookupError" in unforeseen.verdict.why
    assert two.verdict.outcome == "pass"


@pytest.mark.parametrize("code", ["AADSTS700027", "AADSTS1000502"])
def test_a_certificate_that_entra_does_not_take_is_made_known_to_it(code: str):
    verdict = sharepoint.token_refused(Unavailable(f"Entra gave no token (invalid_client: {code}: no)."), ABOUT)

    assert 'make connect ARGS="--only trust' in steps(verdict)
    assert "--certificate FILE.pem" in steps(verdict)
    assert "GRAPH_CERTIFICATE=FILE.pem" in steps(verdict)
