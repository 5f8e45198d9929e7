"""Asks the app's own public address, as Graph would: from outside, without a sign-in."""

import requests

from shared.errors import Unavailable
from shared.graph.connection import plain_session

_TIMEOUT_S = 15


def ask_health(url: str, verify: bool | str = True) -> int:
    """The status that `url` answers to a GET. Raises Unavailable where there is no answer."""
    session = plain_session(verify, 1)
    try:
        with session.get(url, timeout=_TIMEOUT_S, allow_redirects=False) as answer:
            return answer.status_code
    except requests.RequestException as exc:
        raise Unavailable(f"It gave no answer ({type(exc).__name__}).") from exc
    finally:
        session.close()
