"""Notices a list of changes that never ends, because its links lead back to where they came from."""

from collections import Counter

from shared.errors import Unavailable

_MOST = 3
"""So often a link may come in one pull: a page that is not ready yet may be named again."""
_AGAIN_S = 300.0


class LinksMet:
    """The links that one pull has followed, as hashes, for they are long."""

    def __init__(self) -> None:
        self._met: Counter[int] = Counter()

    def follow(self, link: str) -> None:
        """Note that the pull goes on with this link. Raises Unavailable where it goes round in a circle."""
        self._met[hash(link)] += 1
        if self._met[hash(link)] > _MOST:
            raise Unavailable("SharePoint's list of changes leads back to itself; it is asked again later.", _AGAIN_S)
