"""The header that says who calls, as nobody's platform would write it: whoever sends it is not signed in."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Unauthenticated
from shared.model.principals import Role, principal_of
from tests.hostile.texts import nested, odd_values

TENANT = "7c1e0000-0000-4000-8000-000000000001"
BOUNDED = settings(max_examples=200, derandomize=True, deadline=None)


def header(document: object) -> str:
    return base64.b64encode(json.dumps(document).encode()).decode()


def role_of(value: str) -> Role | None:
    """The role that a header gives; None: nobody is signed in, or somebody without a role."""
    try:
        return principal_of(value, TENANT).role
    except Unauthenticated:
        return None


@given(value=st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: base64.b64encode(raw).decode()))
@BOUNDED
def test_no_text_makes_a_caller(value: str):
    assert role_of(value) is None


@given(document=odd_values)
@BOUNDED
def test_no_document_of_another_shape_makes_a_caller(document: object):
    assert role_of(header(document)) is None


@given(
    claims=odd_values
    | st.lists(st.fixed_dictionaries({"typ": st.sampled_from(["tid", "oid", "roles"]), "val": odd_values}), max_size=5)
)
@BOUNDED
def test_claims_of_any_kind_give_no_role(claims: object):
    assert role_of(header({"auth_typ": "aad", "claims": claims, "role_typ": "roles"})) is None


@pytest.mark.parametrize(
    "value",
    [
        base64.b64encode(nested(100_000)).decode(),
        base64.b64encode(b'{"auth_typ": "aad", "claims": [{"typ": ' + nested(3_000) + b"}]}").decode(),
        base64.b64encode(b'{"auth_typ": "aad", "auth_typ": ' + nested(5_000, b'{"a":', b"}") + b"}").decode(),
        "A" * 100_000,
        "=",
        "é",
        "\ud800",
    ],
    ids=["deep", "deep claim", "deep type", "long", "padding", "outside ASCII", "half a pair"],
)
def test_a_header_that_would_exhaust_its_reader_makes_no_caller(value: str):
    assert role_of(value) is None


def test_two_headers_that_the_platform_joined_are_nobody():
    administrator = header(
        {
            "auth_typ": "aad",
            "claims": [
                {"typ": "tid", "val": TENANT},
                {"typ": "oid", "val": "1"},
                {"typ": "roles", "val": "Moment.Administrator"},
            ],
        }
    )

    assert role_of(administrator) is Role.ADMINISTRATOR
    assert role_of(f"{administrator},{administrator}") is None
