"""The blob trigger's Event Grid source: webhook and emitter."""

from typing import Any

import requests

from tests.functions_host.conftest import World, seen, wait_until
from tools.functions_host.running import LocalHost


def _post(host: LocalHost, body: Any, kind: str = "Notification", **query: str) -> requests.Response:
    values = {"functionName": "Host.Functions.upload", "code": host.system_key} | query
    headers = {"aeg-event-type": kind}
    return requests.post(f"{host.url}/runtime/webhooks/blobs", json=body, params=values, headers=headers, timeout=20)


def _event(world: World, name: str) -> dict[str, Any]:
    url = world.blobs.get_blob_client(world.name, name).url
    return {"eventType": "Microsoft.Storage.BlobCreated", "data": {"url": url, "eTag": "0x1"}}


def test_event_runs_the_function_whatever_its_etag_and_nothing_is_scanned(world: World) -> None:
    world.upload("silent.txt", "no event")
    world.upload("a b.txt", "content")
    with world.host("events") as host:
        assert _post(host, [_event(world, "a b.txt")]).status_code == 202

        assert wait_until(lambda: seen(host)) == [{"name": "a b.txt", "content": "content"}]


def test_validation_handshake_is_answered(world: World) -> None:
    with world.host("events") as host:
        answer = _post(host, [{"data": {"validationCode": "abc"}}], kind="SubscriptionValidation")
        assert (answer.status_code, answer.json()) == (200, {"validationResponse": "abc"})


def test_webhook_needs_its_key_and_swallows_unknown_functions_and_other_events(world: World) -> None:
    with world.host("events") as host:
        assert _post(host, [_event(world, "a")], code="wrong").status_code == 401
        assert _post(host, [_event(world, "a")], functionName="Host.Functions.gone").status_code == 202
        assert _post(host, [{"eventType": "Microsoft.Storage.BlobDeleted", "data": {}}]).status_code == 202
        assert _post(host, [{"eventType": "Microsoft.Storage.BlobCreated"}]).status_code == 400
        assert seen(host) == []


def test_emitter_announces_new_blobs_only(world: World) -> None:
    world.upload("old.txt", "old")
    with world.host("events", "--emit-blob-events") as host:
        world.upload("new.txt", "new")

        assert wait_until(lambda: [call["name"] for call in seen(host)]) == ["new.txt"]
