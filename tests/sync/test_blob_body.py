"""A range of a blob as a body: read a little ahead of whoever sends it, hashed once, told apart when it fails."""

import pytest

from shared.errors import PreconditionFailed, SourceFailed, Unavailable
from shared.model.bodies import whole
from shared.model.content_hash import ContentHash, Fingerprints
from shared.model.stored import BlobFacts
from shared.sync.blob_body import BlobBody, source_failures
from shared.sync.blob_reading import PART_BYTES
from tests.simulation.model_hosts import Network, SimulatedTime
from tests.simulation.model_storage import ModelBlobs

CONTENT = bytes(range(251)) * (6 * PART_BYTES // 251)


class Blobs(ModelBlobs):
    """A container in memory that counts what is read. `unread_from`: what lies there can't be read."""

    def __init__(self) -> None:
        super().__init__(Network(SimulatedTime()), lambda *_: None)
        self.put("film", CONTENT)
        self.starts: list[int] = []
        self.unread_from = len(CONTENT)

    @property
    def facts(self) -> BlobFacts:
        return self.stored["film"][0]

    def read(self, blob_name: str, etag: str, start: int, size_bytes: int) -> bytes:
        self.starts.append(start)
        if start >= self.unread_from:
            raise Unavailable("The storage is busy.")
        return super().read(blob_name, etag, start, size_bytes)


@pytest.fixture
def blobs() -> Blobs:
    return Blobs()


def after(content: bytes) -> ContentHash:
    hasher = ContentHash()
    hasher.update(content)
    return hasher


def fingerprints(content: bytes) -> Fingerprints:
    return after(content).fingerprints()


def a_body(blobs: Blobs, start: int = 0, end: int = len(CONTENT)) -> BlobBody:
    return BlobBody(blobs, blobs.facts, after(CONTENT[:start]), end)


@pytest.mark.parametrize(("start", "end"), [(0, len(CONTENT)), (777, PART_BYTES), (5, 3 * PART_BYTES + 6), (1, 2)])
def test_a_body_gives_its_range_and_the_hash_of_all_up_to_its_end(blobs: Blobs, start: int, end: int):
    body = a_body(blobs, start, end)

    assert whole(body) == CONTENT[start:end]
    assert len(body) == end - start
    assert body.fingerprints() == fingerprints(CONTENT[:end])


def test_what_was_sent_is_read_once_though_its_hash_is_asked_for(blobs: Blobs):
    body = a_body(blobs)
    whole(body)

    body.fingerprints()

    assert blobs.starts == list(range(0, len(CONTENT), PART_BYTES))


def test_an_attempt_that_broke_off_leaves_the_hash_as_it_was(blobs: Blobs):
    body = a_body(blobs, 100)
    with body.parts() as parts:
        next(parts)
        next(parts)

    assert whole(body) == CONTENT[100:]
    assert body.fingerprints() == fingerprints(CONTENT)


def test_the_hash_is_right_also_where_only_a_part_was_taken(blobs: Blobs):
    body = a_body(blobs, 100)
    whole(body)

    assert body.hash_at(PART_BYTES + 7).fingerprints() == fingerprints(CONTENT[: PART_BYTES + 7])


def test_no_more_than_two_parts_are_read_before_they_are_wanted(blobs: Blobs):
    body = a_body(blobs)

    with body.parts() as parts:
        next(parts)

    assert len(blobs.starts) <= 3


def test_a_failure_to_read_says_that_it_is_one_and_then_what_it_was(blobs: Blobs):
    blobs.unread_from = 4 * PART_BYTES

    with pytest.raises(SourceFailed) as failed:
        whole(a_body(blobs))

    assert isinstance(failed.value.error, Unavailable)
    with pytest.raises(Unavailable, match="busy"), source_failures():
        raise failed.value


def test_a_blob_that_was_overwritten_or_deleted_meanwhile_is_not_mixed_in(blobs: Blobs):
    body = a_body(blobs)
    with body.parts() as parts:
        next(parts)
        blobs.put("film", CONTENT)

        with pytest.raises(SourceFailed) as failed:
            list(parts)
    assert isinstance(failed.value.error, PreconditionFailed)

    del blobs.stored["film"]
    with pytest.raises(SourceFailed) as failed:
        whole(body)
    assert isinstance(failed.value.error, PreconditionFailed)
