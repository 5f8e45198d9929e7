"""Who calls, and whether the call comes from our own page: the checks before each operation.

The principal's header is believed only where the platform authenticates; anywhere else nobody is known, unless a
developer's settings state a user. A browser sends the sign-in's cookie along wherever a request comes from, so what
changes something must not come from another site (https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site).
"""

from urllib.parse import urlsplit

import azure.functions as func

from shared.errors import Forbidden, Unauthenticated
from shared.model.checks import checked_name
from shared.model.principals import Principal, Role, principal_of
from shared.settings import SignInSettings

SIGN_IN_PATH = "/.auth/login/aad"
"""https://learn.microsoft.com/azure/app-service/configure-authentication-customize-sign-in-out"""
SIGN_OUT_PATH = "/.auth/logout"
PRINCIPAL_HEADER = "X-MS-CLIENT-PRINCIPAL"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def caller_of(req: func.HttpRequest, settings: SignInSettings) -> Principal:
    """Who calls. Raises Unauthenticated."""
    if settings.development_user:
        return Principal("development", settings.development_user, Role.ADMINISTRATOR, is_development=True)
    header = req.headers.get(PRINCIPAL_HEADER, "")
    if not settings.is_trusted:
        raise Unauthenticated("Nobody can sign in here: App Service Authentication is not switched on.")
    if not header:
        raise Unauthenticated("You are not signed in.")
    return principal_of(header, settings.tenant_id)


def check_may(caller: Principal, role: Role) -> None:
    """Raises Forbidden where the caller lacks the role."""
    if not caller.may(role):
        own = f"{caller.name} is {caller.role}" if caller.role else f"{caller.name} has no role"
        raise Forbidden(f"This needs the role {role}; {own}. An administrator gives roles in Microsoft Entra.")


def check_same_site(req: func.HttpRequest) -> None:
    """Raises Forbidden for a change that another site's page sends with our user's cookie."""
    if req.method in _SAFE_METHODS:
        return
    site, origin = req.headers.get("Sec-Fetch-Site"), req.headers.get("Origin")
    if site is not None:
        is_ours = site in {"same-origin", "none"}
    else:
        is_ours = origin is None or _host_of(origin) == req.headers.get("Host", _host_of(req.url))
    if not is_ours:
        raise Forbidden("Changes are taken from this app's own pages and from programs, not from another site's page.")


def _host_of(address: str) -> str | None:
    """Host and port; None for what is no address."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return None


def named(caller: Principal, given: str | None, field: str) -> str:
    """Whom a change is put down to: the person who is signed in, or whom a program names. Raises Forbidden."""
    if given is None:
        return caller.name
    name = checked_name(given, field)
    if name != caller.name and not (caller.is_program or caller.is_development):
        raise Forbidden(f"{caller.name} can't act for somebody else; leave {field} out.", field)
    return name
