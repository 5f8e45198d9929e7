import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from tools.stack.children import Child, StackError

PARENT = """
import subprocess, sys, time
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", STUBBORN])
print("READY", child.pid, flush=True)
time.sleep(60)
"""


def start(code: str, logs: Path) -> Child:
    return Child("toy", [sys.executable, "-c", code], os.environ, logs)


def test_stopping_ends_what_the_program_started_too(tmp_path: Path):
    child = start(PARENT, tmp_path)
    grandchild = int(child.ready(r"^READY (\d+)$", 20)[1])

    child.stop()

    deadline = time.monotonic() + 60
    while is_running(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(grandchild)


def test_a_program_that_ends_is_reported_with_its_last_words(tmp_path: Path):
    child = start("import sys; sys.exit('no room on the disk')", tmp_path)

    with pytest.raises(StackError, match=r"(?s)toy ended with exit code 1.*toy\.log.*no room on the disk"):
        child.ready("READY", 20)
    child.stop()


def test_a_program_that_is_killed_is_reported(tmp_path: Path):
    child = start(PARENT, tmp_path)
    child.ready("READY", 20)
    os.killpg(child.pid, 9)

    with pytest.raises(StackError, match="stopped by SIGKILL"):
        child.until(lambda: None, 20)
    child.stop()


def test_a_program_that_never_gets_ready_is_not_waited_for_for_ever(tmp_path: Path):
    child = start("import time; time.sleep(60)", tmp_path)

    with pytest.raises(StackError, match="not ready"):
        child.ready("READY", 0.2)
    child.stop()


def test_a_program_that_does_not_exist_is_named(tmp_path: Path):
    with pytest.raises(StackError, match="toy could not be started"):
        Child("toy", [str(tmp_path / "missing")], os.environ, tmp_path)


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
