"""The queue trigger against Azurite."""

import time

import requests

from tests.functions_host.conftest import World, seen, wait_until

_QUEUES = "AzureFunctionsJobHost__extensions__queues__"


def test_failed_message_is_tried_again_and_then_moved_to_the_poison_queue(world: World) -> None:
    with world.host("queues", **{f"{_QUEUES}maxDequeueCount": "3"}) as host:
        world.send("fail")

        assert wait_until(lambda: world.peek(f"{world.name}-poison")) == ["fail"]
        assert [call["try"] for call in seen(host)] == [1, 2, 3]
        assert wait_until(lambda: world.waiting() == 0)


def test_failed_message_waits_for_the_visibility_timeout(world: World) -> None:
    options = {f"{_QUEUES}maxDequeueCount": "2", f"{_QUEUES}visibilityTimeout": "00:00:02"}
    with world.host("queues", **options) as host:
        world.send("fail")

        assert wait_until(lambda: len(seen(host)) == 2)
        first, second = seen(host)
        assert 1.5 <= second["at"] - first["at"] <= 4


def test_message_that_is_not_base64_is_poison_at_once(world: World) -> None:
    poison = world.queues.create_queue(f"{world.name}-poison")
    with world.host("queues") as host:
        world.send("not base64!", encode=False)

        assert wait_until(lambda: [each.content for each in poison.peek_messages()]) == ["not base64!"]
        assert seen(host) == []


def test_message_encoding_none_takes_plain_text(world: World) -> None:
    with world.host("queues", **{f"{_QUEUES}messageEncoding": "none"}) as host:
        world.send("plain", encode=False)

        assert wait_until(lambda: [call["body"] for call in seen(host)]) == ["plain"]


def test_no_more_messages_run_at_once_than_batch_and_threshold_allow(world: World) -> None:
    options = {f"{_QUEUES}batchSize": "2", f"{_QUEUES}newBatchThreshold": "0", "PYTHON_THREADPOOL_THREAD_COUNT": "8"}
    for _ in range(4):
        world.send("sleep 0.5")
    with world.host("queues", **options) as host:
        assert wait_until(lambda: host.log_text().count("DONE") == 4)

        times = [call["at"] for call in seen(host)]
        assert times[1] - times[0] < 0.4
        assert times[2] - times[0] >= 0.5


def test_lease_is_renewed_while_a_message_runs(world: World) -> None:
    with world.host("queues", "--lease-s", "2") as host:
        world.send("sleep 5")

        assert wait_until(lambda: "DONE" in host.log_text())
        assert wait_until(lambda: world.waiting() == 0)
        assert len(seen(host)) == 1


def test_message_of_a_killed_host_comes_back_when_its_lease_ends(world: World) -> None:
    host = world.host("queues", "--lease-s", "3")
    try:
        host.start()
        world.send("sleep 1.5")
        assert wait_until(lambda: seen(host))
        host.kill()
        host.start()

        assert wait_until(lambda: len(seen(host)) == 2, timeout_s=60)
        assert [call["try"] for call in seen(host)] == [1, 2]
        assert wait_until(lambda: world.waiting() == 0)
    finally:
        host.kill()


def test_message_whose_last_try_ended_with_its_instance_is_poison(world: World) -> None:
    queue = world.queues.get_queue_client(world.name)
    world.send("lost")
    next(iter(queue.receive_messages(visibility_timeout=1)))

    with world.host("queues", **{f"{_QUEUES}maxDequeueCount": "1"}) as host:
        assert wait_until(lambda: world.peek(f"{world.name}-poison")) == ["lost"]
        assert seen(host) == []


def test_queue_may_be_made_after_the_host(world: World) -> None:
    with world.host("queues", QUEUE=f"{world.name}-late") as host:
        time.sleep(0.3)
        world.queues.create_queue(f"{world.name}-late")
        world.send("hello", queue=f"{world.name}-late")

        assert wait_until(lambda: [call["body"] for call in seen(host)]) == ["hello"]


def test_admin_runs_a_queue_function_with_a_message(world: World) -> None:
    with world.host("queues") as host:
        address = f"{host.url}/admin/functions/work"
        headers = {"x-functions-key": host.master_key}
        assert requests.post(address, json={"input": "by hand"}, headers=headers, timeout=20).status_code == 202
        assert wait_until(lambda: [call["body"] for call in seen(host)]) == ["by hand"]
