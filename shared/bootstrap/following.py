"""Builds the use cases that follow SharePoint's changes."""

from shared.bootstrap.world import World
from shared.settings import NOTIFICATIONS_PATH
from shared.sync.adoption import Adoption
from shared.sync.deletions import Deletions
from shared.sync.ingest import Ingest
from shared.sync.ingest_items import ItemIngest
from shared.sync.placement import Placements
from shared.sync.subscriptions import Subscriptions
from shared.sync.walks import Walks


def ingest_of(
    world: World, items: ItemIngest, placements: Placements, adoption: Adoption, subscriptions: Subscriptions
) -> Ingest:
    """What pulls libraries, walks through them and decides on deletions."""
    limits, stores = world.settings.follow, world.stores
    deletions = Deletions(
        files=stores.files,
        tree=stores.tree,
        places=items.places,
        clock=world.clock,
        most_files=limits.guard_files,
        largest_share=limits.guard_percent / 100,
    )
    walks = Walks(
        libraries=stores.libraries,
        files=stores.files,
        tree=stores.tree,
        folders=stores.folders,
        directory=stores.directory,
        placements=placements,
        sharepoint=world.sharepoint,
        items=items,
        pulls=stores.pulls,
        clock=world.clock,
        new_id=world.new_id,
    )
    return Ingest(
        libraries=stores.libraries,
        tree=stores.tree,
        items=items,
        adoption=adoption,
        deletions=deletions,
        walks=walks,
        subscriptions=subscriptions,
        sharepoint=world.sharepoint,
        pulls=stores.pulls,
        clock=world.clock,
        new_id=world.new_id,
        lease_s=limits.pull_lease_s,
        time_limit_s=limits.pull_time_limit_s,
    )


def subscriptions_of(world: World) -> Subscriptions:
    """What keeps each library's subscription."""
    public_url = world.settings.follow.public_url
    return Subscriptions(
        libraries=world.stores.libraries,
        sharepoint=world.sharepoint,
        pulls=world.stores.pulls,
        clock=world.clock,
        new_secret=world.new_secret,
        notification_url=f"{public_url}{NOTIFICATIONS_PATH}" if public_url else "",
    )
