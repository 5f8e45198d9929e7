"""Pages of a delta that lead nowhere, elsewhere or round in a circle, and columns that hold what no column can."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.sync.pulled import Pulled
from tests.graph.scripted_server import ScriptedServer
from tests.hostile.followed import Followed
from tests.hostile.rewriting_proxy import Passing

GUID = "1E5A7F00-0A0B-4C0D-8E0F-00A1B2C3D4E5"


def answering(followed: Followed, rewrite: Callable[[Passing, dict[str, Any]], object]) -> None:
    """Have every page of the drive's delta be what `rewrite` makes of it."""

    def with_body(passing: Passing) -> None:
        if passing.is_drive_delta:
            rewrite(passing, passing.json())

    followed.proxy.rewrite = with_body


def pull_once(followed: Followed) -> tuple[Pulled, int]:
    """One run of a pull, and how many pages of the drive's delta it asked for."""
    before = len(followed.proxy.asked)
    pulled = followed.world.app.ingest.pull(followed.drive, followed.world.clock.later(86_400), notified=False)
    return pulled, sum("/root/delta" in each.path for each in followed.proxy.asked[before:])


def assert_it_recovers(followed: Followed) -> None:
    """As soon as SharePoint makes sense again, what was missed is followed, without anybody's help."""
    followed.be_honest()
    followed.person_adds("later.txt")
    followed.world.settle()
    followed.pull()
    assert "later.txt" in followed.names()
    assert (followed.state().failure, followed.state().in_pull) == ("", False)


def test_a_next_link_to_itself_ends_with_a_reason_and_a_wait(followed: Followed):
    def same_again(passing: Passing, body: dict[str, Any]) -> None:
        del body["@odata.deltaLink"]
        passing.say(body | {"@odata.nextLink": f"{followed.proxy.url}{passing.path}"})

    answering(followed, same_again)

    pulled, pages = pull_once(followed)

    assert (pulled, pages <= 4) == (Pulled.LATER, True)
    assert "leads back to itself" in followed.state().failure
    assert list(followed.world.pulls.keys) == [(f"poll:{followed.drive}", 300)]
    assert_it_recovers(followed)


def test_next_links_in_a_circle_end_with_a_reason_and_a_wait(followed: Followed):
    links = iter(range(10_000))

    def round_and_round(passing: Passing, body: dict[str, Any]) -> None:
        link = f"{followed.proxy.url}{passing.path.partition('&n=')[0]}&n={next(links) % 5}"
        passing.say({"value": body["value"], "@odata.nextLink": link})

    answering(followed, round_and_round)

    pulled, pages = pull_once(followed)

    assert (pulled, pages <= 20) == (Pulled.LATER, True)
    assert "leads back to itself" in followed.state().failure
    assert_it_recovers(followed)


def test_one_410_after_the_other_ends_with_a_reason_and_a_wait(followed: Followed):
    numbers = iter(range(10_000))

    def gone(passing: Passing) -> None:
        if "/delta" in passing.path:
            location = f"{followed.proxy.url}/v1.0/drives/{followed.drive}/root/delta?n={next(numbers)}"
            passing.say({"error": {"code": "resyncRequired"}}, 410, Location=location)

    followed.proxy.rewrite = gone

    pulled, pages = pull_once(followed)

    assert (pulled, pages <= 5) == (Pulled.LATER, True)
    assert followed.state().failure
    assert_it_recovers(followed)


@pytest.mark.parametrize("member", ["@odata.nextLink", "@odata.deltaLink"])
def test_a_link_to_another_host_gets_neither_our_token_nor_a_request(followed: Followed, member: str):
    with ScriptedServer() as stranger:
        followed.person_adds("new.txt")
        answering(
            followed, lambda passing, body: passing.say({"value": body["value"], member: f"{stranger.url}/v1.0/x"})
        )

        pulled, _ = pull_once(followed)

        assert stranger.asked == []
    assert pulled is Pulled.LATER
    assert "another host" in followed.state().failure
    assert_it_recovers(followed)
    assert "new.txt" in followed.names()


@pytest.mark.parametrize(
    "link",
    [
        "http://[",
        "//127.0.0.1/x",
        "javascript:alert(1)",
        "/v1.0/x",
        7,
        {"href": "x"},
        "\ud800",
    ],
)
def test_a_link_that_is_no_address_is_not_kept(followed: Followed, link: Any):
    before = followed.state().changes_link
    answering(followed, lambda passing, body: passing.say({"value": body["value"], "@odata.deltaLink": link}))

    assert pull_once(followed)[0] is Pulled.LATER
    assert followed.state().changes_link == before
    followed.world.pulls.keys.clear()


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>Sorry</html>", b'{"value": [', b"[]", b"null", b'{"value": {}}', b'{"value": 7}', b"[" * 50_000],
    ids=["nothing", "HTML", "cut off", "list", "null", "object", "number", "deep"],
)
def test_a_page_that_is_none_is_asked_for_again_later(followed: Followed, content: bytes):
    answering(followed, lambda passing, _: passing.say(content))

    assert pull_once(followed)[0] is Pulled.LATER
    assert "could not be read" in followed.state().failure
    assert_it_recovers(followed)


def test_a_page_whose_packing_is_broken_is_asked_for_again_later(followed: Followed):
    def packed(passing: Passing) -> None:
        if passing.is_drive_delta:
            passing.say(b"\x1f\x8b\x08\x00not gzip", **{"Content-Encoding": "gzip"})

    followed.proxy.rewrite = packed

    assert pull_once(followed)[0] is Pulled.LATER
    assert followed.state().failure
    assert_it_recovers(followed)


def test_a_hundred_empty_pages_are_followed_to_their_end(followed: Followed):
    followed.person_adds("behind.txt")
    left = iter(range(100))

    def empty_first(passing: Passing, body: dict[str, Any]) -> None:
        if (number := next(left, None)) is not None:
            link = f"{followed.proxy.url}{passing.path.partition('&n=')[0]}&n={number}"
            passing.say({"value": [], "@odata.nextLink": link})

    answering(followed, empty_first)

    assert pull_once(followed) == (Pulled.DONE, 101)
    assert "behind.txt" in followed.names()


def test_a_page_of_20000_entries_is_taken_as_a_whole(followed: Followed):
    # Half of them again and again the same, as a delta may repeat its entries.
    gone = [{"id": f"01GONE{number % 10:028d}", "deleted": {}} for number in range(19_980)]
    followed.tell(*gone, *(followed.an_item(name=f"many {number}.txt") for number in range(20)))
    followed.person_adds("other.txt")

    followed.pull()

    assert followed.names() == {"ours.txt", "other.txt", *(f"many {number}.txt" for number in range(20))}
    assert followed.state().failure == ""


def columns_of(followed: Followed, **fields: Any) -> dict[str, Any]:
    """A list item of our file with these columns."""
    assert followed.ours.baseline is not None
    return {"id": "1", "eTag": followed.ours.baseline.e_tag.strip('"{').replace("}", ""), "fields": fields}


@pytest.mark.parametrize(
    "fields",
    [
        {"momentTags": [{"a": 1}, ["b"]]},
        {"momentTags": {"a": 1}},
        {"momentTags": [f"tag {number} {'x' * 40}" for number in range(10_000)]},
        {"momentActivity": {"a": 1}},
        {"momentPeriod": "x" * 5_000},
    ],
    ids=["nested tags", "an object of tags", "10,000 tags", "an object", "a long period"],
)
def test_columns_that_hold_what_no_column_can_change_nothing_and_stop_nobody(followed: Followed, fields: dict):
    odd = columns_of(followed, **fields)

    def rewrite(passing: Passing) -> None:
        if passing.is_column_delta:
            body = passing.json()
            passing.say(body | {"value": [odd, None, {"id": "2", "eTag": 7, "fields": [1]}, *body["value"]]})

    followed.proxy.rewrite = rewrite
    followed.person_adds("other.txt")

    followed.pull()

    assert followed.names() == {"ours.txt", "other.txt"}
    assert followed.world.read(followed.ours).tags == followed.ours.tags
    assert followed.state().failure == ""
    assert followed.state().passed_over


def test_tags_of_odd_kinds_are_taken_as_text(followed: Followed):
    odd = columns_of(followed, momentTags=[7, None, "", "half\ud800", " a "])

    def rewrite(passing: Passing) -> None:
        if passing.is_column_delta:
            passing.say(passing.json() | {"value": [odd]})

    followed.proxy.rewrite = rewrite
    followed.person_adds("other.txt")

    followed.pull()

    assert followed.world.read(followed.ours).tags == ("7", "half\ufffd", "a")
