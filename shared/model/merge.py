"""Merges tags that were edited in Moment and in SharePoint at the same time (design.md §2).

    in the baseline   in ours   in theirs     result
    no                yes       yes or no     stays: we added it (or both did)
    no                no        yes           stays: they added it
    yes               yes       yes           stays
    yes               one side or none        goes: somebody removed it

Tags are one tag when they differ in case, spaces at their ends or Unicode form only. Where both sides have a tag, a
changed spelling wins over the baseline's, and ours over theirs. Blank tags are none.
"""

import unicodedata
from collections.abc import Iterable


def merge_tags(baseline: Iterable[str], ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """The set of tags in which the additions and removals of both sides hold.

    Ours come first, in their order, then what they added; where we changed nothing, their order is kept.
    """
    base, our, their = _by_key(baseline), _by_key(ours), _by_key(theirs)
    first, second = (their, our) if our == base else (our, their)
    return tuple(
        _spelling(base.get(key), our.get(key), their.get(key))
        for key in {**first, **second}
        if (key in our and key in their) or key not in base
    )


def tag_key(tag: str) -> str:
    """Two tags with equal keys are one tag."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", tag.strip()).casefold())


def _by_key(tags: Iterable[str]) -> dict[str, str]:
    """The first spelling of each tag, in order."""
    found: dict[str, str] = {}
    for tag in tags:
        if tag.strip():
            found.setdefault(tag_key(tag), tag)
    return found


def _spelling(base: str | None, ours: str | None, theirs: str | None) -> str:
    if ours is None or (theirs is not None and ours == base):
        assert theirs is not None
        return theirs
    return ours
