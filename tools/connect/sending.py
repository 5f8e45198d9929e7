"""The one place that changes something: sends the planned calls in their order."""

import json
from collections.abc import Callable, Sequence

from tools.connect.graph import Graph, Refused
from tools.connect.plan import APPLICATION, CLIENT_ID, PRINCIPAL
from tools.connect.seen import Unclear
from tools.connect.wanted import Call, Json

_WAITS_S = (2.0, 4.0, 8.0, 16.0, 30.0)
"""What was just made takes some seconds to be known everywhere in Entra."""


def send_all(graph: Graph, calls: Sequence[Call], known: dict[str, str], told: Callable[[Call], None]) -> None:
    """Send each call; `told` hears of those that are done. What they give is added to `known`.

    Raises Refused at the first that fails: what is done stays done, and the next run goes on from there.
    """
    for call in calls:
        answer = _send(graph, filled(call, known), is_patient=bool(_given(calls) & set(known)))
        known |= {name: str(answer[member]) for name, member in call.gives.items()}
        told(call)


def filled(call: Call, known: dict[str, str]) -> Call:
    """The call with ids in place of the names in braces. Raises Unclear where one is not known."""
    path, body = call.path, json.dumps(call.body)
    for name, value in known.items():
        path, body = path.replace(name, value), body.replace(name, value)
    if any(name in path or name in body for name in (CLIENT_ID, APPLICATION, PRINCIPAL)):
        raise Unclear("What comes before it is not there yet: first run it with --only registration.")
    return Call(call.step, call.why, call.method, path, json.loads(body), call.gives)


def _given(calls: Sequence[Call]) -> set[str]:
    return {name for call in calls for name in call.gives}


def _send(graph: Graph, call: Call, *, is_patient: bool) -> Json:
    for wait_s in _WAITS_S if is_patient else ():
        try:
            return graph.send(call.step, call.method, call.path, call.body)
        except Refused as refusal:
            if not _is_not_known_yet(refusal):
                raise
        graph.sleep(wait_s)
    return graph.send(call.step, call.method, call.path, call.body)


def _is_not_known_yet(refusal: Refused) -> bool:
    return refusal.status == 404 or (refusal.status == 400 and "does not reference a valid" in refusal.said)
