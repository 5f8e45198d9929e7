"""HTTP: files. Announce one and get its upload URL, look at it, open it wherever it is, see what needs attention."""

import azure.functions as func

from functions.documents import (
    AnnouncedFile,
    FileDocument,
    HistoryLine,
    UnplacedDocument,
    UploadUrl,
    announced_document,
    file_document,
    history_line,
    unplaced_document,
    upload_document,
)
from functions.explain_documents import ExplanationDocument, explanation_document
from functions.file_bodies import DeleteQuery, FileChange, GivenFile, HistoryQuery, edit_of, new_file_of
from functions.operation import Answer, Call, operation, with_etag
from functions.shapes import ByWhom, IncludeQuery, ListOf, PageQuery, all_of, list_of
from shared.bootstrap import app
from shared.model.principals import Role

blueprint = func.Blueprint()
_FILES = "customers/{customer}/files"
_FILE = _FILES + "/{file}"


@operation(
    blueprint,
    "POST",
    _FILES,
    Role.EDITOR,
    body=GivenFile,
    answers=AnnouncedFile,
    status=201,
    fails=(404, 409, 413, 422),
    headers=("Idempotency-Key",),
)
def announce_file(call: Call, given: GivenFile) -> Answer:
    """Make a file's record; the answer holds a short-lived, write-only URL for its content."""
    new = new_file_of(call.id("customer"), given, call.who(given.created_by, "createdBy"))
    upload = app().registration.announce(new, call.idempotency_key)
    location = f"/api/customers/{upload.record.customer}/files/{upload.record.id}"
    return Answer(announced_document(upload), headers={"Location": location})


@operation(blueprint, "GET", _FILE, Role.READER, query=IncludeQuery, answers=FileDocument, fails=(404,))
def get_file(call: Call, query: IncludeQuery) -> Answer:
    """One file with its state, reason and link."""
    record = app().locating.record(*_key(call))
    return with_etag(file_document(record, app().names.of(record.links) if query.include else None))


@operation(
    blueprint,
    "PATCH",
    _FILE,
    Role.EDITOR,
    body=FileChange,
    answers=FileDocument,
    fails=(404, 409, 412),
    headers=("If-Match",),
)
def edit_file(call: Call, change: FileChange) -> Answer:
    """Change a file's name, place, tags or period; what is absent stays. Goes to SharePoint by itself."""
    who = call.who(change.changed_by, "changedBy")
    record = app().locating.record(*_key(call))
    edit = edit_of(record.links, change, who)
    saved = app().edits.edit(record.customer, record.id, edit, call.if_match)
    return with_etag(file_document(app().locating.shown(saved)))


@operation(
    blueprint,
    "DELETE",
    _FILE,
    Role.EDITOR,
    query=DeleteQuery,
    status=204,
    fails=(404, 409, 412),
    headers=("If-Match",),
)
def delete_file(call: Call, query: DeleteQuery) -> None:
    """Delete a file: out of sight at once, in SharePoint to the recycle bin.

    With `holdSeconds` it can be undone for so long; SharePoint follows afterwards.
    """
    app().edits.delete(*_key(call), call.who(query.by), call.if_match, hold_s=query.hold_seconds)


@operation(
    blueprint,
    "POST",
    _FILE + "/restore",
    Role.EDITOR,
    body=ByWhom,
    answers=FileDocument,
    fails=(404, 409, 412),
    headers=("If-Match",),
)
def restore_file(call: Call, given: ByWhom) -> Answer:
    """Undo a deletion that is still held back, or has not reached SharePoint yet."""
    restored = app().edits.restore(*_key(call), call.who(given.by), call.if_match)
    return with_etag(file_document(app().locating.shown(restored)))


@operation(blueprint, "POST", _FILE + "/retry", Role.EDITOR, answers=FileDocument, status=202, fails=(404, 409))
def retry_file(call: Call) -> Answer:
    """Try now what waits or is blocked."""
    return with_etag(file_document(app().retrying.retry(*_key(call))), 202)


@operation(blueprint, "GET", _FILE + "/content", Role.READER, status=302, fails=(404, 409))
def open_file(call: Call) -> func.HttpResponse:
    """Go to wherever the content is now, so that a link in Moment never breaks."""
    url = app().locating.content_url(*_key(call))
    return func.HttpResponse(status_code=302, headers={"Location": url, "Cache-Control": "no-store"})


@operation(
    blueprint, "GET", _FILE + "/history", Role.READER, query=HistoryQuery, answers=ListOf[HistoryLine], fails=(404,)
)
def file_history(call: Call, query: HistoryQuery) -> ListOf[HistoryLine]:
    """What happened to the file, oldest first and whole; with `newest=true` the other way round, in pages."""
    record = app().locating.record(*_key(call))
    if not query.newest:
        return all_of(map(history_line, app().files.journal(record.customer, record.id)))
    return list_of(app().files.journal_page(record.customer, record.id, query.page, query.limit), history_line)


@operation(blueprint, "GET", _FILE + "/explain", Role.READER, answers=ExplanationDocument, fails=(404,))
def explain_file(call: Call) -> ExplanationDocument:
    """Why a file is where it is, in sentences, and every step that led there with times, ids and fingerprints."""
    return explanation_document(app().explaining.explain(*_key(call)))


@operation(blueprint, "POST", _FILE + "/upload", Role.EDITOR, answers=UploadUrl, fails=(404, 409))
def upload_again(call: Call) -> UploadUrl:
    """A fresh URL for content that has not arrived, with the blocks that are there already."""
    return upload_document(app().registration.upload_again(*_key(call)))


@operation(blueprint, "GET", "unplaced-blobs", Role.ADMINISTRATOR, query=PageQuery, answers=ListOf[UnplacedDocument])
def list_unplaced_blobs(call: Call, query: PageQuery) -> ListOf[UnplacedDocument]:
    """Blobs that were dropped into Moment Cloud and belong to nothing we know, with the reason."""
    return list_of(app().unplaced.list(query.page, query.limit), unplaced_document)


def _key(call: Call) -> tuple[str, str]:
    return call.id("customer"), call.id("file")
