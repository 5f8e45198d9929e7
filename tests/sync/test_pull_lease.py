"""What becomes of a notification that arrives while the library is being pulled."""

from dataclasses import replace
from datetime import timedelta

from tests.sync.test_ingest import Company, company  # noqa: F401 - the fixture


def test_what_is_told_during_a_pull_is_followed_soon_after_it_and_not_when_its_lease_would_have_ended(
    company: Company,  # noqa: F811
):
    world, libraries = company.world, company.world.app.libraries
    state = libraries.find(company.drive)
    assert state is not None
    held = libraries.save(state, replace(state, lease_owner="other", lease_until=world.clock() + timedelta(minutes=2)))
    company.person_adds("root", "new.txt")

    world.app.ingest.take(f"notified:{company.drive}", world.clock())

    (key, delay_s) = world.pulls.keys[0]
    assert (key, len(world.pulls.keys)) == (f"notified:{company.drive}", 1)
    assert 0 < delay_s <= 10
    libraries.save(held, replace(held, lease_owner="", lease_until=None))
    world.settle()
    assert "new.txt" in company.live()
