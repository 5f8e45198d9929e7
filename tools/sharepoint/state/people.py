"""The people of the tenant: whoever works in the page for people is one of them, never an application."""

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Person:
    """Somebody with an account; the account is what items remember of who changed them."""

    account: str
    name: str
    person_id: str


GRACE = Person("grace.hopper@contoso.com", "Grace Hopper", "5f1d9d6e-0c1b-4f6a-9a53-71c5be0dd1b4")
PEOPLE = {GRACE.account: GRACE}
