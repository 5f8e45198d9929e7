"""Upload sessions for larger files (https://learn.microsoft.com/graph/api/driveitem-createuploadsession).

Fragments go strictly in order, each a multiple of 320 KiB but the last. The upload URL is pre-authenticated: it gets no
token and is in no log. While a session is open its name is locked for others: a second session answers 409, which is
told from a taken name by its words only, and raised as Locked where they are known and as NameTaken where not.
"""

from dataclasses import replace

from shared.errors import PermanentError, UploadSessionGone
from shared.graph import wire
from shared.graph.request import UPLOAD_URL, GraphTransport, Repeat
from shared.graph.written import written_item
from shared.model.bodies import Sendable
from shared.model.drive_items import FragmentReply, UploadSession

FRAGMENT_UNIT_BYTES = 327_680


class UploadSessions:
    """Upload sessions. Safe for threads; one session is used by one thread at a time."""

    def __init__(self, transport: GraphTransport) -> None:
        self._transport = transport

    def open_upload_session(self, drive_id: str, parent_id: str, name: str) -> UploadSession:
        """A session that creates a new file. Raises NameTaken, Locked (another session), NotFound (parent gone)."""
        response = self._transport.request(
            "POST",
            "/drives/{drive}/items/{parent}:/{name}:/createUploadSession",
            {"drive": drive_id, "parent": parent_id, "name": name},
            json=wire.session_body(name),
        )
        return self._ours(wire.read(response, wire.new_session))

    def open_replace_session(self, drive_id: str, item_id: str) -> UploadSession:
        """A session that gives an existing file new content."""
        response = self._transport.request(
            "POST",
            "/drives/{drive}/items/{item}/createUploadSession",
            {"drive": drive_id, "item": item_id},
            json=wire.replace_session_body(),
        )
        return self._ours(wire.read(response, wire.new_session))

    def upload_session(self, url: str) -> UploadSession:
        """Where an open session expects to go on. Raises UploadSessionGone."""
        response = self._transport.request_signed("GET", UPLOAD_URL, url)
        return wire.read(response, lambda body: wire.session_status(body, url))

    def send_fragment(self, url: str, content: Sendable, start: int, total_bytes: int) -> FragmentReply:
        """One fragment. Raises UploadSessionGone, NameTaken (late clash), StaleError on 416.

        After Unavailable the session may have taken it or not: `upload_session` says where to go on.
        """
        end = start + len(content)
        assert end == total_bytes or len(content) % FRAGMENT_UNIT_BYTES == 0, "a fragment is a multiple of 320 KiB"
        response = self._transport.request_signed(
            "PUT",
            UPLOAD_URL,
            url,
            content=content,
            headers={"Content-Range": f"bytes {start}-{end - 1}/{total_bytes}"},
            repeat=Repeat.WHEN_REFUSED,
        )
        reply = wire.read(response, lambda body: wire.fragment_reply(body, end))
        return reply if reply.item is None else replace(reply, item=written_item(response))

    def cancel_upload_session(self, url: str) -> None:
        """End a session; nothing happens where it is gone already."""
        try:
            self._transport.request_signed("DELETE", UPLOAD_URL, url)
        except UploadSessionGone:
            return

    def _ours(self, session: UploadSession) -> UploadSession:
        """The session, if its URL leads to SharePoint: a file goes to no other host."""
        if not self._transport.hosts.is_sharepoint(session.url):
            raise PermanentError("SharePoint named another host for the upload; nothing was sent there.")
        return session
