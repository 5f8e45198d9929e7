"""Brings the rename of a customer, project, activity or task to its library or folder: one request, by id."""

import logging
from dataclasses import dataclass

from shared.errors import NameTaken, NotFound, PermanentError, ProblemError, TransientError
from shared.model.causes import cause_of
from shared.model.directory import Links, folder_of
from shared.model.names import library_name, numbered_folder
from shared.model.stored import FolderLink
from shared.model.transfer_plan import back_off_s
from shared.sync.change_ports import FollowedSharePoint, KeyQueue
from shared.sync.placement import Placements
from shared.sync.places import LIBRARY
from shared.sync.ports import Clock, Folders
from shared.sync.provision import Provision
from shared.telemetry import working
from shared.telemetry.work import Work

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
    clock: Clock

    def wanted(self, links: Links) -> None:
        """The most specific object of these links may have a new name."""
        parts = (links.customer, links.project, links.activity, links.task)
        self.pushes.send(PREFIX + "/".join(part or "" for part in parts))

    def rename(self, key: str) -> None:
        """Give the folder its object's present name; nothing happens where there is no folder yet."""
        with working("push", self.clock) as work:
            self._rename(key, work)

    def _rename(self, key: str, work: Work) -> None:
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
        work.fields |= {"customer": placement.customer.id, "folder": folder_key}
        try:
            if thing is None:
                name = library_name(placement.customer.name)
                self.sharepoint.rename_library(link.site_id or "", link.list_id or "", name)
            else:
                self._rename_folder(link, folder_of(thing).name)
            work.came_to("pushed")
        except TransientError as failure:
            work.came_to("waiting", cause_of(failure))
            self.pushes.send(key, back_off_s(2) if failure.delay_s is None else failure.delay_s)
        except NotFound:
            work.came_to("gone")
            self.provision.forget(placement.customer.id, folder_key)
        except PermanentError as refusal:
            work.came_to("refused", cause_of(refusal))
            _log.warning("a rename was refused by SharePoint", extra={"key": key, "reason": str(refusal)})

    def _rename_folder(self, link: FolderLink, name: str) -> None:
        for number in range(1, _MAX_NAMESAKES):
            wanted = name if number == 1 else numbered_folder(name, number)
            try:
                self.sharepoint.update_item(link.drive_id, link.item_id, "", wanted)
            except NameTaken:
                continue
            return
