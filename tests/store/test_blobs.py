"""shared/store/blobs.py and the signed URLs of shared/store/signatures.py, against Azurite."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from azure.storage.blob import ContainerClient, ContentSettings

from shared.errors import Locked, NotFound, PermanentError, PreconditionFailed, Unavailable
from shared.store.blobs import LARGEST_READ_BYTES, MomentCloud
from tools.functions_host.azurite import Azurite

ODD_NAME = "contoso/ä b/100% #1?&+~'(ok).docx"


def put(container: ContainerClient, name: str, content: bytes = b"hello", **options: Any) -> str:
    """Upload a blob; gives its etag as the product knows it."""
    return str(container.upload_blob(name, content, overwrite=True, **options).get_blob_properties().etag).strip('"')


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=5)


def test_a_blob_is_found_as_it_is(cloud: MomentCloud, container: ContainerClient) -> None:
    settings = ContentSettings(content_type="application/pdf")
    etag = put(container, ODD_NAME, metadata={"project": "p1"}, content_settings=settings)

    facts = cloud.find(ODD_NAME)

    assert facts is not None
    assert (facts.name, facts.etag, facts.size_bytes) == (ODD_NAME, etag, 5)
    assert (facts.content_type, facts.metadata) == ("application/pdf", {"project": "p1"})
    assert '"' not in facts.etag


def test_no_blob_is_found_where_none_is(cloud: MomentCloud) -> None:
    assert cloud.find("nothing/here") is None


def test_a_range_is_read_exactly(cloud: MomentCloud, container: ContainerClient) -> None:
    etag = put(container, ODD_NAME, bytes(range(100)))

    assert cloud.read(ODD_NAME, etag, 0, 100) == bytes(range(100))
    assert cloud.read(ODD_NAME, etag, 10, 5) == bytes(range(10, 15))
    assert cloud.read(ODD_NAME, etag, 99, 1) == bytes([99])


def test_nothing_of_an_empty_blob_is_read(cloud: MomentCloud, container: ContainerClient) -> None:
    assert cloud.read("empty", put(container, "empty", b""), 0, 0) == b""


def test_more_than_there_is_can_not_be_read(cloud: MomentCloud, container: ContainerClient) -> None:
    etag = put(container, "short")

    with pytest.raises(Unavailable, match="gave 3 of 10 bytes from 2 on"):
        cloud.read("short", etag, 2, 10)


def test_a_version_that_was_overwritten_can_not_be_read(cloud: MomentCloud, container: ContainerClient) -> None:
    etag = put(container, "b")
    put(container, "b", b"other")

    with pytest.raises(PreconditionFailed):
        cloud.read("b", etag, 0, 5)


def test_a_blob_that_is_gone_can_not_be_read(cloud: MomentCloud) -> None:
    with pytest.raises((NotFound, PreconditionFailed), match="Reading blob 'b'"):
        cloud.read("b", "0x1", 0, 5)


def test_a_large_fragment_is_one_request(azurite: Azurite, container: ContainerClient) -> None:
    size = 40 * 1024 * 1024
    etag = put(container, "large", bytes(size))
    asked: list[str] = []
    with ContainerClient.from_connection_string(
        azurite.connection_string,
        container.container_name,
        max_single_get_size=LARGEST_READ_BYTES,
        max_chunk_get_size=LARGEST_READ_BYTES,
        raw_request_hook=lambda request: asked.append(request.http_request.method),
    ) as watched:
        content = MomentCloud(watched, soon).read("large", etag, 0, size)

    assert (len(content), asked) == (size, ["GET"])


def test_a_release_deletes_the_blob_and_its_snapshots(cloud: MomentCloud, container: ContainerClient) -> None:
    etag = put(container, ODD_NAME)
    container.get_blob_client(ODD_NAME).create_snapshot()

    cloud.release(ODD_NAME, etag)

    assert list(container.list_blobs(include=["snapshots"])) == []


def test_releasing_twice_is_harmless(cloud: MomentCloud, container: ContainerClient) -> None:
    etag = put(container, "b")
    cloud.release("b", etag)

    cloud.release("b", etag)


def test_an_overwritten_blob_is_not_released(cloud: MomentCloud, container: ContainerClient) -> None:
    etag = put(container, "b")
    newer = put(container, "b", b"newer")

    with pytest.raises(PreconditionFailed):
        cloud.release("b", etag)

    assert cloud.read("b", newer, 0, 5) == b"newer"


def test_a_leased_blob_is_locked(cloud: MomentCloud, container: ContainerClient) -> None:
    etag = put(container, "b")
    lease = container.get_blob_client("b").acquire_lease()

    with pytest.raises(Locked):
        cloud.release("b", etag)
    lease.release()


def test_an_upload_url_creates_and_overwrites_its_blob(cloud: MomentCloud, container: ContainerClient) -> None:
    url = cloud.upload_url(ODD_NAME, soon())

    for content in (b"first", b"second"):
        answer = requests.put(url, data=content, headers={"x-ms-blob-type": "BlockBlob"}, timeout=10)
        assert answer.status_code == 201

    assert container.download_blob(ODD_NAME).readall() == b"second"


def test_an_upload_url_takes_blocks(cloud: MomentCloud, container: ContainerClient) -> None:
    url = cloud.upload_url("b", soon())

    requests.put(f"{url}&comp=block&blockid=MDE=", data=b"part", timeout=10).raise_for_status()
    body = "<BlockList><Latest>MDE=</Latest></BlockList>"
    requests.put(f"{url}&comp=blocklist", data=body, timeout=10).raise_for_status()

    assert container.download_blob("b").readall() == b"part"


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_an_upload_url_reads_and_deletes_nothing(cloud: MomentCloud, container: ContainerClient, method: str) -> None:
    put(container, "b")

    answer = requests.request(method, cloud.upload_url("b", soon()), timeout=10)

    assert answer.status_code == 403
    assert cloud.find("b") is not None


@pytest.mark.parametrize("make", ["upload_url", "read_url"])
def test_a_url_is_of_no_use_for_another_blob_or_the_container(
    cloud: MomentCloud, container: ContainerClient, make: str
) -> None:
    put(container, "mine")
    put(container, "other")
    url = cloud.upload_url("mine", soon()) if make == "upload_url" else cloud.read_url("mine", soon(), "x")
    query = urlsplit(url).query
    headers = {"x-ms-blob-type": "BlockBlob"}

    answers = (
        requests.get(f"{container.url}/other?{query}", timeout=10),
        requests.put(f"{container.url}/other?{query}", data=b"x", headers=headers, timeout=10),
        requests.get(f"{container.url}?restype=container&comp=list&{query}", timeout=10),
        requests.get(f"{container.url.rpartition('/')[0]}?comp=list&{query}", timeout=10),
    )

    assert [answer.status_code for answer in answers] == [403] * 4


def test_a_read_url_downloads_under_the_files_name(cloud: MomentCloud, container: ContainerClient) -> None:
    put(container, ODD_NAME)

    answer = requests.get(cloud.read_url(ODD_NAME, soon(), 'Jahresabschluß; "2026" é.docx'), timeout=10)

    assert answer.content == b"hello"
    disposition = "attachment; filename*=UTF-8''Jahresabschlu%C3%9F%3B%20%222026%22%20%C3%A9.docx"
    assert answer.headers["Content-Disposition"] == disposition


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_read_url_changes_nothing(cloud: MomentCloud, container: ContainerClient, method: str) -> None:
    put(container, "b")

    headers = {"x-ms-blob-type": "BlockBlob"}
    answer = requests.request(method, cloud.read_url("b", soon(), "b"), data=b"x", headers=headers, timeout=10)

    assert answer.status_code == 403
    assert container.download_blob("b").readall() == b"hello"


def test_a_url_ends(cloud: MomentCloud, container: ContainerClient) -> None:
    put(container, "b")

    answer = requests.get(cloud.read_url("b", datetime.now(UTC) - timedelta(seconds=2), "b"), timeout=10)

    assert answer.status_code == 403


def test_a_url_works_for_a_clock_that_is_a_little_behind(container: ContainerClient) -> None:
    put(container, "b")
    ahead = MomentCloud(container, lambda: datetime.now(UTC) + timedelta(minutes=4))

    assert requests.get(ahead.read_url("b", soon(), "b"), timeout=10).content == b"hello"


def test_a_url_asks_for_https_only_where_the_account_has_it(azurite: Azurite, cloud: MomentCloud) -> None:
    secure = azurite.connection_string.replace("http:", "https:").replace("Protocol=http;", "Protocol=https;")
    with ContainerClient.from_connection_string(secure, "box") as container:
        https_url = MomentCloud(container, lambda: datetime.now(UTC)).upload_url("b", soon())

    assert parse_qs(urlsplit(https_url).query)["spr"] == ["https"]
    assert "spr" not in parse_qs(urlsplit(cloud.upload_url("b", soon())).query)


def test_what_a_missing_container_answers_is_said_without_a_signature(azurite: Azurite) -> None:
    name = f"none{uuid.uuid4().hex}"
    with ContainerClient.from_connection_string(azurite.connection_string, name) as container:
        cloud = MomentCloud(container, lambda: datetime.now(UTC))

        with pytest.raises(PermanentError, match="Reading blob 'b': Azure Storage answered 404 ContainerNotFound"):
            cloud.read("b", "0x1", 0, 1)
