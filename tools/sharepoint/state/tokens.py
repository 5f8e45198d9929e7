"""Access tokens: opaque to clients, remembered here so that unknown and expired ones can be told apart.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

import base64
import json
import secrets
from dataclasses import dataclass, field

from tools.sharepoint.state.errors import invalid_authentication_token

TOKEN_LIFE_S = 3599


@dataclass(slots=True)
class IssuedToken:
    """Whose token it is and until when; `scopes` are what a person let it do, with spaces between."""

    application_id: str
    expires_at: float
    scopes: str = ""


@dataclass(slots=True)
class Tokens:
    """All tokens issued so far."""

    issued: dict[str, IssuedToken] = field(default_factory=dict)

    def issue(self, application_id: str, tenant_id: str, now: float, roles: str = "", scopes: str = "") -> str:
        """Make a token that looks like a JWT. `roles`: the permissions that were consented to, with commas between;
        `scopes`: the delegated ones of a token for a person's program, with spaces between.

        Without any role, Entra leaves the claim out (entra: access-token-claims-reference).
        """
        claims: dict[str, object] = {
            "aud": "https://graph.microsoft.com",
            "appid": application_id,
            "tid": tenant_id,
            "exp": int(now) + TOKEN_LIFE_S,
        }
        if roles:
            claims["roles"] = roles.split(",")
        if scopes:
            claims["scp"] = scopes
        token = ".".join((_part({"typ": "JWT", "alg": "none"}), _part(claims), secrets.token_urlsafe(32)))
        self.issued[token] = IssuedToken(application_id, now + TOKEN_LIFE_S, scopes)
        return token

    def application(self, authorization: str, now: float) -> str:
        """Return the id of the calling application, or raise 401."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise invalid_authentication_token("Access token is empty.")
        issued = self.issued.get(token)
        if issued is None:
            raise invalid_authentication_token("IDX14100: JWT is not well formed, or was not issued here.")
        if issued.expires_at <= now:
            raise invalid_authentication_token("Lifetime validation failed, the token is expired.")
        return issued.application_id

    def expire_all(self, now: float) -> None:
        """End every token at once, as a fault."""
        for issued in self.issued.values():
            issued.expires_at = now


def _part(claims: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode("ascii").rstrip("=")
