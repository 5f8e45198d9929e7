"""Brings the rename of a customer, project, activity or task to its library or folder: one request, by id."""

import logging
from dataclasses import dataclass

from shared.errors import NameTaken, NotFound, PermanentError, ProblemError, TransientError
from shared.model.directory import Links, folder_of
from shared.model.names import library_name, numbered_folder
from shared.model.stored import FolderLink
from shared.model.transfer_plan import back_off_s
from shared.sync.change_ports import FollowedSharePoint, KeyQueue
from shared.sync.placement import Placements
from shared.sync.places import LIBRARY
from shared.sync.ports import Folders
from shared.sync.provision import Provision

_log = logging.getLogger(__name__)
_MAX_NAMESAKES = 50
PREFIX = "rename:"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameFolders:
    """The use case. Its keys in the queue of pushes are `rename:customer/project/activity/task`, empty where none."""

    folders: Folders
    placements: Placements
    provision: Provision
    sharepoint: FollowedSharePoint
    pushes: KeyQueue

    def wanted(self, links: Links) -> None:
        """The most specific object of these links may have a new name."""
        parts = (links.customer, links.project, links.activity, links.task)
        self.pushes.send(PREFIX + "/".join(part or "" for part in parts))

    def rename(self, key: str) -> None:
        """Give the folder its object's present name; nothing happens where there is no folder yet."""
        customer, project, activity, task = (part or None for part in key.removeprefix(PREFIX).split("/"))
        try:
            placement = self.placements.of(Links(customer or "", project, activity, task))
        except ProblemError:
            return  # the object was deleted meanwhile
        thing = placement.task or placement.activity or placement.project
        folder_key = folder_of(thing).key if thing else LIBRARY
        link = self.folders.find(placement.customer.id, folder_key)
        if link is None:
            return
        try:
            if thing is None:
                name = library_name(placement.customer.name)
                self.sharepoint.rename_library(link.site_id or "", link.list_id or "", name)
            else:
                self._rename_folder(link, folder_of(thing).name)
        except TransientError as failure:
            self.pushes.send(key, back_off_s(2) if failure.delay_s is None else failure.delay_s)
        except NotFound:
            self.provision.forget(placement.customer.id, folder_key)
        except PermanentError as refusal:
            _log.warning("a rename was refused by SharePoint", extra={"key": key, "reason": str(refusal)})

    def _rename_folder(self, link: FolderLink, name: str) -> None:
        for number in range(1, _MAX_NAMESAKES):
            wanted = name if number == 1 else numbered_folder(name, number)
            try:
                self.sharepoint.update_item(link.drive_id, link.item_id, "", wanted)
            except NameTaken:
                continue
            return
