"""shared/store/tree.py against Azurite."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from azure.data.tables import TableServiceClient

from shared.model.libraries import TreeFolder
from shared.store.tree import TableFolderTree

MANY = [f"01{number:04d}" for number in range(250)]


@pytest.fixture
def tree(tables: TableServiceClient) -> TableFolderTree:
    return TableFolderTree(tables)


def keys_of(tables: TableServiceClient, customer: str) -> list[str]:
    rows = tables.get_table_client("tree").query_entities("PartitionKey eq @c", parameters={"c": customer})
    return [row["RowKey"] for row in rows]


def test_a_folder_is_found_by_its_id(tree: TableFolderTree, customer: str) -> None:
    folder = TreeFolder("01A", "Übersicht / #1", "01ROOT")

    assert tree.put(customer, folder)

    assert tree.find(customer, "01A") == folder
    assert tree.find(customer, "01B") is None
    assert tree.find(f"{customer}x", "01A") is None


def test_a_folder_put_just_so_again_is_not_written(tree: TableFolderTree, customer: str) -> None:
    tree.put(customer, TreeFolder("01A", "Design", "01ROOT"))

    assert not tree.put(customer, TreeFolder("01A", "Design", "01ROOT"))
    assert tree.put(customer, TreeFolder("01A", "design", "01ROOT"))
    assert tree.put(customer, TreeFolder("01A", "design", "01B"))


def test_children_follow_renames_moves_and_removals(
    tree: TableFolderTree, tables: TableServiceClient, customer: str
) -> None:
    for item_id in ("01A", "01B", "01C"):
        tree.put(customer, TreeFolder(item_id, item_id, "01ROOT"))

    tree.put(customer, TreeFolder("01A", "Renamed", "01ROOT"))
    tree.put(customer, TreeFolder("01B", "01B", "01A"))
    tree.remove(customer, "01C")

    assert list(tree.children(customer, "01ROOT")) == [TreeFolder("01A", "Renamed", "01ROOT")]
    assert list(tree.children(customer, "01A")) == [TreeFolder("01B", "01B", "01A")]
    assert list(tree.children(customer, "01RO")) == []
    assert keys_of(tables, customer) == ["child~01A~01B", "child~01ROOT~01A", "folder~01A", "folder~01B"]


def test_a_rename_keeps_what_lies_in_the_folder(tree: TableFolderTree, customer: str) -> None:
    tree.put(customer, TreeFolder("01A", "Design", "01ROOT"))
    tree.put(customer, TreeFolder("01B", "Logo", "01A"))

    tree.put(customer, TreeFolder("01A", "Design 2", "01ELSEWHERE"))

    assert list(tree.children(customer, "01A")) == [TreeFolder("01B", "Logo", "01A")]


def test_a_child_may_come_before_its_parent(tree: TableFolderTree, customer: str) -> None:
    tree.put(customer, TreeFolder("01B", "Logo", "01A"))

    assert list(tree.children(customer, "01A")) == [TreeFolder("01B", "Logo", "01A")]
    assert tree.find(customer, "01A") is None


def test_removing_a_folder_that_is_gone_is_harmless(
    tree: TableFolderTree, tables: TableServiceClient, customer: str
) -> None:
    tree.put(customer, TreeFolder("01A", "Design", "01ROOT"))

    tree.remove(customer, "01A")
    tree.remove(customer, "01A")

    assert keys_of(tables, customer) == []


def test_of_many_who_move_a_folder_at_once_the_last_one_holds(
    tree: TableFolderTree, tables: TableServiceClient, customer: str
) -> None:
    tree.put(customer, TreeFolder("01A", "Design", "01ROOT"))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda parent: tree.put(customer, TreeFolder("01A", "Design", parent)), ["01X", "01Y", "01Z"]))

    folder = tree.find(customer, "01A")
    assert folder is not None
    assert keys_of(tables, customer) == [f"child~{folder.parent_id}~01A", "folder~01A"]


def test_items_are_gone_until_they_are_seen_alive(tree: TableFolderTree, customer: str) -> None:
    tree.mark_gone(customer, ["01A", "01B", "01A"])
    tree.mark_gone(customer, ["01B", "01C"])

    tree.unmark_gone(customer, ["01B", "01NEVER"])

    assert list(tree.gone(customer)) == ["01A", "01C"]
    assert list(tree.gone(f"{customer}x")) == []


@pytest.mark.parametrize("item_ids", [[], ["01NEVER"], ["01NEVER", "01NOR"]])
def test_unmarking_what_was_not_marked_is_harmless(tree: TableFolderTree, customer: str, item_ids: list[str]) -> None:
    tree.mark_gone(customer, ["01A"])

    tree.unmark_gone(customer, item_ids)

    assert list(tree.gone(customer)) == ["01A"]


def test_hundreds_of_items_are_marked_and_unmarked(tree: TableFolderTree, customer: str) -> None:
    tree.mark_gone(customer, iter(MANY + MANY[:5]))
    assert list(tree.gone(customer)) == MANY

    tree.unmark_gone(customer, iter([*MANY[1:], "01NEVER"]))
    assert list(tree.gone(customer)) == MANY[:1]


def test_what_is_gone_may_be_unmarked_while_it_is_read(tree: TableFolderTree, customer: str) -> None:
    tree.mark_gone(customer, MANY[:30])

    for item_id in tree.gone(customer):
        tree.unmark_gone(customer, [item_id])

    assert list(tree.gone(customer)) == []


def test_a_walk_knows_what_it_met_until_it_is_over(
    tree: TableFolderTree, tables: TableServiceClient, customer: str
) -> None:
    tree.mark_seen(customer, "w1", iter(MANY + MANY))
    tree.mark_seen(customer, "w1", MANY[:3])
    tree.mark_seen(customer, "w10", ["01A"])
    assert list(tree.seen(customer, "w1")) == MANY
    assert list(tree.seen(customer, "w1", MANY[9])) == MANY[10:]
    assert list(tree.seen(customer, "w10")) == ["01A"]

    tree.forget_seen(customer)
    tree.forget_seen(customer)

    assert keys_of(tables, customer) == []


def test_all_folders_are_listed_in_the_order_of_their_ids(tree: TableFolderTree, customer: str) -> None:
    for item_id in ("01C", "01A", "01B"):
        tree.put(customer, TreeFolder(item_id, item_id, "01ROOT"))

    assert list(tree.ids(customer)) == ["01A", "01B", "01C"]
    assert list(tree.ids(customer, "01A")) == ["01B", "01C"]
    assert list(tree.ids(f"{customer}x")) == []
