"""Importing the app is free: no environment and no connection."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROBE = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(event) if event.startswith("socket.") else None)
import function_app
print(json.dumps({"opened": sorted(set(opened)), "functions": len(function_app.app.get_functions())}))
"""


def test_the_app_indexes_without_environment_and_opens_nothing():
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, env={}, capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "socket.connect" not in found["opened"]
    assert found["functions"] >= 18
