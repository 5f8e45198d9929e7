"""Runs `python -m tools.admin` as a person does."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_admin(*arguments: str, token: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Wait until it has ended; without settings of whoever runs the tests."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MOMENT_")}
    environ |= variables | ({"MOMENT_TOKEN": token} if token else {})
    command = [sys.executable, "-m", "tools.admin", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300)
