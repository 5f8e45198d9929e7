"""How sizes, times, people, kinds of file and refusals read."""

from datetime import UTC, datetime
from pathlib import Path

from tools.sharepoint.page.markup import Markup, element
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.errors import GraphError
from tools.sharepoint.state.items import DriveItem
from tools.sharepoint.state.people import PEOPLE

DONE = {
    "uploaded": "Uploaded.",
    "folder": "The folder is there.",
    "renamed": "Renamed.",
    "moved": "Moved.",
    "saved": "Saved.",
    "unchanged": "Nothing was different, so nothing was saved.",
    "locked": "The file counts as open now: changes through the API are refused with 423.",
    "unlocked": "The file is closed again.",
    "deleted": "Deleted. It is in the recycle bin.",
    "restored": "Restored, with the id it had.",
}
_KINDS = {
    "word": ("W", "Word document", ".docx .docm .dotx .doc .odt .rtf"),
    "excel": ("X", "Excel workbook", ".xlsx .xlsm .xltx .xls .ods .csv"),
    "powerpoint": ("P", "PowerPoint presentation", ".pptx .pptm .potx .ppt .odp"),
    "pdf": ("PDF", "PDF document", ".pdf"),
    "image": ("▲", "Image", ".png .jpg .jpeg .gif .svg .webp .bmp .tiff .heic"),
    "media": ("▶", "Audio or video", ".mp3 .wav .flac .m4a .mp4 .mov .mkv .webm"),
    "web": ("<>", "Web page", ".html .htm .mhtml"),
    "archive": ("ZIP", "Archive", ".zip .gz .7z .tar .rar"),
    "text": ("≡", "Text", ".txt .md .log .json .xml .yaml .yml"),
}
_UNITS = ("KB", "MB", "GB")
_KIND_OF = {suffix: kind for kind, (_, _, suffixes) in _KINDS.items() for suffix in suffixes.split()}


def kind(item: DriveItem) -> str:
    """Return in words what an item is."""
    if item.is_folder:
        return "Folder"
    return _KINDS[found][1] if (found := _kind(item)) else "File"


def icon(item: DriveItem) -> Markup:
    """Return the sign of an item's kind, with the kind in words for those who do not see it."""
    name = "folder" if item.is_folder else _kind(item)
    sign = "" if item.is_folder or not name else _KINDS[name][0]
    drawn = element("span", sign, class_=f"icon {name}", aria_hidden="true")
    return element("span", drawn, element("span", kind(item), class_="unseen"), title=kind(item))


def _kind(item: DriveItem) -> str:
    return _KIND_OF.get(Path(item.name).suffix.lower(), "")


def size(count: int) -> str:
    """Return a number of bytes as people write it."""
    if count < 1024:
        return f"{count} B"
    power = min(len(_UNITS), (count.bit_length() - 1) // 10)
    amount = count / 1024**power
    return f"{amount:.{0 if amount >= 100 else 1}f} {_UNITS[power - 1]}"


def when(seconds: float) -> Markup:
    """Return a time in UTC; the page's script turns it into the reader's own."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return element("time", f"{moment.day} {moment:%b %Y, %H:%M}", datetime=iso(seconds), title=f"{iso(seconds)} (UTC)")


def by(who: str) -> str:
    """Return who did something; of an application's id the beginning is enough to tell it from another."""
    if who in PEOPLE:
        return PEOPLE[who].name
    return f"App {who[:8]}" if who else "System Account"


def refusal(error: GraphError, name: str) -> str:
    """Return why SharePoint did not do it; ``name`` is what the person tried it with."""
    sentences = {
        404: "It is no longer here: somebody moved, renamed or deleted it.",
        409: f"There is already something called “{name}” here.",
        412: f"Somebody changed “{name}” while you were editing it. This is how it looks now.",
        423: f"“{name}” is open: somebody is working on it. Wait until it is closed, or unlock it.",
        507: "The site has no space left.",
    }
    return sentences.get(error.status) or f"{error.message.removesuffix('.')}."
