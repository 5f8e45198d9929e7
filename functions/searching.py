"""HTTP: search and list files within a customer, project, activity or task; build the rows that searches read."""

import azure.functions as func

from functions.bodies import Body, answer, page_of, route_id
from functions.documents import file_document, page_document
from functions.problems import with_problems
from functions.search_query import search_of
from shared.bootstrap import app
from shared.model.directory import Links

blueprint = func.Blueprint()
_CUSTOMER = "customers/{customer}"
_PROJECT = _CUSTOMER + "/projects/{project}"


@blueprint.route(_CUSTOMER + "/files", methods=["GET"])
@with_problems
def search_customer(req: func.HttpRequest) -> func.HttpResponse:
    """A customer's files, newest first unless `?sort=` says otherwise, in pages; the query string narrows them."""
    return _found(req, Links(route_id(req, "customer")))


@blueprint.route(_PROJECT + "/files", methods=["GET"])
@with_problems
def search_project(req: func.HttpRequest) -> func.HttpResponse:
    """Likewise the files of a project, and of what is below it."""
    return _found(req, Links(route_id(req, "customer"), route_id(req, "project")))


@blueprint.route(_PROJECT + "/activities/{activity}/files", methods=["GET"])
@with_problems
def search_activity(req: func.HttpRequest) -> func.HttpResponse:
    """Likewise the files of an activity, and of its tasks."""
    return _found(req, Links(*(route_id(req, field) for field in ("customer", "project", "activity"))))


@blueprint.route(_PROJECT + "/tasks/{task}/files", methods=["GET"])
@with_problems
def search_task(req: func.HttpRequest) -> func.HttpResponse:
    """Likewise the files of a task."""
    return _found(req, Links(route_id(req, "customer"), route_id(req, "project"), task=route_id(req, "task")))


@blueprint.route(_CUSTOMER + "/reindex", methods=["POST"])
@with_problems
def reindex_customer(req: func.HttpRequest) -> func.HttpResponse:
    """One bounded step of building the search rows of a customer's files; `next` goes into the next step's body."""
    customer = app().placements.of(Links(route_id(req, "customer"))).customer
    body = Body(req)
    token, all_files = body.optional_text("next"), body.flag("all")
    body.done()
    done, following = app().reindexing.step(customer.id, token, all_files=all_files)
    return answer({"lookedAt": done.looked_at, "written": done.written, "next": following})


def _found(req: func.HttpRequest, place: Links) -> func.HttpResponse:
    app().placements.of(place)
    search = search_of(req, place)
    token, limit = page_of(req)
    page = app().searching.page(search, token, limit)
    document = page_document(page, file_document)
    if token is None and page.next_token is None:
        document["count"] = len(page.items)
    return answer(document)
