"""Every error the product raises on purpose, by what has to happen next.

    MomentError
    ├── SettingsError          the app is misconfigured; lists every problem at once
    │   └── WrongSchema        the tables are of a version that this one must not touch
    ├── TransientError         try again after `delay_s`
    │   ├── Throttled          429/503 with Retry-After, or our own pacing
    │   ├── Unavailable        5xx, time-outs, dropped connections
    │   │   └── NotShownYet    SharePoint does not show yet what was just made
    │   ├── Locked             423: a person has the file open
    │   └── Claimed            another instance is working on this file
    ├── StaleError             our picture is old: read again, decide again
    │   ├── PreconditionFailed an ETag or If-Match no longer matched
    │   ├── UploadSessionGone  the upload session ended; start a new one
    │   └── ResyncRequired     410: the delta link is no longer known; enumerate everything again
    ├── PermanentError         recorded with its reason, not retried by itself
    │   ├── NotFound           the thing is not there
    │   ├── NameTaken          a sibling has this name (compared without case)
    │   ├── NameNotAllowed     SharePoint refuses the name or path
    │   ├── AccessDenied       permission missing, site locked, malware found
    │   ├── TooLarge           beyond what SharePoint or Table Storage holds
    │   ├── QuotaExceeded      the site is full
    │   │   └── LibraryLimit   no site has room for another library
    │   └── ContentDiffers     SharePoint does not hold what we sent
    ├── RefusedForSafety       a person has to decide
    └── ProblemError           the caller of the API asked for something we can't do (4xx)
        ├── InvalidInput       400, names the field
        ├── Unauthenticated    401, says where to sign in
        ├── Forbidden          403, says which role is needed
        ├── UnknownObject      404
        ├── Collision          409, names the other object
        ├── Changed            412, carries what is there now
        ├── Oversize           413, says the limit
        └── KeyReused          422

    SourceFailed               the body of a request could not be read while it was sent; carries what went wrong

Foreign exceptions (azure.core, requests, msal) are translated at the adapter's edge with `raise … from`.
Messages are shown to people: they hold no URL with a signature, no token and no clientState.
"""


class MomentError(Exception):
    """Base of all; `str(error)` is a sentence a person can read.

    Of an answer of Graph it keeps the error codes, from the outermost to the innermost, and Graph's own words.
    """

    codes: tuple[str, ...] = ()
    said: str = ""


class SourceFailed(Exception):
    """What is being sent could not be read; `error` says why. A failure of where it comes from, not of where it goes.

    No MomentError, so that nothing that repeats or judges requests to SharePoint takes it for an answer of SharePoint.
    """

    def __init__(self, error: MomentError) -> None:
        super().__init__(str(error))
        self.error = error


class SettingsError(MomentError):
    """The environment is not usable. `problems` has one sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class WrongSchema(SettingsError):
    """The tables were written by a version of the app whose rows this one does not know, or knows no more."""


class TransientError(MomentError):
    """Worth another try after `delay_s` seconds; None leaves the delay to the caller's back-off."""

    def __init__(self, message: str, delay_s: float | None = None) -> None:
        super().__init__(message)
        self.delay_s = delay_s


class Throttled(TransientError):
    """SharePoint asked us to wait; `delay_s` is its Retry-After."""


class Unavailable(TransientError):
    """The service failed or could not be reached."""


class NotShownYet(Unavailable):
    """What was just made, perhaps by another instance, is not shown by SharePoint yet."""


class Locked(TransientError):
    """423: the item is open or checked out by a person."""


class Claimed(TransientError):
    """Another instance holds the claim on this file until about `delay_s` from now."""


class StaleError(MomentError):
    """What we read has changed since: read again and decide again."""


class PreconditionFailed(StaleError):
    """412: the ETag given is no longer the current one."""


class UploadSessionGone(StaleError):
    """The upload session expired or was cancelled (404 or 401 on its uploadUrl)."""


class ResyncRequired(StaleError):
    """410 on a delta: `link` starts the fresh enumeration; what vanished meanwhile has no tombstone in it."""

    def __init__(self, message: str, link: str = "") -> None:
        super().__init__(message)
        self.link = link


class PermanentError(MomentError):
    """Trying again unchanged gives the same answer; the message is the reason shown to people."""


class NotFound(PermanentError):
    """The item, list, blob or row does not exist."""


class NameTaken(PermanentError):
    """409 nameAlreadyExists."""


class NameNotAllowed(PermanentError):
    """400 invalidRequest about a name or a path."""


class AccessDenied(PermanentError):
    """401 after a fresh token, or 403."""


class TooLarge(PermanentError):
    """413, or a limit that we know of before asking."""


class QuotaExceeded(PermanentError):
    """507: the site has no room."""


class LibraryLimit(QuotaExceeded):
    """All sites have as many lists and libraries as they may."""


class ContentDiffers(PermanentError):
    """What SharePoint holds was read and is not what was sent; the blob stays."""


class RefusedForSafety(MomentError):
    """Going on might lose something; a person has to say so. It is about `files` of `total` files."""

    def __init__(self, message: str, files: int, total: int) -> None:
        super().__init__(message)
        self.files = files
        self.total = total


class ProblemError(MomentError):
    """A request of the API that can't be served; becomes an RFC 9457 problem document.

    `field` names the member of the request that is at fault, where there is one.
    """

    status = 400
    title = "Bad request"

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


class InvalidInput(ProblemError):
    """400: a member of the request is missing, unknown, malformed or too long."""

    title = "Invalid input"


class Unauthenticated(ProblemError):
    """401: nobody is signed in, or nobody that we know."""

    status = 401
    title = "Sign in"


class Forbidden(ProblemError):
    """403: who is signed in may not do this; the detail says who may."""

    status = 403
    title = "Not allowed"


class UnknownObject(ProblemError):
    """404: the customer, project, activity, task or file does not exist."""

    status = 404
    title = "Not found"


class Collision(ProblemError):
    """409: another object stands in the way; the detail names it."""

    status = 409
    title = "Conflict"


class Changed(ProblemError):
    """412: the If-Match given does not fit any more. `current` is the object as it is now; None: there is none."""

    status = 412
    title = "Changed meanwhile"

    def __init__(self, detail: str, current: object) -> None:
        super().__init__(detail)
        self.current = current


class KeyReused(ProblemError):
    """422: the Idempotency-Key was used for something else."""

    status = 422
    title = "Idempotency-Key used before"


class Oversize(ProblemError):
    """413: a body or a file is larger than we take; the detail says the limit."""

    status = 413
    title = "Too large"
