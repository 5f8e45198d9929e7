"""HTTP: customers, projects, activities and tasks. Each function parses, calls one use case and answers."""

from collections.abc import Callable

import azure.functions as func

from functions.bodies import Body, answer, page_of, route_id
from functions.documents import directory_document, page_document
from functions.problems import with_problems
from shared.bootstrap import app
from shared.errors import InvalidInput
from shared.model.checks import checked_name, checked_number, checked_period
from shared.model.directory import Activity, Customer, DirectoryObject, Links, Project, StorageLocation, Task

blueprint = func.Blueprint()
_CUSTOMER = "customers/{customer}"
_PROJECT = _CUSTOMER + "/projects/{project}"
_ACTIVITY = _PROJECT + "/activities/{activity}"
_TASK = _PROJECT + "/tasks/{task}"


@blueprint.route("customers", methods=["GET"])
@with_problems
def list_customers(req: func.HttpRequest) -> func.HttpResponse:
    """All customers, by id, in pages."""
    return answer(page_document(app().directory.list_customers(*page_of(req)), directory_document))


@blueprint.route(_CUSTOMER + "/projects", methods=["GET"])
@with_problems
def list_projects(req: func.HttpRequest) -> func.HttpResponse:
    """A customer's projects, by id, in pages."""
    customer = app().placements.of(_links(req)).customer
    return answer(page_document(app().directory.list_projects(customer.id, *page_of(req)), directory_document))


@blueprint.route(_PROJECT + "/activities", methods=["GET"])
@with_problems
def list_activities(req: func.HttpRequest) -> func.HttpResponse:
    """A project's activities, by id, in pages."""
    links = _existing_project(req)
    page = app().directory.list_activities(links.customer, str(links.project), *page_of(req))
    return answer(page_document(page, directory_document))


@blueprint.route(_PROJECT + "/tasks", methods=["GET"])
@with_problems
def list_tasks(req: func.HttpRequest) -> func.HttpResponse:
    """A project's tasks, by id, in pages."""
    links = _existing_project(req)
    page = app().directory.list_tasks(links.customer, str(links.project), *page_of(req))
    return answer(page_document(page, directory_document))


@blueprint.route(_CUSTOMER, methods=["GET", "PUT", "DELETE"])
@with_problems
def customer(req: func.HttpRequest) -> func.HttpResponse:
    """One customer."""
    return _one(req, _customer)


@blueprint.route(_PROJECT, methods=["GET", "PUT", "DELETE"])
@with_problems
def project(req: func.HttpRequest) -> func.HttpResponse:
    """One project."""
    return _one(req, _project)


@blueprint.route(_ACTIVITY, methods=["GET", "PUT", "DELETE"])
@with_problems
def activity(req: func.HttpRequest) -> func.HttpResponse:
    """One activity."""
    return _one(req, _activity)


@blueprint.route(_TASK, methods=["GET", "PUT", "DELETE"])
@with_problems
def task(req: func.HttpRequest) -> func.HttpResponse:
    """One task."""
    return _one(req, _task)


def _one(req: func.HttpRequest, parse: Callable[[Links, Body], DirectoryObject]) -> func.HttpResponse:
    links = _links(req)
    changes = app().directory_changes
    if req.method == "PUT":
        body = Body(req)
        thing = parse(links, body)
        body.done()
        return answer(directory_document(thing), 201 if changes.put(thing) else 200)
    thing = changes.get(links)
    if req.method == "GET":
        return answer(directory_document(thing))
    changes.remove(thing)
    return func.HttpResponse(status_code=204)


def _links(req: func.HttpRequest) -> Links:
    names = ("customer", "project", "activity", "task")
    return Links(**{name: route_id(req, name) for name in names if name in req.route_params})


def _existing_project(req: func.HttpRequest) -> Links:
    links = _links(req)
    app().placements.of(links)
    return links


def _storage(body: Body) -> StorageLocation | None:
    value = body.optional_text("storage")
    if value is not None and value not in set(StorageLocation):
        raise InvalidInput("storage must be 'moment' or 'sharepoint'.", "storage")
    return None if value is None else StorageLocation(value)


def _number(body: Body) -> str | None:
    value = body.optional_text("number")
    return None if value is None else checked_number(value)


def _customer(links: Links, body: Body) -> Customer:
    return Customer(links.customer, checked_name(body.text("name")), _storage(body) or StorageLocation.MOMENT)


def _project(links: Links, body: Body) -> Project:
    name = checked_name(body.text("name"))
    return Project(links.customer, str(links.project), name, _number(body), _storage(body))


def _activity(links: Links, body: Body) -> Activity:
    name = checked_name(body.text("name"))
    return Activity(links.customer, str(links.project), str(links.activity), name, _number(body))


def _task(links: Links, body: Body) -> Task:
    series = body.optional_id("series")
    period = body.optional_text("period")
    if (series is None) != (period is None):
        raise InvalidInput("series and period go together: both for a recurring task, neither otherwise.", "period")
    return Task(
        customer=links.customer,
        project=str(links.project),
        id=str(links.task),
        number=checked_number(body.text("number")),
        name=checked_name(body.text("name")),
        activity=body.optional_id("activity"),
        series=series,
        period=None if period is None else checked_period(period),
    )
