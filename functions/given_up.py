"""HTTP: what the app gave up after several tries; look at it, put it back, dismiss it."""

import azure.functions as func

from functions.bodies import answer, page_of, route_id
from functions.documents import given_up_document, page_document
from functions.problems import with_problems
from shared.bootstrap import app

blueprint = func.Blueprint()
_ALL = "given-up"
_ONE = _ALL + "/{id}"


@blueprint.route(_ALL, methods=["GET"])
@with_problems
def list_given_up(req: func.HttpRequest) -> func.HttpResponse:
    """What failed several times for a reason that was not foreseen, in pages."""
    return answer(page_document(app().given_up.list(*page_of(req)), given_up_document))


@blueprint.route(_ALL + "/put-back", methods=["POST"])
@with_problems
def put_all_back(req: func.HttpRequest) -> func.HttpResponse:
    """Have all of it tried again; says how many."""
    return answer({"putBack": app().given_up.put_back_all()}, 202)


@blueprint.route(_ONE + "/put-back", methods=["POST"])
@with_problems
def put_one_back(req: func.HttpRequest) -> func.HttpResponse:
    """Have one tried again; answers with what it was."""
    return answer(given_up_document(app().given_up.put_back(route_id(req, "id"))), 202)


@blueprint.route(_ONE, methods=["DELETE"])
@with_problems
def dismiss_given_up(req: func.HttpRequest) -> func.HttpResponse:
    """Forget one for good, such as a message that nobody can read; what it concerns stays as it is."""
    app().given_up.dismiss(route_id(req, "id"))
    return func.HttpResponse(status_code=204)
