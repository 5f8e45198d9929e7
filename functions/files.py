"""HTTP: files. Announce one and get its upload URL, look at it, open it wherever it is, see what needs attention."""

from datetime import datetime

import azure.functions as func

from functions.bodies import Body, answer, page_of, route_id
from functions.documents import file_document, page_document, unplaced_document
from functions.problems import with_problems
from shared.bootstrap import app
from shared.model.checks import checked_name, checked_period, checked_size, checked_tags
from shared.model.directory import Links
from shared.model.journal import Event
from shared.sync.edits import FileEdit
from shared.sync.registration import NewFile

blueprint = func.Blueprint()
_FILES = "customers/{customer}/files"
_FILE = _FILES + "/{file}"


@blueprint.route(_FILES, methods=["POST"])
@with_problems
def announce_file(req: func.HttpRequest) -> func.HttpResponse:
    """Make a file's record; answers 201 with the record and a short-lived, write-only URL for its content."""
    body = Body(req)
    new = _new_file(route_id(req, "customer"), body)
    body.done()
    upload = app().registration.announce(new)
    document = file_document(upload.record)
    document["upload"] = {
        "url": upload.url,
        "method": "PUT",
        "headers": {"x-ms-blob-type": "BlockBlob"},
        "expiresAt": upload.expires_at.isoformat(),
    }
    location = {"Location": f"/api/customers/{upload.record.customer}/files/{upload.record.id}"}
    return answer(document, 201, location)


@blueprint.route(_FILE, methods=["GET"])
@with_problems
def get_file(req: func.HttpRequest) -> func.HttpResponse:
    """One file with its state, reason and link."""
    return answer(file_document(app().locating.record(*_key(req))))


@blueprint.route(_FILE, methods=["PATCH"])
@with_problems
def edit_file(req: func.HttpRequest) -> func.HttpResponse:
    """Change a file's name, place, tags or period; what is absent stays. Goes to SharePoint by itself."""
    record = app().locating.record(*_key(req))
    body = Body(req)
    edit = _edit(record.links, body)
    body.done()
    return answer(file_document(app().edits.edit(record.customer, record.id, edit)))


@blueprint.route(_FILE, methods=["DELETE"])
@with_problems
def delete_file(req: func.HttpRequest) -> func.HttpResponse:
    """Delete a file: out of sight at once, in SharePoint to the recycle bin."""
    app().edits.delete(*_key(req), who=req.params.get("by", ""))
    return func.HttpResponse(status_code=204)


@blueprint.route(_FILE + "/content", methods=["GET"])
@with_problems
def open_file(req: func.HttpRequest) -> func.HttpResponse:
    """Go to wherever the content is now, so that a link in Moment never breaks."""
    url = app().locating.content_url(*_key(req))
    return func.HttpResponse(status_code=302, headers={"Location": url, "Cache-Control": "no-store"})


@blueprint.route(_FILE + "/history", methods=["GET"])
@with_problems
def file_history(req: func.HttpRequest) -> func.HttpResponse:
    """What happened to the file, oldest first."""
    record = app().locating.record(*_key(req))
    lines = app().files.journal(record.customer, record.id)
    return answer({"items": [_journal_document(at, event) for at, event in lines]})


@blueprint.route("unplaced-blobs", methods=["GET"])
@with_problems
def list_unplaced_blobs(req: func.HttpRequest) -> func.HttpResponse:
    """Blobs that were dropped into Moment Cloud and belong to nothing we know, with the reason."""
    return answer(page_document(app().unplaced.list(*page_of(req)), unplaced_document))


def _key(req: func.HttpRequest) -> tuple[str, str]:
    return route_id(req, "customer"), route_id(req, "file")


def _journal_document(at: datetime, event: Event) -> dict[str, str]:
    return {"at": at.isoformat(), "side": event.side.value, "who": event.who, "event": event.text}


def _edit(links: Links, body: Body) -> FileEdit:
    """The place as a whole: a project, activity or task that is named replaces what lies below it too."""
    return FileEdit(
        name=checked_name(body.text("name")) if body.has("name") else None,
        links=_new_place(links, body),
        tags=checked_tags(body.texts("tags")) if body.has("tags") else None,
        period=_new_period(body) if body.has("period") else None,
        who=checked_name(body.optional_text("changedBy") or "unknown", "changedBy"),
    )


def _new_period(body: Body) -> str:
    period = body.optional_text("period")
    return "" if period is None else str(checked_period(period))


def _new_place(links: Links, body: Body) -> Links | None:
    """None where no member of the place is there. What lies below a named object and is not named itself goes."""
    if body.has("project"):
        project = body.optional_id("project")
        return Links(links.customer, project, body.optional_id("activity"), body.optional_id("task"))
    if body.has("activity"):
        return Links(links.customer, links.project, body.optional_id("activity"), body.optional_id("task"))
    if body.has("task"):
        return Links(links.customer, links.project, links.activity, body.optional_id("task"))
    return None


def _new_file(customer: str, body: Body) -> NewFile:
    size_bytes = body.optional_whole_number("sizeBytes")
    if size_bytes is not None:
        checked_size(size_bytes)
    return NewFile(
        name=checked_name(body.text("name")),
        links=Links(customer, *(body.optional_id(field) for field in ("project", "activity", "task"))),
        tags=checked_tags(body.texts("tags")),
        created_by=checked_name(body.optional_text("createdBy") or "unknown", "createdBy"),
        content_type=checked_name(body.optional_text("contentType") or "application/octet-stream", "contentType"),
    )
