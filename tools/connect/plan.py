"""From what is wanted and what is there to the calls that have to be made. Pure: nothing is asked or sent here."""

from tools.connect.registration import addressing, lacking, new_application, to_disable
from tools.connect.seen import Seen, Site
from tools.connect.wanted import (
    APP_ROLES,
    EXCHANGE_AUDIENCE,
    SITE_ROLE,
    SITES_SELECTED,
    TRUST_NAME,
    Call,
    Json,
    Step,
    Wanted,
)

CLIENT_ID = "{clientId}"
APPLICATION = "{application}"
PRINCIPAL = "{servicePrincipal}"


def plan(wanted: Wanted, seen: Seen) -> list[Call]:
    """The calls, in their order; none where all is as it should be."""
    calls: list[Call] = []
    for step, of_step in _STEPS.items():
        if step in wanted.steps:
            calls += of_step(wanted, seen)
    return calls


def known_ids(wanted: Wanted, seen: Seen) -> dict[str, str]:
    """What the names in braces stand for, as far as it is there already."""
    known = {CLIENT_ID: wanted.client_id}
    if seen.application:
        known |= {CLIENT_ID: seen.application["appId"], APPLICATION: seen.application["id"]}
    if seen.principal:
        known[PRINCIPAL] = seen.principal["id"]
    return {name: value for name, value in known.items() if value}


def _registration(wanted: Wanted, seen: Seen) -> list[Call]:
    there = seen.application
    calls = [_new(wanted)] if there is None else _mending(wanted, there)
    missing = addressing(there or {}, there["appId"] if there else CLIENT_ID)
    if missing:
        why = "its address as an API, for which the Azure CLI may get tokens"
        calls.append(Call(Step.REGISTRATION, why, "PATCH", f"/applications/{APPLICATION}", missing))
    if seen.principal is None:
        body: Json = {"appId": CLIENT_ID, "appRoleAssignmentRequired": True}
        why = "its presence in the tenant, for people and programs with a role only"
        calls.append(Call(Step.REGISTRATION, why, "POST", "/servicePrincipals", body, {PRINCIPAL: "id"}))
    elif not seen.principal.get("appRoleAssignmentRequired"):
        why, change = "only people and programs with a role get in", {"appRoleAssignmentRequired": True}
        calls.append(Call(Step.REGISTRATION, why, "PATCH", f"/servicePrincipals/{PRINCIPAL}", change))
    return calls


def _new(wanted: Wanted) -> Call:
    gives = {CLIENT_ID: "appId", APPLICATION: "id"}
    why = f"the app registration {wanted.name!r}, of this tenant only, with its roles"
    return Call(Step.REGISTRATION, why, "POST", "/applications", new_application(wanted), gives)


def _mending(wanted: Wanted, there: Json) -> list[Call]:
    path = f"/applications/{APPLICATION}"
    calls = []
    if to_disable(there):
        why = "roles that are enabled can't be changed"
        calls.append(Call(Step.REGISTRATION, why, "PATCH", path, to_disable(there)))
    missing = lacking(there, wanted)
    if missing:
        why = f"in the app registration: {', '.join(missing)}"
        calls.append(Call(Step.REGISTRATION, why, "PATCH", path, missing))
    return calls


def _trust(wanted: Wanted, seen: Seen) -> list[Call]:
    if wanted.certificate:
        content = wanted.certificate.content
        if any(key.get("key") == content for key in seen.keys):
            return []
        new = {
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
            "key": content,
            "displayName": wanted.certificate.subject,
        }
        why = f"the app proves itself with the certificate {wanted.certificate.subject}"
        body: Json = {"keyCredentials": [*seen.keys, new]}
        return [Call(Step.TRUST, why, "PATCH", f"/applications/{APPLICATION}", body)]
    return _federation(wanted, seen)


def _federation(wanted: Wanted, seen: Seen) -> list[Call]:
    path = f"/applications/{APPLICATION}/federatedIdentityCredentials"
    right: Json = {"issuer": wanted.issuer, "subject": wanted.identity_id, "audiences": [EXCHANGE_AUDIENCE]}
    pair = ("issuer", "subject")
    there = next((each for each in seen.trusts if all(each.get(name) == right[name] for name in pair)), None)
    there = there or next((each for each in seen.trusts if each["name"] == TRUST_NAME), None)
    why = "the app registration trusts the managed identity: no secret exists"
    if there is None:
        return [Call(Step.TRUST, why, "POST", path, {"name": TRUST_NAME, **right})]
    if any(there.get(name) != value for name, value in right.items()):
        return [Call(Step.TRUST, why, "PATCH", f"{path}/{there['id']}", right)]
    return []


def _consent(_: Wanted, seen: Seen) -> list[Call]:
    graph_id = (seen.graph_principal or {}).get("id", "")
    if any((each["resourceId"], each["appRoleId"]) == (graph_id, SITES_SELECTED) for each in seen.given):
        return []
    body: Json = {"principalId": PRINCIPAL, "resourceId": graph_id, "appRoleId": SITES_SELECTED}
    why = "consent to Sites.Selected, which by itself opens no site"
    return [Call(Step.CONSENT, why, "POST", f"/servicePrincipals/{PRINCIPAL}/appRoleAssignments", body)]


def _sites(wanted: Wanted, seen: Seen) -> list[Call]:
    return [call for site in seen.sites for call in _site(wanted, site)]


def _site(wanted: Wanted, site: Site) -> list[Call]:
    path, why = f"/sites/{site.site_id}/permissions", f"the app may make libraries in {site.address}"
    if site.permission is None:
        identity = {"application": {"id": CLIENT_ID, "displayName": wanted.name}}
        body: Json = {"roles": [SITE_ROLE], "grantedToIdentities": [identity]}
        return [Call(Step.SITES, why, "POST", path, body)]
    if SITE_ROLE in site.permission.get("roles", []):
        return []
    return [Call(Step.SITES, why, "PATCH", f"{path}/{site.permission['id']}", {"roles": [SITE_ROLE]})]


def _people(_: Wanted, seen: Seen) -> list[Call]:
    if seen.me is None:
        return []
    role_id = _administrator(seen.application)
    if any((each["principalId"], each["appRoleId"]) == (seen.me["id"], role_id) for each in seen.assigned):
        return []
    body: Json = {"principalId": seen.me["id"], "resourceId": PRINCIPAL, "appRoleId": role_id}
    why = f"{seen.me.get('userPrincipalName', 'you')} is an administrator of the app"
    return [Call(Step.PEOPLE, why, "POST", f"/servicePrincipals/{PRINCIPAL}/appRoleAssignedTo", body)]


def _administrator(application: Json | None) -> str:
    value = APP_ROLES[-1]["value"]
    for role in (application or {}).get("appRoles", []):
        if role.get("value") == value:
            return str(role["id"])
    return str(APP_ROLES[-1]["id"])


_STEPS = {
    Step.REGISTRATION: _registration,
    Step.TRUST: _trust,
    Step.CONSENT: _consent,
    Step.SITES: _sites,
    Step.PEOPLE: _people,
}
