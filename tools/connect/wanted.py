"""What a connection looks like when it is done: names, fixed ids, and what differs from one deployment to another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

type Json = dict[str, Any]

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
SITES_SELECTED = "883ea226-0bf2-4a8f-9f9d-92c9162a727d"
"""The application permission of Microsoft Graph (https://learn.microsoft.com/graph/permissions-reference)."""
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
"""Gets tokens for our API without a question, so that `az account get-access-token` serves our commands."""
EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
TRUST_NAME = "moment-managed-identity"
SITE_ROLE = "fullcontrol"
"""`write` does not let the app make libraries, columns and content types."""

SCOPE: Json = {
    "id": "0d6f0d8e-6f3b-4f27-9d0a-6d2b1c3e5f01",
    "value": "user_impersonation",
    "type": "Admin",
    "isEnabled": True,
    "adminConsentDisplayName": "Use Moment's files as the signed-in person",
    "adminConsentDescription": "Lets a program use the API of Moment's files as the person who is signed in.",
}
_ROLES = (
    ("Moment.Reader", "0d6f0d8e-6f3b-4f27-9d0a-6d2b1c3e5f11", "Reader", "See everything and open files."),
    ("Moment.Editor", "0d6f0d8e-6f3b-4f27-9d0a-6d2b1c3e5f12", "Editor", "Add, change, delete and sync files."),
    (
        "Moment.Administrator",
        "0d6f0d8e-6f3b-4f27-9d0a-6d2b1c3e5f13",
        "Administrator",
        "Choose where files are kept, decide on stopped deletions, put back what was given up.",
    ),
)
APP_ROLES: tuple[Json, ...] = tuple(
    {
        "id": role_id,
        "value": value,
        "displayName": f"Moment {title.lower()}",
        "description": about,
        "allowedMemberTypes": ["User", "Application"],
        "isEnabled": True,
    }
    for value, role_id, title, about in _ROLES
)
"""docs/roles.md says what each may. Their ids are the same in every tenant; what is there already keeps its own."""


class Step(StrEnum):
    """The parts of a connection, which different people may have to do."""

    REGISTRATION = "registration"
    TRUST = "trust"
    CONSENT = "consent"
    SITES = "sites"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The public part of a certificate; its private key is never read further."""

    content: str
    """DER, base64."""
    subject: str
    ends: str
    """When it ends, ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One deployment's connection."""

    tenant_id: str
    name: str
    """Of the app registration; it is found by this where `client_id` is empty."""
    callback_url: str
    """Where Entra sends people back to."""
    identity_id: str
    """The principal id of the managed identity that is trusted; empty with a certificate."""
    sites: tuple[str, ...]
    """`hostname:/sites/path` each."""
    steps: frozenset[Step]
    client_id: str = ""
    certificate: Certificate | None = None
    login_url: str = "https://login.microsoftonline.com"

    @property
    def issuer(self) -> str:
        """Who issues the managed identity's tokens."""
        return f"{self.login_url}/{self.tenant_id}/v2.0"


@dataclass(frozen=True, slots=True)
class Call:
    """One request to Graph that changes something, and why. Names in braces stand for what earlier calls give."""

    step: Step
    why: str
    method: str
    path: str
    """Below the version."""
    body: Json
    gives: Mapping[str, str] = field(default_factory=dict)
    """What later calls need: a name in braces, and the member of the answer that it stands for."""
