"""What an app registration has to have, and what one that is there lacks. Pure.

What others added stays: redirect URIs, roles, permissions that are asked for, scopes.
https://learn.microsoft.com/graph/api/resources/application
"""

from collections.abc import Sequence
from copy import deepcopy

from tools.connect.wanted import APP_ROLES, AZURE_CLI, GRAPH_APP_ID, SCOPE, SITES_SELECTED, Json, Wanted

_GUARDED = ("value", "allowedMemberTypes", "type", "isEnabled")


def new_application(wanted: Wanted) -> Json:
    """All that can be said before the application has an id."""
    return {"displayName": wanted.name, **_needed({}, wanted)}


def lacking(application: Json, wanted: Wanted) -> Json:
    """What differs, as it is to be. Of `web` and `api` only the members that differ: Graph keeps the others, and does
    not take back `web` with the redirectUriSettings that it shows itself.
    """
    return _differing(_needed(application, wanted), application)


def to_disable(application: Json) -> Json:
    """The roles and scopes that have to be disabled before they can be mended, or nothing.

    Graph refuses to change enabled ones (CannotDeleteOrUpdateEnabledEntitlement).
    """
    body: Json = {}
    roles = application.get("appRoles") or []
    if _has_guarded_change(roles, _mended(roles, APP_ROLES)):
        body["appRoles"] = _disabled(roles, _mended(roles, APP_ROLES))
    return body


def addressing(application: Json, client_id: str) -> Json:
    """What names the application's own id, or scopes that have to be there before: its address, and the Azure CLI."""
    address = f"api://{client_id}"
    body: Json = {}
    addresses = application.get("identifierUris") or []
    if address not in addresses:
        body["identifierUris"] = [*addresses, address]
    scope_id = next(each["id"] for each in _scopes(application) if each["value"] == SCOPE["value"])
    clients = (application.get("api") or {}).get("preAuthorizedApplications") or []
    allowed = _find(clients, "appId", AZURE_CLI)
    if allowed is None or scope_id not in allowed["delegatedPermissionIds"]:
        others = [each for each in clients if each is not allowed]
        granted = [*(allowed["delegatedPermissionIds"] if allowed else []), scope_id]
        known = {"appId": AZURE_CLI, "delegatedPermissionIds": granted}
        body["api"] = {"preAuthorizedApplications": [*others, known]}
    return body


def _needed(application: Json, wanted: Wanted) -> Json:
    redirects = (application.get("web") or {}).get("redirectUris") or []
    return {
        "signInAudience": "AzureADMyOrg",
        "web": {
            "redirectUris": redirects if wanted.callback_url in redirects else [*redirects, wanted.callback_url],
            # App Service signs people in by the hybrid flow, whose first answer holds the ID token
            # (learn.microsoft.com/azure/app-service/configure-authentication-provider-aad).
            "implicitGrantSettings": {"enableIdTokenIssuance": True},
        },
        "api": {"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": _scopes(application)},
        "appRoles": _mended(application.get("appRoles") or [], APP_ROLES),
        "requiredResourceAccess": _access(application.get("requiredResourceAccess") or []),
    }


def _differing(needed: Json, present: Json) -> Json:
    found: Json = {}
    for name, value in needed.items():
        if isinstance(value, dict):
            inner = _differing(value, present.get(name) or {})
            found |= {name: inner} if inner else {}
        elif value != present.get(name):
            found[name] = value
    return found


def _scopes(application: Json) -> list[Json]:
    return _mended((application.get("api") or {}).get("oauth2PermissionScopes") or [], (SCOPE,))


def _mended(present: Sequence[Json], wanted: Sequence[Json]) -> list[Json]:
    """Those that are there, ours put right, and ours that are missing. They keep their ids: people hold them."""
    result = [deepcopy(each) for each in present]
    for each in wanted:
        there = _find(result, "value", each["value"]) or _find(result, "id", each["id"])
        if there is None:
            result.append(deepcopy(each))
            continue
        there |= {"value": each["value"], "isEnabled": True}
        members = each.get("allowedMemberTypes")
        if members and not set(members) <= set(there.get("allowedMemberTypes") or []):
            there["allowedMemberTypes"] = list(members)
    return result


def _find(rows: Sequence[Json], member: str, value: str) -> Json | None:
    return next((each for each in rows if each.get(member) == value), None)


def _has_guarded_change(before: Sequence[Json], after: Sequence[Json]) -> bool:
    return any(each.get("isEnabled") and _differs(each, _find(after, "id", each["id"])) for each in before)


def _differs(before: Json, after: Json | None) -> bool:
    return after is not None and any(before.get(name) != after.get(name) for name in _GUARDED)


def _disabled(before: Sequence[Json], after: Sequence[Json]) -> list[Json]:
    return [{**each, "isEnabled": False} if _differs(each, _find(after, "id", each["id"])) else each for each in before]


def _access(present: Sequence[Json]) -> list[Json]:
    rows = [deepcopy(each) for each in present]
    graph = _find(rows, "resourceAppId", GRAPH_APP_ID)
    if graph is None:
        graph = {"resourceAppId": GRAPH_APP_ID, "resourceAccess": []}
        rows.append(graph)
    if not any(each["id"] == SITES_SELECTED and each["type"] == "Role" for each in graph["resourceAccess"]):
        graph["resourceAccess"].append({"id": SITES_SELECTED, "type": "Role"})
    return rows
