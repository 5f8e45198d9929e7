"""Collections in pages."""

from shared.graph.paging import rows
from tests.graph.parts import PassingTime, a_transport
from tests.graph.scripted_server import Answer, ScriptedServer


def test_every_page_is_read_and_its_link_called_as_it_is():
    with ScriptedServer() as server:
        link = f"{server.url}/v1.0/sites/s/columns?$skiptoken=a%2Bb"
        server.answers = [
            Answer(200, {"value": [{"id": "1"}], "@odata.nextLink": link}),
            Answer(200, {"value": [], "@odata.nextLink": link}),
            Answer(200, {"value": [{"id": "2"}]}),
        ]
        found = list(rows(a_transport(server.url, PassingTime()), "/sites/{site}/columns", {"site": "s"}))

    assert [each["id"] for each in found] == ["1", "2"]
    assert [each.path for each in server.asked[1:]] == ["/v1.0/sites/s/columns?$skiptoken=a%2Bb"] * 2
