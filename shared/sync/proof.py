"""Proves that SharePoint holds the content that was sent, before the blob may be released.

size and quickXorHash equal                        identical
different, a kind of file that SharePoint rewrites  read back; content equal → rewritten, else not proven
no hash in the answer                              read back; bytes equal → identical
anything else                                      not proven: the blob stays
"""

import io
import tempfile
from collections.abc import Callable
from typing import BinaryIO

from shared.model.drive_items import DriveItem
from shared.model.files import Proof
from shared.model.quick_xor_hash import QuickXorHash
from shared.model.same_content import kind_of, same_content
from shared.sync.ports import SharePoint

_IN_MEMORY_BYTES = 4 * 1024 * 1024
_READ_BYTES = 1024 * 1024


def find_proof(
    sharepoint: SharePoint, item: DriveItem, size_bytes: int, quick_xor_hash: str, open_sent: Callable[[], BinaryIO]
) -> Proof | None:
    """How we know that `item` holds the content of this size and hash; None when it does not.

    `open_sent` gives the sent content as a seekable stream; it is called only where content is compared.
    """
    if item.size_bytes == size_bytes and item.quick_xor_hash == quick_xor_hash:
        return Proof.IDENTICAL
    kind = kind_of(item.name)
    if kind is None and item.quick_xor_hash is not None:
        return None
    if kind is None and item.size_bytes != size_bytes:
        return None
    with spool_for(item.size_bytes) as spool:
        stored = _read_back(sharepoint, item, spool)
        if stored == quick_xor_hash:
            return Proof.IDENTICAL
        if kind is None:
            return None
        spool.seek(0)
        with open_sent() as sent:
            return Proof.REWRITTEN if same_content(kind, sent, spool) else None


def spool_for(size_bytes: int) -> BinaryIO:
    """A place for this many bytes: in memory when they are few, else a temporary file."""
    return io.BytesIO() if size_bytes <= _IN_MEMORY_BYTES else tempfile.TemporaryFile()


def _read_back(sharepoint: SharePoint, item: DriveItem, spool: BinaryIO) -> str:
    hasher = QuickXorHash()
    with sharepoint.open_content(item.drive_id, item.id) as content:
        while chunk := content.read(_READ_BYTES):
            hasher.update(chunk)
            spool.write(chunk)
    return hasher.base64()
