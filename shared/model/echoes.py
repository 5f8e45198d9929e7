"""A notification that the doctor waits for: its clientState begins with a mark by which the webhook knows it.

Pure. A library's own clientState is random base64url, which has no full stop, so the two can't be confused.
"""

import hashlib

_PREFIX = "doctor."


def echo_state(secret: str) -> str:
    """The clientState of a subscription that the doctor makes; at most 128 characters (resources/subscription)."""
    return _PREFIX + secret


def is_echo(client_state: str) -> bool:
    """Whether a notification's clientState is one of the doctor's."""
    return client_state.startswith(_PREFIX)


def echo_key(client_state: str) -> str:
    """By what it is stored: whoever reads the table does not learn the secret."""
    return hashlib.sha256(client_state.encode(errors="surrogatepass")).hexdigest()
