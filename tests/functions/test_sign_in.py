"""Who gets in, and who may what: every operation with every role and with none, on a host that plays the platform."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import function_app  # noqa: F401 - registers all operations
from functions.operation import OPERATIONS, Operation
from shared.model.principals import APP_ROLES, Role
from tests.functions.conftest import ROOT, Api, host_settings
from tests.functions.principals import header_of, program, signed_in
from tests.functions.test_directory_api import problem_of
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

ROLES = {role: name for name, role in APP_ROLES.items()}


@pytest.fixture(scope="module")
def platform(host_storage: Azurite, host_sharepoint: LocalSharePoint) -> Iterator[LocalHost]:
    """A host behind App Service Authentication, as the app sees it."""
    settings = host_settings(host_storage, host_sharepoint, DEVELOPMENT_USER="", WEBSITE_AUTH_ENABLED="True")
    # Another host of this storage would take its blobs and messages.
    with LocalHost(app=ROOT, settings=settings | {"BLOB_TRIGGER_SOURCE": "EventGrid"}) as running:
        yield running


@pytest.fixture
def tenant(host_sharepoint: LocalSharePoint) -> str:
    return host_sharepoint.tenant_id


def as_role(platform: LocalHost, tenant: str, role: Role | None) -> Api:
    return Api(platform.url, signed_in(tenant, *([ROLES[role]] if role else [])))


def address_of(said: Operation) -> str:
    """A place where nothing is, so that nothing is done."""
    return re.sub(r"\{(\w+)\}", r"no-\1", said.route)


def call(api: Api, said: Operation) -> requests.Response:
    """With a body that no operation takes, for what takes one: rights are looked at before it is read."""
    return api.call(said.method, address_of(said), json={"nonsense": True} if said.body else None)


def test_without_a_sign_in_only_what_is_open_answers(platform: LocalHost):
    for said in OPERATIONS:
        answer = call(Api(platform.url), said)
        if said.role is None:
            assert answer.status_code not in {401, 403}, said.name
        else:
            problem = problem_of(answer)
            assert (problem["status"], problem["signIn"]) == (401, "/.auth/login/aad"), said.name


@pytest.mark.parametrize("own", [None, *Role])
def test_each_operation_answers_to_its_roles_and_to_no_others(platform: LocalHost, tenant: str, own: Role | None):
    api = as_role(platform, tenant, own)
    for said in OPERATIONS:
        answer = call(api, said)
        may = said.role is None or (own is not None and own.rank >= said.role.rank)
        assert (answer.status_code != 403) == may, (said.name, own, answer.text)
        assert answer.status_code != 401
        assert answer.status_code < 500, (said.name, answer.text)
        if not may:
            assert str(said.role) in problem_of(answer)["detail"]


def test_what_is_open_to_all_is_the_webhook_health_and_the_description():
    assert {said.route for said in OPERATIONS if said.role is None} == {
        "health",
        "sharepoint/notifications",
        "openapi.json",
        "docs",
    }


def test_the_table_in_the_docs_says_the_same():
    text = Path(ROOT / "docs/roles.md").read_text(encoding="utf-8")
    listed = {
        (method, route): role
        for role, method, route in re.findall(r"^\| (\S+) \| `(\w+)` \| `/api/(\S+)` \|", text, re.MULTILINE)
    }
    assert listed == {(said.method, said.route): said.role or "anybody" for said in OPERATIONS}


@pytest.mark.parametrize(
    "header",
    [
        {"X-MS-CLIENT-PRINCIPAL": "not base64!"},
        {"X-MS-CLIENT-PRINCIPAL": "W10="},
        header_of({"auth_typ": "aad", "claims": "none"}),
        header_of({"auth_typ": "github", "claims": []}),
        signed_in("99999999-0000-4000-8000-000000000000", "Moment.Administrator"),
    ],
)
def test_a_sign_in_of_another_kind_or_organisation_is_none(platform: LocalHost, header: dict[str, str]):
    assert Api(platform.url, header).call("GET", "me").status_code == 401


def test_the_header_is_not_believed_where_the_platform_does_not_authenticate(
    host_storage: Azurite, host_sharepoint: LocalSharePoint
):
    settings = host_settings(host_storage, host_sharepoint, DEVELOPMENT_USER="")
    with LocalHost(app=ROOT, settings=settings | {"BLOB_TRIGGER_SOURCE": "EventGrid"}) as alone:
        header = signed_in(host_sharepoint.tenant_id, "Moment.Administrator")
        assert problem_of(Api(alone.url, header).call("GET", "me"))["status"] == 401
        assert requests.get(f"{alone.url}/", headers=header, timeout=60, allow_redirects=False).status_code == 401


def test_a_person_is_named_by_the_sign_in_and_acts_for_nobody_else(platform: LocalHost, tenant: str):
    administrator = as_role(platform, tenant, Role.ADMINISTRATOR)
    path = f"customers/{administrator.customer()}/files"

    assert administrator.call("POST", path, json={"name": "a.txt"}).json()["createdBy"] == "Kari Nordmann"
    problem = problem_of(administrator.call("POST", path, json={"name": "a.txt", "createdBy": "Ola"}))
    assert (problem["status"], problem["field"]) == (403, "createdBy")
    moment = Api(platform.url, program(tenant, "Moment.Editor"))
    assert moment.call("POST", path, json={"name": "b.txt", "createdBy": "Ola"}).json()["createdBy"] == "Ola"


def test_a_storage_location_is_an_administrators_choice(platform: LocalHost, tenant: str):
    administrator, editor = (as_role(platform, tenant, role) for role in (Role.ADMINISTRATOR, Role.EDITOR))
    customer = f"customers/{administrator.customer(storage='sharepoint')}"

    assert editor.call("PUT", customer, json={"name": "New name", "storage": "sharepoint"}).status_code == 200
    assert editor.call("PUT", customer, json={"name": "New name"}).status_code == 403
    assert editor.call("PUT", f"{customer}/projects/p1", json={"name": "Web"}).status_code == 201
    assert editor.call("PUT", f"{customer}/projects/p1", json={"name": "Web", "storage": "moment"}).status_code == 403
    assert administrator.call("GET", customer).json()["storage"] == "sharepoint"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
    ],
)
def test_another_sites_page_can_not_change_anything(
    platform: LocalHost, tenant: str, headers: dict[str, str], status: int
):
    editor = as_role(platform, tenant, Role.EDITOR)
    customer = as_role(platform, tenant, Role.ADMINISTRATOR).customer()

    answer = editor.call("PUT", f"customers/{customer}/projects/p1", headers=headers, json={"name": "Web"})

    assert answer.status_code == status, answer.text


def test_the_page_leads_to_the_sign_in_and_back(platform: LocalHost, tenant: str):
    def opened(headers: dict[str, str]) -> requests.Response:
        return requests.get(f"{platform.url}/?q=a%20b", headers=headers, timeout=60, allow_redirects=False)

    assert opened({}).headers["Location"] == "/.auth/login/aad?post_login_redirect_uri=%2F%3Fq%3Da%2520b"
    assert opened(signed_in(tenant)).status_code == 200


def test_me_says_name_roles_and_what_the_page_may_reach(platform: LocalHost, tenant: str):
    me = as_role(platform, tenant, Role.EDITOR).call("GET", "me").json()

    assert (me["name"], me["roles"], me["isDevelopment"]) == ("Kari Nordmann", ["reader", "editor"], False)
    assert me["uploadOrigin"].startswith("http://127.0.0.1:")
