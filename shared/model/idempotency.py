"""Idempotency keys: a caller who repeats a request under the same key gets what the first one made. Pure.

What is made is found again by an id derived from the key and the place it was made in, so nothing has to be remembered
beside it. A fingerprint of what was asked for tells a repetition from another request under a key that was used.
The header's meaning is that of the draft "The Idempotency-Key HTTP Header Field" (IETF httpapi).
"""

import hashlib
import json
import re

from shared.errors import InvalidInput

MAX_KEY_LENGTH = 200
_KEY = re.compile(rf"[\x21-\x7e]{{1,{MAX_KEY_LENGTH}}}")


def checked_key(value: str) -> str:
    """1 to 200 visible ASCII characters. Raises InvalidInput."""
    if not _KEY.fullmatch(value):
        raise InvalidInput(
            f"Idempotency-Key must be 1 to {MAX_KEY_LENGTH} visible ASCII characters.", "Idempotency-Key"
        )
    return value


def derived_id(key: str, *place: str) -> str:
    """31 hexadecimal digits; the same for the same key in the same place."""
    return _hash([key, *place])[:31]


def fingerprint(*asked: object) -> str:
    """16 hexadecimal digits over what was asked for."""
    return _hash(asked)[:16]


def _hash(parts: object) -> str:
    text = json.dumps(parts, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
