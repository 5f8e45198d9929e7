"""App registrations and whom they trust: https://learn.microsoft.com/graph/api/application-post-applications,
…/application-update and …/application-post-federatedidentitycredentials."""

from copy import deepcopy

from tools.sharepoint.resources import odata
from tools.sharepoint.resources.call import Call, Json, Reply, only, text_of
from tools.sharepoint.resources.directory_access import APPLICATION_ADMINISTRATOR, demand
from tools.sharepoint.state.directory import Row, conflict
from tools.sharepoint.state.errors import GraphError, invalid_request
from tools.sharepoint.state.identifiers import new_guid

_SCOPE = "Application.ReadWrite.All"
_ARRAYS = ("identifierUris", "appRoles", "requiredResourceAccess", "keyCredentials", "tags")
_PROPERTIES = ("displayName", "signInAudience", "web", "api", *_ARRAYS)
_TRUST_PROPERTIES = ("name", "issuer", "subject", "audiences", "description")
_MAX_TRUSTS = 20


async def list_applications(call: Call) -> Reply:
    """GET /applications: with a filter on displayName or appId."""
    demand(call, _SCOPE)
    matches = odata.equality(call, "displayName", "appId")
    rows = [_shown(row) for row in call.tenant.directory.applications.values() if matches(row)]
    return Reply(body=odata.page(call, rows, lambda row: row))


async def get_application(call: Call) -> Reply:
    """GET /applications/{id}: the content of certificates only when they are selected."""
    demand(call, _SCOPE)
    row = call.tenant.directory.application(call.params["application"])
    names = [name for name in call.query.get("$select", "").split(",") if name]
    if not names:
        return Reply(body=_shown(row))
    return Reply(body={name: row[name] for name in ("id", *names) if name in row})


async def create_application(call: Call) -> Reply:
    """POST /applications."""
    demand(call, _SCOPE, APPLICATION_ADMINISTRATOR)
    body = await call.json()
    text_of(body, "displayName")
    row: Row = {
        "id": new_guid(), "appId": new_guid(), "signInAudience": "AzureADandPersonalMicrosoftAccount",
        "web": _web({}, {}), "api": _api(), **{name: [] for name in _ARRAYS},
    }  # fmt: skip
    _change(row, body)
    call.tenant.directory.applications[row["id"]] = row
    return Reply(201, _shown(row))


async def update_application(call: Call) -> Reply:
    """PATCH /applications/{id}."""
    demand(call, _SCOPE, APPLICATION_ADMINISTRATOR)
    row = call.tenant.directory.application(call.params["application"])
    changed = deepcopy(row)
    _change(changed, await call.json())
    row.update(changed)
    return Reply(204)


def _change(row: Row, body: Json) -> None:
    only(body, *_PROPERTIES)
    before = deepcopy(row)
    given = deepcopy(body)
    if given.get("web", {}).get("redirectUriSettings", _settings(given)) != _settings(given):
        message = "Invalid value specified for property 'web' of resource 'Application'."
        raise GraphError(400, "Request_BadRequest", message)
    # What is complex is merged, member by member; lists are replaced.
    row["web"], row["api"] = _web(row["web"], given.pop("web", {})), {**row["api"], **given.pop("api", {})}
    row.update(given)
    if set(row["identifierUris"]) - {f"api://{row['appId']}"}:
        raise GraphError(400, "HostNameNotOnVerifiedDomain", "Values of identifierUris must use a verified domain")
    _keep_enabled(before["appRoles"], row["appRoles"])
    _keep_enabled(before["api"]["oauth2PermissionScopes"], row["api"]["oauth2PermissionScopes"])
    known = {scope["id"] for scope in before["api"]["oauth2PermissionScopes"]}
    for client in row["api"]["preAuthorizedApplications"]:
        if not set(client["delegatedPermissionIds"]) <= known:
            raise invalid_request("Property PreAuthorizedApplications references permissions that cannot be found.")
    for key in row["keyCredentials"]:
        key.setdefault("keyId", new_guid())


def _keep_enabled(before: list[Row], after: list[Row]) -> None:
    """An enabled role or scope has to be disabled first: what it is called is all that may change."""
    ids, values = [each["id"] for each in after], [each["value"] for each in after]
    if len(set(ids)) < len(ids) or len(set(values)) < len(values):
        raise invalid_request("Property has duplicate values: permission ids and values must be unique.")
    later = {each["id"]: each for each in after}
    for each in before:
        same = ("value", "allowedMemberTypes", "type")
        now = later.get(each["id"])
        if each["isEnabled"] and (now is None or any(now.get(name) != each.get(name) for name in same)):
            message = "Permission (scope or role) cannot be deleted or updated unless disabled first."
            raise GraphError(400, "CannotDeleteOrUpdateEnabledEntitlement", message)


def _web(before: Row, given: Row) -> Row:
    issuance = {"enableIdTokenIssuance": False, "enableAccessTokenIssuance": False}
    web = {"redirectUris": [], "homePageUrl": None, "logoutUrl": None, **before, **given}
    kept, changed = before.get("implicitGrantSettings", {}), given.get("implicitGrantSettings", {})
    web["implicitGrantSettings"] = {**issuance, **kept, **changed}
    web["redirectUriSettings"] = _settings({"web": web})
    return web


def _settings(body: Json) -> list[Row]:
    """What Graph shows beside `redirectUris`."""
    return [{"uri": uri, "index": None} for uri in body.get("web", {}).get("redirectUris", [])]


def _api() -> Row:
    return {
        "requestedAccessTokenVersion": None, "acceptMappedClaims": None, "knownClientApplications": [],
        "oauth2PermissionScopes": [], "preAuthorizedApplications": [],
    }  # fmt: skip


def _shown(row: Row) -> Row:
    return {**row, "keyCredentials": [{**key, "key": None} for key in row["keyCredentials"]]}


# whom an application trusts


async def list_trusts(call: Call) -> Reply:
    """GET /applications/{id}/federatedIdentityCredentials."""
    demand(call, _SCOPE)
    row = call.tenant.directory.application(call.params["application"])
    return Reply(body=odata.page(call, call.tenant.directory.trusts.get(row["id"], []), lambda each: each))


async def add_trust(call: Call) -> Reply:
    """POST /applications/{id}/federatedIdentityCredentials."""
    demand(call, _SCOPE, APPLICATION_ADMINISTRATOR)
    row = call.tenant.directory.application(call.params["application"])
    body = await call.json()
    only(body, *_TRUST_PROPERTIES)
    for name in ("name", "issuer", "subject"):
        text_of(body, name)
    trusts = call.tenant.directory.trusts.setdefault(row["id"], [])
    _check_trust(body, trusts)
    if len(trusts) >= _MAX_TRUSTS:
        raise invalid_request(f"An application has at most {_MAX_TRUSTS} federated credentials")
    trusts.append({"id": new_guid(), "description": None, **body})
    return Reply(201, trusts[-1])


async def update_trust(call: Call) -> Reply:
    """PATCH /applications/{id}/federatedIdentityCredentials/{id}: everything but the name."""
    demand(call, _SCOPE, APPLICATION_ADMINISTRATOR)
    object_id = call.params["application"]
    row = call.tenant.directory.trust(object_id, call.params["trust"])
    body = await call.json()
    only(body, *_TRUST_PROPERTIES[1:])
    _check_trust({**row, **body}, [each for each in call.tenant.directory.trusts[object_id] if each is not row])
    row.update(body)
    return Reply(204)


def _check_trust(body: Json, others: list[Row]) -> None:
    audiences = body.get("audiences")
    if not isinstance(audiences, list) or len(audiences) != 1:
        raise invalid_request("audiences must have exactly one value")
    for each in others:
        if each["name"] == body["name"]:
            raise conflict(f"FederatedIdentityCredential with name {body['name']} already exists.")
        if (each["issuer"], each["subject"]) == (body["issuer"], body["subject"]):
            raise conflict("FederatedIdentityCredential with this issuer and subject already exists.")
