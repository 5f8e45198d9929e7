"""The message classes that the worker library fills and reads, as plain objects instead of protobuf.

The shapes are those of the worker protocol
(https://github.com/Azure/azure-functions-language-worker-protobuf). A message holds exactly the fields it was made
with, and asking for another is an AttributeError: the library probes for names such as `TypedData` and goes on only
when they are absent.
"""

from typing import TYPE_CHECKING, Any, ClassVar


class Message:
    """A message of the worker protocol: keyword arguments become its fields."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self.__dict__)})"

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class TypedData(Message):
    """One value of one kind: `string`, `bytes`, `json`, `http`, `model_binding_data`..."""

    def WhichOneof(self, _group: str) -> str | None:  # noqa: N802 - the protobuf name
        """Name the field that is set."""
        return next(iter(self.__dict__), None)


class ParameterBinding(Message):
    """A named value, into a function or out of it."""

    def WhichOneof(self, _group: str) -> str:  # noqa: N802 - the protobuf name
        """Say that the value travels in the message, never in shared memory."""
        return "data"


class StatusResult(Message):
    """The outcome of a request to the worker."""

    Failure = 0
    Success = 1


class BindingInfo(Message):
    """A binding as indexed; the numbers are the protocol's."""

    out = 1
    inout = 2
    undefined = 0


# `in` cannot be written as an attribute in a class body.
setattr(BindingInfo, "in", 0)


class RpcHttpCookie(Message):
    """A Set-Cookie of a response."""

    class SameSite:
        """The values of the SameSite attribute."""

        Lax = 1
        Strict = 2
        ExplicitNone = 3


# `None` cannot be written as an attribute in a class body.
setattr(RpcHttpCookie.SameSite, "None", 0)


class RpcHttp(Message):
    """A request to, or a response of, an HTTP function."""

    cookies: ClassVar[list[RpcHttpCookie] | None] = None


class ModelBindingData(Message):
    """What an SDK-type parameter is made from: `version`, `source`, `content_type`, `content`."""


class Timestamp(Message):
    """Without it the library looks for google.protobuf when a cookie expires."""


class NullableString(Message):
    """A string that may be absent."""


class NullableBool(Message):
    """A boolean that may be absent."""


class NullableDouble(Message):
    """A number that may be absent."""


class NullableTimestamp(Message):
    """A time that may be absent."""


class RpcException(Message):
    """`message` ("Type: text") and `stack_trace` of what user code raised."""


class RpcRetryOptions(Message):
    """The retry decorator's values."""


class RpcFunctionMetadata(Message):
    """An indexed function: `function_id`, `name`, `raw_bindings`, `retry_options`."""


class FunctionMetadataResponse(Message):
    """The indexed functions."""


class WorkerInitResponse(Message):
    """The answer to the first request."""


class WorkerMetadata(Message):
    """Versions of the worker."""


class InvocationResponse(Message):
    """`result`, `return_value` and `output_data` of one call."""


class FunctionLoadResponse(Message):
    """The answer to a load request."""


class FunctionEnvironmentReloadResponse(Message):
    """The answer to an environment reload."""
