"""What hostile tests share: the host of tests/functions, and a SharePoint whose answers a test rewrites."""

from collections.abc import Iterator

import pytest

from shared.model.directory import Links
from tests.functions.conftest import api, host, host_sharepoint, host_storage  # noqa: F401 - fixtures
from tests.hostile.followed import Followed
from tests.hostile.rewriting_proxy import RewritingProxy
from tests.world import World, environ_for
from tools.functions_host.azurite import Azurite
from tools.sharepoint.running import LocalSharePoint


@pytest.fixture
def proxy(sharepoint: LocalSharePoint) -> Iterator[RewritingProxy]:
    """Between the product and the local SharePoint; passes everything on until a test says otherwise."""
    with RewritingProxy(sharepoint.url) as running:
        yield running


@pytest.fixture
def odd(azurite: Azurite, sharepoint: LocalSharePoint, proxy: RewritingProxy) -> World:
    """The product, whose Graph is the proxy."""
    environ = environ_for(azurite.connection_string, sharepoint, GRAPH_URL=proxy.url)
    return World.start(environ | {"SMALL_FILE_MAX_BYTES": "200000", "FRAGMENT_BYTES": "327680"}, sharepoint)


@pytest.fixture
def followed(odd: World, proxy: RewritingProxy) -> Followed:
    """A library with one file that is followed from the beginning."""
    customer = odd.customer()
    record = odd.arrive(odd.upload(Links(customer.id), "ours.txt", b"ours"))
    odd.pull(customer.id)
    return Followed(odd, proxy, customer.id, odd.read(record))
