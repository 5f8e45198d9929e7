"""The device authorization grant, for a person's programs: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code

Nobody types the code here: the control plane's `device_sign_in` says what came of it: `accepted`, `declined`,
`pending`.
"""

from urllib.parse import parse_qsl

from tools.sharepoint.resources.call import Call, Reply
from tools.sharepoint.state.identifiers import new_guid
from tools.sharepoint.state.tokens import TOKEN_LIFE_S

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_CODE_LIFE_S = 900
_OWN_SCOPES = {"openid", "profile", "offline_access"}


async def start(call: Call) -> Reply:
    """POST /{tenant}/oauth2/v2.0/devicecode."""
    received = b"".join([piece async for piece in call.chunks])
    form = dict(parse_qsl(received.decode("utf-8", "replace")))
    code = new_guid()
    call.tenant.device_codes[code] = form.get("scope", "")
    where = "https://microsoft.com/devicelogin"
    body = {
        "user_code": code[:8].upper(),
        "device_code": code,
        "verification_uri": where,
        "expires_in": _CODE_LIFE_S,
        "interval": 1,
        "message": f"To sign in, open {where} in a browser and enter the code {code[:8].upper()} to authenticate.",
    }
    return Reply(200, body)


def exchange(call: Call, form: dict[str, str]) -> Reply:
    """The token request that waits for the person."""
    answer = call.tenant.settings.device_sign_in
    code = form.get("device_code", "")
    if answer == "pending":
        return _refused("authorization_pending", "AADSTS70016: OAuth 2.0 device flow error. Authorization is pending.")
    if answer == "declined" or code not in call.tenant.device_codes:
        return _refused("authorization_declined", "AADSTS70018: The end user did not authorize this client.")
    scopes = [scope.rpartition("/")[2] for scope in call.tenant.device_codes.pop(code).split()]
    scope = " ".join(each for each in scopes if each not in _OWN_SCOPES)
    token = call.tenant.tokens.issue(form.get("client_id", ""), call.tenant.tenant_id, call.now, scopes=scope)
    body = {
        "token_type": "Bearer",
        "scope": scope,
        "expires_in": TOKEN_LIFE_S,
        "ext_expires_in": TOKEN_LIFE_S,
        "access_token": token,
    }
    return Reply(200, body, {"Cache-Control": "no-store"})


def _refused(error: str, description: str) -> Reply:
    return Reply(400, {"error": error, "error_description": description})
