"""Which names SharePoint Online takes.

"Restrictions and limitations in OneDrive and SharePoint" (support.microsoft.com) and the SharePoint limits of the
Microsoft 365 service description.
"""

import re

from tools.sharepoint.state.errors import invalid_request

MAX_PATH_CHARACTERS = 400
MAX_SEGMENT_CHARACTERS = 255
_FORBIDDEN = re.compile(r'["*:<>?/\\|\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:\.lock|con|prn|aux|nul|com[0-9]|lpt[0-9]|desktop\.ini)", re.IGNORECASE)
_NOT_IN_A_URL = re.compile(r'[~"#%&*:<>?/\\{|}\x00-\x1f\x7f]')


def key(name: str) -> str:
    """Return what two names are compared by: SharePoint ignores case and does not normalise Unicode."""
    return name.lower()


def check_name(name: str, *, is_folder: bool, at_root: bool) -> None:
    """Raise ``invalidRequest`` if SharePoint would refuse this name."""
    if not name:
        raise invalid_request("The name must not be empty", "invalidPath")
    if len(name) > MAX_SEGMENT_CHARACTERS:
        raise invalid_request("The specified name is too long", "pathIsTooLong")
    if _FORBIDDEN.search(name):
        raise invalid_request(
            'The provided name cannot contain any of the following characters: " * : < > ? / \\ |', "invalidPath"
        )
    if name != name.strip() or name.endswith("."):
        raise invalid_request("The provided name cannot begin or end with a space, or end with a period", "invalidPath")
    if _is_reserved(name, is_folder=is_folder, at_root=at_root):
        raise invalid_request(f"The name {name} is reserved", "invalidPath")


def _is_reserved(name: str, *, is_folder: bool, at_root: bool) -> bool:
    if _RESERVED.fullmatch(name) or "_vti_" in name.lower() or name.startswith("~$"):
        return True
    return (is_folder and name.startswith("~")) or (at_root and name.lower() == "forms")


def check_path_length(server_relative_path: str) -> None:
    """Raise if the decoded path, site and library included, exceeds 400 characters."""
    if len(server_relative_path.lstrip("/")) > MAX_PATH_CHARACTERS:
        raise invalid_request("The specified file or folder path is too long", "pathIsTooLong")


def url_segment(title: str) -> str:
    """Return the address that SharePoint makes from a new library's title; it never changes afterwards."""
    return " ".join(_NOT_IN_A_URL.sub("", title).split()).strip(". ") or "Library"


def suffixed(name: str, number: int) -> str:
    """Return ``name 1.ext``: how ``conflictBehavior=rename`` makes a name unique."""
    stem, dot, extension = name.rpartition(".")
    return f"{stem} {number}.{extension}" if stem and dot else f"{name} {number}"
