"""The platform's header, read: whose it is, and what that person or program may."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Unauthenticated
from shared.model.principals import Principal, Role, principal_of
from tests.functions.principals import OBJECT_ID, PRINCIPAL, header_of, program, signed_in

TENANT = "33333333-3333-3333-3333-333333333333"


def read(header: dict[str, str]) -> Principal:
    return principal_of(header[PRINCIPAL], TENANT)


@pytest.mark.parametrize(
    ("app_roles", "role"),
    [
        ([], None),
        (["Moment.Reader"], Role.READER),
        (["Moment.Reader", "Moment.Administrator", "Moment.Editor"], Role.ADMINISTRATOR),
        (["moment.administrator", "Administrator", "Other.App"], None),
    ],
)
def test_the_highest_of_the_apps_own_roles_counts(app_roles: list[str], role: Role | None):
    assert read(signed_in(TENANT, *app_roles)) == Principal(OBJECT_ID, "Kari Nordmann", role)


@pytest.mark.parametrize("own", [None, *Role])
@pytest.mark.parametrize("wanted", list(Role))
def test_a_role_includes_those_before_it(own: Role | None, wanted: Role):
    order = [None, *Role]
    assert Principal("id", "Kari", own).may(wanted) == (order.index(own) >= order.index(wanted))


def test_the_tenants_id_is_compared_without_case():
    assert read(signed_in(TENANT.upper())).id == OBJECT_ID


def test_a_program_is_told_from_a_person():
    assert read(program(TENANT, "Moment.Editor")).is_program
    assert not read(signed_in(TENANT, "Moment.Editor")).is_program


@pytest.mark.parametrize(
    "header",
    [
        signed_in("44444444-4444-4444-4444-444444444444", "Moment.Administrator"),
        signed_in(TENANT, **{"http://schemas.microsoft.com/identity/claims/tenantid": None}),
        signed_in(TENANT, **{"http://schemas.microsoft.com/identity/claims/objectidentifier": None}),
        header_of({"auth_typ": "facebook", "claims": []}),
        header_of([]),
        header_of({}),
    ],
)
def test_whoever_is_of_no_known_organisation_is_nobody(header: dict[str, str]):
    with pytest.raises(Unauthenticated):
        read(header)


@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.b64encode(raw).decode())))
def test_any_header_is_read_or_refused(header: str):
    with pytest.raises(Unauthenticated):
        principal_of(header, TENANT)
