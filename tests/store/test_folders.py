"""shared/store/folders.py against Azurite."""

from azure.data.tables import TableServiceClient

from shared.model.stored import FolderLink
from shared.store.folders import TableFolders


def a_link(customer: str, key: str = "project~p1", item_id: str = "01A", **changes: str) -> FolderLink:
    return FolderLink(customer, key, "b!drive", item_id, **changes)


def test_a_link_is_found_both_ways(folders: TableFolders, customer: str) -> None:
    library = a_link(customer, "library", "root", list_id="l1", web_url="https://contoso.sharepoint.com/Contoso")
    project = a_link(customer)

    folders.save(library)
    folders.save(project)

    assert folders.find(customer, "library") == library
    assert folders.find(customer, "project~p1") == project
    assert folders.owner_of(customer, "01A") == "project~p1"


def test_nothing_is_found_where_nothing_is(folders: TableFolders, customer: str) -> None:
    assert folders.find(customer, "library") is None
    assert folders.owner_of(customer, "01A") is None


def test_a_folder_made_anew_replaces_the_old_one(folders: TableFolders, customer: str) -> None:
    folders.save(a_link(customer, item_id="01A"))

    folders.save(a_link(customer, item_id="01B"))

    assert folders.find(customer, "project~p1") == a_link(customer, item_id="01B")
    assert (folders.owner_of(customer, "01A"), folders.owner_of(customer, "01B")) == (None, "project~p1")


def test_saving_the_same_link_again_changes_nothing(folders: TableFolders, customer: str) -> None:
    folders.save(a_link(customer))
    folders.save(a_link(customer))

    assert folders.owner_of(customer, "01A") == "project~p1"


def test_a_forgotten_link_leaves_no_row(folders: TableFolders, tables: TableServiceClient, customer: str) -> None:
    folders.save(a_link(customer))

    folders.forget(customer, "project~p1")
    folders.forget(customer, "project~p1")

    rows = tables.get_table_client("folders").query_entities("PartitionKey eq @c", parameters={"c": customer})
    assert list(rows) == []


def test_a_folder_that_became_another_objects_stays_that_ones(folders: TableFolders, customer: str) -> None:
    folders.save(a_link(customer, "project~p1"))
    folders.save(a_link(customer, "project~p2"))

    folders.forget(customer, "project~p1")

    assert folders.owner_of(customer, "01A") == "project~p2"


def test_all_links_of_a_customer_are_listed(folders: TableFolders, customer: str) -> None:
    library, project = a_link(customer, "library", "root", list_id="l1"), a_link(customer)
    for link in (project, library, a_link(f"{customer}x")):
        folders.save(link)

    assert list(folders.list(customer)) == [library, project]
