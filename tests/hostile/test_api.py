"""What schemathesis does not reach (tests/functions/test_contract.py): bytes, paths and headers no client would send.

Whatever comes, the answer is a problem document, and where a member is at fault, it is named.
"""

import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.conftest import Api
from tests.hostile.texts import ODD_TEXTS, nested, odd_texts, odd_values
from tests.hostile.wire import RawAnswer, send

BOUNDED = settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HALF = b'"\\ud800"'


@pytest.fixture
def customer(api: Api) -> str:
    return api.customer()


def post_file(api: Api, customer: str, body: bytes, *headers: tuple[str, str | bytes]) -> RawAnswer:
    return send(api.url, "POST", f"customers/{customer}/files", body, headers)


def refused(answer: RawAnswer, status: int = 400) -> dict:
    assert answer.status == status, answer.content[:300]
    return answer.problem


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"name": "' + b"x" * 70_000 + b'"}', 413),
        (nested(30_000), 400),
        (b'{"name": ' + nested(30_000) + b"}", 400),
        (b'{"tags": ' + nested(900) + b"}", 400),
        (nested(6_000, b'{"name":', b"}"), 400),
        (b'{"name": "\xff\xfe"}', 400),
        (b'\xef\xbb\xbf{"name": "a"}', 400),
        ('{"name": "a"}'.encode("utf-16"), 400),
        (b'{"name": "a"} {"name": "b"}', 400),
        (b'{"name": NaN}', 400),
        (b"null", 400),
        (b'{"name": "a", "sizeBytes": 1' + b"0" * 400 + b"}", 413),
        (b'{"name": "a", "sizeBytes": 1e400}', 400),
        (b'{"name": ' + HALF + b"}", 400),
        (b'{"name": "a\\udfffb", "nobody": 1}', 400),
        (b'{"name": "a", "tags": [' + HALF + b"]}", 400),
    ],
)
def test_a_body_that_is_no_document_is_refused(api: Api, customer: str, body: bytes, status: int):
    refused(post_file(api, customer, body), status)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"name": "a\\u0000b"}', "name"),
        (b'{"name": "a", "tags": ["a\\u0000"]}', "tags"),
        (b'{"name": "a", "tags": [' + b'"t",' * 60 + b'"t"]}', "tags"),
        (b'{"name": "a", "tags": {"0": "a"}}', "tags"),
        (b'{"name": "a", "project": "../x"}', "project"),
        (b'{"name": "a", "contentType": "a\\r\\nX: 1"}', "contentType"),
        (b'{"name": "a", "createdBy": "\\u0000"}', "createdBy"),
        (b'{"name": "a", "sizeBytes": -1}', "sizeBytes"),
        (b'{"name": "a", "sizeBytes": "1"}', "sizeBytes"),
        (b'{"name": "a", "nobody": 1}', "nobody"),
    ],
)
def test_the_member_at_fault_is_named(api: Api, customer: str, body: bytes, field: str):
    assert refused(post_file(api, customer, body))["field"] == field


def test_a_member_that_comes_twice_hides_nothing(api: Api, customer: str):
    twice = post_file(api, customer, b'{"name": "a.txt", "name": "b.txt"}')

    assert (twice.status, json.loads(twice.content)["name"]) == (201, "b.txt")
    for body in (b'{"name": "", "name": "b.txt"}', b'{"name": "b.txt", "name": ""}'):
        assert refused(post_file(api, customer, body))["field"] == "name"


@given(
    body=st.dictionaries(
        st.sampled_from(["name", "tags", "project", "activity", "task", "sizeBytes", "contentType", "createdBy"]),
        odd_values,
        max_size=6,
    )
)
@BOUNDED
def test_members_of_any_kind_are_taken_or_refused(api: Api, body: dict):
    answer = send(api.url, "POST", "customers/nobody/files", json.dumps(body).encode())

    assert 400 <= answer.status < 500, (body, answer.content)
    assert answer.problem["detail"]


@given(name=odd_texts)
@BOUNDED
def test_a_name_of_any_text_is_taken_or_refused_by_its_field(api: Api, name: str):
    path = f"customers/c{uuid.uuid4().hex[:12]}"

    answer = send(api.url, "PUT", path, json.dumps({"name": name}).encode())

    # Half a surrogate pair is no Unicode: such a body can't be read at all.
    if answer.status != 201 and not any("\ud800" <= each <= "\udfff" for each in name):
        assert answer.status in {400, 409}
        assert answer.problem["field"] == "name"
    assert answer.status < 500


SEGMENTS = (
    "..",
    ".",
    "%2e%2e",
    "%2e%2e%2f%2e%2e",
    "a%2fb",
    "a%5cb",
    "%00",
    "a%00",
    "%ff",
    "%ed%a0%80",
    "%",
    "%zz",
    "a~b",
    "a%23b",
    "a%3fb",
    "c" * 65,
    "c" * 8_000,
    "%F0%9F%98%80",
    "a%0d%0aSet-Cookie:%20x=1",
    "-a",
    ";x=1",
)


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda each: each[:24])
@pytest.mark.parametrize("form", ["customers/{}", "customers/{}/files", "customers/c1/files/{}", "sync-runs/{}"])
def test_a_path_of_odd_segments_leads_nowhere(api: Api, form: str, segment: str):
    answer = send(api.url, "GET", form.format(segment))

    # 404 without a document: the host knows no such address.
    assert answer.status in {400, 404}
    assert answer.status == 404 or answer.problem["field"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("key", ["", " ", "é".encode(), b"\xff\xfe", "k" * 201, "a b", "a\tb", "ключ".encode()])
def test_an_odd_idempotency_key_is_refused_by_its_name(api: Api, customer: str, key: str | bytes):
    answer = post_file(api, customer, b'{"name": "a.txt"}', ("Idempotency-Key", key))

    assert refused(answer)["field"] == "Idempotency-Key"


def test_two_idempotency_keys_are_one_that_nobody_else_uses(api: Api, customer: str):
    answer = post_file(api, customer, b'{"name": "a.txt"}', ("Idempotency-Key", "a"), ("Idempotency-Key", "b"))

    assert answer.status in {201, 400}


@pytest.mark.parametrize(
    "value", ["http://[", "http://[::1", "null", "file://", "é".encode(), "http://a:b:c", "//", ""]
)
@pytest.mark.parametrize("name", ["Origin", "Sec-Fetch-Site", "If-Match", "If-None-Match", "X-MS-CLIENT-PRINCIPAL"])
def test_an_odd_header_is_no_failure_of_ours(api: Api, name: str, value: str | bytes):
    customer = f"c{uuid.uuid4().hex[:12]}"

    answer = send(api.url, "PUT", f"customers/{customer}", b'{"name": "%b"}' % customer.encode(), ((name, value),))

    assert answer.status in {201, 400, 403, 412}
    assert answer.status == 201 or answer.problem["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=1&limit=2",
        "limit=%00",
        "limit=99999999999999999999",
        "page=" + "A" * 5_000,
        "page=%ff",
        "page=e30",
        "q=" + "a%20" * 1_500,
        "q=%ed%a0%80",
        "q=%00",
        "tag=" + "&tag=".join(["a"] * 300),
        "&".join(f"x{n}=1" for n in range(300)),
        "period=0000",
        "since=0001-01-01&until=9999-12-31",
        "sort=__class__",
    ],
    ids=lambda each: each[:24],
)
def test_an_odd_query_is_answered_or_refused(api: Api, customer: str, query: str):
    for path in ("files", f"customers/{customer}/files"):
        answer = send(api.url, "GET", f"{path}?{query}")

        assert answer.status == 200 or refused(answer)["detail"]


@given(text=st.sampled_from(ODD_TEXTS) | odd_texts)
@settings(BOUNDED, max_examples=40)
def test_any_search_is_answered(api: Api, text: str):
    answer = api.call("GET", "files", params={"q": text.encode(errors="surrogatepass")})

    assert answer.status_code in {200, 400}
