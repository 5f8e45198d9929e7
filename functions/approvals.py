"""HTTP: how a customer's library is followed, and the deletions of which a person decides."""

import azure.functions as func

from functions.bodies import Body, answer, page_of, route_id
from functions.documents import approval_document, deletion_document, library_document, page_document
from functions.problems import with_problems
from shared.bootstrap import app
from shared.errors import InvalidInput, UnknownObject
from shared.model.checks import checked_name
from shared.model.directory import Links
from shared.model.libraries import Answer, LibraryState
from shared.sync.places import LIBRARY

blueprint = func.Blueprint()
_LIBRARY = "customers/{customer}/library"


@blueprint.route("approvals", methods=["GET"])
@with_problems
def list_approvals(req: func.HttpRequest) -> func.HttpResponse:
    """All libraries that wait for a person, in pages: too much vanished from them at once."""
    return answer(page_document(app().approvals.waiting(*page_of(req)), approval_document))


@blueprint.route(_LIBRARY, methods=["GET"])
@with_problems
def get_library(req: func.HttpRequest) -> func.HttpResponse:
    """How a customer's library is followed: by notification or polled, when last, and what stopped it."""
    return answer(library_document(_library(req)))


@blueprint.route(f"{_LIBRARY}/deletions", methods=["GET"])
@with_problems
def list_deletions(req: func.HttpRequest) -> func.HttpResponse:
    """The files that an approval would mark deleted, in pages; those restored meanwhile are not among them."""
    page = app().approvals.doomed(_library(req), *page_of(req))
    return answer(page_document(page, deletion_document))


@blueprint.route(f"{_LIBRARY}/approve", methods=["POST"])
@with_problems
def approve_deletions(req: func.HttpRequest) -> func.HttpResponse:
    """Let the deletions happen that the guard stopped."""
    return _answered(req, Answer.APPROVED)


@blueprint.route(f"{_LIBRARY}/dismiss", methods=["POST"])
@with_problems
def dismiss_deletions(req: func.HttpRequest) -> func.HttpResponse:
    """Keep the records of the files that the guard kept from being marked deleted."""
    return _answered(req, Answer.DISMISSED)


def _answered(req: func.HttpRequest, given: Answer) -> func.HttpResponse:
    """Both take `by` (who) and `files` (the number that the person saw), and are carried out from the queue: 202."""
    state = _library(req)
    by, files = "somebody", None
    if req.get_body():
        body = Body(req)
        by = checked_name(body.optional_text("by") or by, "by")
        files = body.optional_whole_number("files")
        body.done()
    if files is not None and files < 0:
        raise InvalidInput("files must not be negative.", "files")
    return answer(library_document(app().approvals.answer(state.drive_id, given, by, files)), 202)


def _library(req: func.HttpRequest) -> LibraryState:
    customer = app().placements.of(Links(route_id(req, "customer"))).customer.id
    link = app().folders.find(customer, LIBRARY)
    state = app().libraries.find(link.drive_id) if link else None
    if state is None:
        raise UnknownObject(f"Customer {customer!r} has no library in SharePoint yet.", "customer")
    return state
