"""Who may do what in the directory and with the permissions of sites: a delegated permission and a role are needed.

https://learn.microsoft.com/graph/permissions-overview: what a person's program may do is what both may do.
"""

from tools.sharepoint.resources.call import Call
from tools.sharepoint.state.errors import GraphError
from tools.sharepoint.state.people import GRACE

APPLICATION_ADMINISTRATOR = "Application Administrator"
PRIVILEGED_ROLE_ADMINISTRATOR = "Privileged Role Administrator"
SHAREPOINT_ADMINISTRATOR = "SharePoint Administrator"


def demand(call: Call, scope: str, role: str = "") -> None:
    """Raise 403 unless the token has the delegated permission and the person one of Entra's roles."""
    if not (_has_scope(call, scope) and (not role or has_role(call, role))):
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def demand_of_site(call: Call, scope: str, role: str = "") -> None:
    """The same, with SharePoint's answer."""
    if not (_has_scope(call, scope) and (not role or has_role(call, role))):
        raise GraphError(403, "accessDenied", "Access denied")


def has_role(call: Call, role: str) -> bool:
    """Whether the person who signed in has a role; the control plane's `directory_roles` says which."""
    return role in call.tenant.settings.directory_roles.split(", ")


def _has_scope(call: Call, scope: str) -> bool:
    token = call.headers.get("Authorization", "").partition(" ")[2]
    return scope in call.tenant.tokens.issued[token].scopes.split()


def person_id() -> str:
    """The id of whoever signs in."""
    return GRACE.person_id
