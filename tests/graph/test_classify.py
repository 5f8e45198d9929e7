"""Every status and code that Graph documents means one error."""

import pytest

from shared import errors
from shared.graph.classify import LOCKED_DELAY_S, Refusal, classify, read_refusal

TABLE = [
    (400, ("invalidRequest", "invalidPath"), "", errors.NameNotAllowed),
    (400, ("invalidRequest", "pathIsTooLong"), "", errors.NameNotAllowed),
    (400, ("invalidRequest",), "The provided name cannot contain any of these: * :", errors.NameNotAllowed),
    (400, ("invalidRequest",), "Name from path does not match name from body", errors.NameNotAllowed),
    (400, ("invalidRequest",), "Field 'momentTags' is not recognized", errors.PermanentError),
    (400, (), "", errors.PermanentError),
    (400, ("ValidationError",), "Subscription validation request failed.", errors.PermanentError),
    (400, ("ExtensionError",), "Operation: Create; Exception: [Status Code: Forbidden; …]", errors.AccessDenied),
    (400, ("ExtensionError",), "Operation: Create; Exception: [Status Code: BadRequest; …]", errors.PermanentError),
    (401, ("InvalidAuthenticationToken",), "", errors.AccessDenied),
    (403, ("accessDenied",), "", errors.AccessDenied),
    (404, ("itemNotFound",), "", errors.NotFound),
    (405, ("invalidRequest",), "", errors.PermanentError),
    (408, (), "", errors.Unavailable),
    (409, ("nameAlreadyExists",), "The specified item name already exists.", errors.NameTaken),
    (409, ("nameAlreadyExists",), "An upload session already exists for the name", errors.Locked),
    (409, ("nameAlreadyExists",), "The file is currently being uploaded", errors.Locked),
    (409, ("resourceModified",), "", errors.PreconditionFailed),
    (410, ("resyncRequired",), "", errors.ResyncRequired),
    (410, ("resyncChangesApplyDifferences",), "", errors.ResyncRequired),
    (410, ("syncStateNotFound", "resyncUploadDifferences"), "", errors.ResyncRequired),
    (410, (), "", errors.ResyncRequired),
    (411, ("invalidRequest",), "", errors.PermanentError),
    (412, ("notAllowed", "entityTagDoesNotMatch"), "", errors.PreconditionFailed),
    (413, ("invalidRequest", "maxFileSizeExceeded"), "", errors.TooLarge),
    (416, ("invalidRange", "fragmentOverlap"), "", errors.StaleError),
    (422, ("invalidRequest",), "", errors.PermanentError),
    (423, ("notAllowed", "resourceLocked"), "", errors.Locked),
    (429, ("activityLimitReached", "throttledRequest"), "", errors.Throttled),
    (500, ("generalException",), "", errors.Unavailable),
    (501, ("notSupported",), "", errors.PermanentError),
    (502, (), "", errors.Unavailable),
    (503, ("serviceNotAvailable",), "", errors.Unavailable),
    (504, (), "", errors.Unavailable),
    (507, ("quotaLimitReached",), "", errors.QuotaExceeded),
    (509, ("activityLimitReached",), "", errors.Throttled),
]


@pytest.mark.parametrize(("status", "codes", "message", "expected"), TABLE)
def test_a_status_and_its_codes_mean_one_error(status, codes, message, expected):
    assert type(classify(Refusal(status, codes, message))) is expected


@pytest.mark.parametrize("status", [429, 503, 509])
def test_a_throttle_carries_the_delay_that_was_asked_for(status):
    error = classify(Refusal(status, retry_after_s=41))

    assert isinstance(error, errors.Throttled)
    assert error.delay_s == 41


def test_a_lock_of_a_person_is_tried_again_after_minutes():
    error = classify(Refusal(423, ("notAllowed", "resourceLocked")))

    assert isinstance(error, errors.Locked)
    assert error.delay_s == LOCKED_DELAY_S >= 60


@pytest.mark.parametrize("status", [401, 404])
def test_an_upload_url_that_is_no_longer_known_means_that_its_session_is_over(status):
    assert type(classify(Refusal(status, ("itemNotFound",), of_upload_url=True))) is errors.UploadSessionGone


def test_an_expired_delta_link_says_where_to_begin_anew_but_not_in_words():
    link = "https://graph.microsoft.com/v1.0/drives/d/root/delta?token=SECRET"

    error = classify(read_refusal(410, {"Location": link}, {"error": {"code": "resyncRequired", "message": "Resync"}}))

    assert isinstance(error, errors.ResyncRequired)
    assert error.link == link
    assert "SECRET" not in str(error)


@pytest.mark.parametrize("codes", [("ValidationError",), ("InvalidRequest",)])
def test_an_address_that_did_not_answer_is_named_as_the_reason(codes):
    message = (
        "Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request."
    )

    assert "did not answer" in str(classify(Refusal(400, codes, message)))


def test_too_many_subscriptions_are_for_an_administrator():
    error = classify(Refusal(403, ("ExtensionError",), "Maximum number of subscriptions has been reached."))

    assert isinstance(error, errors.AccessDenied)
    assert "left over" in str(error)
    assert "Maximum number" in str(error)


def test_malware_is_not_blamed_on_a_permission():
    message = str(classify(Refusal(403, ("accessDenied", "malwareDetected"))))

    assert "malware" in message
    assert "permission" not in message


def test_the_message_says_what_graph_said_and_the_request_id():
    body = {"error": {"code": "invalidRequest", "message": "The name is odd", "innerError": {"code": "invalidPath"}}}

    error = classify(read_refusal(400, {"request-id": "r-1"}, body))

    assert str(error) == (
        "SharePoint does not allow this name or path. It answered 400 invalidPath: The name is odd (request-id r-1)"
    )


def test_codes_are_read_from_the_outermost_to_the_innermost():
    inner = {"code": "b", "innererror": {"code": "c", "request-id": "x"}}

    refusal = read_refusal(400, {}, {"error": {"code": "a", "innerError": inner}})

    assert refusal.codes == ("a", "b", "c")


@pytest.mark.parametrize("body", [None, [], "text", {}, {"error": None}, {"error": "invalid_client"}])
def test_a_body_of_another_shape_still_means_what_its_status_says(body):
    assert type(classify(read_refusal(404, {}, body))) is errors.NotFound


@pytest.mark.parametrize(
    "message",
    [
        "See https://contoso.sharepoint.com/x?tempauth=SECRET now",
        "GET /sites/x/uploadSession?guid='1'&tempauth=SECRET failed",
    ],
)
def test_addresses_in_graphs_words_are_left_out(message):
    error = classify(read_refusal(500, {}, {"error": {"code": "generalException", "message": message}}))

    assert "SECRET" not in str(error)
