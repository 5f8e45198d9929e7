"""A file whose item was deleted in SharePoint while its newest content was being sent there again, in a new item."""

from shared.model.directory import Links
from shared.model.files import FileState
from tests.sync.test_both_changed import OURS, Shared, both  # noqa: F401 - the fixture
from tests.sync.test_copy_made_before import died_after_put
from tests.sync.test_following_storm import BothSides
from tests.sync.test_ingest import company  # noqa: F401 - the fixture
from tests.sync.test_races import finish


def test_what_an_earlier_attempt_sent_is_found_although_the_file_was_moved_and_marked_deleted(
    both: BothSides,  # noqa: F811
):
    shared, world = Shared(both), both.world
    both.person.ask("DELETE", f"/items/{shared.item}")
    died_after_put(shared)
    world.edit(shared.first, links=Links(both.customer, "p2"))
    assert world.read(shared.first).state is FileState.DELETED

    world.arrive(shared.first)
    finish(world, both.customer)

    plans = [seen for seen in both.person.everything() if seen.name == "plan.txt"]
    assert [both.person.content(seen.id) for seen in plans] == [OURS]
    both.agree()
    assert world.read(shared.first).links == Links(both.customer, "p2")
