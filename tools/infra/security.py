"""What no Bicep file here may do: a table of properties that must be said, and of words that must not stand there.

Said means written out: a default of Azure's that is safe today is not enough.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tools.infra.bicep import Template


@dataclass(frozen=True, slots=True)
class Rule:
    """Every resource of `kind` (and of this name, where one is given) has one of these values at the path."""

    kind: str
    path: str
    allowed: tuple[object, ...]
    why: str
    name: str = ""


_STORAGE = "Microsoft.Storage/storageAccounts"
_SITE = "Microsoft.Web/sites"
RULES = (
    Rule(_STORAGE, "properties.allowSharedKeyAccess", (False,), "account keys open everything and name nobody"),
    Rule(_STORAGE, "properties.allowBlobPublicAccess", (False,), "a container could be opened to everybody"),
    Rule(_STORAGE, "properties.allowCrossTenantReplication", (False,), "contents could be copied to another tenant"),
    Rule(_STORAGE, "properties.minimumTlsVersion", ("TLS1_2", "TLS1_3"), "older TLS can be read"),
    Rule(_STORAGE, "properties.supportsHttpsTrafficOnly", (True,), "signed URLs would go in the clear"),
    Rule(f"{_STORAGE}/blobServices/containers", "properties.publicAccess", ("None",), "it would be open to everybody"),
    Rule(_SITE, "properties.httpsOnly", (True,), "cookies and tokens would go in the clear"),
    Rule(_SITE, "properties.siteConfig.minTlsVersion", ("1.2", "1.3"), "older TLS can be read"),
    Rule(_SITE, "properties.siteConfig.ftpsState", ("Disabled",), "code could be put there by FTP"),
    Rule(_SITE, "identity.type", ("UserAssigned",), "without an identity it needs keys"),
    Rule(f"{_SITE}/basicPublishingCredentialsPolicies", "properties.allow", (False,), "a password would deploy code"),
    Rule(
        f"{_SITE}/config", "properties.httpSettings.requireHttps", (True,), "cookies go in the clear", "authsettingsV2"
    ),
    Rule(f"{_SITE}/config", "properties.login.tokenStore.enabled", (False,), "tokens would be kept", "authsettingsV2"),
    Rule("Microsoft.Insights/components", "properties.DisableLocalAuth", (True,), "anybody could write telemetry"),
    Rule("Microsoft.EventGrid/systemTopics", "identity.type", ("SystemAssigned",), "dead letters would need a key"),
    Rule("Microsoft.Authorization/roleAssignments", "properties.principalType", ("ServicePrincipal",), "no person"),
)

BROAD_ROLES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
}
"""https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""

_ASKS_FOR_A_KEY = re.compile(r"\b(?:list(?:Keys|AccountSas|ServiceSas|Secrets|ConnectionStrings)|getSecret)\s*\(")
_HOLDS_A_KEY = re.compile(r"AccountKey=|SharedAccessSignature=|\bsig=|-----BEGIN")
_SECRET_NAME = re.compile(r"key|secret|password|connection_?string", re.IGNORECASE)


def problems(template: Template) -> list[str]:
    """What is unsafe in one file."""
    found = [problem for symbol in template.resources for problem in _resource_problems(template, symbol)]
    if _ASKS_FOR_A_KEY.search(template.text):
        found.append("asks for a key: identities open everything")
    if _HOLDS_A_KEY.search(template.text):
        found.append("holds a key")
    found += [f"the role {name} is too broad" for role, name in BROAD_ROLES.items() if role in template.text]
    found += [f"output '{name}' looks like a secret" for name in template.outputs if _SECRET_NAME.search(name)]
    return found


def _resource_problems(template: Template, symbol: str) -> Iterator[str]:
    said = template.resources[symbol]
    if said["existing"]:
        return
    body = template.body(symbol)
    for rule in RULES:
        if rule.kind == said["type"] and rule.name in ("", body.get("name")):
            value = _at(body, rule.path)
            if value not in rule.allowed or isinstance(value, bool) != isinstance(rule.allowed[0], bool):
                yield f"'{symbol}' has {rule.path}: {value!r}, not {rule.allowed[0]!r}: {rule.why}"


def _at(body: Any, path: str) -> Any:
    for name in path.split("."):
        body = body.get(name) if isinstance(body, dict) else None
    return body
