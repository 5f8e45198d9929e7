"""Who asks, and what they may: the principal that App Service Authentication found out, and the three roles. Pure.

The platform puts the header X-MS-CLIENT-PRINCIPAL on each request that it let in, and takes away a caller's own:
base64 of JSON, `{"auth_typ": "aad", "claims": [{"typ": …, "val": …}, …], "name_typ": …, "role_typ": …}`
(https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities). It is not signed, so whoever
reads it has to know that the platform set it (functions/callers.py).

    app role in Microsoft Entra   role            may
    ----------------------------  --------------  -----------------------------------------------------------------
    Moment.Reader                 reader          see everything and open files
    Moment.Editor                 editor          and change files, the directory's names, and sync by hand
    Moment.Administrator          administrator   and everything else: storage locations, approvals, what was given up
"""

import base64
import binascii
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.errors import Unauthenticated


class Role(StrEnum):
    """What a person or a program may do; each includes the ones before."""

    READER = "reader"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        """The place in the order."""
        return list(Role).index(self)


APP_ROLES = {
    "Moment.Reader": Role.READER,
    "Moment.Editor": Role.EDITOR,
    "Moment.Administrator": Role.ADMINISTRATOR,
}

_MICROSOFT = "http://schemas.microsoft.com/"
_SOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_TENANT = ("tid", _MICROSOFT + "identity/claims/tenantid")
_OBJECT = ("oid", _MICROSOFT + "identity/claims/objectidentifier")
_SCOPE = ("scp", _MICROSOFT + "identity/claims/scope")
_ROLES = ("roles", _MICROSOFT + "ws/2008/06/identity/claims/role")
_NAME = ("name", "preferred_username", "upn", _SOAP + "name", _SOAP + "upn")
_PROGRAM = ("azp", "appid")


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person, or a program with an identity of its own."""

    id: str
    """The object id in Microsoft Entra."""
    name: str
    role: Role | None
    """The highest that it has; None: it may nothing."""
    is_program: bool = False
    """A program may say for whom it acts; a person acts for nobody else."""
    is_development: bool = False
    """Not signed in at all: the user that a developer's settings state."""

    def may(self, role: Role) -> bool:
        """Whether this role is among its rights."""
        return self.role is not None and self.role.rank >= role.rank

    @property
    def roles(self) -> list[Role]:
        """All roles that it has, the included ones too."""
        return [role for role in Role if self.may(role)]


def principal_of(header: str, tenant_id: str) -> Principal:
    """Who the header names. Raises Unauthenticated where it is no one of this tenant of Microsoft Entra."""
    document = _document(header)
    claims = _claims(document)
    if document.get("auth_typ") != "aad":
        raise Unauthenticated("Only sign-ins with Microsoft Entra are known here.")
    if _first(claims, _TENANT).lower() != tenant_id.lower():
        raise Unauthenticated("The sign-in is of another organisation.")
    object_id = _first(claims, _OBJECT)
    if not object_id:
        raise Unauthenticated("The sign-in doesn't say whose it is.")
    name = _first(claims, _NAME)
    is_program = _first(claims, ("idtyp",)) == "app" or not (name or _first(claims, _SCOPE))
    role_types = {*_ROLES, str(document.get("role_typ", ""))}
    given = [APP_ROLES[value] for kind, value in claims if kind in role_types and value in APP_ROLES]
    return Principal(
        id=object_id,
        name=name or _first(claims, _PROGRAM) or object_id,
        role=max(given, key=lambda role: role.rank, default=None),
        is_program=is_program,
    )


def _document(header: str) -> dict[str, Any]:
    try:
        document = json.loads(base64.b64decode(header, validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Unauthenticated("The sign-in can't be read.") from error
    if not isinstance(document, dict):
        raise Unauthenticated("The sign-in can't be read.")
    return document


def _claims(document: dict[str, Any]) -> list[tuple[str, str]]:
    claims = document.get("claims")
    found = claims if isinstance(claims, list) else []
    return [(str(each.get("typ", "")), str(each.get("val", ""))) for each in found if isinstance(each, dict)]


def _first(claims: list[tuple[str, str]], kinds: tuple[str, ...]) -> str:
    return next((value for kind in kinds for own, value in claims if own == kind and value), "")
