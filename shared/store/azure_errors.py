"""Azure's exceptions become ours (shared/errors.py) at the adapters' edge, and nowhere else.

Azure's own messages stay out of ours: they can quote a URL with its signature. The error code, the status and the
request id are enough to find the rest in the storage logs.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import AzureError, HttpResponseError, SerializationError
from azure.core.exceptions import DeserializationError as UnreadableReply

from shared.errors import (
    AccessDenied,
    Locked,
    MomentError,
    NotFound,
    PermanentError,
    PreconditionFailed,
    Throttled,
    TooLarge,
    Unavailable,
)

_BEING_DELETED = {"TableBeingDeleted", "ContainerBeingDeleted", "QueueBeingDeleted", "AccountBeingCreated"}
_TOO_LARGE = {
    "EntityTooLarge",
    "PropertyValueTooLarge",
    "TooManyProperties",
    "RequestBodyTooLarge",
    "MessageTooLarge",
    "MetadataTooLarge",
}
_BY_STATUS: dict[int, type[MomentError]] = {
    304: PreconditionFailed,
    401: AccessDenied,
    403: AccessDenied,
    404: NotFound,
    408: Unavailable,
    409: PreconditionFailed,
    412: PreconditionFailed,
    413: TooLarge,
    429: Throttled,
}


@contextmanager
def our_errors(doing: str) -> Iterator[None]:
    """Turns what Azure raises inside into an error of ours whose sentence begins with `doing`."""
    try:
        yield
    except (AzureError, SerializationError, UnreadableReply) as error:
        raise translated(error, doing) from error


def translated(error: Exception, doing: str) -> MomentError:
    """The error of ours that says what has to happen next."""
    if isinstance(error, SerializationError):
        return PermanentError(f"{doing}: the request could not be written.")
    if not isinstance(error, HttpResponseError) or error.status_code is None:
        return Unavailable(f"{doing}: Azure Storage could not be reached or its answer not be read.")
    code, status = error_code(error), error.status_code
    kind = _kind(code, status)
    sentence = f"{doing}: Azure Storage answered {status} {code}".rstrip() + _request_id(error) + "."
    return kind(sentence, _retry_after_s(error)) if issubclass(kind, Throttled | Unavailable) else kind(sentence)


def error_code(error: HttpResponseError) -> str:
    """The service's code, or an empty text where it gave none."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")


def _kind(code: str, status: int) -> type[MomentError]:
    if code in _TOO_LARGE:
        return TooLarge
    if code in _BEING_DELETED:
        return Unavailable
    if code.startswith("Lease"):
        return Locked
    if code == "BlobImmutableDueToPolicy":
        return AccessDenied
    if status >= 500:
        return Unavailable
    return _BY_STATUS.get(status, PermanentError if status >= 400 else Unavailable)


def _retry_after_s(error: HttpResponseError) -> float | None:
    value = _header(error, "Retry-After")
    return float(value) if value.isdigit() else None


def _request_id(error: HttpResponseError) -> str:
    value = _header(error, "x-ms-request-id")
    return f" (request {value})" if value else ""


def _header(error: HttpResponseError, name: str) -> str:
    headers = getattr(error.response, "headers", None)
    return str(headers.get(name, "")) if headers is not None else ""
