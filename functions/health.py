"""HTTP: whether the app is ready, for the platform; and the doctor's checks, for administrators (docs/doctor.md)."""

import azure.functions as func

from functions.health_documents import ChecksDocument, ChecksWish, HealthDocument, checks_document
from functions.operation import Answer, Call, operation
from shared.bootstrap.examining import examined_here, health
from shared.errors import Unavailable
from shared.model.principals import Role

blueprint = func.Blueprint()


@operation(blueprint, "GET", "health", None, answers=HealthDocument)
def app_health(call: Call) -> Answer:
    """Whether the app is ready: for the platform, without a detail.

    503 where its settings are not whole or its storage does not answer. What it finds is good for five seconds.
    """
    if not health().is_well():
        raise Unavailable("The app is not ready. An administrator finds out why with the doctor.")
    return Answer(HealthDocument(), headers={"Cache-Control": "no-store"})


@operation(blueprint, "POST", "health/checks", Role.ADMINISTRATOR, body=ChecksWish, answers=ChecksDocument)
def app_checks(call: Call, body: ChecksWish) -> ChecksDocument:
    """Look at everything that the app stands on: each check with why it failed and what mends it.

    It tries what the app has to be able to do, in a folder of its own that it removes again, and takes up to three
    minutes.
    """
    return checks_document(list(examined_here(wait_s=body.wait_s, only=body.only)))
