"""What the API says of the app's health."""

from typing import Annotated

import msgspec
from msgspec import Meta

from functions.shapes import Document, Given
from shared.bootstrap.examining import CHECK_NAMES
from shared.doctor.verdicts import Line, Outcome

_MOST_WAIT_S = 150
"""The platform's load balancer ends a request after 230 s."""

type CheckName = Annotated[str, Meta(pattern=f"^({'|'.join(CHECK_NAMES)})$", description="Which check.")]


class HealthDocument(Document):
    """The app is ready."""

    status: Annotated[str, Meta(examples=["ok"])] = "ok"


class ChecksWish(Given):
    """Which checks to make."""

    only: Annotated[
        list[CheckName], Meta(max_length=len(CHECK_NAMES), description="These and what they need; all for none.")
    ] = msgspec.field(default_factory=list)
    wait_s: Annotated[int, Meta(ge=0, le=_MOST_WAIT_S, description="How long to wait for a notification.")] = 100


class CheckDocument(Document):
    """One check."""

    check: CheckName
    title: str
    outcome: Outcome
    why: str
    mend: Annotated[list[str], Meta(description="Commands and click paths, the first of them first.")]
    seconds: float


class ChecksDocument(Document):
    """What the doctor found."""

    ok: Annotated[bool, Meta(description="Nothing failed.")]
    checks: list[CheckDocument]


def check_document(line: Line) -> CheckDocument:
    """A line as the API shows it."""
    verdict = line.verdict
    return CheckDocument(
        check=line.check,
        title=line.title,
        outcome=verdict.outcome,
        why=verdict.why,
        mend=list(verdict.mend),
        seconds=round(line.took_s, 2),
    )


def checks_document(lines: list[Line]) -> ChecksDocument:
    """All lines."""
    return ChecksDocument(
        ok=all(each.verdict.outcome is not Outcome.FAIL for each in lines),
        checks=[check_document(each) for each in lines],
    )
