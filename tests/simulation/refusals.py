"""What Azure Storage and Microsoft Graph answer where they refuse, in the shape that their clients read.

Storage: https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 (XML for blobs and queues, JSON
for tables, the code in `x-ms-error-code` too). A refused entity group transaction is a 202 that carries the refusal:
https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions.
Graph: https://learn.microsoft.com/graph/errors.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

_REASONS = {
    412: "Precondition Failed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_STORAGE_CODES = {412: "ConditionNotMet", 429: "TooManyRequests", 500: "InternalError", 503: "ServerBusy"}
_GRAPH_CODES = {412: "notAllowed", 429: "activityLimitReached", 500: "generalException", 503: "serviceNotAvailable"}
_STALE_ROW = "UpdateConditionNotSatisfied"
_BATCH = "batchresponse_between"
_CHANGES = "changesetresponse_between"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer in place of the service's own."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def refusal(status: int, path: str, headers: Mapping[str, str], retry_after_s: int | None = None) -> Refusal:
    """The answer with this status to a request with this path and these headers."""
    if path.startswith("/v1.0/"):
        answer = _of_graph(status)
    elif _is_of_tables(headers):
        answer = _of_tables(status, path)
    else:
        answer = _of_blobs(status)
    if retry_after_s is not None:
        answer.headers["Retry-After"] = str(retry_after_s)
    return answer


def is_conditional(path: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the service could answer 412: the request names the version that it wants to write."""
    if path.split("?")[0].endswith("$batch"):
        return b"If-Match: W/" in body
    return headers.get("If-Match", "*") != "*"


def _is_of_tables(headers: Mapping[str, str]) -> bool:
    return "DataServiceVersion" in headers or "MaxDataServiceVersion" in headers


def _of_graph(status: int) -> Refusal:
    body = {"error": {"code": _GRAPH_CODES[status], "message": "Refused on the way", "innerError": {}}}
    return Refusal(status, {"Content-Type": "application/json", "request-id": "between"}, json.dumps(body).encode())


def _of_blobs(status: int) -> Refusal:
    code = _STORAGE_CODES[status]
    said = f"<Error><Code>{code}</Code><Message>Refused on the way.</Message></Error>"
    text = f'<?xml version="1.0" encoding="utf-8"?>{said}'
    headers = {"Content-Type": "application/xml", "x-ms-error-code": code, "x-ms-request-id": "between"}
    return Refusal(status, headers, text.encode())


def _of_tables(status: int, path: str) -> Refusal:
    code = _STALE_ROW if status == 412 else _STORAGE_CODES[status]
    message = {"lang": "en-US", "value": "0:Refused on the way."}
    body = json.dumps({"odata.error": {"code": code, "message": message}}).encode()
    headers = {"x-ms-error-code": code, "x-ms-request-id": "between"}
    if status == 412 and path.split("?")[0].endswith("$batch"):
        kind = f"multipart/mixed; boundary={_BATCH}"
        return Refusal(202, {"Content-Type": kind, "x-ms-request-id": "between"}, _in_batch(status, body))
    return Refusal(status, headers | {"Content-Type": "application/json;odata=minimalmetadata"}, body)


def _in_batch(status: int, body: bytes) -> bytes:
    head = [
        f"--{_BATCH}",
        f"Content-Type: multipart/mixed; boundary={_CHANGES}",
        "",
        f"--{_CHANGES}",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"HTTP/1.1 {status} {_REASONS[status]}",
        "Content-Type: application/json;odata=minimalmetadata",
        "",
        body.decode(),
        f"--{_CHANGES}--",
        f"--{_BATCH}--",
        "",
    ]
    return "\r\n".join(head).encode()
