"""The errors Graph answers with, one function per documented case.

https://learn.microsoft.com/graph/errors: clients branch on the status, then on ``code``, then on the inner codes.
"""

from collections.abc import Mapping


class GraphError(Exception):
    """An answer other than success; ``inner`` runs from the outermost inner code to the most specific."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        inner: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.inner = inner
        self.headers = dict(headers or {})


class ConnectionDropped(Exception):
    """A fault asked for the connection to break here."""


def invalid_request(message: str, *inner: str) -> GraphError:
    """400: the request can never succeed as it is."""
    return GraphError(400, "invalidRequest", message, inner)


def item_not_found(what: str = "The resource could not be found.") -> GraphError:
    """404."""
    return GraphError(404, "itemNotFound", what)


def name_already_exists(message: str = "The specified item name already exists.") -> GraphError:
    """409: a sibling has this name, in whatever case."""
    return GraphError(409, "nameAlreadyExists", message)


def list_limit_reached(limit: int) -> GraphError:
    """400: which error the real one gives is not documented, so it has no code of its own to rely on."""
    return invalid_request(f"The site cannot have more than {limit} lists and libraries")


def entity_tag_does_not_match() -> GraphError:
    """412: somebody changed the item since the caller read it."""
    return GraphError(412, "notAllowed", "ETag does not match current item's value", ("entityTagDoesNotMatch",))


def resource_locked() -> GraphError:
    """423: a person has the file open."""
    return GraphError(423, "notAllowed", "The resource you are attempting to access is locked", ("resourceLocked",))


def invalid_range(message: str, inner: str) -> GraphError:
    """416: the fragment is not the one that is expected next."""
    return GraphError(416, "invalidRange", message, (inner,))


def too_large(message: str) -> GraphError:
    """413."""
    return GraphError(413, "invalidRequest", message, ("maxFileSizeExceeded",))


def quota_limit_reached() -> GraphError:
    """507: the site's storage is full."""
    return GraphError(507, "quotaLimitReached", "Insufficient Space Available")


def not_supported(what: str) -> GraphError:
    """501: the local SharePoint does not implement this, and says what."""
    return GraphError(501, "notSupported", f"The local SharePoint does not implement {what}")


def invalid_authentication_token(message: str) -> GraphError:
    """401, with the challenge that tells a client to fetch a new token."""
    challenge = (
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
        f'client_id="00000003-0000-0000-c000-000000000000", error="invalid_token", error_description="{message}"'
    )
    return GraphError(401, "InvalidAuthenticationToken", message, headers={"WWW-Authenticate": challenge})


def unauthenticated(message: str) -> GraphError:
    """401 of a pre-authenticated URL."""
    return GraphError(401, "unauthenticated", message, ("expiredToken",))
