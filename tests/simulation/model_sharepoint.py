"""SharePoint as the use cases know it (the FollowedSharePoint port): writes and upload sessions, on drives in memory.

PDFs are rewritten as they arrive: SharePoint adds an update behind what was sent, a different one each time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.errors import Locked, NameTaken, StaleError, UploadSessionGone
from shared.model.bodies import Sendable, whole
from shared.model.directory import Columns
from shared.model.drive_items import DriveItem, FragmentReply, UploadSession, Written
from tests.simulation.model_drive import Drive
from tests.simulation.model_hosts import Network
from tests.simulation.model_items import Author, Item
from tests.simulation.model_sites import ModelSites

OUR_APP = "5b1f1c5e-0000-4000-8000-000000000001"
_US = Author("Moment", OUR_APP)
_SESSION_S = 900


@dataclass(slots=True)
class Session:
    """An open upload session: of a new file `name` in `parent_id`, or of the item `item_id`."""

    url: str
    drive: Drive
    expires_at: datetime
    name: str = ""
    parent_id: str = ""
    item_id: str = ""
    content: bytearray = field(default_factory=bytearray)


class ModelSharePoint(ModelSites):
    """All of it."""

    def __init__(self, network: Network, *, moves_c_tag: bool, tells_descendants: bool) -> None:
        super().__init__(network, moves_c_tag=moves_c_tag, tells_descendants=tells_descendants)
        self.sessions: dict[str, Session] = {}

    def create_folder(self, drive_id: str, parent_id: str, name: str) -> DriveItem:
        return self._written(drive_id, lambda drive: drive.create(parent_id, name, _US, None))

    def put_file(self, drive_id: str, parent_id: str, name: str, content: Sendable) -> DriveItem:
        sent = whole(content)

        def create(drive: Drive) -> Item:
            self._check_name(drive, parent_id, name)
            return drive.create(parent_id, name, _US, self._rewritten(name, sent))

        return self._written(drive_id, create)

    def replace_file(self, drive_id: str, item_id: str, content: Sendable, e_tag: str = "") -> DriveItem:
        sent = whole(content)

        def write(drive: Drive) -> Item:
            item = drive.get(item_id)
            self._check_session(item)
            drive.write(item, self._rewritten(item.name, sent), _US, e_tag)
            return item

        return self._written(drive_id, write)

    def set_columns(self, drive_id: str, item_id: str, columns: Columns, e_tag: str = "") -> Written | None:
        if not columns:
            return None

        def write(drive: Drive) -> Item:
            item = drive.get(item_id)
            said = item.columns
            merged = Columns(
                columns.activity or said.activity,
                columns.year or said.year,
                columns.period or said.period,
                columns.tags or said.tags,
            )
            drive.set_columns(item, _US, e_tag, merged)
            return item

        return Written(self._written(drive_id, write).e_tag)

    def write_columns(self, drive_id: str, item_id: str, e_tag: str, columns: Columns) -> Written:
        def write(drive: Drive) -> Item:
            item = drive.get(item_id)
            drive.set_columns(item, _US, e_tag, columns)
            return item

        return Written(self._written(drive_id, write).e_tag)

    def update_item(
        self, drive_id: str, item_id: str, e_tag: str, name: str | None = None, parent_id: str | None = None
    ) -> DriveItem:
        def write(drive: Drive) -> Item:
            item = drive.get(item_id)
            self._check_session(item)
            drive.update(item, _US, e_tag, name, parent_id)
            return item

        return self._written(drive_id, write)

    def delete_item(self, drive_id: str, item_id: str, e_tag: str) -> str:
        def delete() -> str:
            drive = self.drives[drive_id]
            item = drive.find(item_id)
            if item is None:
                return ""
            self._check_session(item)
            drive.delete(item, e_tag)
            return "request"

        return self._ask(delete)

    def _written(self, drive_id: str, write: Callable[[Drive], Item]) -> DriveItem:
        def act() -> DriveItem:
            drive = self.drives[drive_id]
            return drive.shown(write(drive))

        return self._ask(act)

    def open_upload_session(self, drive_id: str, parent_id: str, name: str) -> UploadSession:
        def make() -> UploadSession:
            drive = self.drives[drive_id]
            self._check_name(drive, parent_id, name)
            return self._open(Session("", drive, self._network.clock(), name, drive.get(parent_id).id))

        return self._ask(make)

    def open_replace_session(self, drive_id: str, item_id: str) -> UploadSession:
        def make() -> UploadSession:
            drive = self.drives[drive_id]
            item = drive.get(item_id)
            self._check_session(item)
            drive.touch(item)
            return self._open(Session("", drive, self._network.clock(), item.name, item_id=item.id))

        return self._ask(make)

    def upload_session(self, url: str) -> UploadSession:
        def read() -> UploadSession:
            session = self._session(url)
            return UploadSession(url, session.expires_at, len(session.content))

        return self._ask(read, writes=False)

    def send_fragment(self, url: str, content: Sendable, start: int, total_bytes: int) -> FragmentReply:
        sent = whole(content)

        def take() -> FragmentReply:
            session = self._session(url)
            if start != len(session.content):
                raise StaleError("416: these bytes are not expected.")
            session.content += sent
            if len(session.content) < total_bytes:
                return FragmentReply(len(session.content))
            return FragmentReply(total_bytes, self._finish(session))

        return self._ask(take)

    def cancel_upload_session(self, url: str) -> None:
        self._ask(lambda: self.sessions.pop(url, None))

    def _open(self, session: Session) -> UploadSession:
        session.url = f"https://upload/{next(self._numbers)}"
        session.expires_at += timedelta(seconds=_SESSION_S)
        self.sessions[session.url] = session
        return UploadSession(session.url, session.expires_at)

    def _session(self, url: str) -> Session:
        session = self.sessions.get(url)
        if session is None or session.expires_at < self._network.clock():
            raise UploadSessionGone("The session ended.")
        return session

    def _finish(self, session: Session) -> DriveItem:
        drive, content = session.drive, self._rewritten(session.name, bytes(session.content))
        del self.sessions[session.url]
        if not session.item_id:
            return drive.shown(drive.create(session.parent_id, session.name, _US, content))
        item = drive.get(session.item_id)
        drive.write(item, content, _US)
        return drive.shown(item)

    def _check_name(self, drive: Drive, parent_id: str, name: str) -> None:
        """An open session keeps its name for itself."""
        parent = drive.get(parent_id).id
        if any(each.drive is drive and each.parent_id == parent and each.name == name for each in self._open_ones()):
            raise NameTaken(f"{name!r} is being uploaded.")

    def _check_session(self, item: Item) -> None:
        if any(each.item_id == item.id for each in self._open_ones()):
            raise Locked("The file is being uploaded.")

    def _open_ones(self) -> list[Session]:
        return [each for each in self.sessions.values() if each.expires_at >= self._network.clock()]

    def _rewritten(self, name: str, content: bytes) -> bytes:
        if not name.lower().endswith(".pdf"):
            return content
        return content + b"\n%% %d\ntrailer << /Prev 9 >>\nstartxref\n9\n%%%%EOF\n" % next(self._numbers)
