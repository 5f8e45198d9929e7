"""JSON batching: https://learn.microsoft.com/graph/json-batching. Each request inside is charged on its own."""

import base64
import json
import random
from typing import Any

from tools.sharepoint.resources.call import Call, Json, Reply, only
from tools.sharepoint.state.errors import invalid_request

MAX_REQUESTS = 20


async def run_batch(call: Call) -> Reply:
    """POST /$batch: dependents of a failed request answer 424; the order of the answers means nothing."""
    body = await call.json()
    only(body, "requests")
    requests = body.get("requests")
    if not isinstance(requests, list) or not 0 < len(requests) <= MAX_REQUESTS:
        raise invalid_request(f"A batch holds 1 to {MAX_REQUESTS} requests")
    ids = [str(each.get("id", "")).lower() for each in requests]
    if "" in ids or len(set(ids)) != len(ids):
        raise invalid_request("Each request of a batch needs an id of its own")
    statuses: dict[str, int] = {}
    responses = [await _one(call, each, statuses) for each in requests]
    random.shuffle(responses)
    return Reply(200, {"responses": responses})


async def _one(call: Call, request: Json, statuses: dict[str, int]) -> Json:
    only(request, "id", "method", "url", "headers", "body", "dependsOn")
    needed = [str(each).lower() for each in request.get("dependsOn", [])]
    if any(each not in statuses for each in needed):
        raise invalid_request("dependsOn names a request that does not come before")
    if any(statuses[each] >= 400 for each in needed):
        reply = Reply(424, {"error": {"code": "FailedDependency", "message": "A request before this one failed"}})
    else:
        reply = await _perform(call, request)
    statuses[str(request["id"]).lower()] = reply.status
    shown: Json = {"id": str(request["id"]), "status": reply.status, "headers": dict(reply.headers)}
    if reply.body is not None:
        shown["headers"]["Content-Type"] = "application/json"
        shown["body"] = reply.body
    return shown


async def _perform(call: Call, request: Json) -> Reply:
    headers = {str(name): str(value) for name, value in (request.get("headers") or {}).items()}
    body = request.get("body")
    if body is not None and not any(name.lower() == "content-type" for name in headers):
        raise invalid_request("A request with a body needs a Content-Type")
    return await call.perform_again(
        str(request.get("method", "GET")).upper(), call.version + str(request.get("url", "")), headers, _encoded(body)
    )


def _encoded(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    return json.dumps(body).encode()
