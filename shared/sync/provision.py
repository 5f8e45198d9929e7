"""Makes sure that a customer's library and the folders of a file exist, and knows them by id.

A folder is its drive item id, so people may rename or move it (design.md §2). Links are kept in Table Storage and
cached per process; a link whose folder is gone is found out when SharePoint answers 404, and made anew.

A library or folder that is there already, made by people or by an attempt that was cut off, is adopted: a library by
its name where it is not another customer's, a folder by its name where it is not another object's. Every step may be
repeated after a crash; what is adopted is marked first and linked last.
"""

import threading
from collections.abc import Callable
from functools import partial

from shared.errors import NameTaken, NotShownYet, PermanentError
from shared.model.directory import Customer, FolderSpec, Placement
from shared.model.drive_items import DriveItem, Library, Target
from shared.model.libraries import LibraryState, adopted_description, marked_customer, marker_of
from shared.model.names import library_name, numbered_folder
from shared.model.stored import FolderLink
from shared.sync.change_ports import Libraries
from shared.sync.places import LIBRARY
from shared.sync.ports import Folders, SharePoint

ROOT = "root"
_MAX_NAMESAKES = 50


class Provision:
    """Libraries and folders on demand. Safe for threads; two that need the same folder make it once."""

    def __init__(
        self,
        folders: Folders,
        sharepoint: SharePoint,
        libraries: Libraries,
        follow: Callable[[LibraryState], None],
        before_link: Callable[[FolderLink], None],
    ) -> None:
        """`follow` is told of every library, `before_link` of every folder that was there; both may be told again."""
        self._folders = folders
        self._sharepoint = sharepoint
        self._libraries = libraries
        self._follow = follow
        self._before_link = before_link
        self._known: dict[tuple[str, str], FolderLink] = {}
        self._locks = tuple(threading.Lock() for _ in range(64))

    def target(self, placement: Placement) -> Target:
        """The folder of the most specific object, made with everything above it where it is missing."""
        customer = placement.customer
        link = self._ensure(customer.id, LIBRARY, partial(self._make_library, customer))
        for spec in placement.folders:
            link = self._ensure(customer.id, spec.key, partial(self._make_folder, link, spec))
        return Target(link.drive_id, link.item_id)

    def adopt_library(self, customer: Customer) -> FolderLink | None:
        """The customer's library: the linked one, else one of its name that exists. None where none does.

        Makes no library. Raises PermanentError where the one of that name is another customer's.
        """
        known = self._known.get((customer.id, LIBRARY)) or self._folders.find(customer.id, LIBRARY)
        if known is not None:
            return known
        found = self._sharepoint.find_library(library_name(customer.name))
        return None if found is None else self._ensure(customer.id, LIBRARY, partial(self._adopt, customer, *found))

    def renewed_target(self, placement: Placement) -> Target:
        """The same after SharePoint said that something on the way is gone: what is missing is made again."""
        customer = placement.customer.id
        for key in (LIBRARY, *(spec.key for spec in placement.folders)):
            self._known.pop((customer, key), None)
            link = self._folders.find(customer, key)
            if link is not None and self._sharepoint.find_item(link.drive_id, link.item_id) is None:
                self.forget(customer, key)
        return self.target(placement)

    def known_target(self, placement: Placement) -> Target | None:
        """The folder if this process knows it already; asks nobody."""
        key = placement.folders[-1].key if placement.folders else LIBRARY
        link = self._known.get((placement.customer.id, key))
        return None if link is None else Target(link.drive_id, link.item_id)

    def forget(self, customer: str, key: str) -> None:
        """Drop the link of a folder that is gone."""
        self._known.pop((customer, key), None)
        self._folders.forget(customer, key)

    def _ensure(self, customer: str, key: str, make: Callable[[], FolderLink]) -> FolderLink:
        cached = self._known.get((customer, key))
        if cached is not None:
            return cached
        with self._locks[hash((customer, key)) % len(self._locks)]:
            link = self._known.get((customer, key)) or self._folders.find(customer, key)
            if link is None:
                link = make()
                self._folders.save(link)
            self._known[customer, key] = link
            return link

    def _make_library(self, customer: Customer) -> FolderLink:
        name = library_name(customer.name)
        try:
            library = self._sharepoint.create_library(name, marker_of(customer.id))
        except NameTaken:
            found = self._sharepoint.find_library(name)
            if found is None:
                raise _taken(name, "not a document library") from None
            return self._adopt(customer, *found)
        return self._followed(customer, library)

    def _adopt(self, customer: Customer, library: Library, description: str) -> FolderLink:
        """Take over a library that is there: one that a crash left, or one that people made."""
        marked, state = marked_customer(description), self._libraries.find(library.drive_id)
        if {marked, state.customer if state else None} - {None, customer.id}:
            raise _taken(library.name, "another customer's")
        if marked is None:
            self._sharepoint.describe_library(library, adopted_description(description, customer.id))
        self._sharepoint.complete_library(library, made_here=description == marker_of(customer.id))
        return self._followed(customer, library)

    def _followed(self, customer: Customer, library: Library) -> FolderLink:
        self._follow(LibraryState(library.drive_id, customer.id, library.list_id, library.site_id))
        return FolderLink(
            customer.id, LIBRARY, library.drive_id, ROOT, library.list_id, library.web_url, library.site_id
        )

    def _make_folder(self, parent: FolderLink, spec: FolderSpec) -> FolderLink:
        for number in range(1, _MAX_NAMESAKES):
            name = spec.name if number == 1 else numbered_folder(spec.name, number)
            item, was_there = self._create_or_find(parent, name)
            if self._folders.owner_of(parent.customer, item.id) in {None, spec.key}:
                link = FolderLink(parent.customer, spec.key, parent.drive_id, item.id, web_url=item.web_url)
                if was_there:
                    self._before_link(link)
                return link
        raise PermanentError(f"Too many folders named {spec.name!r} belong to other objects.")

    def _create_or_find(self, parent: FolderLink, name: str) -> tuple[DriveItem, bool]:
        """The folder of this name, and whether it was there before."""
        try:
            return self._sharepoint.create_folder(parent.drive_id, parent.item_id, name), False
        except NameTaken:
            found = self._sharepoint.find_child(parent.drive_id, parent.item_id, name)
            if found is None:
                raise NotShownYet(f"SharePoint does not show the folder {name!r} yet.") from None
            if not found.is_folder:
                raise PermanentError(
                    f"A file named {name!r} stands in SharePoint where its folder should be. Rename it, then try again."
                ) from None
            return found, True


def _taken(name: str, by: str) -> PermanentError:
    return PermanentError(
        f"SharePoint already has something named {name!r} that is {by}. "
        "Rename it there, or rename the customer, then try again."
    )
