"""A transfer that is killed before or after any of its outgoing calls is finished by running it again.

Killed is no Exception, so no handler of the product sees it: what follows is what a dead process leaves behind. The
calls are enumerated, so a new step of the transfer is covered without a change here.
"""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from docx import Document

from shared.model.directory import Links, Project
from shared.model.files import FileRecord, FileState
from tests.conftest import FRAGMENT_BYTES
from tests.world import World

_MORE_THAN_ANY_TRANSFER_NEEDS = 200
_SESSION_LIFE_S = 16 * 60


class Killed(BaseException):
    """The process is gone."""


class Fuse:
    """Counts the moments before and after outgoing calls and kills at one of them."""

    def __init__(self, at: int) -> None:
        self.left = at

    def burn(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1

    def through(self, adapter: Any) -> Any:
        return _Fused(adapter, self)


class _Fused:
    def __init__(self, adapter: Any, fuse: Fuse) -> None:
        self._adapter = adapter
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._adapter, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._fuse.burn()
            result = method(*arguments, **named)
            self._fuse.burn()
            return result

        return call


def die_at(world: World, record: FileRecord, moment: int) -> bool:
    """Run the transfer in a process that dies at this moment; False when it finished before."""
    fuse = Fuse(moment)
    stores = replace(
        world.stores,
        **{name: fuse.through(getattr(world.stores, name)) for name in ("files", "folders", "blobs", "directory")},
    )
    app = world.using(stores=stores, sharepoint=fuse.through(world.sharepoint))
    try:
        app.transfer.blob_arrived(record.blob_name or "")
    except Killed:
        return True
    return False


def recover(world: World, record: FileRecord) -> FileRecord:
    """A new process gets the message again, after the claim and, where one was lost, the upload session ended."""
    after = world.restarted()
    for _ in range(3):
        after.clock.advance(121)
        found = after.arrive(record)
        if found.state is FileState.IN_SHAREPOINT and found.blob_name is None:
            return found
        after.local.advance(_SESSION_LIFE_S)
        after.clock.advance(_SESSION_LIFE_S)
    raise AssertionError(f"{found.state}: {found.reason}")


def a_docx() -> bytes:
    buffer = io.BytesIO()
    Document().save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("note.txt", b"hello", id="small"),
        pytest.param("minutes.docx", a_docx(), id="rewritten by SharePoint"),
        pytest.param("film.bin", bytes(range(256)) * 4000, id="upload session"),
    ],
)
def test_killed_at_any_moment_leaves_one_file_one_record_and_no_blob(world: World, name: str, content: bytes):
    customer = world.customer()
    for moment in range(_MORE_THAN_ANY_TRANSFER_NEEDS):
        world.clock.ahead = timedelta()
        project = Project(customer.id, f"p{moment}", f"Project {moment}")
        world.app.directory_changes.put(project)
        record = world.upload(Links(customer.id, project.id), name, content, tags=("a",))
        since = len(world.local.requests())
        was_killed = die_at(world, record, moment)

        moved = recover(world, record)

        sent = sum(call["bytes_in"] for call in world.local.requests()[since:] if "uploadSession" in call["route"])
        assert moved.baseline is not None, moment
        assert world.children(moved.baseline.drive_id, moved.baseline.parent_id or "") == [name], moment
        assert world.app.files.find_by_item(customer.id, moved.baseline.item_id) == record.id, moment
        assert world.fields_of(moved) == {"momentTags": ["a"]}, moment
        assert not world.blob_exists(moved, record.blob_name), moment
        assert sent <= len(content) + FRAGMENT_BYTES, moment
        if not was_killed:
            return
    raise AssertionError("the transfer never finished by itself")
