"""Bearer tokens for Graph, from Microsoft Entra through msal.

In Azure the app registration trusts a managed identity (a federated credential): no secret exists. A client secret is
for a developer's machine, a certificate for hosts outside Azure, and for sites in another tenant than the identity's.
https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
msal is imported at the first token, because importing it would cost every cold start.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from shared.errors import Unavailable

EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
RENEW_BEFORE_S = 240.0
"""Below msal's own margin of five minutes, so that asking msal then really gives a new token."""
REFUSED_DELAY_S = 300.0
"""An identity that Entra refuses is an administrator's task; files wait meanwhile and go on by themselves after it."""

_TIMEOUT_S = 30.0
_MICROSOFT_AUTHORITIES = ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GraphCredentials:
    """Who the app is. Of the last three identities the first that is given counts: certificate, managed identity,
    secret."""

    authority_url: str
    """`https://login.microsoftonline.com`; msal takes https only."""
    tenant_id: str
    client_id: str
    scope: str = "https://graph.microsoft.com/.default"
    """Its host is the cloud's Graph host (concepts/deployments)."""
    verify: bool | str = True
    """A file of trusted authorities, or True for the usual ones."""
    certificate: str | None = field(default=None, repr=False)
    """PEM with the private key and the certificate, or the path of a file that has it."""
    managed_identity_client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)


class MsalTokens:
    """Tokens kept until shortly before they expire. Safe for threads: one fetches, the others wait for it."""

    def __init__(self, credentials: GraphCredentials, monotonic: Callable[[], float]) -> None:
        self._credentials = credentials
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._app: Any = None
        self._token = ""
        self._renew_at = float("-inf")

    def get(self) -> str:
        """The current token, or a new one when it is about to expire. Raises Unavailable."""
        if self._monotonic() < self._renew_at:
            return self._token
        with self._lock:
            if self._monotonic() >= self._renew_at:
                self._fetch()
            return self._token

    def renew(self, rejected: str) -> str:
        """A new token in place of `rejected`, unless another thread has fetched one already."""
        with self._lock:
            if self._token == rejected and self._app is not None:
                self._app.remove_tokens_for_client()
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        result = self._ask()
        if "access_token" not in result:
            raise _refused(result)
        # The expiry is written last: a reader without the lock that sees it sees its token too.
        self._token = result["access_token"]
        self._renew_at = self._monotonic() + float(result["expires_in"]) - RENEW_BEFORE_S

    def _ask(self) -> dict[str, Any]:
        from msal.exceptions import MsalError

        try:
            if self._app is None:
                self._app = _application(self._credentials)
            result: dict[str, Any] = self._app.acquire_token_for_client(scopes=[self._credentials.scope]) or {}
        except (OSError, ValueError, MsalError) as exc:  # requests' exceptions are OSErrors
            kind = type(exc).__name__
            raise Unavailable(f"Microsoft Entra could not be asked for a token ({kind}).") from exc
        return result


def _refused(result: dict[str, Any]) -> Unavailable:
    description = str(result.get("error_description", "")).split("\n", 1)[0]
    code = str(result.get("error", "no answer"))
    _logger.error("no token for SharePoint", extra={"code": code, "reason": description})
    return Unavailable(
        f"Microsoft Entra gave the app no token ({code}: {description}). An administrator should check the app "
        "registration and its credential.",
        REFUSED_DELAY_S,
    )


def _application(credentials: GraphCredentials) -> Any:
    import msal

    authority = f"{credentials.authority_url.rstrip('/')}/{credentials.tenant_id}"
    return msal.ConfidentialClientApplication(
        credentials.client_id,
        client_credential=_credential(credentials),
        authority=authority,
        # Entra's discovery knows Microsoft's own hosts only.
        instance_discovery=urlsplit(authority).hostname in _MICROSOFT_AUTHORITIES,
        http_client=_session(credentials.verify),
    )


def _credential(credentials: GraphCredentials) -> Any:
    if credentials.certificate:
        pem = _pem(credentials.certificate)
        return {"private_key": pem, "public_certificate": pem}
    if credentials.managed_identity_client_id:
        return {"client_assertion": _identity_assertion(credentials.managed_identity_client_id)}
    return credentials.client_secret


def _pem(certificate: str) -> str:
    return certificate if "-----BEGIN " in certificate else Path(certificate).read_text(encoding="utf-8")


def _identity_assertion(client_id: str) -> Callable[[], str]:
    """The managed identity's own token, which the app registration accepts as a client assertion."""
    import msal

    identity = msal.ManagedIdentityClient(
        msal.UserAssignedManagedIdentity(client_id=client_id), http_client=_session(verify=True)
    )

    def assertion() -> str:
        result = identity.acquire_token_for_client(resource=EXCHANGE_AUDIENCE) or {}
        if "access_token" not in result:
            raise _refused(result)
        return str(result["access_token"])

    return assertion


class _TimedSession(requests.Session):
    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", _TIMEOUT_S)
        return super().request(*args, **kwargs)


def _session(verify: bool | str) -> requests.Session:
    session = _TimedSession()
    session.trust_env = False
    session.verify = verify
    return session
