"""What subscribers and clients of delta rely on outlives a restart of the local SharePoint, and works in a batch."""

from tests.sharepoint.delta_client import is_deleted, live_names, pull, start
from tests.sharepoint.graph_client import Graph
from tests.sharepoint.receiver import Receiver
from tests.sharepoint.test_subscriptions import subscribe
from tools.sharepoint.running import LocalSharePoint


def test_links_and_subscriptions_outlive_a_restart(tmp_path):
    with Receiver() as receiver:
        with LocalSharePoint(state=tmp_path) as first, Graph(first) as graph:
            gone = graph.upload("gone.txt").json()
            token = start(graph).partition("token=")[2]
            subscription = subscribe(graph, receiver).json()
            graph.upload("kept.txt")
            graph.delete(f"/drives/{graph.drive}/items/{gone['id']}")
        receiver.posts.clear()

        with LocalSharePoint(state=tmp_path) as second, Graph(second) as graph:
            items, link = pull(graph, f"/drives/{graph.drive}/root/delta?token={token}")
            assert live_names(items) == ["root", "kept.txt"]
            assert [item["id"] for item in items if is_deleted(item)] == [gone["id"]]
            assert pull(graph, link)[0] == []
            second.settings(notification_delay_ms=10)
            second.restore(gone["id"])
            assert receiver.wait()[0]["subscriptionId"] == subscription["id"]


def test_delta_in_a_batch(graph):
    address = start(graph).removeprefix(graph.base)
    graph.upload("a.txt")

    answer = graph.post("/$batch", json={"requests": [{"id": "1", "method": "GET", "url": address}]})

    [response] = answer.json()["responses"]
    assert live_names(response["body"]["value"]) == ["root", "a.txt"]
    assert pull(graph, response["body"]["@odata.deltaLink"])[0] == []
