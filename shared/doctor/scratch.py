"""A folder to try things in, which is always removed again, in a library that is no customer's.

Moment makes records of what it finds in the libraries that it knows, which are those of customers. So the folder comes
into the site's default library, or where a customer has that one, into the first that none has.

Its name says what it is. A run that was killed leaves it behind; it is removed by the next one that finds it old.
"""

from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Self

from shared.doctor.ground import Ground
from shared.errors import Claimed, MomentError, NameTaken, RefusedForSafety
from shared.model.drive_items import DriveItem

FOLDER = "Moment doctor - safe to delete"
_ROOT = "root"
_ANY_VERSION = ""
_LONGEST_RUN = timedelta(minutes=15)
_PAUSES_S = (0.5, 2.0, 5.0)


class Scratch:
    """`with Scratch(ground, site_id) as scratch:` makes the folder and removes it.

    Raises RefusedForSafety where every library is a customer's, Claimed while another run uses the folder.
    """

    def __init__(self, ground: Ground, site_id: str) -> None:
        self._ground = ground
        self.drive_id = free_drive(ground, site_id)
        self._folder: DriveItem | None = None
        self.left_behind = ""
        """Where the folder is, if it could not be removed, and why not."""

    @property
    def folder_id(self) -> str:
        """The folder's item id."""
        assert self._folder is not None, "it is entered"
        return self._folder.id

    def __enter__(self) -> Self:
        self._folder = self._made()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._folder is not None
        for pause_s in _PAUSES_S:
            with suppress(MomentError):
                self._remove(self._folder)
                return
            self._ground.sleep(pause_s)
        try:
            self._remove(self._folder)
        except MomentError as refusal:
            self.left_behind = f"The folder {self._folder.web_url} could not be removed: {refusal}"

    def _made(self) -> DriveItem:
        sharepoint = self._ground.sharepoint
        with suppress(NameTaken):
            return sharepoint.create_folder(self.drive_id, _ROOT, FOLDER)
        left = sharepoint.find_child(self.drive_id, _ROOT, FOLDER)
        if left is not None and not self._is_old(left):
            raise Claimed(
                f"Another run of the doctor uses the folder '{FOLDER}', or was killed just now.",
                _LONGEST_RUN.total_seconds(),
            )
        if left is not None:
            self._remove(left)
        return sharepoint.create_folder(self.drive_id, _ROOT, FOLDER)

    def _is_old(self, folder: DriveItem) -> bool:
        return folder.created_at is not None and self._ground.clock() - folder.created_at > _LONGEST_RUN

    def _remove(self, folder: DriveItem) -> None:
        self._ground.sharepoint.delete_item(self.drive_id, folder.id, _ANY_VERSION)


def free_drive(ground: Ground, site_id: str) -> str:
    """The first library of a site that Moment does not follow. Raises RefusedForSafety where there is none."""
    for drive_id in ground.sharepoint.drives(site_id):
        if ground.libraries.find(drive_id) is None:
            return drive_id
    raise RefusedForSafety(
        "Every library of the site is a customer's, where whatever is tried would become a file of Moment.", 0, 0
    )
