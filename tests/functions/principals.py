"""The header that App Service Authentication sets, as tests need it: they play the platform."""

import base64
import json

PRINCIPAL = "X-MS-CLIENT-PRINCIPAL"
OBJECT_ID = "6f0f4b7e-0000-4000-8000-00000000000a"


def signed_in(tenant_id: str, *app_roles: str, name: str = "Kari Nordmann", **changes: object) -> dict[str, str]:
    """Of a person with these app roles; `changes` are further claims, None takes one away."""
    claims = {
        "http://schemas.microsoft.com/identity/claims/tenantid": tenant_id,
        "http://schemas.microsoft.com/identity/claims/objectidentifier": OBJECT_ID,
        "name": name,
        "http://schemas.microsoft.com/identity/claims/scope": "user_impersonation",
    } | changes
    listed = [{"typ": kind, "val": value} for kind, value in claims.items() if value is not None]
    listed += [{"typ": "roles", "val": each} for each in app_roles]
    return header_of({"auth_typ": "aad", "claims": listed, "name_typ": "name", "role_typ": "roles"})


def program(tenant_id: str, *app_roles: str) -> dict[str, str]:
    """Of a program with an identity of its own."""
    scope = {"http://schemas.microsoft.com/identity/claims/scope": None}
    return signed_in(tenant_id, *app_roles, name="", appid="0b1e0000-0000-4000-8000-00000000000b", **scope)


def header_of(document: object) -> dict[str, str]:
    """Any document as the header."""
    return {PRINCIPAL: base64.b64encode(json.dumps(document).encode()).decode()}
