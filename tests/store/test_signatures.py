"""shared/store/signatures.py with a user delegation key, as in Azure, where no account key is known."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from azure.storage.blob import ContainerClient
from azure.storage.blob._shared import sign_string

from shared.store.blobs import MomentCloud
from tests.store.secure_azurite import AnyoneToken


class Watched:
    """A container opened with a token, and how often a key was asked for."""

    def __init__(self, container: ContainerClient, asked: list[str]) -> None:
        self.container = container
        self._asked = asked
        self.now = datetime.now(UTC)
        self.cloud = MomentCloud(container, lambda: self.now)

    @property
    def keys_asked(self) -> int:
        return sum("comp=userdelegationkey" in url for url in self._asked)


@pytest.fixture
def watched(secure: tuple[str, Path]) -> Iterator[Watched]:
    url, authority = secure
    asked: list[str] = []
    with ContainerClient(
        url,
        "box",
        credential=AnyoneToken(),
        connection_verify=str(authority),
        raw_request_hook=lambda request: asked.append(request.http_request.url),
    ) as container:
        if not container.exists():
            container.create_container()
        yield Watched(container, asked)


@pytest.fixture
def signed_as_the_emulator_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Azurite 3.35 does not know the two lines (headers and query to require) that newer SDKs sign; ours are empty."""

    def sign(key: str, text: str) -> str:
        lines = text.split("\n")
        assert lines[-7:-5] == ["", ""]
        return sign_string(key, "\n".join(lines[:-7] + lines[-5:]))

    monkeypatch.setattr("azure.storage.blob._shared_access_signature.sign_string", sign)


@pytest.mark.usefixtures("signed_as_the_emulator_reads")
def test_urls_signed_with_a_delegated_key_upload_and_download(watched: Watched, secure: tuple[str, Path]) -> None:
    ends, authority = watched.now + timedelta(minutes=5), str(secure[1])
    upload = watched.cloud.upload_url("a b/ü.txt", ends)

    headers = {"x-ms-blob-type": "BlockBlob"}
    put = requests.put(upload, data=b"hello", headers=headers, verify=authority, timeout=10)
    got = requests.get(watched.cloud.read_url("a b/ü.txt", ends, "ü.txt"), verify=authority, timeout=10)

    assert (put.status_code, got.content) == (201, b"hello")
    assert requests.get(upload, verify=authority, timeout=10).status_code == 403
    assert "skoid" in parse_qs(urlsplit(upload).query)


def test_urls_of_an_account_with_tls_are_for_https_only(watched: Watched) -> None:
    url = watched.cloud.upload_url("b", watched.now + timedelta(minutes=5))

    assert parse_qs(urlsplit(url).query)["spr"] == ["https"]


def test_one_key_signs_until_a_url_would_outlive_it(watched: Watched) -> None:
    for minutes in (5, 60, 23 * 60):
        watched.cloud.upload_url("b", watched.now + timedelta(minutes=minutes))
    assert watched.keys_asked == 1

    watched.now += timedelta(hours=23, minutes=30)
    watched.cloud.upload_url("b", watched.now + timedelta(hours=1))
    assert watched.keys_asked == 2


def test_no_url_outlives_the_longest_key(watched: Watched) -> None:
    with pytest.raises(ValueError, match="can't outlive 7 days"):
        watched.cloud.upload_url("b", watched.now + timedelta(days=8))


@pytest.mark.usefixtures("signed_as_the_emulator_reads")
def test_a_delegated_url_takes_blocks_and_their_list(watched: Watched, secure: tuple[str, Path]) -> None:
    upload, authority = watched.cloud.upload_url("blocks", watched.now + timedelta(minutes=5)), str(secure[1])
    ids = [base64.b64encode(f"{number:05d}".encode()).decode() for number in range(2)]

    for number, each in enumerate(ids):
        url = f"{upload}&comp=block&blockid={quote(each)}"
        assert requests.put(url, data=bytes([number]) * 3, verify=authority, timeout=10).status_code == 201
    assert [(block.id, block.size_bytes) for block in watched.cloud.uncommitted_blocks("blocks")] == [
        (each, 3) for each in ids
    ]
    body = "<BlockList>" + "".join(f"<Latest>{each}</Latest>" for each in ids) + "</BlockList>"
    assert requests.put(f"{upload}&comp=blocklist", data=body, verify=authority, timeout=10).status_code == 201

    facts = watched.cloud.find("blocks")
    assert facts is not None
    assert facts.size_bytes == 6
    assert list(watched.cloud.uncommitted_blocks("blocks")) == []
