"""The app settings with which the app runs on this machine."""

import json
from collections.abc import Mapping
from pathlib import Path

from shared.settings import STORAGE_CONNECTION

TENANT_ID = "7d4a1f0e-0000-4000-8000-000000000001"
CLIENT_ID = "7d4a1f0e-0000-4000-8000-000000000002"
CLIENT_SECRET = "local"  # the local SharePoint takes any
STRANGER_ID = "7d4a1f0e-0000-4000-8000-000000000003"
"""Another application at Graph, which is not the product: what it does is somebody's edit."""
DEVELOPMENT_USER = "Kari Nordmann"
SITE = "contoso.sharepoint.com:/sites/moment"

# The account that Azurite documents for everybody's use.
_ACCOUNT = "devstoreaccount1"
_ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def connection_string(ports: Mapping[str, int]) -> str:
    """How to reach Azurite on these ports."""
    services = "".join(
        f"{service.capitalize()}Endpoint=http://127.0.0.1:{ports[service]}/{_ACCOUNT};"
        for service in ("blob", "queue", "table")
    )
    return f"DefaultEndpointsProtocol=http;AccountName={_ACCOUNT};AccountKey={_ACCOUNT_KEY};{services}"


def app_settings(storage: str, graph_url: str, login_url: str, ca_bundle: Path, public_url: str) -> dict[str, str]:
    """What local.settings.json would say for this stack; `public_url` is where its SharePoint tells of changes."""
    return {
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "PYTHON_THREADPOOL_THREAD_COUNT": "16",
        "AzureWebJobsStorage": storage,
        "BLOB_TRIGGER_SOURCE": "LogsAndContainerScan",
        STORAGE_CONNECTION: storage,
        "GRAPH_URL": graph_url,
        "GRAPH_LOGIN_URL": login_url,
        "GRAPH_CA_BUNDLE": str(ca_bundle),
        "GRAPH_TENANT_ID": TENANT_ID,
        "GRAPH_CLIENT_ID": CLIENT_ID,
        "GRAPH_CLIENT_SECRET": CLIENT_SECRET,
        "SHAREPOINT_SITES": SITE,
        "PUBLIC_URL": public_url,
        "DEVELOPMENT_USER": DEVELOPMENT_USER,
        "AzureWebJobsDisableHomepage": "true",
    }


def write_local_settings(file: Path, settings: dict[str, str]) -> None:
    """Write the file that Core Tools asks for."""
    file.write_text(json.dumps({"IsEncrypted": False, "Values": settings}, indent=2) + "\n", encoding="utf-8")
