"""Service principals, the app roles that are given, and the person who signed in.

https://learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals,
…/serviceprincipal-post-approleassignments, …/serviceprincipal-post-approleassignedto and …/user-get
"""

from tools.sharepoint.resources import odata
from tools.sharepoint.resources.call import Call, Reply, only, text_of
from tools.sharepoint.resources.directory_access import (
    APPLICATION_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    demand,
    person_id,
)
from tools.sharepoint.state.directory import GRAPH_APP_ID
from tools.sharepoint.state.errors import invalid_request
from tools.sharepoint.state.people import GRACE

_APPLICATIONS = "Application.ReadWrite.All"
_ROLES = "AppRoleAssignment.ReadWrite.All"


async def list_principals(call: Call) -> Reply:
    """GET /servicePrincipals: with a filter on appId."""
    demand(call, _APPLICATIONS)
    matches, directory = odata.equality(call, "appId"), call.tenant.directory
    rows = [directory.shown_principal(row) for row in directory.principals.values() if matches(row)]
    return Reply(body=odata.page(call, rows, lambda row: row))


async def create_principal(call: Call) -> Reply:
    """POST /servicePrincipals."""
    demand(call, _APPLICATIONS, APPLICATION_ADMINISTRATOR)
    body = await call.json()
    only(body, "appId", "appRoleAssignmentRequired")
    directory = call.tenant.directory
    row = directory.add_principal(text_of(body, "appId"), bool(body.get("appRoleAssignmentRequired", False)))
    return Reply(201, directory.shown_principal(row))


async def update_principal(call: Call) -> Reply:
    """PATCH /servicePrincipals/{id}."""
    demand(call, _APPLICATIONS, APPLICATION_ADMINISTRATOR)
    body = await call.json()
    only(body, "appRoleAssignmentRequired")
    call.tenant.directory.principal(call.params["principal"]).update(body)
    return Reply(204)


async def list_assignments(call: Call) -> Reply:
    """GET /servicePrincipals/{id}/appRoleAssignments: what it was given."""
    return _assignments(call, "principalId")


async def list_assigned(call: Call) -> Reply:
    """GET /servicePrincipals/{id}/appRoleAssignedTo: who was given a role of its."""
    return _assignments(call, "resourceId")


def _assignments(call: Call, member: str) -> Reply:
    demand(call, _APPLICATIONS)
    row, directory = call.tenant.directory.principal(call.params["principal"]), call.tenant.directory
    rows = [each for each in directory.assignments.values() if each[member] == row["id"]]
    return Reply(body=odata.page(call, rows, lambda each: each))


async def assign(call: Call) -> Reply:
    """POST /servicePrincipals/{id}/appRoleAssignments."""
    return await _assign(call, "principalId")


async def assign_to(call: Call) -> Reply:
    """POST /servicePrincipals/{id}/appRoleAssignedTo."""
    return await _assign(call, "resourceId")


async def _assign(call: Call, own: str) -> Reply:
    body, directory = await call.json(), call.tenant.directory
    only(body, "principalId", "resourceId", "appRoleId")
    principal_id, resource_id = text_of(body, "principalId"), text_of(body, "resourceId")
    # Permissions of Graph itself are not an application administrator's to give (permissions-reference).
    is_graph = directory.principal(resource_id)["appId"] == GRAPH_APP_ID
    demand(call, _ROLES, PRIVILEGED_ROLE_ADMINISTRATOR if is_graph else APPLICATION_ADMINISTRATOR)
    if body[own] != call.params["principal"]:
        raise invalid_request(f"{own} must be the id in the address")
    if principal_id != person_id():
        directory.principal(principal_id)
    return Reply(201, directory.assign(principal_id, resource_id, text_of(body, "appRoleId")))


async def get_me(call: Call) -> Reply:
    """GET /me."""
    demand(call, "User.Read")
    return Reply(body={"id": GRACE.person_id, "displayName": GRACE.name, "userPrincipalName": GRACE.account})
