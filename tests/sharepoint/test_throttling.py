"""Resource units: what requests cost, when they are refused, and that refused ones count."""

import pytest

from tests.sharepoint.graph_client import UNIT, code, fragment


def costs(graph, method, url, **kwargs) -> int:
    graph.sharepoint.clear_requests()
    graph.request(method, url, **kwargs)
    return graph.sharepoint.totals()["ru"]


def test_requests_cost_what_the_table_says(graph):
    item = graph.upload("a.txt").json()
    url = f"/drives/{graph.drive}/items/{item['id']}"

    assert costs(graph, "GET", url) == 1
    assert costs(graph, "GET", f"{url}/content") == 1
    assert costs(graph, "GET", f"/drives/{graph.drive}/root/children") == 2
    assert costs(graph, "PUT", f"{url}/content", data=b"x") == 2
    assert costs(graph, "PATCH", f"{url}/listItem/fields", json={"Title": "x"}) == 2
    assert costs(graph, "POST", f"/drives/{graph.drive}/root:/b.bin:/createUploadSession", json={}) == 2
    assert costs(graph, "GET", f"/drives/{graph.drive}/items/{item['id']}x") == 1
    assert costs(graph, "DELETE", url) == 2


def test_fragments_are_free_but_counted_apart(graph):
    url = graph.session("a.bin").json()["uploadUrl"]
    graph.sharepoint.clear_requests()

    fragment(url, bytes(UNIT), 0, UNIT + 1)
    fragment(url, b"x", UNIT, UNIT + 1)

    totals = graph.sharepoint.totals()
    route = "PUT /sites/{site}/_api/v2.0/drives/{drive}/items/{item}/uploadSession"
    assert (totals["ru"], totals["by_route"][route]["requests"], totals["by_route"][route]["bytes_in"]) == (
        0,
        2,
        UNIT + 1,
    )


def test_over_budget_is_429_until_the_minute_ends_and_refused_requests_count(graph):
    graph.sharepoint.settings(ru_per_minute=10)
    url = f"/drives/{graph.drive}/root"

    answers = [graph.get(url) for _ in range(12)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert code(answers[-1]) == (429, "activityLimitReached")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert graph.sharepoint.totals()["ru"] == 12
    graph.sharepoint.advance(61)
    assert graph.get(url).status_code == 200


def test_the_remaining_units_are_announced_from_eighty_percent(graph):
    graph.sharepoint.settings(ru_per_minute=10)
    answers = [graph.get(f"/drives/{graph.drive}/root") for _ in range(9)]

    assert "RateLimit-Limit" not in answers[6].headers
    assert (answers[7].headers["RateLimit-Limit"], answers[7].headers["RateLimit-Remaining"]) == ("10", "2")
    assert answers[8].headers["RateLimit-Remaining"] == "1"
    assert int(answers[8].headers["RateLimit-Reset"]) <= 60
    assert graph.get(f"/drives/{graph.drive}/items/none").headers["RateLimit-Remaining"] == "0"


def test_the_day_has_a_limit_of_its_own(graph):
    graph.sharepoint.settings(ru_per_day=3)
    answers = [graph.get(f"/drives/{graph.drive}/root") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 80_000


def test_a_throttled_upload_stores_nothing(graph):
    graph.sharepoint.settings(ru_per_minute=1)

    assert graph.upload("a.txt", bytes(300_000)).status_code == 429
    graph.sharepoint.settings(ru_per_minute=0)
    assert "error" in graph.item("a.txt")


@pytest.fixture
def url(graph):
    return f"/drives/{graph.drive}/root"


def test_a_batch_is_answered_in_any_order_by_id(graph, url):
    requests = [{"id": str(each), "method": "GET", "url": f"{url}?$select=id"} for each in range(20)]

    orders = []
    for _ in range(3):
        answer = graph.post("/$batch", json={"requests": requests})
        assert answer.status_code == 200
        assert {each["status"] for each in answer.json()["responses"]} == {200}
        orders.append([each["id"] for each in answer.json()["responses"]])

    assert sorted(orders[0], key=int) == [str(each) for each in range(20)]
    assert any(order != sorted(order, key=int) for order in orders)


def test_twenty_one_requests_are_too_many(graph, url):
    requests = [{"id": str(each), "method": "GET", "url": url} for each in range(21)]

    assert code(graph.post("/$batch", json={"requests": requests})) == (400, "invalidRequest")
    twice = [{"id": "a", "method": "GET", "url": url}, {"id": "A", "method": "GET", "url": url}]
    assert graph.post("/$batch", json={"requests": twice}).status_code == 400


def test_what_depends_on_a_failed_request_fails_with_424(graph, url):
    requests = [
        {"id": "1", "method": "GET", "url": f"/drives/{graph.drive}/items/none"},
        {"id": "2", "method": "GET", "url": url, "dependsOn": ["1"]},
        {"id": "3", "method": "GET", "url": url},
    ]

    responses = graph.post("/$batch", json={"requests": requests}).json()["responses"]

    assert {each["id"]: each["status"] for each in responses} == {"1": 404, "2": 424, "3": 200}


def test_writes_and_redirects_work_inside_a_batch(graph):
    item = graph.upload("a.txt").json()
    base = f"/drives/{graph.drive}/items/{item['id']}"
    requests = [
        {"id": "1", "method": "PATCH", "url": f"{base}/listItem/fields", "body": {"Title": "x"},
         "headers": {"Content-Type": "application/json", "if-match": item["eTag"]}},
        {"id": "2", "method": "PATCH", "url": base, "body": {"name": "b.txt"}, "dependsOn": ["1"],
         "headers": {"Content-Type": "application/json", "if-match": item["eTag"]}},
        {"id": "3", "method": "GET", "url": f"{base}/content"},
    ]  # fmt: skip

    responses = {each["id"]: each for each in graph.post("/$batch", json={"requests": requests}).json()["responses"]}

    assert responses["1"]["body"]["Title"] == "x"
    assert responses["2"]["status"] == 412
    assert (responses["3"]["status"], "Location" in responses["3"]["headers"]) == (302, True)


def test_throttling_reaches_into_a_batch(graph, url):
    graph.sharepoint.settings(ru_per_minute=3)
    requests = [{"id": str(each), "method": "GET", "url": url} for each in range(5)]

    responses = graph.post("/$batch", json={"requests": requests}).json()["responses"]

    assert sorted(each["status"] for each in responses) == [200, 200, 200, 429, 429]
    assert all("Retry-After" in each["headers"] for each in responses if each["status"] == 429)
