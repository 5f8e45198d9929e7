"""HTTP: customers, projects, activities and tasks. Each function calls one use case and answers."""

import azure.functions as func

from functions.callers import check_may
from functions.directory_documents import (
    ActivityDocument,
    CustomerDocument,
    FindQuery,
    GivenActivity,
    GivenCustomer,
    GivenProject,
    GivenTask,
    ProjectDocument,
    TaskDocument,
    activity_of,
    customer_of,
    directory_document,
    project_of,
    task_of,
)
from functions.operation import Answer, Call, operation, with_etag
from functions.shapes import ListOf, list_of
from shared.bootstrap import app
from shared.model.directory import Customer, DirectoryObject, Links, Project, StorageLocation
from shared.model.principals import Role

blueprint = func.Blueprint()
_CUSTOMER = "customers/{customer}"
_PROJECT = _CUSTOMER + "/projects/{project}"
_ACTIVITY = _PROJECT + "/activities/{activity}"
_TASK = _PROJECT + "/tasks/{task}"
_CHANGES = (404, 409, 412)
_PUT_HEADERS = ("If-Match", "If-None-Match")


@operation(blueprint, "GET", "customers", Role.READER, query=FindQuery, answers=ListOf[CustomerDocument])
def list_customers(call: Call, query: FindQuery) -> object:
    """All customers, by id, in pages."""
    return list_of(app().finding.customers(query.q or "", query.page, query.limit), directory_document)


@operation(
    blueprint,
    "GET",
    _CUSTOMER + "/projects",
    Role.READER,
    query=FindQuery,
    answers=ListOf[ProjectDocument],
    fails=(404,),
)
def list_projects(call: Call, query: FindQuery) -> object:
    """A customer's projects, by id, in pages."""
    customer = app().placements.of(call.links).customer
    return list_of(app().finding.projects(customer.id, query.q or "", query.page, query.limit), directory_document)


@operation(
    blueprint,
    "GET",
    _PROJECT + "/activities",
    Role.READER,
    query=FindQuery,
    answers=ListOf[ActivityDocument],
    fails=(404,),
)
def list_activities(call: Call, query: FindQuery) -> object:
    """A project's activities, by id, in pages."""
    links = _existing_project(call)
    page = app().finding.activities(links.customer, str(links.project), query.q or "", query.page, query.limit)
    return list_of(page, directory_document)


@operation(
    blueprint, "GET", _PROJECT + "/tasks", Role.READER, query=FindQuery, answers=ListOf[TaskDocument], fails=(404,)
)
def list_tasks(call: Call, query: FindQuery) -> object:
    """A project's tasks, by id, in pages."""
    links = _existing_project(call)
    page = app().finding.tasks(links.customer, str(links.project), query.q or "", query.page, query.limit)
    return list_of(page, directory_document)


@operation(blueprint, "GET", _CUSTOMER, Role.READER, answers=CustomerDocument, fails=(404,))
def get_customer(call: Call) -> object:
    """One customer."""
    return _get(call)


@operation(blueprint, "GET", _PROJECT, Role.READER, answers=ProjectDocument, fails=(404,))
def get_project(call: Call) -> object:
    """One project."""
    return _get(call)


@operation(blueprint, "GET", _ACTIVITY, Role.READER, answers=ActivityDocument, fails=(404,))
def get_activity(call: Call) -> object:
    """One activity."""
    return _get(call)


@operation(blueprint, "GET", _TASK, Role.READER, answers=TaskDocument, fails=(404,))
def get_task(call: Call) -> object:
    """One task."""
    return _get(call)


@operation(
    blueprint,
    "PUT",
    _CUSTOMER,
    Role.EDITOR,
    body=GivenCustomer,
    answers=CustomerDocument,
    fails=(409, 412),
    headers=_PUT_HEADERS,
)
def put_customer(call: Call, given: GivenCustomer) -> Answer:
    """Make a customer or change it.

    A new name renames its library; another storage location is an administrator's choice.
    """
    return _put(call, customer_of(call.links, given))


@operation(
    blueprint,
    "PUT",
    _PROJECT,
    Role.EDITOR,
    body=GivenProject,
    answers=ProjectDocument,
    fails=_CHANGES,
    headers=_PUT_HEADERS,
)
def put_project(call: Call, given: GivenProject) -> Answer:
    """Make a project or change it.

    A new name renames its folder; a storage location of its own is an administrator's choice.
    """
    return _put(call, project_of(call.links, given))


@operation(
    blueprint,
    "PUT",
    _ACTIVITY,
    Role.EDITOR,
    body=GivenActivity,
    answers=ActivityDocument,
    fails=_CHANGES,
    headers=_PUT_HEADERS,
)
def put_activity(call: Call, given: GivenActivity) -> Answer:
    """Make an activity or change it."""
    return _put(call, activity_of(call.links, given))


@operation(
    blueprint, "PUT", _TASK, Role.EDITOR, body=GivenTask, answers=TaskDocument, fails=_CHANGES, headers=_PUT_HEADERS
)
def put_task(call: Call, given: GivenTask) -> Answer:
    """Make a task or change it."""
    return _put(call, task_of(call.links, given))


@operation(blueprint, "DELETE", _CUSTOMER, Role.ADMINISTRATOR, status=204, fails=_CHANGES, headers=("If-Match",))
def delete_customer(call: Call) -> None:
    """Delete a customer that nothing belongs to any more."""
    _delete(call)


@operation(blueprint, "DELETE", _PROJECT, Role.ADMINISTRATOR, status=204, fails=_CHANGES, headers=("If-Match",))
def delete_project(call: Call) -> None:
    """Delete a project that nothing belongs to any more."""
    _delete(call)


@operation(blueprint, "DELETE", _ACTIVITY, Role.ADMINISTRATOR, status=204, fails=_CHANGES, headers=("If-Match",))
def delete_activity(call: Call) -> None:
    """Delete an activity that nothing belongs to any more."""
    _delete(call)


@operation(blueprint, "DELETE", _TASK, Role.ADMINISTRATOR, status=204, fails=_CHANGES, headers=("If-Match",))
def delete_task(call: Call) -> None:
    """Delete a task that nothing belongs to any more."""
    _delete(call)


def _get(call: Call) -> Answer:
    return with_etag(directory_document(app().directory_changes.get(call.links)))


def _put(call: Call, thing: DirectoryObject) -> Answer:
    if isinstance(thing, Customer | Project) and _storage_now(thing) != thing.storage:
        check_may(call.caller, Role.ADMINISTRATOR)
    was_made = app().directory_changes.put(thing, if_match=call.if_match, only_create=call.only_create)
    return with_etag(directory_document(thing), 201 if was_made else 200)


def _storage_now(thing: Customer | Project) -> StorageLocation | None:
    """What it says today; of one that is new, what it says by itself."""
    if isinstance(thing, Customer):
        customer = app().directory.find_customer(thing.id)
        return customer.storage if customer else StorageLocation.MOMENT
    project = app().directory.find_project(thing.customer, thing.id)
    return project.storage if project else None


def _delete(call: Call) -> None:
    changes = app().directory_changes
    changes.remove(changes.get(call.links), if_match=call.if_match)


def _existing_project(call: Call) -> Links:
    links = call.links
    app().placements.of(links)
    return links
