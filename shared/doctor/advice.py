"""The commands and click paths that mend things, with the names of this app in them. Pure.

In Azure they are commands of `az` and `azd`; on any other machine they are about local.settings.json and `make`.
"""

import json

from shared.doctor.ground import About
from shared.settings import NOTIFICATIONS_PATH, STORAGE_CONNECTION, Place

HEALTH_PATH = "/api/health"
EVENTS_PATH = "/runtime/webhooks/blobs"
"""Where Event Grid tells of blobs (https://learn.microsoft.com/azure/azure-functions/functions-event-grid-blob-trigger)."""
LOOK_ITSELF = "These settings are an app's in Azure; have it look itself: python -m tools.doctor --url ADDRESS"
EXCHANGE = "api://AzureADTokenExchange"


def set_setting(place: Place, name: str, value: str) -> str:
    """Give a setting another value."""
    if place.is_azure:
        return f"az functionapp config appsettings set {_app(place)} --settings {name}={value}"
    return f'In local.settings.json, under "Values": "{name}": "{value}"'


def restart(place: Place) -> str:
    """Start the app anew."""
    return f"az functionapp restart {_app(place)}" if place.is_azure else "Stop the host with Ctrl-C, then: make run"


def make_storage(about: About) -> tuple[str, ...]:
    """Make the container, the queues and the tables."""
    own = "python -m tools.doctor --make-storage"
    return ("azd provision", own) if about.place.is_azure else (own,)


def may_use_storage(about: About, service: str) -> tuple[str, ...]:
    """Let the identity use a service: Blob, Queue or Table."""
    storage = about.settings.storage
    if storage.connection_string:
        return (f"{set_setting(about.place, STORAGE_CONNECTION, 'CONNECTION-STRING')} (its key may be an old one)",)
    identity = storage.client_id or "IDENTITY"
    # The blob trigger asks for the larger one, and the deployment gives it (infra/modules/roles.bicep).
    role = f'--role "Storage {service} Data {"Owner" if service == "Blob" else "Contributor"}"'
    account = f"$(az storage account show --name {about.account} --query id --output tsv)"
    return (
        "azd provision",
        f'az role assignment create --assignee {identity} {role} --scope "{account}"',
        "A new role takes up to ten minutes.",
        "A network rule refuses likewise: Azure portal > the storage account > Networking",
    )


def reach_storage(about: About) -> tuple[str, ...]:
    """Get an answer of the storage account."""
    if about.settings.storage.connection_string:
        return (f"Start Azurite (`make run` does), or correct {STORAGE_CONNECTION} in local.settings.json.",)
    host = about.settings.storage.blob_uri.removeprefix("https://").rstrip("/")
    return (
        *(() if about.place.is_azure else (LOOK_ITSELF,)),
        f"nslookup {host}",
        f"az storage account show --name {about.account} --query [provisioningState,networkRuleSet.defaultAction]",
    )


def new_secret(about: About) -> tuple[str, ...]:
    """Another client secret."""
    return (
        f"az ad app credential reset --id {about.settings.graph.client_id} --append --query password --output tsv",
        set_setting(about.place, "GRAPH_CLIENT_SECRET", "PASSWORD"),
    )


def new_certificate(about: About) -> tuple[str, ...]:
    """A certificate that the app registration knows."""
    flags = f"--only trust --client-id {about.settings.graph.client_id} --certificate FILE.pem"
    return (f'make connect ARGS="{flags}"', set_setting(about.place, "GRAPH_CERTIFICATE", "FILE.pem"))


def trust_identity(about: About) -> tuple[str, ...]:
    """Have the app registration trust the managed identity."""
    graph = about.settings.graph
    credential = {
        "name": "moment",
        "issuer": f"{graph.login_url}/{graph.tenant_id}/v2.0",
        "subject": f"$(az ad sp show --id {graph.managed_identity_client_id} --query id --output tsv)",
        "audiences": [EXCHANGE],
    }
    parameters = json.dumps(credential).replace('"', '\\"')
    return (
        "make connect",
        f'az ad app federated-credential create --id {graph.client_id} --parameters "{parameters}"',
    )


def consent(about: About) -> tuple[str, ...]:
    """Have the app's permissions consented to."""
    client_id = about.settings.graph.client_id
    return (
        "make connect",
        f"az ad app permission admin-consent --id {client_id}",
        f"Entra admin center > App registrations > {client_id} > API permissions > Grant admin consent",
    )


def grant_site(about: About, address: str) -> tuple[str, ...]:
    """Let the app into a site; the role `fullcontrol`, because libraries, columns and content types are to be made."""
    graph = about.settings.graph
    application = {"application": {"id": graph.client_id, "displayName": "Moment"}}
    body = json.dumps({"roles": ["fullcontrol"], "grantedToIdentities": [application]})
    url = f"{graph.url}/v1.0/sites/{_site(address)}/permissions"
    return (
        "make connect",
        f"As a SharePoint administrator, in https://aka.ms/ge: POST {url} {body}",
    )


def correct_site(about: About, address: str) -> tuple[str, ...]:
    """Look whether the address is that of a site."""
    host, _, path = address.partition(":")
    return (
        f"Open https://{host}{path}; where that is no site, correct the setting:",
        set_setting(about.place, "SHAREPOINT_SITES", "HOST:/sites/NAME"),
        *grant_site(about, address),
    )


def open_paths(about: About) -> tuple[str, ...]:
    """Let Graph, Event Grid and the platform in without a sign-in: what infra/modules/sign-in.bicep says, all of it."""
    if not about.place.is_azure:
        return ("make run",)
    site = f"$(az functionapp show {_app(about.place)} --query id --output tsv)"
    paths = json.dumps([EVENTS_PATH, NOTIFICATIONS_PATH], separators=(",", ":"))
    validation = "properties.globalValidation"
    change = (
        f"--set {validation}.requireAuthentication=false {validation}.unauthenticatedClientAction=AllowAnonymous "
        f"{validation}.excludedPaths='{paths}'"
    )
    return ("azd provision", f'az resource update --ids "{site}/config/authsettingsV2" {change}')


def start_app(about: About) -> tuple[str, ...]:
    """Have the app run."""
    if not about.place.is_azure:
        return ("make run",)
    return (f"az functionapp start {_app(about.place)}", "azd deploy")


def set_clock(about: About) -> tuple[str, ...]:
    """Set this machine's clock right."""
    if about.place.is_azure:
        return (restart(about.place),)
    return ("sudo timedatectl set-ntp true", "On Windows: w32tm /resync", "On macOS: sudo sntp -sS time.apple.com")


def put_back(about: About) -> tuple[str, ...]:
    """Look at what was given up, and have it tried again."""
    url = f" --url {about.settings.follow.public_url}" if about.settings.follow.public_url else ""
    return (f"python -m tools.admin put-back --list{url}", f"python -m tools.admin put-back --all{url}")


def _app(place: Place) -> str:
    return f"--name {place.app} --resource-group {place.group or 'GROUP'}"


def _site(address: str) -> str:
    """As Graph addresses a site by path, with something behind it (site-getbypath)."""
    return f"{address}:" if ":" in address else address
