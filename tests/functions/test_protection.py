"""Every HTTP route of the app: with no credentials, wrong ones, expired ones, and too small a role."""

import base64
import json
import time
from collections.abc import Iterator

import pytest
import requests

from shared.model.principals import APP_ROLES, Role
from tests.functions.conftest import ROOT, host_settings
from tests.functions.principals import PRINCIPAL, header_of, signed_in
from tests.functions.routes import Route, documented, registered
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint

OPEN = {"anybody"}
ROUTES = documented()
NAMES = {role: name for name, role in APP_ROLES.items()}


@pytest.fixture(scope="module")
def platform(host_storage: Azurite, host_sharepoint: LocalSharePoint) -> Iterator[LocalHost]:
    """A host behind App Service Authentication, as the app sees it."""
    settings = host_settings(host_storage, host_sharepoint, DEVELOPMENT_USER="", WEBSITE_AUTH_ENABLED="True")
    with LocalHost(app=ROOT, settings=settings | {"BLOB_TRIGGER_SOURCE": "EventGrid"}) as running:
        yield running


def answers(host: LocalHost, headers: dict[str, str], query: str = "") -> dict[Route, requests.Response]:
    """What each route says to a caller with these headers."""
    return {route: called(host, route, headers, query) for route in ROUTES}


def called(host: LocalHost, route: Route, headers: dict[str, str], query: str = "") -> requests.Response:
    return requests.request(
        route.method,
        f"{host.url}{route.somewhere}{query}",
        headers=headers,
        json={"nonsense": True} if route.takes_a_body else None,
        timeout=60,
        allow_redirects=False,
    )


def expired_token(tenant_id: str) -> str:
    """An access token as Entra makes it, with every right, that ended an hour ago; the signature is nobody's."""

    def part(document: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")

    now = int(time.time())
    claims = {"tid": tenant_id, "oid": "6f0f4b7e", "roles": ["Moment.Administrator"], "iat": now - 7200}
    return ".".join([part({"alg": "RS256", "typ": "JWT"}), part(claims | {"exp": now - 3600}), "c2lnbmF0dXJl"])


def strangers(tenant_id: str, master_key: str) -> dict[str, dict[str, str]]:
    """What callers bring who are nobody's: nothing, something wrong, something that has ended."""
    expired = expired_token(tenant_id)
    github = {"auth_typ": "github", "claims": [{"typ": "roles", "val": "Moment.Administrator"}]}
    return {
        "none": {},
        "an empty header": {PRINCIPAL: ""},
        "a header that is none": {PRINCIPAL: "not base64!"},
        "an anonymous session": header_of({"auth_typ": "", "claims": []}),
        "another organisation": signed_in("99999999-0000-4000-8000-000000000000", *APP_ROLES),
        "another provider": header_of(github),
        "the platform's master key": {"x-functions-key": master_key},
        # The platform checks tokens and cookies. With one that is no longer good, no principal comes.
        "an expired token": {"Authorization": f"Bearer {expired}"},
        "an expired cookie": {"Cookie": "AppServiceAuthSession=3kq0a9; AppServiceAuthSession1=x"},
        "headers beside the one that counts": {
            "X-MS-CLIENT-PRINCIPAL-ID": "6f0f4b7e",
            "X-MS-CLIENT-PRINCIPAL-NAME": "kari@contoso.com",
            "X-MS-TOKEN-AAD-ACCESS-TOKEN": expired,
        },
    }


STRANGERS = sorted(strangers("", ""))


def test_every_route_of_the_app_has_a_documented_protection():
    rows = [(route.method, route.address) for route in ROUTES]

    assert sorted(rows) == sorted(registered())
    assert {route.needs for route in ROUTES} <= {*Role, *OPEN, "sign-in"}


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_get_nothing_but_what_is_open(platform: LocalHost, host_sharepoint: LocalSharePoint, who: str):
    got = answers(platform, strangers(host_sharepoint.tenant_id, platform.master_key)[who])

    for route, answer in got.items():
        if route.needs == "sign-in":
            assert answer.status_code == 302, route
            assert answer.headers["Location"].startswith("/.auth/login/aad?"), route
        elif route.needs in OPEN:
            assert answer.status_code not in {401, 403}, route
        else:
            assert answer.status_code == 401, route
            assert set(answer.json()) >= {"title", "status", "detail", "signIn"}, route


def test_a_key_in_the_address_opens_nothing_either(platform: LocalHost):
    got = answers(platform, {}, f"?code={platform.master_key}")

    assert {answer.status_code for route, answer in got.items() if route.role} == {401}


@pytest.mark.parametrize("own", [None, Role.READER, Role.EDITOR])
def test_too_small_a_role_is_told_which_one_it_takes(
    platform: LocalHost, host_sharepoint: LocalSharePoint, own: Role | None
):
    header = signed_in(host_sharepoint.tenant_id, *([NAMES[own]] if own else []))

    for route, answer in answers(platform, header).items():
        is_too_small = route.role is not None and (own is None or own.rank < route.role.rank)
        assert (answer.status_code == 403) == is_too_small, route
        if is_too_small:
            assert route.needs in answer.json()["detail"], route


def test_a_forged_principal_opens_nothing_where_the_platform_checks_nobody(
    host_storage: Azurite, host_sharepoint: LocalSharePoint
):
    settings = host_settings(host_storage, host_sharepoint, DEVELOPMENT_USER="")
    forged = signed_in(host_sharepoint.tenant_id, "Moment.Administrator")
    with LocalHost(app=ROOT, settings=settings | {"BLOB_TRIGGER_SOURCE": "EventGrid"}) as alone:
        got = answers(alone, forged)

    assert {answer.status_code for route, answer in got.items() if route.needs not in OPEN} == {401}
