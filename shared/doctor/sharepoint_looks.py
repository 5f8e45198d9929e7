"""The doing half of the checks of identity, sites, permissions, notifications and the app's own address."""

from collections.abc import Callable, Mapping

from shared.doctor.advice import HEALTH_PATH
from shared.doctor.ground import Ground
from shared.doctor.round_trip import round_trip
from shared.doctor.scratch import Scratch
from shared.doctor.seen import BySite, FilesSeen, Trip
from shared.errors import ContentDiffers, MomentError

_CONTENT = b"Moment's doctor wrote this and deletes it again.\n"


def permissions(ground: Ground) -> tuple[str, ...] | None:
    """What our token says that we may."""
    return ground.sharepoint.permissions()


def sites(ground: Ground) -> BySite:
    """Whether each can be opened."""
    return _each(ground, lambda _site_id: None)


def content_types(ground: Ground) -> BySite:
    """Made where they are missing, as with the first library."""
    return _each(ground, ground.sharepoint.complete_content_type)


def lists(ground: Ground) -> Mapping[str, int]:
    """How many lists each site has. Raises what a site answers else."""
    found = {}
    for address in ground.settings.graph.sites:
        ground.told(address)
        found[address] = ground.sharepoint.count_lists(ground.sharepoint.find_site(address))
    return found


def libraries(ground: Ground) -> BySite:
    """Whether the app may manage libraries: one gets the description that it has."""

    def describe(site_id: str) -> None:
        ground.sharepoint.describe_again(site_id, next(iter(ground.sharepoint.drives(site_id))))

    return _each(ground, describe)


def _each(ground: Ground, look: Callable[[str], object]) -> BySite:
    seen: dict[str, MomentError | None] = {}
    for address in ground.settings.graph.sites:
        ground.told(address)
        try:
            look(ground.sharepoint.find_site(address))
            seen[address] = None
        except MomentError as error:
            seen[address] = error
    return seen


def files(ground: Ground) -> Mapping[str, FilesSeen]:
    """Write, read, rename and delete a file in each site."""
    seen = {}
    for address in ground.settings.graph.sites:
        ground.told(address)
        seen[address] = found = FilesSeen("finding the site")
        try:
            _try_files(ground, ground.sharepoint.find_site(address), found)
        except MomentError as error:
            found.error = error
    return seen


def _try_files(ground: Ground, site_id: str, found: FilesSeen) -> None:
    found.step = "making a folder"
    scratch = Scratch(ground, site_id)
    try:
        with scratch:
            found.step = "writing a file"
            made = ground.sharepoint.put_file(scratch.drive_id, scratch.folder_id, "doctor.txt", _CONTENT)
            found.step = "reading it"
            with ground.sharepoint.open_content(scratch.drive_id, made.id) as content:
                if content.read() != _CONTENT:
                    raise ContentDiffers("What came back is not what was written.")
            found.step = "renaming it"
            renamed = ground.sharepoint.update_item(scratch.drive_id, made.id, "", name="doctor-2.txt")
            found.step = "deleting it"
            ground.sharepoint.delete_item(scratch.drive_id, renamed.id, "")
            found.step = ""
    finally:
        found.left_behind = scratch.left_behind


def notifications(ground: Ground) -> Trip:
    """The round trip, in the first site: where it works, it works in the others."""
    if not ground.settings.follow.public_url:
        return Trip()
    return round_trip(ground, ground.sharepoint.find_site(ground.settings.graph.sites[0]))


def own_address(ground: Ground) -> int | None:
    """The status of the app's own health; None where there is no public address."""
    url = ground.settings.follow.public_url
    return ground.ask_health(url + HEALTH_PATH) if url else None
