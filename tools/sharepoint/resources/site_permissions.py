"""What applications may do in a site: https://learn.microsoft.com/graph/api/site-post-permissions and its neighbours.

The list leaves `roles` out, as the real one does: only a single permission has them.
"""

from tools.sharepoint.resources import odata
from tools.sharepoint.resources.call import Call, Json, Reply, only
from tools.sharepoint.resources.directory_access import SHAREPOINT_ADMINISTRATOR, demand_of_site
from tools.sharepoint.state.errors import invalid_request
from tools.sharepoint.state.identifiers import new_guid

_SCOPE = "Sites.FullControl.All"
_ROLES = ("read", "write", "owner", "manage", "fullcontrol")


async def list_permissions(call: Call) -> Reply:
    """GET /sites/{site}/permissions."""
    demand_of_site(call, _SCOPE)
    rows = call.tenant.directory.grants.get(call.site().site_id, [])
    return Reply(
        body=odata.page(call, rows, lambda row: {name: value for name, value in row.items() if name != "roles"})
    )


async def get_permission(call: Call) -> Reply:
    """GET /sites/{site}/permissions/{id}."""
    demand_of_site(call, _SCOPE)
    return Reply(body=call.tenant.directory.grant(call.site().site_id, call.params["permission"]))


async def create_permission(call: Call) -> Reply:
    """POST /sites/{site}/permissions: for applications only."""
    demand_of_site(call, _SCOPE, SHAREPOINT_ADMINISTRATOR)
    body = await call.json()
    only(body, "roles", "grantedToIdentities", "grantedToIdentitiesV2")
    given = body.get("grantedToIdentitiesV2") or body.get("grantedToIdentities") or []
    if not given or not all(each.get("application", {}).get("id") for each in given):
        raise invalid_request("grantedToIdentities must name an application")
    row = {
        "id": new_guid(),
        "roles": _roles(body),
        "grantedToIdentities": given,
        "grantedToIdentitiesV2": given,
    }
    call.tenant.directory.grants.setdefault(call.site().site_id, []).append(row)
    return Reply(201, row)


async def update_permission(call: Call) -> Reply:
    """PATCH /sites/{site}/permissions/{id}: other roles."""
    demand_of_site(call, _SCOPE, SHAREPOINT_ADMINISTRATOR)
    body = await call.json()
    only(body, "roles")
    row = call.tenant.directory.grant(call.site().site_id, call.params["permission"])
    row["roles"] = _roles(body)
    return Reply(body=row)


async def delete_permission(call: Call) -> Reply:
    """DELETE /sites/{site}/permissions/{id}."""
    demand_of_site(call, _SCOPE, SHAREPOINT_ADMINISTRATOR)
    site_id = call.site().site_id
    call.tenant.directory.grants[site_id].remove(call.tenant.directory.grant(site_id, call.params["permission"]))
    return Reply(204)


def _roles(body: Json) -> list[str]:
    roles = body.get("roles")
    if not isinstance(roles, list) or not roles or not set(roles) <= set(_ROLES):
        raise invalid_request("Invalid value for role")
    return [str(role) for role in roles]
