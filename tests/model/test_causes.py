"""shared/model/causes.py: one word for what stands in the way of a file."""

import pytest

from shared import errors
from shared.graph.classify import Refusal, classify
from shared.model.causes import Cause, Reason, cause_of, reason_of

OF_GRAPH = [
    (423, ("notAllowed", "resourceLocked"), "The resource you are attempting to access is locked", Cause.LOCKED),
    (423, ("notAllowed",), "The file is checked out by Ola Berg.", Cause.CHECKED_OUT),
    (423, ("accessDenied",), "The item is on hold.", Cause.RETENTION),
    (429, ("activityLimitReached",), "", Cause.THROTTLED),
    (500, ("generalException",), "", Cause.UNREACHABLE),
    (504, (), "", Cause.UNREACHABLE),
    (404, ("itemNotFound", "resourceBeingProvisioned"), "", Cause.LIBRARY_NEW),
    (404, ("itemNotFound",), "", Cause.LIBRARY_GONE),
    (401, ("InvalidAuthenticationToken",), "", Cause.NO_ACCESS),
    (403, ("accessDenied",), "Access denied", Cause.NO_ACCESS),
    (403, ("accessDenied", "malwareDetected"), "", Cause.MALWARE),
    (400, ("virusSuspicious",), "", Cause.MALWARE),
    (403, ("accessDenied",), "This item can't be deleted because of a retention policy", Cause.RETENTION),
    (403, ("notAllowed",), "This file is a record and can't be changed.", Cause.RETENTION),
    (400, ("invalidRequest", "pathIsTooLong"), "", Cause.PATH_TOO_LONG),
    (400, ("invalidRequest",), "The provided path is too long.", Cause.PATH_TOO_LONG),
    (400, ("invalidRequest", "invalidPath"), "", Cause.NAME_REFUSED),
    (409, ("nameAlreadyExists",), "", Cause.NAME_REFUSED),
    (403, ("accessDenied",), "The file has been blocked by the administrator.", Cause.TYPE_REFUSED),
    (413, ("maxFileSizeExceeded",), "", Cause.TOO_LARGE),
    (507, ("quotaLimitReached",), "", Cause.SITE_FULL),
    (400, ("invalidRequest",), "Field 'momentTags' is not recognized", Cause.OTHER),
    (403, ("accessDenied",), "You have no permission to recordings.", Cause.NO_ACCESS),
]


@pytest.mark.parametrize(("status", "codes", "message", "cause"), OF_GRAPH)
def test_an_answer_of_graph_has_one_cause(status: int, codes: tuple[str, ...], message: str, cause: Cause):
    assert cause_of(classify(Refusal(status, codes, message))) is cause


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (errors.LibraryLimit("All sites are full."), Cause.LIBRARY_LIMIT),
        (errors.QuotaExceeded("Full."), Cause.SITE_FULL),
        (errors.NotShownYet("Not shown yet."), Cause.LIBRARY_NEW),
        (errors.ContentDiffers("It differs."), Cause.COPY_DIFFERS),
        (errors.UnknownObject("There is no project 'p1'."), Cause.OBJECT_GONE),
        (errors.Claimed("Another instance."), Cause.UNREACHABLE),
        (errors.PermanentError("Odd."), Cause.OTHER),
        (errors.StaleError("Old."), Cause.OTHER),
    ],
)
def test_an_error_of_our_own_has_one_cause(error: errors.MomentError, cause: Cause):
    assert cause_of(error) is cause
    assert reason_of(error) == Reason(str(error), cause)


def test_a_files_own_name_is_not_taken_for_what_graph_said():
    error = errors.PermanentError("There is a file named 'retention policy.docx' in the way.")

    assert cause_of(error) is Cause.OTHER


def test_what_graph_said_is_kept_without_addresses():
    error = classify(Refusal(403, ("accessDenied", "x"), "See https://example.org/?sig=SECRET for more"))

    assert error.codes == ("accessDenied", "x")
    assert "SECRET" not in error.said
