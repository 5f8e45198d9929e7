"""HTTP: how a customer's library is followed, and the deletions of which a person decides."""

import azure.functions as func

from functions.library_documents import (
    ApprovalDocument,
    Decision,
    DeletionDocument,
    LibraryDocument,
    approval_document,
    deletion_document,
    library_document,
)
from functions.operation import Call, operation
from functions.shapes import ListOf, PageQuery, list_of
from shared.bootstrap import app
from shared.errors import UnknownObject
from shared.model.directory import Links
from shared.model.libraries import Answer, LibraryState
from shared.model.principals import Role
from shared.sync.places import LIBRARY

blueprint = func.Blueprint()
_LIBRARY = "customers/{customer}/library"


@operation(blueprint, "GET", "approvals", Role.READER, query=PageQuery, answers=ListOf[ApprovalDocument])
def list_approvals(call: Call, query: PageQuery) -> ListOf[ApprovalDocument]:
    """All libraries that wait for a person, in pages: too much vanished from them at once."""
    return list_of(app().approvals.waiting(query.page, query.limit), approval_document)


@operation(blueprint, "GET", _LIBRARY, Role.READER, answers=LibraryDocument, fails=(404,))
def get_library(call: Call) -> LibraryDocument:
    """How a customer's library is followed: by notification or polled, when last, and what stopped it."""
    return library_document(_library(call))


@operation(
    blueprint,
    "GET",
    f"{_LIBRARY}/deletions",
    Role.READER,
    query=PageQuery,
    answers=ListOf[DeletionDocument],
    fails=(404,),
)
def list_deletions(call: Call, query: PageQuery) -> ListOf[DeletionDocument]:
    """The files that an approval would mark deleted, in pages; those restored meanwhile are not among them."""
    return list_of(app().approvals.doomed(_library(call), query.page, query.limit), deletion_document)


@operation(
    blueprint,
    "POST",
    f"{_LIBRARY}/approve",
    Role.ADMINISTRATOR,
    body=Decision,
    answers=LibraryDocument,
    status=202,
    fails=(404, 409),
)
def approve_deletions(call: Call, decision: Decision) -> LibraryDocument:
    """Let the deletions happen that the guard stopped."""
    return _answered(call, decision, Answer.APPROVED)


@operation(
    blueprint,
    "POST",
    f"{_LIBRARY}/dismiss",
    Role.ADMINISTRATOR,
    body=Decision,
    answers=LibraryDocument,
    status=202,
    fails=(404, 409),
)
def dismiss_deletions(call: Call, decision: Decision) -> LibraryDocument:
    """Keep the records of the files that the guard kept from being marked deleted."""
    return _answered(call, decision, Answer.DISMISSED)


def _answered(call: Call, decision: Decision, given: Answer) -> LibraryDocument:
    """Carried out from the queue."""
    drive_id = _library(call).drive_id
    return library_document(app().approvals.answer(drive_id, given, call.who(decision.by), decision.files))


def _library(call: Call) -> LibraryState:
    customer = app().placements.of(Links(call.id("customer"))).customer.id
    link = app().folders.find(customer, LIBRARY)
    state = app().libraries.find(link.drive_id) if link else None
    if state is None:
        raise UnknownObject(f"Customer {customer!r} has no library in SharePoint yet.", "customer")
    return state
