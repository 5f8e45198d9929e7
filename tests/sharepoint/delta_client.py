"""Following delta links, for the tests that do."""

from typing import Any

from tests.sharepoint.graph_client import Graph

Item = dict[str, Any]


def delta_url(graph: Graph, query: str = "") -> str:
    return f"/drives/{graph.drive}/root/delta" + (f"?{query}" if query else "")


def list_delta_url(graph: Graph, query: str = "") -> str:
    return f"/sites/{graph.site}/lists/Documents/items/delta" + (f"?{query}" if query else "")


def pull_pages(graph: Graph, url: str, **headers: str) -> list[dict[str, Any]]:
    pages = []
    while url:
        answer = graph.get(url, headers=headers)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
        assert ("@odata.nextLink" in pages[-1]) != ("@odata.deltaLink" in pages[-1])
        url = pages[-1].get("@odata.nextLink", "")
    return pages


def pull(graph: Graph, url: str, **headers: str) -> tuple[list[Item], str]:
    """All items of a pull and the link of the next one."""
    pages = pull_pages(graph, url, **headers)
    return [item for page in pages for item in page["value"]], pages[-1]["@odata.deltaLink"]


def start(graph: Graph) -> str:
    """The deltaLink as of now."""
    return pull(graph, delta_url(graph))[1]


def is_deleted(item: Item) -> bool:
    return "deleted" in item


def ids(items: list[Item]) -> list[str]:
    return [item["id"] for item in items]


def live_names(items: list[Item]) -> list[str]:
    return [item["name"] for item in items if not is_deleted(item)]


def by_name(items: list[Item], name: str) -> Item:
    """The last occurrence, which is the one that counts."""
    return next(item for item in reversed(items) if item.get("name") == name)
