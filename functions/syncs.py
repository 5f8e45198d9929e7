"""Sync runs: the daily job, sync by hand with its plan, and what became of each run."""

import azure.functions as func

from functions.bodies import Body, answer, page_of, route_id
from functions.documents import page_document
from functions.messages import opened
from functions.problems import with_problems
from functions.run_documents import action_document, options_document, part_document, run_document
from shared.bootstrap import app
from shared.errors import InvalidInput
from shared.model.checks import checked_name
from shared.model.directory import Links
from shared.model.runs import Direction
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
    with opened(message) as told:
        app().runs.take(str(told["key"]))


@blueprint.route(_CUSTOMER + "/sync-options", methods=["GET"])
@with_problems
def customer_sync_options(req: func.HttpRequest) -> func.HttpResponse:
    """The directions in which this customer can be synced now."""
    return answer(options_document(app().sync_by_hand.options(_scope(req))))


@blueprint.route(_PROJECT + "/sync-options", methods=["GET"])
@with_problems
def project_sync_options(req: func.HttpRequest) -> func.HttpResponse:
    """The directions in which this project can be synced now."""
    return answer(options_document(app().sync_by_hand.options(_scope(req))))


@blueprint.route(_CUSTOMER + "/sync", methods=["POST"])
@with_problems
def sync_customer(req: func.HttpRequest) -> func.HttpResponse:
    """Sync a customer in one direction, or make the plan of that; 202 with the run."""
    return _begin(req)


@blueprint.route(_PROJECT + "/sync", methods=["POST"])
@with_problems
def sync_project(req: func.HttpRequest) -> func.HttpResponse:
    """Sync a project in one direction, or make the plan of that; 202 with the run."""
    return _begin(req)


@blueprint.route("sync-runs", methods=["GET"])
@with_problems
def list_runs(req: func.HttpRequest) -> func.HttpResponse:
    """All runs, newest first, in pages."""
    return answer(page_document(app().runs.page(*page_of(req)), run_document))


@blueprint.route(_RUN, methods=["GET"])
@with_problems
def get_run(req: func.HttpRequest) -> func.HttpResponse:
    """One run: its state, what it did so far, the first reasons, and for a plan what it would cost."""
    return answer(run_document(app().runs.find(route_id(req, "run"))))


@blueprint.route(_RUN + "/parts", methods=["GET"])
@with_problems
def list_parts(req: func.HttpRequest) -> func.HttpResponse:
    """What became of each library and each page of files of a run, in pages."""
    return answer(page_document(app().runs.parts(route_id(req, "run"), *page_of(req)), part_document))


@blueprint.route(_RUN + "/plan", methods=["GET"])
@with_problems
def list_plan(req: func.HttpRequest) -> func.HttpResponse:
    """What a plan would do, action by action, in pages."""
    return answer(page_document(app().runs.plan(route_id(req, "run"), *page_of(req)), action_document))


@blueprint.route(_RUN + "/carry-out", methods=["POST"])
@with_problems
def carry_out_plan(req: func.HttpRequest) -> func.HttpResponse:
    """Do what a plan says; 202 with the new run."""
    body = Body(req)
    who = _who(body)
    body.done()
    return _accepted(run_document(app().sync_by_hand.carry_out(route_id(req, "run"), who)))


@blueprint.route(_RUN + "/cancel", methods=["POST"])
@with_problems
def cancel_run(req: func.HttpRequest) -> func.HttpResponse:
    """Let a run end before it is through; what was done stays done."""
    return answer(run_document(app().runs.cancel(route_id(req, "run"))), 202)


def _begin(req: func.HttpRequest) -> func.HttpResponse:
    body = Body(req)
    direction = _direction(body)
    is_plan, is_full, who = body.flag("plan"), body.flag("full"), _who(body)
    body.done()
    run = app().sync_by_hand.begin(_scope(req), direction, who, is_plan=is_plan, is_full=is_full)
    return _accepted(run_document(run))


def _accepted(document: dict[str, object]) -> func.HttpResponse:
    return answer(document, 202, {"Location": f"/api/sync-runs/{document['id']}"})


def _direction(body: Body) -> Direction:
    value = body.text("direction")
    if value not in set(Direction):
        raise InvalidInput(f"direction must be one of {', '.join(Direction)}.", "direction")
    return Direction(value)


def _who(body: Body) -> str:
    return checked_name(body.optional_text("by") or "unknown", "by")


def _scope(req: func.HttpRequest) -> Links:
    project = route_id(req, "project") if "project" in req.route_params else None
    return Links(route_id(req, "customer"), project)
