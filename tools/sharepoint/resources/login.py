"""The token endpoint and what msal looks up before it asks for a token.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow and
https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
"""

import base64
import binascii
import json
from urllib.parse import parse_qsl, unquote

from tools.sharepoint.resources import device_login
from tools.sharepoint.resources.call import Call, Json, Reply
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.identifiers import new_guid
from tools.sharepoint.state.tokens import TOKEN_LIFE_S

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def issue_token(call: Call) -> Reply:
    """POST /{tenant}/oauth2/v2.0/token: client credentials with a secret or an assertion."""
    received = b"".join([piece async for piece in call.chunks])
    form = dict(parse_qsl(received.decode("utf-8", "replace"), keep_blank_values=True))
    if form.get("grant_type") == device_login.GRANT:
        return device_login.exchange(call, form)
    if form.get("grant_type") != "client_credentials":
        return _refused(call, 400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
    client_id, secret = _credentials(call, form)
    if not client_id:
        return _refused(call, 400, "invalid_request", 900144, "The request body must contain: 'client_id'.")
    wanted = call.tenant.settings.client_secret
    if (not secret and not _is_assertion(form)) or (secret and wanted and secret != wanted):
        return _refused(call, 401, "invalid_client", 7000215, "Invalid client secret provided.")
    if not form.get("scope"):
        return _refused(call, 400, "invalid_scope", 1002012, "The provided value for scope is not valid.")
    token = call.tenant.tokens.issue(client_id, call.tenant.tenant_id, call.now, call.tenant.settings.app_roles)
    body = {
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFE_S,
        "ext_expires_in": TOKEN_LIFE_S,
        "access_token": token,
    }
    return Reply(200, body, {"Cache-Control": "no-store"})


def _credentials(call: Call, form: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = call.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(client_id), unquote(secret)


def _is_assertion(form: dict[str, str]) -> bool:
    if form.get("client_assertion_type") != _ASSERTION_TYPE:
        return False
    parts = form.get("client_assertion", "").split(".")
    try:
        return len(parts) == 3 and isinstance(json.loads(base64.urlsafe_b64decode(parts[0] + "==")), dict)
    except ValueError:
        return False


def _refused(call: Call, status: int, error: str, code: int, message: str) -> Reply:
    body: Json = {
        "error": error,
        "error_description": f"AADSTS{code}: {message}",
        "error_codes": [code],
        "timestamp": iso(call.now),
        "trace_id": new_guid(),
        "correlation_id": call.headers.get("client-request-id", new_guid()),
    }
    return Reply(status, body)


async def openid_configuration(call: Call) -> Reply:
    """GET /{tenant}/v2.0/.well-known/openid-configuration."""
    authority = f"{call.base_url}/{call.params['tenant']}"
    body: Json = {
        "issuer": f"{authority}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
    }
    return Reply(200, body)


async def instance_discovery(call: Call) -> Reply:
    """GET /common/discovery/instance."""
    host = call.base_url.partition("//")[2]
    body: Json = {
        "tenant_discovery_endpoint": f"{call.base_url}/{call.tenant.tenant_id}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }
    return Reply(200, body)
