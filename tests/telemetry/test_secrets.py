"""A whole round trip, with everything that is secret known, and none of it in any line or span.

What is looked for: the address of each upload, in whole and its signature; the address of each upload session; tokens;
the app's secret and the storage account's key; each library's clientState; the content; the addresses of deltas.
"""

import json
import logging
import traceback
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.errors import NameNotAllowed
from shared.graph.tokens import MsalTokens
from shared.model.directory import Links
from tests.sync.test_subscriptions import public  # noqa: F401 - the fixture
from tests.telemetry.test_lines import Refusing
from tests.telemetry.test_spans import Spans
from tests.world import World, put_blob

CONTENT = b"the secret content of a small file"
OURS = ("shared", "functions")


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> None:
    """All that our own code says, and what goes out of other people's code by default."""
    for name in OURS:
        caplog.set_level(logging.DEBUG, logger=name)


def shown(caplog: pytest.LogCaptureFixture) -> str:
    """Messages, fields, exceptions and their causes, as text."""
    parts = []
    for record in caplog.records:
        error = record.exc_info[1] if record.exc_info else None
        trace = "".join(traceback.format_exception(error)) if error else ""
        parts.append(f"{record.getMessage()} {vars(record)} {trace}")
    return "\n".join(parts)


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Fills while the app works: every bearer token that it gets."""
    found: set[str] = set()
    real = MsalTokens.get

    def noting(self: MsalTokens) -> str:
        token = real(self)
        found.add(token)
        return token

    monkeypatch.setattr(MsalTokens, "get", noting)
    return found


def test_a_round_trip_tells_no_secret(
    public: World,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
    secrets: set[str],
    spans: Spans,
):
    world = public.restarted_with(SMALL_FILE_MAX_BYTES="1000")
    customer = world.customer()
    small, small_url = world.announce(Links(customer.id), "small.txt")
    large, large_url = world.announce(Links(customer.id), "large.bin")
    refused, refused_url = world.announce(Links(customer.id), "refused.txt")
    put_blob(small_url, CONTENT)
    put_blob(large_url, bytes(700_000))
    put_blob(refused_url, CONTENT)
    caplog.clear()
    # The session is broken off once, so that its address is in a row when another one goes on.
    world.local.fault({"match": {"method": "PUT", "route": "pload"}, "times": 1, "then": {"status": 503}})
    for _ in range(3):
        world.app.transfer.move(large.customer, large.id)
        record = world.read(large)
        if record.transfer is not None and record.transfer.upload_url is not None:
            secrets.add(record.transfer.upload_url)
    moved = world.arrive(small)
    broken = world.using(sharepoint=Refusing(world, "put_file", NameNotAllowed("Not this name.")))
    broken.transfer.move(refused.customer, refused.id)
    world.settle()
    assert moved.baseline is not None
    state = world.app.libraries.find(moved.baseline.drive_id)
    assert state is not None
    assert state.client_state
    body = {"value": [{"subscriptionId": state.subscription_id, "clientState": state.client_state}]}
    world.app.notifications.receive(json.dumps(body).encode())
    world.rename_item(state.drive_id, moved.baseline.item_id, "theirs.txt")
    world.settle()
    world.edit(world.read(small), name="ours.txt")
    wrong = world.using(sharepoint=Refusing(world, "changes", KeyError(state.changes_link)))
    with pytest.raises(KeyError):
        wrong.ingest.pull(state.drive_id, world.clock.later(3600), notified=True)
    world.app.given_up.take("changes", json.dumps({"key": f"poll:{state.drive_id}"}))

    traced = "".join(each.to_json() for each in spans(""))
    assert '"name": "push"' in traced
    text = shown(caplog) + traced
    after = world.app.libraries.find(state.drive_id)
    assert after is not None
    secrets |= {small_url, large_url, refused_url, state.client_state, CONTENT.decode()}
    secrets |= {parse_qs(urlsplit(url).query)["sig"][0] for url in (small_url, large_url, refused_url)}
    secrets |= {each for each in (state.changes_link, after.changes_link, after.fields_link) if each}
    secrets |= {part.partition("=")[2] for part in world.environ["MOMENT_STORAGE"].split(";") if "AccountKey" in part}
    for message in ("transfer ended", "pull ended", "push ended", "file needs attention", "given up"):
        assert f"{message} " in text
    assert len(secrets) >= 12
    assert [secret for secret in secrets if secret in text] == []
