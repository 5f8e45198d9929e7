"""The app on a machine whose clock is wrong: by the seconds in the file that STORM_CLOCK names, read at each look."""

import importlib.util
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_WRONG_BY = Path(os.environ["STORM_CLOCK"])

sys.path.insert(0, str(_ROOT))
from shared import bootstrap  # noqa: E402 - found there only


def _now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(_WRONG_BY.read_text()))


bootstrap._now = _now

_spec = importlib.util.spec_from_file_location("the_function_app", _ROOT / "function_app.py")
assert _spec
assert _spec.loader
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
app = _module.app
