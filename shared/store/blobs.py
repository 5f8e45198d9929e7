"""Moment Cloud: the container of contents that are not yet in SharePoint (the Blobs port).

Every read and delete names the version it means (If-Match), so an upload that overwrites a blob is never mixed into an
older one and never lost. ETags have no quotes here; the service's have. Requests: one for each method, none for a URL.
"""

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from azure.core import MatchConditions
from azure.storage.blob import BlobProperties, ContainerClient

from shared.errors import NotFound, PreconditionFailed, Unavailable
from shared.model.stored import BlobFacts, Page, UploadedBlock
from shared.store.azure_errors import our_errors
from shared.store.signatures import UrlSigner

LARGEST_READ_BYTES = 64 * 1024 * 1024
"""What the ContainerClient must be made with as `max_single_get_size` and `max_chunk_get_size`, so that `read` is one
request however much it asks for: the SDK splits at 32 MiB otherwise."""


class MomentCloud:
    """The blobs of one container. `clock` dates the signed URLs."""

    def __init__(self, container: ContainerClient, clock: Callable[[], datetime]) -> None:
        self._container = container
        self._signer = UrlSigner(container, clock)

    def find(self, blob_name: str) -> BlobFacts | None:
        """The blob as it is now; None where there is none."""
        try:
            with our_errors(f"Looking at blob '{blob_name}'"):
                return _facts(self._container.get_blob_client(blob_name).get_blob_properties())
        except NotFound:
            return None

    def list(self, prefix: str, page_token: str | None, limit: int) -> Page[BlobFacts]:
        """The blobs whose names begin so, in pages (5,000 at most), by name and without their metadata.

        The token is the service's own. Raises PermanentError for one that it does not know.
        """
        with our_errors("Listing blobs"):
            pages = self._container.list_blobs(name_starts_with=prefix or None, results_per_page=limit).by_page(
                page_token
            )
            found = [_facts(each) for each in next(pages, ())]
        token = getattr(pages, "continuation_token", None)
        return Page(found, str(token) if token else None)

    def read(self, blob_name: str, etag: str, start: int, size_bytes: int) -> bytes:
        """A range of exactly this version, of exactly this size.

        Raises PreconditionFailed or NotFound when it is no longer that version, Unavailable when the answer is short.
        """
        if size_bytes == 0:
            return b""  # an empty range can't be asked for
        with our_errors(f"Reading blob '{blob_name}'"):
            reply = self._container.download_blob(blob_name, offset=start, length=size_bytes, **_exactly(etag))
            content: bytes = reply.readall()
        if len(content) != size_bytes:
            raise Unavailable(f"Blob '{blob_name}' gave {len(content)} of {size_bytes} bytes from {start} on.")
        return content

    def release(self, blob_name: str, etag: str) -> None:
        """Delete exactly this version and its snapshots; nothing happens where the blob is gone already.

        Raises PreconditionFailed when it was overwritten meanwhile, Locked while somebody holds a lease on it.
        """
        try:
            with our_errors(f"Releasing blob '{blob_name}'"):
                self._container.delete_blob(blob_name, delete_snapshots="include", **_exactly(etag))
        except NotFound:
            return
        except PreconditionFailed:
            # A service may hold the condition against a blob that is not there: Azurite does.
            if self.find(blob_name) is not None:
                raise

    def uncommitted_blocks(self, blob_name: str) -> Sequence[UploadedBlock]:
        """The blocks that were uploaded and are not part of the blob yet, in their order; none where there is no blob.

        The service drops them a week after the last one (Put Block, learn.microsoft.com).
        """
        try:
            with our_errors(f"Looking at the blocks of blob '{blob_name}'"):
                _, blocks = self._container.get_blob_client(blob_name).get_block_list("uncommitted")
        except NotFound:
            return []
        # The SDK decodes the ids.
        return [UploadedBlock(base64.b64encode(each.id.encode()).decode(), int(each.size or 0)) for each in blocks]

    def upload_url(self, blob_name: str, expires_at: datetime) -> str:
        """A write-only URL for this one blob. A secret."""
        return self._signer.write_url(blob_name, expires_at)

    def read_url(self, blob_name: str, expires_at: datetime, file_name: str) -> str:
        """A read-only URL for this one blob, which downloads under `file_name`. A secret."""
        return self._signer.read_url(blob_name, expires_at, file_name)


def _exactly(etag: str) -> dict[str, Any]:
    return {"etag": f'"{etag}"', "match_condition": MatchConditions.IfNotModified}


def _facts(properties: BlobProperties) -> BlobFacts:
    return BlobFacts(
        name=str(properties.name),
        etag=str(properties.etag).strip('"'),
        size_bytes=int(properties.size),
        content_type=properties.content_settings.content_type or "application/octet-stream",
        metadata=dict(properties.metadata or {}),
        written_at=properties.last_modified,
    )
