"""Makes sure that a customer's library and the folders of a file exist, and knows them by id.

A folder is its drive item id, so people may rename or move it (design.md §2). Links are kept in Table Storage and
cached per process; a link whose folder is gone is found out when SharePoint answers 404, and made anew.

Every step may be repeated after a crash: a library is recognised by its description, a folder by its name and by not
being another object's folder.
"""

import threading
from collections.abc import Callable
from functools import partial

from shared.errors import NameTaken, PermanentError, Unavailable
from shared.model.directory import Customer, FolderSpec, Placement
from shared.model.drive_items import Target
from shared.model.libraries import LibraryState
from shared.model.names import library_name, numbered_folder
from shared.model.stored import FolderLink
from shared.sync.ports import Folders, SharePoint

LIBRARY = "library"
ROOT = "root"
_MAX_NAMESAKES = 50


class Provision:
    """Libraries and folders on demand. Safe for threads; two that need the same folder make it once."""

    def __init__(self, folders: Folders, sharepoint: SharePoint, follow: Callable[[LibraryState], None]) -> None:
        """`follow` is told of every new library before it is used; it may be told again."""
        self._folders = folders
        self._sharepoint = sharepoint
        self._follow = follow
        self._known: dict[tuple[str, str], FolderLink] = {}
        self._locks = tuple(threading.Lock() for _ in range(64))

    def target(self, placement: Placement) -> Target:
        """The folder of the most specific object, made with everything above it where it is missing."""
        customer = placement.customer
        link = self._ensure(customer.id, LIBRARY, partial(self._make_library, customer))
        for spec in placement.folders:
            link = self._ensure(customer.id, spec.key, partial(self._make_folder, link, spec))
        return Target(link.drive_id, link.item_id)

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
        marker = f"Files of the Moment customer {customer.id}"
        try:
            library = self._sharepoint.create_library(name, marker)
        except NameTaken:
            found = self._sharepoint.find_library(name)
            if found is None or found[1] != marker:
                raise PermanentError(
                    f"SharePoint already has a list or library named {name!r} that is not this customer's. "
                    "Rename it there, or rename the customer, then try again."
                ) from None
            library = found[0]
            self._sharepoint.complete_library(library)
        self._follow(LibraryState(library.drive_id, customer.id, library.list_id))
        return FolderLink(customer.id, LIBRARY, library.drive_id, ROOT, library.list_id, library.web_url)

    def _make_folder(self, parent: FolderLink, spec: FolderSpec) -> FolderLink:
        for number in range(1, _MAX_NAMESAKES):
            name = spec.name if number == 1 else numbered_folder(spec.name, number)
            item_id, web_url = self._create_or_find(parent, name)
            if self._folders.owner_of(parent.customer, item_id) in {None, spec.key}:
                return FolderLink(parent.customer, spec.key, parent.drive_id, item_id, web_url=web_url)
        raise PermanentError(f"Too many folders named {spec.name!r} belong to other objects.")

    def _create_or_find(self, parent: FolderLink, name: str) -> tuple[str, str]:
        try:
            item = self._sharepoint.create_folder(parent.drive_id, parent.item_id, name)
        except NameTaken:
            found = self._sharepoint.find_child(parent.drive_id, parent.item_id, name)
            if found is None:
                raise Unavailable(f"SharePoint does not show the folder {name!r} yet.") from None
            if not found.is_folder:
                raise PermanentError(
                    f"A file named {name!r} stands in SharePoint where its folder should be. Rename it, then try again."
                ) from None
            item = found
        return item.id, item.web_url
