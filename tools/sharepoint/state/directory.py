"""The tenant's directory, as far as connecting an application to sites needs it: registrations, their service
principals, whom they trust, app roles that were given, and what applications may do in which site.

https://learn.microsoft.com/graph/api/resources/application, …/serviceprincipal, …/federatedidentitycredential,
…/approleassignment and …/permission. Rows are the JSON that Graph answers with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tools.sharepoint.state.errors import GraphError, item_not_found
from tools.sharepoint.state.identifiers import new_guid

type Row = dict[str, Any]

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
_GRAPH_PRINCIPAL_ID = "b19d498e-6687-4156-869a-2e8a95a9d659"
_GRAPH_ROLES = {
    "Sites.Selected": "883ea226-0bf2-4a8f-9f9d-92c9162a727d",
    "Sites.FullControl.All": "a82116e5-55eb-4c41-a434-62fe8a61c773",
}


def _graph_principal() -> Row:
    roles = [
        {"id": role_id, "value": value, "displayName": value, "isEnabled": True, "allowedMemberTypes": ["Application"]}
        for value, role_id in _GRAPH_ROLES.items()
    ]
    return {
        "id": _GRAPH_PRINCIPAL_ID,
        "appId": GRAPH_APP_ID,
        "displayName": "Microsoft Graph",
        "appRoleAssignmentRequired": False,
        "appRoles": roles,
    }


@dataclass(slots=True)
class Directory:
    """Everything by its object id; `grants` by site id."""

    applications: dict[str, Row] = field(default_factory=dict)
    principals: dict[str, Row] = field(default_factory=lambda: {_GRAPH_PRINCIPAL_ID: _graph_principal()})
    trusts: dict[str, list[Row]] = field(default_factory=dict)
    """The federated credentials of each application."""
    assignments: dict[str, Row] = field(default_factory=dict)
    grants: dict[str, list[Row]] = field(default_factory=dict)

    def application(self, object_id: str) -> Row:
        """Return a registration, or raise 404."""
        return self.applications.get(object_id) or _no_resource(object_id)

    def principal(self, object_id: str) -> Row:
        """Return a service principal, or raise 404."""
        return self.principals.get(object_id) or _no_resource(object_id)

    def trust(self, object_id: str, key: str) -> Row:
        """Return a federated credential of an application by its id or name, or raise 404."""
        for row in self.trusts.get(object_id, []):
            if key in (row["id"], row["name"]):
                return row
        return _no_resource(key)

    def add_principal(self, app_id: str, required: bool) -> Row:
        """Make the service principal of an application of this tenant."""
        application = by_app_id(self.applications.values(), app_id)
        if application is None:
            raise GraphError(
                400,
                "Request_BadRequest",
                f"The appId '{app_id}' of the service principal does not reference a valid application object.",
            )
        if by_app_id(self.principals.values(), app_id):
            raise conflict("The service principal cannot be created, updated, or restored because the service "
                           f"principal name {app_id} is already in use.")  # fmt: skip
        row: Row = {"id": new_guid(), "appId": app_id, "appRoleAssignmentRequired": required}
        self.principals[row["id"]] = row
        return row

    def shown_principal(self, row: Row) -> Row:
        """Return a service principal with what it has from its application."""
        application = by_app_id(self.applications.values(), row["appId"]) or {}
        names = ("displayName", "appRoles")
        return {**row, **{name: application[name] for name in names if name in application}}

    def assign(self, principal_id: str, resource_id: str, role_id: str) -> Row:
        """Give an app role of a resource to a person or a service principal."""
        resource = self.shown_principal(self.principal(resource_id))
        role = next((each for each in resource.get("appRoles", []) if each["id"] == role_id), None)
        if role is None or not role["isEnabled"]:
            raise GraphError(400, "Request_BadRequest", "Permission being assigned was not found on application")
        for row in self.assignments.values():
            if (row["principalId"], row["resourceId"], row["appRoleId"]) == (principal_id, resource_id, role_id):
                raise GraphError(400, "Request_BadRequest", "Permission being assigned already exists on the object")
        row = {
            "id": new_guid(),
            "principalId": principal_id,
            "principalType": "ServicePrincipal" if principal_id in self.principals else "User",
            "resourceId": resource_id,
            "resourceDisplayName": resource.get("displayName", ""),
            "appRoleId": role_id,
        }
        self.assignments[row["id"]] = row
        return row

    def grant(self, site_id: str, permission_id: str) -> Row:
        """Return what an application may do in a site, or raise 404."""
        for row in self.grants.get(site_id, []):
            if row["id"] == permission_id:
                return row
        raise item_not_found()


def by_app_id(rows: Iterable[Row], app_id: str) -> Row | None:
    """Return the row of an application's (client) id."""
    return next((row for row in rows if row["appId"] == app_id), None)


def conflict(message: str) -> GraphError:
    """409 of the directory: another object has this value."""
    return GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message)


def _no_resource(key: str) -> Row:
    raise GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{key}' does not exist or one of its queried reference-property objects are not present.",
    )
