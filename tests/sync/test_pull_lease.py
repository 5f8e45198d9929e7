"""What becomes of a notification, or a person's answer, that arrives while the library is being pulled."""

import dataclasses
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import AccessDenied, NotFound, PreconditionFailed, Unavailable
from shared.model.libraries import Answer, LibraryState
from tests.sync.test_approvals import Emptied, emptied  # noqa: F401 - the fixture
from tests.sync.test_between_proof_and_release import Hook
from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture


def hold(company: Company) -> LibraryState:  # noqa: F811
    """Somebody else pulls the library."""
    libraries, until = company.world.app.libraries, company.world.clock() + timedelta(minutes=2)
    state = libraries.find(company.drive)
    assert state is not None
    return libraries.save(state, replace(state, lease_owner="other", lease_until=until))


def notify(company: Company) -> None:  # noqa: F811
    company.world.app.ingest.take(f"notified:{company.drive}", company.world.clock())


def end(company: Company, held: LibraryState) -> None:  # noqa: F811
    company.world.app.libraries.save(held, replace(held, lease_owner="", lease_until=None))


def test_what_is_told_during_a_pull_is_followed_soon_after_it_and_not_when_its_lease_would_have_ended(
    company: Company,  # noqa: F811
):
    world, held = company.world, hold(company)
    company.person_adds("root", "new.txt")

    notify(company)

    (key, delay_s) = world.pulls.keys[0]
    assert (key, len(world.pulls.keys)) == (f"notified:{company.drive}", 1)
    assert 0 < delay_s <= 10
    end(company, held)
    world.settle()
    assert "new.txt" in company.live()


def test_a_burst_during_a_long_pull_leaves_few_messages_and_misses_nothing(company: Company):  # noqa: F811
    world, held = company.world, hold(company)
    for _ in range(30):
        notify(company)
        world.clock.advance(0.2)
    company.person_adds("root", "last.txt")
    notify(company)

    assert len(world.pulls.keys) <= 4
    end(company, held)
    world.settle()
    assert "last.txt" in company.live()


def test_an_answer_given_during_a_pull_is_carried_out_soon_and_not_when_its_lease_would_have_ended(
    emptied: Emptied,  # noqa: F811
):
    world, began = emptied.world, emptied.world.clock()
    hook = Hook(
        world.stores.libraries,
        "save",
        lambda _, after: after.pulled_at != emptied.state().pulled_at,  # the end of a pull
        lambda: world.app.approvals.answer(emptied.drive, Answer.DISMISSED, "Ada"),
    )
    emptied.company.person_adds("root", "new.txt")

    world.using(stores=dataclasses.replace(world.stores, libraries=hook)).ingest.take(f"poll:{emptied.drive}", began)
    world.settle()

    assert hook.happened
    assert {record.state.value for record in emptied.now()} == {"blocked"}
    assert world.clock() - began < timedelta(seconds=30)


@pytest.mark.parametrize("failure", [PreconditionFailed, Unavailable, AccessDenied, NotFound, ZeroDivisionError])
def test_a_pull_that_outlived_its_lease_leaves_the_next_ones_alone(
    company: Company,  # noqa: F811
    failure: type[Exception],
):
    world, taken = company.world, list[LibraryState]()

    def outlived() -> None:
        taken.append(hold(company))
        raise failure("at the end")

    hook = Hook(world.stores.libraries, "save", lambda _, after: after.in_pull, outlived)
    company.person_adds("root", "new.txt")

    with suppress(ZeroDivisionError):
        world.using(stores=dataclasses.replace(world.stores, libraries=hook)).ingest.take(
            f"poll:{company.drive}", world.clock()
        )

    assert [world.app.libraries.find(company.drive)] == taken
