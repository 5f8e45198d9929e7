"""How calls look: one line each, and with everything that is in them where nothing is sent."""

import json
from typing import Any

from tools.connect.wanted import Call

_STEP_WIDTH = 14
_LONG = 120


def line(call: Call) -> str:
    """What a call is for."""
    return f"{call.step.value.ljust(_STEP_WIDTH)}{call.why}"


def whole(call: Call, base_url: str) -> str:
    """A call as it would be sent; names in braces stand for ids that earlier calls give."""
    body = json.dumps(_shortened(call.body), indent=2, ensure_ascii=False)
    request = f"{call.method} {base_url}{call.path}\n{body}"
    return line(call) + "\n" + "\n".join(f"{' ' * _STEP_WIDTH}{each}" for each in request.splitlines())


def _shortened(value: Any) -> Any:
    """A certificate is public, but nobody reads it."""
    if isinstance(value, dict):
        return {name: _shortened(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shortened(each) for each in value]
    return f"{value[:24]}… ({len(value)} characters)" if isinstance(value, str) and len(value) > _LONG else value
