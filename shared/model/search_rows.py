"""The rows by which a file that is not deleted is found, beside its record and in its own transaction. Pure.

    row key                                         one for each                          at most
    ----------------------------------------------  ------------------------------------  -------
    find~word~<beginning>~<newest first>~<id>        indexed beginning of a word           20
    find~tag~<tag>~<newest first>~<id>               tag                                   6
    find~tagin~<project>~<tag>~<newest first>~<id>   tag, of a file of a project           6
    find~kind~<kind>~<newest first>~<id>             file                                  1
    find~by~<who added it>~<newest first>~<id>       file                                  1
    find~manywords~<newest first>~<id>               file with more beginnings than fit    1
    find~manytags~<newest first>~<id>                file with more tags than fit          1
    in~…~<newest first>~<id>                         object it is linked to                3

All ranges are in the same order, so two of them are merged as they are read, and a place in one is a place in all. A
search reads one range of these, of `new~` or of `state~…` (shared/model/search.py chooses), and with a range by word or
tag the range of files that have too many of them. What the chosen range does not say is compared on the rows.

Why these limits: a transaction takes 100 operations, and an edit may give a file another name, place and all other
tags at once. Then 37 rows go, 37 come, and 26 operations are the rest of shared/model/rows.py.

Each row carries a copy of what a list shows. A page is read without a record, at the price of writing the rows again
where what is shown changed. So the copy leaves out what nobody is shown (claims, sessions, versions, eTags), and of a
long reason the end: a row that stays equal is not written.
"""

import json
from datetime import UTC, datetime, timedelta

from shared.model.files import FileRecord, FileState
from shared.model.search_terms import kind_of, person_term, tag_term, terms
from shared.model.table_rows import Row, cut, key_of

FIND = "find~"
MANY_WORDS = "find~manywords~"
MANY_TAGS = "find~manytags~"
MOST_TERMS = 20
MOST_TAGS = 6
MAX_REASON_LENGTH = 300
"""Of the copy: a list shows the beginning of a longer one."""

_BEGIN = datetime.min.replace(tzinfo=UTC)
_LAST_TICK = (datetime.max.replace(tzinfo=UTC) - _BEGIN) // timedelta(microseconds=1)
_NOT_SHOWN = ("transfer", "upload_url", "attempts", "version", "may_pass", "search_index")
_NOT_SHOWN_OF_BASELINE: dict[str, object] = {
    "e_tag": "",
    "c_tag": None,
    "quick_xor_hash": None,
    "sent_quick_xor_hash": "",
    "sent_sha256": None,
    "changed_there": False,
    "blob_etag": "",
    "tags": [],
}


def age_of(moment: datetime) -> str:
    """The part of a key that puts the newest first."""
    return f"{_LAST_TICK - (moment - _BEGIN) // timedelta(microseconds=1):018d}"


def word_prefix(term: str) -> str:
    """What the keys of the files begin with that have a word with this indexed beginning."""
    return key_of("find", "word", term) + "~"


def tag_prefix(tag: str, project: str | None = None) -> str:
    """Likewise of the files that have this tag, of one project where it is named."""
    place = ("tag",) if project is None else ("tagin", project)
    return key_of("find", *place, tag_term(tag)) + "~"


def kind_prefix(kind: str) -> str:
    """Likewise of the files of this kind."""
    return key_of("find", "kind", kind) + "~"


def person_prefix(who: str) -> str:
    """Likewise of the files that this person added."""
    return key_of("find", "by", person_term(who)) + "~"


def search_prefixes(record: FileRecord) -> set[str]:
    """The ranges below `find~` that the file is in, wherever it belongs."""
    own_terms, tags = terms(record.name), record.tags
    prefixes = {word_prefix(term) for term in own_terms[:MOST_TERMS]} | {tag_prefix(tag) for tag in tags[:MOST_TAGS]}
    prefixes |= {MANY_WORDS} if len(own_terms) > MOST_TERMS else set()
    prefixes |= {MANY_TAGS} if len(tags) > MOST_TAGS else set()
    return prefixes | {kind_prefix(kind_of(record.name)), person_prefix(record.created_by)}


def _prefixes_in_project(record: FileRecord) -> set[str]:
    project = record.links.project
    return set() if project is None else {tag_prefix(tag, project) for tag in record.tags[:MOST_TAGS]}


def search_rows(record: FileRecord, row: Row, places: list[str]) -> dict[str, Row]:
    """The rows by key. `row` is the record's own, `places` the ranges of the objects that it is linked to."""
    if record.state is FileState.DELETED:
        return {}
    copy = shown(row)
    prefixes = (*search_prefixes(record), *_prefixes_in_project(record), *places)
    keys = [f"{prefix}{age_of(record.created_at)}~{record.id}" for prefix in prefixes]
    return {key: copy | {"RowKey": key} for key in keys}


def shown(row: Row) -> Row:
    """The copy of a record's row that a list shows."""
    copy = {name: value for name, value in row.items() if name not in _NOT_SHOWN}
    copy["reason"] = cut(str(row["reason"]), MAX_REASON_LENGTH)
    if "baseline" in row:
        baseline = json.loads(str(row["baseline"])) | _NOT_SHOWN_OF_BASELINE
        copy["baseline"] = json.dumps(baseline, ensure_ascii=False, separators=(",", ":"))
    return copy
