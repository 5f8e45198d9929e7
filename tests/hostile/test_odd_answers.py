"""Answers to single requests that make no sense: a wait or a reason, never a crash, and nothing sent to strangers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import MomentError, PermanentError, Throttled, Unavailable
from shared.graph import change_wire, item_wire
from shared.graph.hosts import Hosts
from shared.graph.pacing import remaining_units, retry_after_s
from shared.graph.paging import rows
from shared.graph.uploads import UploadSessions
from shared.model.drive_items import ItemChange
from tests.graph.parts import PassingTime, a_transport
from tests.graph.scripted_server import Answer, ScriptedServer
from tests.hostile.texts import nested, odd_texts, odd_values

BOUNDED = settings(max_examples=300, derandomize=True, deadline=None)
MEMBERS = ("id", "name", "size", "eTag", "parentReference", "file", "folder", "root", "deleted", "createdBy", "webUrl")
DAY_S = 86_400
SITES = Hosts("https://graph.microsoft.com/v1.0", frozenset({"contoso.sharepoint.com"}))


@given(entries=st.lists(odd_values | st.dictionaries(st.sampled_from(MEMBERS), odd_values), max_size=5))
@BOUNDED
def test_no_entry_of_a_delta_keeps_the_good_one_from_being_read(entries: list):
    good = {"id": "01GOOD", "name": "good.txt"}

    page = change_wire.item_changes({"value": [*entries, good], "@odata.deltaLink": "x"}, "b!d")

    assert page.entries[-1].item is not None
    assert all(item_wire.is_identifier(each.id) for each in page.entries if isinstance(each, ItemChange))


@given(entries=st.lists(odd_values | st.dictionaries(st.sampled_from(["eTag", "fields"]), odd_values), max_size=5))
@BOUNDED
def test_no_list_item_keeps_the_good_one_from_being_read(entries: list):
    good = {"eTag": '"1E5A7F00-0A0B-4C0D-8E0F-00A1B2C3D4E5,1"', "fields": {"momentTags": ["a"]}}

    page = change_wire.column_changes({"value": [*entries, good], "@odata.deltaLink": "x"})

    assert page.entries[-1].tags == ("a",)


@given(text=odd_texts | st.from_regex(r"-?[0-9]{1,400}", fullmatch=True))
@BOUNDED
def test_no_retry_after_asks_for_more_than_a_day(text: str):
    headers = {"Retry-After": text, "RateLimit-Reset": text, "RateLimit-Remaining": text, "Date": text}

    assert 0 <= (retry_after_s(headers) or 0) <= DAY_S
    assert (remaining_units(headers) or (0, 0))[1] <= DAY_S


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 -2359", "32 Foo 99999"])
def test_a_retry_after_at_the_end_of_time_is_a_day_at_most(date: str):
    assert (retry_after_s({"Retry-After": date, "Date": "Mon, 23 Nov 2026 22:00:00 GMT"}) or 0) <= DAY_S


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"null", b'{"error": "x"}', b'{"error": {"message": {"a": 1}, "code": 7}}', nested(50_000)],
    ids=["nothing", "HTML", "null", "text", "other kinds", "deep"],
)
@pytest.mark.parametrize("status", [400, 404, 409, 418, 429, 500, 503, 599])
def test_a_refusal_with_an_odd_body_is_one_of_our_errors(status: int, body: bytes):
    with ScriptedServer(Answer(status, body)) as server, pytest.raises(MomentError) as refused:
        a_transport(server.url, PassingTime()).request("GET", "/x")

    assert len(str(refused.value)) < 1_000


def test_a_429_of_a_hundred_digits_holds_everything_for_a_while_only():
    with ScriptedServer(Answer(429, {}, {"Retry-After": "9" * 100})) as server, pytest.raises(Throttled) as refused:
        a_transport(server.url, PassingTime()).request("GET", "/x")

    assert refused.value.delay_s is not None
    assert refused.value.delay_s <= DAY_S


def test_pages_that_lead_back_to_themselves_end():
    with ScriptedServer() as server:
        server.answers = [Answer(200, {"value": [], "@odata.nextLink": f"{server.url}/v1.0/x"})]
        with pytest.raises(Unavailable, match="lead back"):
            list(rows(a_transport(server.url, PassingTime()), "/x", {}))

        assert len(server.asked) < 10


@pytest.mark.parametrize("link", ["http://127.0.0.1:1/x", "http://[", 7, {"a": 1}])
def test_a_page_elsewhere_is_not_followed(link: object):
    with ScriptedServer(Answer(200, {"value": [], "@odata.nextLink": link})) as server:
        with pytest.raises(PermanentError, match="another host"):
            list(rows(a_transport(server.url, PassingTime()), "/x", {}))

        assert len(server.asked) == 1


def test_a_file_is_not_sent_to_a_host_that_is_not_sharepoints():
    with ScriptedServer() as stranger, ScriptedServer() as server:
        server.answers = [
            Answer(200, {"uploadUrl": f"{stranger.url}/up", "expirationDateTime": "2026-12-01T00:00:00Z"})
        ]
        sessions = UploadSessions(a_transport(server.url, PassingTime()))

        with pytest.raises(PermanentError, match="another host"):
            sessions.open_upload_session("b!d", "01X", "a.bin")

        assert stranger.asked == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://contoso.sharepoint.com/sites/a/up?tempauth=x", True),
        ("https://contoso-my.sharepoint.com/up", True),
        ("https://graph.microsoft.com/v1.0/up", True),
        ("http://contoso.sharepoint.com/up", False),
        ("https://contoso.sharepoint.com.evil.example/up", False),
        ("https://evil.example/contoso.sharepoint.com", False),
        ("https://contoso.sharepoint.com@evil.example/up", False),
        ("https://evilsharepoint.com/up", False),
        ("https://[", False),
        ("", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_sharepoints_hosts_get_a_file(url: str, expected: bool):
    assert SITES.is_sharepoint(url) is expected


@pytest.mark.parametrize(
    "url", ["http://contoso.sharepoint.com/down", "ftp://contoso.sharepoint.com/x", "//x", "http://["]
)
def test_an_address_in_clear_text_is_not_called_where_graph_itself_is_safe(url: str):
    transport = a_transport("https://graph.microsoft.com", PassingTime())

    with pytest.raises(PermanentError, match="not safe"):
        transport.request_signed("GET", "(download url)", url)
