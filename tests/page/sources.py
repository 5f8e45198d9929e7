"""What the page's modules hold, read by TypeScript's parser (sources.mjs)."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
MODULES = STATIC / "files"


@cache
def sources() -> dict[str, Any]:
    """As sources.mjs prints it."""
    command = ["node", "tests/page/sources.mjs", str(MODULES)]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
