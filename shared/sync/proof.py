"""Proves that SharePoint holds the content that was sent, before the blob may be released.

                                                    PROOF_READ_BACK
SharePoint's answer                                 when-different                      always
--------------------------------------------------  ----------------------------------  --------------------------------
size and quickXorHash equal                         identical                           read back; bytes equal →
                                                                                        identical, else as the next row
different, a kind of file that SharePoint rewrites  read back; content equal → rewritten, else not proven
no hash                                             read back; bytes equal → identical  the same
anything else                                       not proven: the blob stays          the same

An item that was there already is always read back before it counts as what was sent (`recognise`).

What is read back streams by. Only a kind that is compared by its content is put down, in memory up to 4 MiB and in a
temporary file above, beside a copy of what was sent: shared/model/same_content.py has the rules of each kind.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

from shared.model.byte_streams import same_bytes
from shared.model.content_hash import ContentHash, Fingerprints
from shared.model.drive_items import DriveItem
from shared.model.files import Proof, ReadBack
from shared.model.same_content import Rewritable, kind_of, same_content
from shared.sync.blob_reading import spool_for
from shared.sync.ports import SharePoint

_READ_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SentContent:
    """What was sent, to be read again: as a stream from its beginning, or as one that can seek."""

    stream: Callable[[], BinaryIO]
    open: Callable[[], BinaryIO]


class Prover:
    """Looks for the proof. Safe for threads."""

    def __init__(self, sharepoint: SharePoint, read_back: ReadBack) -> None:
        self._sharepoint = sharepoint
        self._always = read_back is ReadBack.ALWAYS

    def find(self, item: DriveItem, sent: Fingerprints, content: SentContent) -> Proof | None:
        """How we know that `item` holds the content of these fingerprints; None when it does not."""
        return self._find(item, sent, content, always=self._always)

    def recognise(self, item: DriveItem, sent: Fingerprints, content: SentContent) -> Proof | None:
        """The same for an item that may be somebody else's: read back always, for a quickXorHash is easily the same.

        It is a checksum: files of one size that repeat one byte, or swap blocks 160 bytes apart, can share it.
        """
        return self._find(item, sent, content, always=True)

    def _find(self, item: DriveItem, sent: Fingerprints, content: SentContent, *, always: bool) -> Proof | None:
        kind, same_size = kind_of(item.name), item.size_bytes == sent.size_bytes
        is_equal = same_size and item.quick_xor_hash == sent.quick_xor_hash
        if is_equal and not always:
            return Proof.IDENTICAL
        may_be_equal = is_equal or (same_size and item.quick_xor_hash is None)
        if kind is not None:
            return self._of_kind(kind, item, sent, content, always=always)
        return Proof.IDENTICAL if may_be_equal and self._has_same_bytes(item, sent, content, always=always) else None

    def _has_same_bytes(self, item: DriveItem, sent: Fingerprints, content: SentContent, *, always: bool) -> bool:
        with self._sharepoint.open_content(item.drive_id, item.id) as stored:
            if not always:
                return _copied(stored, None) == sent.quick_xor_hash
            with closing(content.stream()) as ours:
                return same_bytes(ours, stored, sent.size_bytes) and not stored.read(1)

    def _of_kind(
        self, kind: Rewritable, item: DriveItem, sent: Fingerprints, content: SentContent, *, always: bool
    ) -> Proof | None:
        with spool_for(item.size_bytes) as spool:
            with self._sharepoint.open_content(item.drive_id, item.id) as stored:
                has_same_hash = _copied(stored, spool) == sent.quick_xor_hash
            if has_same_hash and not always:
                return Proof.IDENTICAL
            spool.seek(0)
            with closing(content.stream()) as ours:
                if has_same_hash and same_bytes(ours, spool, sent.size_bytes) and not spool.read(1):
                    return Proof.IDENTICAL
            spool.seek(0)
            with closing(content.open()) as ours:
                return Proof.REWRITTEN if same_content(kind, ours, spool) else None


def _copied(stored: BinaryIO, spool: BinaryIO | None) -> str:
    """Read to the end, put it down where there is a place for it; gives its quickXorHash."""
    hasher = ContentHash()
    while chunk := stored.read(_READ_BYTES):
        hasher.update(chunk)
        if spool is not None:
            spool.write(chunk)
    return hasher.fingerprints().quick_xor_hash
