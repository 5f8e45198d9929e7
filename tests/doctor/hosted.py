"""The app on a real host with a public address, for what only a running app shows."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shared.bootstrap import world_of
from shared.graph.sharepoint import GraphSharePoint
from shared.settings import MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE, StorageSettings
from shared.store.connect import Clients, open_clients
from tests.conftest import moments_storage
from tests.functions.conftest import ROOT, Api, host_settings
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint


@dataclass
class Hosted:
    """A host and a way around it. `sharepoint` is as the app sees it."""

    environ: dict[str, str]
    url: str
    api: Api
    local: LocalSharePoint
    clients: Clients
    sharepoint: GraphSharePoint


@contextmanager
def hosted_app(**changes: str) -> Iterator[Hosted]:
    """Azurite, the local SharePoint and a host of their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with moments_storage() as storage, LocalSharePoint(tls=True) as local:
        environ = host_settings(storage, local, PUBLIC_URL=f"http://127.0.0.1:{port}") | {
            "BLOB_TRIGGER_SOURCE": "EventGrid",
            **changes,
        }
        account = StorageSettings(connection_string=storage.connection_string)
        clients = open_clients(account, MOMENT_CLOUD_CONTAINER, TRANSFERS_QUEUE)
        sharepoint = world_of(environ | {"SHAREPOINT_SITES": "contoso.sharepoint.com:/sites/moment"}).sharepoint
        assert isinstance(sharepoint, GraphSharePoint)
        with LocalHost(app=ROOT, settings=environ, port=port, options=["--queue-poll-ms", "200"]) as host:
            yield Hosted(environ, host.url, Api(host.url), local, clients, sharepoint)
