"""What it costs to say where the files of one page are: requests to the tables, not one of them for each file."""

from uuid import uuid4

from azure.data.tables import TableServiceClient

from shared.model.directory import Links
from shared.model.files import FileState
from shared.model.libraries import TreeFolder
from shared.model.stored import FolderLink
from shared.store.directory import TableDirectory
from shared.store.folders import TableFolders
from shared.store.tree import TableFolderTree
from shared.sync.places import LIBRARY, Places
from tests.builders import a_baseline, a_record
from tools.functions_host.azurite import Azurite

SITE = "https://contoso.sharepoint.com/sites/moment"


def test_a_page_asks_for_a_customers_library_and_for_each_folder_once(azurite: Azurite, tables: TableServiceClient):
    customer, requests = f"c{uuid4().hex[:12]}", []
    TableFolders(tables).save(FolderLink(customer, LIBRARY, "b!drive", "root", web_url=f"{SITE}/Library"))
    TableFolderTree(tables).put(customer, TreeFolder("01FOLDER", "Scans", "root"))
    files = [
        a_record(
            customer=customer,
            id=f"f{number}",
            links=Links(customer),
            state=FileState.IN_SHAREPOINT,
            baseline=a_baseline(),
        )
        for number in range(20)
    ]
    with TableServiceClient.from_connection_string(
        azurite.connection_string, raw_request_hook=lambda request: requests.append(request.http_request.url)
    ) as service:
        places = Places(TableFolderTree(service), TableFolders(service), TableDirectory(service)).remembering()
        shown, of_the_first = [places.shown(files[0])], len(requests)
        shown += [places.shown(record) for record in files[1:]]

    assert {each.baseline.web_url for each in shown if each.baseline} == {f"{SITE}/Library/Scans/report.docx"}
    assert len(requests) == of_the_first
