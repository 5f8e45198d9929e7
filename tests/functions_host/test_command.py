"""The command: what it prints, and what it says when it cannot start."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functions_host.conftest import APPS
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost

ROOT = Path(__file__).resolve().parents[2]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.functions_host", "--port", "0", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        ("empty", "no functions found"),
        ("nowhere", "is no folder"),
        ("broken", "RuntimeError: broken on purpose"),
        ("exits", "ended itself while it was imported (exit code 5)"),
        ("unsupported", "no binding of type eventHubTrigger"),
        ("queues", "the app setting QUEUE, which is not set"),
    ],
)
def test_app_that_cannot_run_is_refused_with_its_reason(app: str, expected: str) -> None:
    ended = _run("--app", str(APPS / app))

    assert ended.returncode == 1
    assert expected in ended.stderr
    assert "READY" not in ended.stdout


def test_connection_that_is_not_set_is_named() -> None:
    ended = _run("--app", str(APPS / "queues"), "--set", "QUEUE=some", "--set", "AzureWebJobsStorage=")
    assert ended.returncode == 1
    assert "function work: the connection AzureWebJobsStorage needs the app setting" in ended.stderr


def test_port_in_use_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = _run("--app", str(APPS / "http"), "--port", port)

    assert ended.returncode == 2
    assert f"port {port} is in use" in ended.stderr


def test_ready_line_tells_address_and_functions_and_generated_keys_follow() -> None:
    command = [sys.executable, "-m", "tools.functions_host", "--port", "0", "--app", str(APPS / "http")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as host:
        assert host.stdout is not None
        first, second = host.stdout.readline().split(), host.stdout.readline().split()
        host.send_signal(signal.SIGTERM)

    assert first[0] == "READY"
    assert first[1].startswith("http://127.0.0.1:")
    assert first[2] == "functions=9"
    assert (second[0], len(second)) == ("FUNCTION_KEY", 2)


def test_failed_start_is_reported_to_tests_with_its_output() -> None:
    with pytest.raises(RuntimeError, match="broken on purpose"):
        LocalHost(APPS / "broken").start()


def test_azurite_is_gone_after_use_and_a_taken_port_is_said() -> None:
    with Azurite() as first:
        port = first.ports["blob"]
        with pytest.raises(RuntimeError, match="Azurite did not start"):
            Azurite(blob_port=port).start()
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
