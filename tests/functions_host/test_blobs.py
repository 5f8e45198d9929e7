"""The polling blob trigger against Azurite."""

import json
import time

from tests.functions_host.conftest import World, seen, wait_until

_THRESHOLD = "AzureFunctionsJobHost__extensions__blobs__poisonBlobThreshold"


def _names(host: object) -> list[str]:
    return [call["name"] for call in seen(host)]  # type: ignore[arg-type]


def test_blob_that_was_there_before_the_host_runs_once_over_restarts(world: World) -> None:
    world.upload("acme/a.txt", "old")
    with world.host("blobs") as host:
        assert wait_until(lambda: _names(host)) == ["acme/a.txt"]
        host.stop()
        host.start()
        world.upload("acme/b.txt", "new")

        assert wait_until(lambda: len(_names(host)) == 2)
        time.sleep(0.5)
        assert _names(host) == ["acme/a.txt", "acme/b.txt"]


def test_overwritten_blob_runs_again_with_its_new_content(world: World) -> None:
    with world.host("blobs") as host:
        world.upload("acme/a.txt", "one")
        assert wait_until(lambda: len(seen(host)) == 1)
        world.upload("acme/a.txt", "two")

        assert wait_until(lambda: len(seen(host)) == 2)
        assert [call["content"] for call in seen(host)] == ["one", "two"]


def test_only_names_that_match_the_path_run_and_a_capture_may_hold_slashes(world: World) -> None:
    with world.host("blobs") as host:
        world.upload("root.txt", "no")
        world.upload("acme/x/y.txt", "yes")

        assert wait_until(lambda: _names(host)) == ["acme/x/y.txt"]
        time.sleep(0.3)
        assert _names(host) == ["acme/x/y.txt"]


def test_failing_blob_is_poison_after_the_threshold(world: World) -> None:
    with world.host("blobs", **{_THRESHOLD: "2"}) as host:
        world.upload("acme/bad.txt", "fail")

        def poison() -> list[str]:
            return [text for text in world.peek("webjobs-blobtrigger-poison") if world.name in text]

        message = json.loads(wait_until(poison)[0])
        assert message | {"ETag": ""} == {
            "FunctionId": "Host.Functions.upload",
            "BlobType": "BlockBlob",
            "ContainerName": world.name,
            "BlobName": "acme/bad.txt",
            "ETag": "",
        }
        assert message["ETag"]
        assert len(seen(host)) == 2


def test_receipt_of_a_blob_names_host_function_version_and_blob(world: World) -> None:
    with world.host("blobs") as host:
        world.upload("acme/a.txt", "x")
        assert wait_until(lambda: seen(host))

        container = world.blobs.get_container_client("azure-webjobs-hosts")
        prefix = f"blobreceipts/{world.name}/Host.Functions.upload/"
        wait_until(lambda: not next(iter(container.list_blobs(prefix, include=["metadata"]))).metadata)
        (receipt,) = container.list_blobs(prefix, include=["metadata"])
        assert receipt.name.endswith(f"/{world.name}/acme/a.txt")
        assert not receipt.metadata


def test_message_for_a_blob_that_is_gone_is_dropped(world: World) -> None:
    message = {"FunctionId": "Host.Functions.upload", "ContainerName": world.name, "BlobName": "a/gone", "ETag": "x"}
    queue = f"azure-webjobs-blobtrigger-{world.name}"
    world.queues.create_queue(queue)
    world.send(json.dumps(message), queue=queue)

    with world.host("blobs") as host:
        client = world.queues.get_queue_client(queue)
        assert wait_until(lambda: client.get_queue_properties().approximate_message_count == 0)
        assert seen(host) == []


def test_container_may_be_made_after_the_host(world: World) -> None:
    late = f"{world.name}late"
    with world.host("blobs", CONTAINER=late) as host:
        time.sleep(0.3)
        world.blobs.create_container(late)
        world.blobs.get_blob_client(late, "acme/a.txt").upload_blob(b"x")

        assert wait_until(lambda: _names(host)) == ["acme/a.txt"]


def test_many_blobs_all_run_once(world: World) -> None:
    names = {f"acme/{number}.txt" for number in range(60)}
    for name in names:
        world.upload(name, "x")
    with world.host("blobs") as host:
        assert wait_until(lambda: len(seen(host)) >= len(names))
        time.sleep(0.3)
        assert sorted(_names(host)) == sorted(names)
