"""Builds the use cases that follow SharePoint's changes, on any stores: a rehearsal brings some of its own."""

from shared.bootstrap.world import World
from shared.settings import NOTIFICATIONS_PATH
from shared.sync.adoption import Adoption
from shared.sync.deletions import Deletions
from shared.sync.ingest import Ingest
from shared.sync.ingest_items import ItemIngest
from shared.sync.ingest_page import PageIngest
from shared.sync.own_echoes import OwnEchoes
from shared.sync.placement import Placements
from shared.sync.places import Places
from shared.sync.reconcile.planning import PullPorts
from shared.sync.subscriptions import Subscriptions
from shared.sync.waiting_wishes import WaitingWishes
from shared.sync.walks import Walks
from shared.sync.wanted_columns import WantedColumns


def pull_ports(world: World, subscriptions: Subscriptions) -> PullPorts:
    """The real ones."""
    stores = world.stores
    return PullPorts(
        files=stores.files,
        tree=stores.tree,
        libraries=stores.libraries,
        folders=stores.folders,
        pulls=stores.pulls,
        pushes=stores.pushes,
        watching=subscriptions,
        sharepoint=world.sharepoint,
    )


def places_of(world: World, ports: PullPorts) -> Places:
    """Where folders lead in Moment."""
    return Places(ports.tree, ports.folders, world.stores.directory)


def items_of(world: World, ports: PullPorts) -> ItemIngest:
    """What follows single items."""
    return ItemIngest(
        files=ports.files,
        places=places_of(world, ports),
        wanted_columns=WantedColumns(Placements(world.stores.directory)),
        sharepoint=ports.sharepoint,
        pushes=ports.pushes,
        clock=world.clock,
        our_app_id=world.settings.graph.client_id,
    )


def adoption_of(world: World, ports: PullPorts) -> Adoption:
    """What gives folders that were there before to their objects."""
    return Adoption(
        files=ports.files,
        tree=ports.tree,
        folders=ports.folders,
        directory=world.stores.directory,
        places=places_of(world, ports),
    )


def deletions_of(world: World, ports: PullPorts) -> Deletions:
    """What decides on what is gone."""
    limits = world.settings.follow
    return Deletions(
        files=ports.files,
        tree=ports.tree,
        places=places_of(world, ports),
        clock=world.clock,
        most_files=limits.guard_files,
        largest_share=limits.guard_percent / 100,
    )


def ingest_of(world: World, ports: PullPorts) -> Ingest:
    """What pulls libraries, walks through them and decides on deletions."""
    limits, items = world.settings.follow, items_of(world, ports)
    walks = Walks(
        libraries=ports.libraries,
        files=ports.files,
        tree=ports.tree,
        folders=ports.folders,
        directory=world.stores.directory,
        placements=Placements(world.stores.directory),
        sharepoint=ports.sharepoint,
        items=items,
        pulls=ports.pulls,
        clock=world.clock,
        new_id=world.new_id,
    )
    return Ingest(
        libraries=ports.libraries,
        pages=PageIngest(tree=ports.tree, items=items, adoption=adoption_of(world, ports)),
        deletions=deletions_of(world, ports),
        walks=walks,
        subscriptions=ports.watching,
        sharepoint=ports.sharepoint,
        pulls=ports.pulls,
        waiting=WaitingWishes(ports.pulls, world.clock),
        echoes=OwnEchoes(ports.libraries, ports.files, ports.pulls, world.clock),
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
