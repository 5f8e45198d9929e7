"""A file's way is found by its id: each use case is a span, and says whom it was about."""

import json
from collections.abc import Callable

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from shared.model.directory import Links
from shared.model.runs import Direction
from tests.sync.test_subscriptions import public  # noqa: F401 - the fixture
from tests.telemetry.test_lines import Refusing
from tests.world import World

type Spans = Callable[[str], list[ReadableSpan]]


def test_upload_transfer_notification_pull_and_push_are_joined_by_ids(public: World, spans: Spans):  # noqa: F811
    world = public
    record = world.arrive(world.upload(Links(world.customer().id)))
    world.settle()
    assert record.baseline is not None
    state = world.app.libraries.find(record.baseline.drive_id)
    assert state is not None
    world.rename_item(state.drive_id, record.baseline.item_id, "theirs.txt")
    body = {"value": [{"subscriptionId": state.subscription_id, "clientState": state.client_state}]}
    world.app.notifications.receive(json.dumps(body).encode())
    world.settle()
    world.edit(world.read(record), name="ours.txt")

    for name in ("upload", "transfer", "push"):
        about = {((each.attributes or {})["customer"], (each.attributes or {})["file"]) for each in spans(name)}
        assert about == {(record.customer, record.id)}
    (told,) = spans("notification")
    assert told.attributes is not None
    assert told.attributes["drives"] == state.drive_id
    pulls = [each.attributes for each in spans("pull") if each.attributes and each.attributes.get("files") == record.id]
    assert [(each["drive"], each["notified"]) for each in pulls] == [(state.drive_id, True)]


def test_a_transfer_of_a_run_is_inside_its_part_and_the_run_is_a_span_from_its_beginning(world: World, spans: Spans):
    links = Links(world.customer().id)
    world.upload(links)

    run = world.finish(
        world.app.sync_by_hand.begin(links, Direction.TO_SHAREPOINT, "Ada", is_plan=False, is_full=False)
    )

    (transfer,) = spans("transfer")
    parts = {each.context.span_id: each.attributes for each in spans("part of run") if each.context}
    assert transfer.parent is not None
    assert (parts[transfer.parent.span_id] or {})["run"] == run.id
    (whole,) = spans("sync run")
    assert whole.start_time is not None
    assert abs(whole.start_time / 1e9 - run.started_at.timestamp()) < 0.001
    assert (whole.attributes or {})["run"] == run.id


def test_a_failure_is_marked_and_its_text_is_kept_back(world: World, spans: Spans):
    record = world.upload(Links(world.customer().id))
    broken = world.using(sharepoint=Refusing(world, "put_file", KeyError("https://secret")))

    with pytest.raises(KeyError):
        broken.transfer.move(record.customer, record.id)

    (span,) = spans("transfer")
    assert span.status.status_code is StatusCode.ERROR
    assert "secret" not in span.to_json()
    assert not span.events


def test_a_forged_notification_leaves_no_span(public: World, spans: Spans):  # noqa: F811
    body = {"value": [{"subscriptionId": "nobodys", "clientState": "guess"}]}

    public.app.notifications.receive(json.dumps(body).encode())

    assert spans("notification") == []
