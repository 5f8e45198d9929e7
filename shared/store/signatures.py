"""Signed URLs (shared access signatures) for one blob each.

With an account key the client signs by itself (local use). With a token credential, as in Azure, a user delegation key
signs; the service gives it for at most 7 days ("Create a user delegation SAS", learn.microsoft.com), and it is kept and
used again until it would no longer outlive the URL. A URL's signature is a secret: never log it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import quote

from azure.storage.blob import BlobSasPermissions, ContainerClient, UserDelegationKey, generate_blob_sas

from shared.store.azure_errors import our_errors

CLOCK_SKEW = timedelta(minutes=5)
"""Signatures begin this much in the past: the service's clock and ours may differ."""

KEY_LIFE = timedelta(hours=24)
MAX_KEY_LIFE = timedelta(days=7)


class UrlSigner:
    """Makes signed URLs for the blobs of one container. Safe to share between threads."""

    def __init__(self, container: ContainerClient, clock: Callable[[], datetime]) -> None:
        self._container = container
        self._clock = clock
        self._lock = Lock()
        self._key: UserDelegationKey | None = None
        self._key_ends: datetime | None = None

    def write_url(self, blob_name: str, expires_at: datetime) -> str:
        """Creates or overwrites this blob; reads, lists and deletes nothing."""
        return self._url(blob_name, BlobSasPermissions(create=True, write=True), expires_at, None)

    def read_url(self, blob_name: str, expires_at: datetime, file_name: str) -> str:
        """Reads this blob; a browser saves it under `file_name`."""
        disposition = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"
        return self._url(blob_name, BlobSasPermissions(read=True), expires_at, disposition)

    def _url(
        self, blob_name: str, permission: BlobSasPermissions, expires_at: datetime, disposition: str | None
    ) -> str:
        blob = self._container.get_blob_client(blob_name)
        account_key = getattr(self._container.credential, "account_key", None)
        signature = generate_blob_sas(
            account_name=str(self._container.account_name),
            container_name=self._container.container_name,
            blob_name=blob_name,
            account_key=account_key,
            user_delegation_key=None if account_key else self._delegation_key(expires_at),
            permission=permission,
            start=self._clock() - CLOCK_SKEW,
            expiry=expires_at,
            protocol="https" if self._container.scheme == "https" else None,
            content_disposition=disposition,
        )
        return f"{blob.url}?{signature}"

    def _delegation_key(self, needed_until: datetime) -> UserDelegationKey:
        now = self._clock()
        if needed_until > now + MAX_KEY_LIFE:
            raise ValueError(f"A signed URL can't outlive {MAX_KEY_LIFE.days} days.")
        with self._lock:
            if self._key is None or self._key_ends is None or self._key_ends < needed_until:
                ends = max(now + KEY_LIFE, needed_until)
                with our_errors("Asking for a key to sign blob URLs"):
                    service = self._container._get_blob_service_client()
                    self._key = service.get_user_delegation_key(now - CLOCK_SKEW, ends)
                self._key_ends = ends
            return self._key
