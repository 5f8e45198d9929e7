"""The API keeps what /api/openapi.json says of it, whatever is sent: found out by generated requests (schemathesis)."""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance, unsupported_method

import function_app  # noqa: F401 - registers all operations
from functions.openapi import description
from functions.operation import OPERATIONS
from tests.functions.conftest import Api

NOT_OURS: list[CheckFunction] = [
    unsupported_method,  # the platform answers 404 for a method that no function takes
    positive_data_acceptance,  # a name of spaces, or an activity without a project, is no matter of a schema
]


# This host has a developer's user; tests/functions/test_sign_in.py asks for sign-ins.
schema = schemathesis.openapi.from_dict(description(OPERATIONS) | {"security": []})


@schema.parametrize()
@settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_answers_as_it_is_described(case: schemathesis.Case, api: Api):
    # A name without a value is left out, as the platform does, so it violates nothing.
    is_blank = any(value in ("", [""]) for value in (case.query or {}).values())
    excluded = [*NOT_OURS, negative_data_rejection] if is_blank else NOT_OURS
    case.call_and_validate(base_url=api.url, excluded_checks=excluded, timeout=60)
