"""Identity, sites and permissions: each is broken, and its line and its advice are read."""

import pytest

from shared.doctor.scratch import FOLDER
from shared.model.libraries import LibraryState
from shared.store.libraries import TableLibraries
from tests.doctor.conftest import Patient, assert_failed, assert_unknown, outcome

SITE = "contoso.sharepoint.com:/sites/moment"
GRANT = f"sites/{SITE}:/permissions"


def test_a_wrong_secret_is_told_by_entras_code_with_the_command_for_another(patient: Patient):
    patient.sharepoint.settings(client_secret="the right one")

    lines = patient.lines()

    reset = f"az ad app credential reset --id {patient.environ['GRAPH_CLIENT_ID']}"
    assert_failed(lines["token"], "AADSTS7000215", reset, '"GRAPH_CLIENT_SECRET"')
    assert lines["files"].verdict.why == "Because 'Token for Graph' failed: mend that first."
    assert "the right one" not in str(lines)


def test_a_token_without_permissions_asks_for_consent(patient: Patient):
    patient.sharepoint.settings(app_roles="")

    assert_failed(patient.lines("token")["token"], "nobody consented", "make connect", "Grant admin consent")


def test_a_sign_in_service_that_can_not_be_reached_is_no_wrong_secret(patient: Patient):
    line = patient.lines("token", GRAPH_LOGIN_URL="https://127.0.0.1:1")["token"]
    without_file = patient.lines("token", GRAPH_CA_BUNDLE="/nowhere/ca.pem")["token"]

    assert_failed(line, "could not be asked", "curl --head https://127.0.0.1:1/")
    assert_failed(without_file, "could not be asked", '"GRAPH_CA_BUNDLE"')


def test_settings_of_azure_on_another_machine_say_where_to_look_instead(patient: Patient):
    line = patient.lines("token", GRAPH_MANAGED_IDENTITY_CLIENT_ID="0b1e0000-0000-4000-8000-000000000001")["token"]

    assert_failed(line, "", "python -m tools.doctor --url")


def test_a_site_that_is_not_there_is_named_beside_one_that_is(patient: Patient):
    wrong = "contoso.sharepoint.com:/sites/nowhere"

    line = patient.lines("sites", SHAREPOINT_SITES=f"{SITE},{wrong}")["sites"]

    assert_failed(line, f"{wrong}: ", "https://contoso.sharepoint.com/sites/nowhere", '"SHAREPOINT_SITES"')
    assert f"{SITE}: " not in line.verdict.why


def test_a_site_that_was_not_granted_gets_the_grant_as_a_call(patient: Patient):
    patient.fault("GET", "/sites/", 403)

    lines = patient.lines()

    assert_failed(lines["sites"], SITE, "make connect", GRANT, '"roles": ["fullcontrol"]')
    assert lines["content-type"].verdict.why == "Because 'Sites' failed: mend that first."


def test_a_grant_that_was_taken_back_is_seen_although_the_site_was_known(patient: Patient):
    assert outcome(patient.lines("sites")["sites"]) == "pass"
    patient.fault("GET", "/sites/", 403)

    assert outcome(patient.lines("sites")["sites"]) == "fail"


def test_sharepoint_that_is_too_busy_is_no_missing_grant(patient: Patient):
    patient.fault("GET", "/sites/", 503)

    line = patient.lines("sites")["sites"]

    assert_failed(line, "503", "Run the doctor again")
    assert "make connect" not in line.verdict.mend


def test_the_role_write_does_not_suffice_for_the_content_type(patient: Patient):
    patient.fault("POST", "/contentTypes", 403)

    lines = patient.lines()

    assert_failed(lines["content-type"], "The app may not do this", GRANT)
    assert outcome(lines["files"]) == "pass"


def test_the_content_type_and_its_columns_are_made_where_they_are_missing(patient: Patient):
    assert outcome(patient.lines("content-type")["content-type"]) == "pass"
    patient.fault("POST", "/sites/", 403)

    assert outcome(patient.lines("content-type")["content-type"]) == "pass"  # nothing is left to make


def test_whoever_may_not_manage_lists_may_make_no_library(patient: Patient):
    patient.fault("PATCH", "/lists/", 403)

    assert_failed(patient.lines("libraries")["libraries"], "The app may not do this", GRANT)


@pytest.mark.parametrize(
    ("method", "route", "step"),
    [
        ("POST", "/children", "making a folder"),
        ("PUT", "/content", "writing a file"),
        ("GET", "/content", "reading it"),
        ("PATCH", "/items/", "renaming it"),
    ],
)
def test_a_refused_step_with_a_file_is_named_and_nothing_is_left(patient: Patient, method: str, route: str, step: str):
    patient.fault(method, route, 403)

    assert_failed(patient.lines("files")["files"], f"{SITE}, {step}: ", GRANT)
    assert names_in_default_library(patient) == []


def test_a_folder_that_can_not_be_removed_is_a_failure_that_says_where_it_is(patient: Patient):
    patient.fault("DELETE", "/items/", 403)

    line = patient.lines("files")["files"]

    assert_failed(line, "could not be removed", "Delete it in SharePoint: http")
    assert names_in_default_library(patient) == [FOLDER]


def test_what_a_killed_run_left_is_removed_when_it_is_old_and_not_before(patient: Patient):
    patient.fault("DELETE", "/items/", 403, times=5)  # of the file, and four times of the folder
    patient.lines("files")

    young = patient.lines("files")["files"]
    patient.clock.advance(16 * 60)
    old = patient.lines("files")["files"]

    assert_unknown(young, "Another run of the doctor", "in 15 minutes")
    assert outcome(old) == "pass"
    assert names_in_default_library(patient) == []


def test_in_a_customers_library_nothing_is_tried(patient: Patient):
    follow_default_library(patient)

    line = patient.lines("files")["files"]

    assert_unknown(line, "Every library of the site is a customer's", "Site contents > New > Document library")
    assert patient.sharepoint.recycle_bin() == []


def test_where_the_default_library_is_a_customers_another_one_is_used(patient: Patient):
    follow_default_library(patient)
    patient.sharepoint.add_lists(1)

    assert outcome(patient.lines("files")["files"]) == "pass"
    assert names_in_default_library(patient) == []


def test_sites_that_are_full_are_counted_and_another_one_is_asked_for(patient: Patient):
    patient.sharepoint.add_lists(2)

    full = patient.lines("room", LISTS_PER_SITE="3")["room"]
    roomy = patient.lines("room", LISTS_PER_SITE="4")["room"]

    assert_failed(full, f"3 in {SITE}", "Active sites > Create", f'"SHAREPOINT_SITES": "{SITE},HOST:/sites/ANOTHER"')
    assert outcome(roomy) == "pass"


def test_a_consent_that_was_just_given_is_seen_although_a_token_was_kept(patient: Patient):
    ground = patient.ground()
    patient.sharepoint.settings(app_roles="")
    assert ground.sharepoint.permissions() == ()
    patient.sharepoint.settings(app_roles="Sites.Selected")

    assert ground.sharepoint.permissions() == ("Sites.Selected",)


def test_every_site_is_tried(patient: Patient):
    patient.sharepoint.add_site("/sites/moment-2")
    second = "contoso.sharepoint.com:/sites/moment-2"

    lines = patient.lines(SHAREPOINT_SITES=f"{SITE},{second}")

    for name in ("sites", "content-type", "libraries", "files"):
        assert outcome(lines[name]) == "pass"
        assert second in lines[name].verdict.why


def test_only_what_was_asked_for_and_what_it_needs_is_looked_at(patient: Patient):
    assert list(patient.lines("libraries")) == ["settings", "tables", "token", "sites", "libraries"]


def names_in_default_library(patient: Patient) -> list[str]:
    patient.sharepoint.clear_faults()
    sharepoint = patient.world().sharepoint
    drive_id = default_drive(patient)
    items = [change.item for change in sharepoint.changes(drive_id, "").entries]
    return [item.name for item in items if item is not None and not item.is_root and item.is_folder]


def default_drive(patient: Patient) -> str:
    sharepoint = patient.world().sharepoint
    return next(iter(sharepoint.drives(sharepoint.find_site(SITE))))


def follow_default_library(patient: Patient) -> None:
    TableLibraries(patient.clients.tables).create(LibraryState(default_drive(patient), "c1", "a list"))
