"""Sync runs: the daily job, sync by hand with its plan, and what became of each run."""

import azure.functions as func

from functions.messages import opened
from functions.operation import Answer, Call, operation
from functions.run_documents import (
    ActionDocument,
    OptionsDocument,
    PartDocument,
    RunDocument,
    SyncWish,
    TaskWish,
    action_document,
    options_document,
    part_document,
    run_document,
)
from functions.shapes import ByWhom, ListOf, PageQuery, list_of
from shared.bootstrap import app
from shared.model.principals import Role
from shared.model.runs import Run
from shared.settings import STORAGE_CONNECTION, SYNCS_QUEUE, daily_sync_schedule

blueprint = func.Blueprint()
_CUSTOMER = "customers/{customer}"
_PROJECT = _CUSTOMER + "/projects/{project}"
_RUN = "sync-runs/{run}"


@blueprint.timer_trigger(arg_name="timer", schedule=daily_sync_schedule())
def daily_sync(timer: func.TimerRequest) -> None:
    """Once a day: everything is compared, and repaired where an event was missed."""
    app().daily_sync.begin()


@blueprint.timer_trigger(arg_name="timer", schedule="0 */5 * * * *")
def watch_runs(timer: func.TimerRequest) -> None:
    """Every five minutes: runs whose instances died go on, and end."""
    app().runs.watch()


@blueprint.queue_trigger(arg_name="message", queue_name=SYNCS_QUEUE, connection=STORAGE_CONNECTION)
def part_of_run(message: func.QueueMessage) -> None:
    """A part of a run is to be done."""
    with opened(message, SYNCS_QUEUE) as told:
        app().runs.take(str(told["key"]))


@operation(blueprint, "GET", _CUSTOMER + "/sync-options", Role.READER, answers=OptionsDocument, fails=(404,))
def customer_sync_options(call: Call) -> OptionsDocument:
    """The directions in which this customer can be synced now."""
    return options_document(app().sync_by_hand.options(call.links))


@operation(blueprint, "GET", _PROJECT + "/sync-options", Role.READER, answers=OptionsDocument, fails=(404,))
def project_sync_options(call: Call) -> OptionsDocument:
    """The directions in which this project can be synced now."""
    return options_document(app().sync_by_hand.options(call.links))


@operation(
    blueprint,
    "POST",
    _CUSTOMER + "/sync",
    Role.EDITOR,
    body=SyncWish,
    answers=RunDocument,
    status=202,
    fails=(404, 409, 422),
    headers=("Idempotency-Key",),
)
def sync_customer(call: Call, wish: SyncWish) -> Answer:
    """Sync a customer in one direction, or make the plan of that; answers with the run."""
    return _begun(call, wish)


@operation(
    blueprint,
    "POST",
    _PROJECT + "/sync",
    Role.EDITOR,
    body=SyncWish,
    answers=RunDocument,
    status=202,
    fails=(404, 409, 422),
    headers=("Idempotency-Key",),
)
def sync_project(call: Call, wish: SyncWish) -> Answer:
    """Sync a project in one direction, or make the plan of that; answers with the run."""
    return _begun(call, wish)


@operation(blueprint, "GET", "sync-runs", Role.READER, query=PageQuery, answers=ListOf[RunDocument])
def list_runs(call: Call, query: PageQuery) -> ListOf[RunDocument]:
    """All runs, newest first, in pages."""
    return list_of(app().runs.page(query.page, query.limit), _document)


@operation(
    blueprint,
    "POST",
    "sync-runs",
    Role.ADMINISTRATOR,
    body=TaskWish,
    answers=RunDocument,
    status=202,
    fails=(404, 409),
)
def begin_task(call: Call, wish: TaskWish) -> Answer:
    """Walk through libraries or subscribe to them anew; answers with the run, or with the one that does it already."""
    return _accepted(app().library_tasks.begin(wish.task, wish.customer, call.who(wish.by)))


@operation(blueprint, "GET", _RUN, Role.READER, answers=RunDocument, fails=(404,))
def get_run(call: Call) -> RunDocument:
    """One run: its state, what it did so far, the first reasons, and for a plan what it would cost."""
    return _document(app().runs.find(call.id("run")))


@operation(blueprint, "GET", _RUN + "/parts", Role.READER, query=PageQuery, answers=ListOf[PartDocument], fails=(404,))
def list_parts(call: Call, query: PageQuery) -> ListOf[PartDocument]:
    """What became of each library and each page of files of a run, in pages."""
    return list_of(app().runs.parts(call.id("run"), query.page, query.limit), part_document)


@operation(
    blueprint, "GET", _RUN + "/plan", Role.READER, query=PageQuery, answers=ListOf[ActionDocument], fails=(404, 409)
)
def list_plan(call: Call, query: PageQuery) -> ListOf[ActionDocument]:
    """What a plan would do, action by action, in pages."""
    return list_of(app().runs.plan(call.id("run"), query.page, query.limit), action_document)


@operation(
    blueprint,
    "POST",
    _RUN + "/carry-out",
    Role.EDITOR,
    body=ByWhom,
    answers=RunDocument,
    status=202,
    fails=(404, 409),
)
def carry_out_plan(call: Call, given: ByWhom) -> Answer:
    """Do what a plan says; answers with the new run."""
    return _accepted(app().sync_by_hand.carry_out(call.id("run"), call.who(given.by)))


@operation(blueprint, "POST", _RUN + "/cancel", Role.EDITOR, answers=RunDocument, status=202, fails=(404, 409))
def cancel_run(call: Call) -> RunDocument:
    """Let a run end before it is through; what was done stays done."""
    return _document(app().runs.cancel(call.id("run")))


def _begun(call: Call, wish: SyncWish) -> Answer:
    run = app().sync_by_hand.begin(
        call.links,
        wish.direction,
        call.who(wish.by),
        is_plan=wish.plan,
        is_full=wish.full,
        idempotency_key=call.idempotency_key,
    )
    return _accepted(run)


def _accepted(run: Run) -> Answer:
    return Answer(_document(run), headers={"Location": f"/api/sync-runs/{run.id}"})


def _document(run: Run) -> RunDocument:
    return run_document(run, app().units_per_minute)
