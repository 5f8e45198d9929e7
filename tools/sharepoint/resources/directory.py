"""The requests of the directory and of sites' permissions: method, address, who answers, query options.

They cost no resource units: those are SharePoint's.
"""

from tools.sharepoint.resources import applications, service_principals, site_permissions
from tools.sharepoint.resources.call import Handler

_APPLICATION = "/applications/{application}"
_PRINCIPAL = "/servicePrincipals/{principal}"
_PERMISSIONS = "/sites/{site}/permissions"
_PAGE = "$top $skiptoken"

REQUESTS: list[tuple[str, str, Handler, str]] = [
    ("GET", "/applications", applications.list_applications, f"$filter {_PAGE}"),
    ("POST", "/applications", applications.create_application, ""),
    ("GET", _APPLICATION, applications.get_application, "$select"),
    ("PATCH", _APPLICATION, applications.update_application, ""),
    ("GET", f"{_APPLICATION}/federatedIdentityCredentials", applications.list_trusts, _PAGE),
    ("POST", f"{_APPLICATION}/federatedIdentityCredentials", applications.add_trust, ""),
    ("PATCH", f"{_APPLICATION}/federatedIdentityCredentials/{{trust}}", applications.update_trust, ""),
    ("GET", "/servicePrincipals", service_principals.list_principals, f"$filter {_PAGE}"),
    ("POST", "/servicePrincipals", service_principals.create_principal, ""),
    ("PATCH", _PRINCIPAL, service_principals.update_principal, ""),
    ("GET", f"{_PRINCIPAL}/appRoleAssignments", service_principals.list_assignments, _PAGE),
    ("POST", f"{_PRINCIPAL}/appRoleAssignments", service_principals.assign, ""),
    ("GET", f"{_PRINCIPAL}/appRoleAssignedTo", service_principals.list_assigned, _PAGE),
    ("POST", f"{_PRINCIPAL}/appRoleAssignedTo", service_principals.assign_to, ""),
    ("GET", "/me", service_principals.get_me, ""),
    ("GET", _PERMISSIONS, site_permissions.list_permissions, _PAGE),
    ("POST", _PERMISSIONS, site_permissions.create_permission, ""),
    ("GET", f"{_PERMISSIONS}/{{permission}}", site_permissions.get_permission, ""),
    ("PATCH", f"{_PERMISSIONS}/{{permission}}", site_permissions.update_permission, ""),
    ("DELETE", f"{_PERMISSIONS}/{{permission}}", site_permissions.delete_permission, ""),
]
