"""HTTP: what the app gave up after several tries; look at it, put it back, dismiss it."""

import azure.functions as func

from functions.library_documents import GivenUpDocument, PutBackDocument, given_up_document
from functions.operation import Call, operation
from functions.shapes import ListOf, PageQuery, list_of
from shared.bootstrap import app
from shared.model.principals import Role

blueprint = func.Blueprint()
_ALL = "given-up"
_ONE = _ALL + "/{id}"


@operation(blueprint, "GET", _ALL, Role.ADMINISTRATOR, query=PageQuery, answers=ListOf[GivenUpDocument])
def list_given_up(call: Call, query: PageQuery) -> ListOf[GivenUpDocument]:
    """What failed several times for a reason that was not foreseen, in pages."""
    return list_of(app().given_up.list(query.page, query.limit), given_up_document)


@operation(blueprint, "POST", _ALL + "/put-back", Role.ADMINISTRATOR, answers=PutBackDocument, status=202)
def put_all_back(call: Call) -> PutBackDocument:
    """Have all of it tried again; says how many."""
    return PutBackDocument(put_back=app().given_up.put_back_all())


@operation(blueprint, "POST", _ONE + "/put-back", Role.ADMINISTRATOR, answers=GivenUpDocument, status=202, fails=(404,))
def put_one_back(call: Call) -> GivenUpDocument:
    """Have one tried again; answers with what it was."""
    return given_up_document(app().given_up.put_back(call.id("id")))


@operation(blueprint, "DELETE", _ONE, Role.ADMINISTRATOR, status=204, fails=(404,))
def dismiss_given_up(call: Call) -> None:
    """Forget one for good, such as a message that nobody can read; what it concerns stays as it is."""
    app().given_up.dismiss(call.id("id"))
