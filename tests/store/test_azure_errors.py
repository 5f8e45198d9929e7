"""shared/store/azure_errors.py: nothing of Azure's leaks, and nothing secret does."""

import inspect
from types import SimpleNamespace

import pytest
from azure.core import exceptions
from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError, ServiceRequestError
from azure.data.tables import RequestTooLargeError, TableTransactionError

from shared import errors
from shared.errors import MomentError, Throttled
from shared.store.azure_errors import our_errors, translated

RAISED = [
    kind
    for _, kind in inspect.getmembers(exceptions, inspect.isclass)
    if issubclass(kind, Exception) and kind.__module__ == exceptions.__name__
]


def a_response(status: int, **headers: str) -> SimpleNamespace:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(status_code=status, reason="", headers=named, text=lambda: "", body=lambda: b"")


def an_error(status: int, code: str | None = None, **headers: str) -> HttpResponseError:
    error = HttpResponseError("https://x?sig=secret", response=a_response(status, **headers))
    error.error_code = code  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize("kind", RAISED, ids=lambda kind: kind.__name__)
def test_every_exception_of_azure_core_becomes_one_of_ours(kind: type[Exception]) -> None:
    raised = kind.__new__(kind)
    Exception.__init__(raised, "https://x?sig=secret")
    if isinstance(raised, HttpResponseError):
        raised.status_code, raised.response = None, None

    with pytest.raises(MomentError) as caught, our_errors("Doing it"):
        raise raised

    assert caught.value.__cause__ is raised
    assert "secret" not in str(caught.value)


def test_the_walk_over_azures_exceptions_sees_them() -> None:
    assert {AzureError, HttpResponseError, ResourceExistsError, ServiceRequestError} <= set(RAISED)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (304, "", "PreconditionFailed"),
        (400, "OutOfRangeInput", "PermanentError"),
        (400, "PropertyValueTooLarge", "TooLarge"),
        (400, "EntityTooLarge", "TooLarge"),
        (401, "", "AccessDenied"),
        (403, "AuthorizationFailure", "AccessDenied"),
        (404, "BlobNotFound", "NotFound"),
        (408, "", "Unavailable"),
        (409, "EntityAlreadyExists", "PreconditionFailed"),
        (409, "ContainerBeingDeleted", "Unavailable"),
        (409, "BlobImmutableDueToPolicy", "AccessDenied"),
        (412, "UpdateConditionNotSatisfied", "PreconditionFailed"),
        (412, "LeaseIdMissing", "Locked"),
        (413, "", "TooLarge"),
        (429, "", "Throttled"),
        (500, "InternalError", "Unavailable"),
        (503, "ServerBusy", "Unavailable"),
    ],
)
def test_an_answer_becomes_what_has_to_happen_next(status: int, code: str, expected: str) -> None:
    found = translated(an_error(status, code), "Doing it")

    assert type(found) is getattr(errors, expected)
    assert str(found).startswith(f"Doing it: Azure Storage answered {status} {code}".rstrip())
    assert "secret" not in str(found)


def test_the_wait_that_the_service_asks_for_is_kept() -> None:
    found = translated(an_error(429, Retry_After="17"), "Doing it")

    assert isinstance(found, Throttled)
    assert found.delay_s == 17


def test_the_request_id_is_named_for_the_logs() -> None:
    assert "(request 4711)" in str(translated(an_error(500, x_ms_request_id="4711"), "Doing it"))


@pytest.mark.parametrize("kind", [TableTransactionError, RequestTooLargeError])
def test_a_transactions_errors_are_translated_by_status(kind: type[HttpResponseError]) -> None:
    error = kind(message="3:the index must not matter", response=a_response(412))

    assert type(translated(error, "Doing it")) is errors.PreconditionFailed


def test_other_exceptions_pass_unchanged() -> None:
    with pytest.raises(KeyError), our_errors("Doing it"):
        raise KeyError("x")
