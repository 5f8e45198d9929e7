import pytest

from shared.errors import SettingsError
from shared.model.budget import Limits
from shared.settings import Settings, blob_trigger_source

LOCAL = {
    "MOMENT_STORAGE": "UseDevelopmentStorage=true",
    "GRAPH_TENANT_ID": "33333333-3333-3333-3333-333333333333",
    "GRAPH_CLIENT_ID": "app",
    "GRAPH_CLIENT_SECRET": "hush",
    "SHAREPOINT_SITES": "contoso.sharepoint.com:/sites/moment",
}


def problems_of(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ(environ)
    return caught.value.problems


def test_a_local_environment_is_enough():
    settings = Settings.from_environ(LOCAL)

    assert settings.graph.url == "https://graph.microsoft.com"
    assert settings.transfer.fragment_bytes == 10 * 1024 * 1024


def test_the_budget_is_that_of_a_small_tenant_unless_it_is_set():
    changed = {"SHAREPOINT_UNITS_PER_MINUTE": "2500", "SHAREPOINT_UNITS_PER_DAY": "0", "BULK_SHARE_PERCENT": "50"}

    assert Settings.from_environ(LOCAL).pacing == Limits(1250, 1_200_000, 80)
    assert Settings.from_environ(LOCAL | changed).pacing == Limits(2500, 0, 50)


def test_managed_identity_takes_the_place_of_secret_and_connection_string():
    environ = {name: value for name, value in LOCAL.items() if name not in {"MOMENT_STORAGE", "GRAPH_CLIENT_SECRET"}}
    environ |= {f"MOMENT_STORAGE__{each}ServiceUri": f"https://m.{each}.core" for each in ("blob", "queue", "table")}
    environ["GRAPH_MANAGED_IDENTITY_CLIENT_ID"] = "identity"

    assert Settings.from_environ(environ).storage.table_uri == "https://m.table.core"


def test_a_certificate_takes_the_place_of_secret_and_identity():
    environ = {name: value for name, value in LOCAL.items() if name != "GRAPH_CLIENT_SECRET"}

    settings = Settings.from_environ(environ | {"GRAPH_CERTIFICATE": "-----BEGIN PRIVATE KEY-----\nhush"})

    assert settings.graph.certificate.endswith("hush")
    assert "hush" not in repr(settings)


def test_every_problem_is_reported_at_once():
    problems = problems_of({"TRANSFER_CLAIM_S": "soon", "GRAPH_URL": "http://graph.example.com"})

    for name in ("MOMENT_STORAGE", "GRAPH_TENANT_ID", "GRAPH_CLIENT_ID", "GRAPH_MANAGED_IDENTITY_CLIENT_ID"):
        assert any(problem.startswith(name) for problem in problems), name
    for name in ("SHAREPOINT_SITES", "TRANSFER_CLAIM_S", "GRAPH_URL"):
        assert any(problem.startswith(name) for problem in problems), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FRAGMENT_BYTES", "1000000"),
        ("FRAGMENT_BYTES", "99999999999"),
        ("SMALL_FILE_MAX_BYTES", "-1"),
        ("SHAREPOINT_SITES", "https://contoso.sharepoint.com/sites/moment"),
        ("GRAPH_LOGIN_URL", "ftp://login"),
        ("BLOB_TRIGGER_SOURCE", "Guess"),
        ("SHAREPOINT_UNITS_PER_MINUTE", "-1"),
        ("SHAREPOINT_UNITS_PER_DAY", "many"),
        ("BULK_SHARE_PERCENT", "0"),
        ("BULK_SHARE_PERCENT", "101"),
    ],
)
def test_a_value_out_of_range_is_named(name: str, value: str):
    (problem,) = problems_of(LOCAL | {name: value})

    assert problem.startswith(name)


def test_plain_http_is_accepted_for_this_machine_only():
    assert Settings.from_environ(LOCAL | {"GRAPH_URL": "http://127.0.0.1:7072/"}).graph.url == "http://127.0.0.1:7072"


def test_secrets_stay_out_of_repr():
    shown = repr(Settings.from_environ(LOCAL | {"MOMENT_STORAGE": "AccountKey=hush"}))

    assert "hush" not in shown


@pytest.mark.parametrize(
    ("value", "source"),
    [("", "EventGrid"), ("LogsAndContainerScan", "LogsAndContainerScan"), ("Guess", "EventGrid")],
)
def test_the_trigger_source_never_fails_at_import(value: str, source: str):
    assert blob_trigger_source({"BLOB_TRIGGER_SOURCE": value}) == source


def test_sites_are_kept_in_their_order():
    sites = "contoso.sharepoint.com:/sites/moment/, contoso.sharepoint.com:/sites/moment-2"

    found = Settings.from_environ(LOCAL | {"SHAREPOINT_SITES": sites}).graph

    assert found.sites == ("contoso.sharepoint.com:/sites/moment", "contoso.sharepoint.com:/sites/moment-2")
    assert found.lists_per_site == 1900


@pytest.mark.parametrize(
    ("sites", "fault"),
    [
        ("contoso.sharepoint.com:/sites/moment,", "not ''"),
        ("contoso.sharepoint.com:/sites/moment,moment-2", "not 'moment-2'"),
        ("contoso.sharepoint.com:/sites/moment,CONTOSO.sharepoint.com:/sites/Moment/", "twice"),
        (",", "not ''"),
    ],
)
def test_every_site_is_checked_and_named_once(sites, fault):
    problems = problems_of(LOCAL | {"SHAREPOINT_SITES": sites})

    assert all(each.startswith("SHAREPOINT_SITES") for each in problems)
    assert fault in problems[0]
