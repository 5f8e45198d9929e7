"""Microsoft's own Python SDK, with azure-identity for its token, over TLS."""

import asyncio
import io
import ssl
from collections.abc import Iterator

import httpx
import pytest
from azure.identity import ClientSecretCredential
from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider
from kiota_authentication_azure.azure_identity_access_token_provider import AzureIdentityAccessTokenProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.drives.item.items.item.create_upload_session.create_upload_session_post_request_body import (
    CreateUploadSessionPostRequestBody,
)
from msgraph.generated.models.drive_item import DriveItem
from msgraph.generated.models.drive_item_uploadable_properties import DriveItemUploadableProperties
from msgraph.generated.models.field_value_set import FieldValueSet
from msgraph.generated.models.folder import Folder
from msgraph.generated.models.list_ import List_
from msgraph.generated.models.list_info import ListInfo
from msgraph_core import GraphClientFactory
from msgraph_core.tasks.large_file_upload import LargeFileUploadTask

from tools.sharepoint.running import LocalSharePoint

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the SDK warns about itself
CHUNK = 4 * 327_680


class TokenForGraphOnly(AzureIdentityAccessTokenProvider):
    """Keeps the token from upload URLs, which are on another host in the real world and on the same one here."""

    async def get_authorization_token(self, uri, additional_authentication_context=None):
        if "/uploadSession" in uri:
            return ""
        return await super().get_authorization_token(uri, additional_authentication_context or {})


@pytest.fixture
def credential(sharepoint: LocalSharePoint) -> Iterator[ClientSecretCredential]:
    with ClientSecretCredential(
        sharepoint.tenant_id,
        "sdk",
        "secret",
        authority=sharepoint.tls_url,
        disable_instance_discovery=True,
        connection_verify=sharepoint.ca_path,
    ) as credential:
        yield credential


def run(sharepoint: LocalSharePoint, credential: ClientSecretCredential, work) -> None:
    """Give a coroutine function an SDK client, its drive id and its site id."""

    async def with_client() -> None:
        provider = TokenForGraphOnly(
            credential, None, scopes=["https://graph.microsoft.com/.default"], allowed_hosts=["localhost"]
        )
        trust = ssl.create_default_context(cafile=sharepoint.ca_path)
        # The SDK puts its own transport around the client's and does not close the inner one: hence both here.
        async with (
            httpx.AsyncHTTPTransport(verify=trust) as transport,
            httpx.AsyncClient(transport=transport, timeout=30) as http,
        ):
            client = GraphClientFactory.create_with_default_middleware(client=http)
            adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(provider), client)
            adapter.base_url = f"{sharepoint.tls_url}/v1.0"
            graph = GraphServiceClient(request_adapter=adapter)
            site = await graph.sites.by_site_id(f"{sharepoint.site_hostname}:{sharepoint.site_path}").get()
            drive = await graph.sites.by_site_id(site.id).drive.get()
            await work(graph, site.id, drive.id)

    asyncio.run(with_client())


def test_the_sdk_makes_a_folder_uploads_lists_and_reads_back(sharepoint, credential):
    async def work(graph: GraphServiceClient, site: str, drive: str) -> None:
        items = graph.drives.by_drive_id(drive).items
        body = DriveItem(name="Folder", folder=Folder(), additional_data={"@microsoft.graph.conflictBehavior": "fail"})
        folder = await items.by_drive_item_id("root").children.post(body)
        item = await items.by_drive_item_id(f"{folder.id}:/über uns.txt:").content.put(b"hello")
        children = await items.by_drive_item_id(folder.id).children.get()
        content = await items.by_drive_item_id(item.id).content.get()
        renamed = await items.by_drive_item_id(item.id).patch(DriveItem(name="b.txt"))
        await items.by_drive_item_id(item.id).delete()
        with pytest.raises(APIError) as gone:
            await items.by_drive_item_id(item.id).get()

        assert [(child.name, child.size) for child in children.value] == [("über uns.txt", 5)]
        assert children.value[0].file.hashes.quick_xor_hash == item.file.hashes.quick_xor_hash
        assert content == b"hello"
        assert renamed.name == "b.txt"
        assert gone.value.response_status_code == 404
        assert gone.value.error.code == "itemNotFound"

    run(sharepoint, credential, work)


def test_the_sdk_sends_a_large_file_in_fragments(sharepoint, credential):
    """The SDK's own loop cannot read the open range ``"n-"`` that the service answers with (``int("")``), and sends the
    last fragment twice; so its fragments are sent one by one, through its own request path."""
    content = bytes(range(256)) * 20_000

    async def work(graph: GraphServiceClient, site: str, drive: str) -> None:
        properties = DriveItemUploadableProperties(additional_data={"@microsoft.graph.conflictBehavior": "fail"})
        properties.odata_type = None
        session = await (
            graph.drives.by_drive_id(drive)
            .items.by_drive_item_id("root:/large.bin:")
            .create_upload_session.post(CreateUploadSessionPostRequestBody(item=properties))
        )
        task = LargeFileUploadTask(session, graph.request_adapter, io.BytesIO(content), max_chunk_size=CHUNK)
        for start in range(0, len(content), CHUNK):
            task.next_range = f"{start}-{min(start + CHUNK, len(content)) - 1}"
            answer = await task.next_chunk(task.stream)

        item = await graph.drives.by_drive_id(drive).items.by_drive_item_id("root:/large.bin:").get()
        assert item.id == answer.additional_data["id"]
        assert item.size == len(content)

    run(sharepoint, credential, work)


def test_the_sdk_makes_a_library_and_sets_fields(sharepoint, credential):
    async def work(graph: GraphServiceClient, site: str, drive: str) -> None:
        lists = graph.sites.by_site_id(site).lists
        made = await lists.post(List_(display_name="Customer", list_=ListInfo(template="documentLibrary")))
        library = await lists.by_list_id(made.id).drive.get()
        item = await graph.drives.by_drive_id(library.id).items.by_drive_item_id("root:/a.txt:").content.put(b"x")
        list_item = await graph.drives.by_drive_id(library.id).items.by_drive_item_id(item.id).list_item.get()
        fields = lists.by_list_id(made.id).items.by_list_item_id(list_item.id).fields
        await fields.patch(FieldValueSet(additional_data={"Title": "from the SDK"}))
        read = await fields.get()
        found = await lists.get()

        assert read.additional_data["Title"] == "from the SDK"
        assert [each.display_name for each in found.value] == ["Documents", "Customer"]

    run(sharepoint, credential, work)


def test_the_sdk_waits_as_long_as_it_is_told_when_throttled(sharepoint, credential):
    async def work(graph: GraphServiceClient, site: str, drive: str) -> None:
        sharepoint.fault(
            {"match": {"method": "GET", "route": "/children"}, "then": {"status": 429, "retry_after_s": 1}}
        )

        children = await graph.drives.by_drive_id(drive).items.by_drive_item_id("root").children.get()

        assert children.value == []

    run(sharepoint, credential, work)
    statuses = [entry for entry in sharepoint.requests() if entry["route"].endswith("/children")]
    assert [entry["status"] for entry in statuses] == [429, 200]
    assert statuses[1]["at"] - statuses[0]["at"] >= 1
