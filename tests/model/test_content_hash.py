"""Both fingerprints of content that streams by."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from shared.model.content_hash import ContentHash, Fingerprints
from shared.model.quick_xor_hash import QuickXorHash


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_pieces_give_the_fingerprints_of_the_whole(pieces: list[bytes]):
    whole, hasher, quick_xor = b"".join(pieces), ContentHash(), QuickXorHash()
    quick_xor.update(whole)
    for piece in pieces:
        hasher.update(piece)

    assert hasher.fingerprints() == Fingerprints(len(whole), quick_xor.base64(), hashlib.sha256(whole).hexdigest())


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_resumed_it_knows_sharepoints_fingerprint_alone(before: bytes, after: bytes):
    first, whole = ContentHash(), ContentHash()
    first.update(before)
    whole.update(before + after)

    resumed = ContentHash.resume(first.state())
    resumed.update(after)

    assert resumed.hashed_bytes == len(before + after)
    assert resumed.fingerprints() == Fingerprints(len(before + after), whole.fingerprints().quick_xor_hash, None)
