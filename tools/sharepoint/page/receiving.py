"""Receiving the files of an upload form: each goes to disk as it arrives and then to its place in the library."""

from dataclasses import dataclass, field

from tools.sharepoint.page.as_person import in_persons_name
from tools.sharepoint.page.multipart import MultipartReader
from tools.sharepoint.page.place import Form, Place
from tools.sharepoint.page.wording import refusal
from tools.sharepoint.resources.call import Call
from tools.sharepoint.resources.content import check_quota, place
from tools.sharepoint.state.content import StoredContent
from tools.sharepoint.state.errors import GraphError
from tools.sharepoint.state.site import Site
from tools.sharepoint.state.uploads import BEHAVIORS, UploadTarget, admit

_MAX_FIELD_BYTES = 64 * 1024


@dataclass(slots=True)
class Received:
    """What became of an upload."""

    names: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    status: int = 200
    form: Form = field(default_factory=dict)

    def refuse(self, error: GraphError, name: str) -> None:
        """Note that a file was not taken."""
        self.problems.append(refusal(error, name))
        self.status = error.status

    def problem(self) -> str:
        """Return what went wrong, and what went well all the same."""
        taken = [f"Uploaded: {', '.join(self.names)}."] if self.names else []
        return " ".join(self.problems + taken)


async def receive_files(where: Place) -> Received:
    """Take the files of a form one after the other; one that is refused does not keep the others out."""
    call, received = where.call, Received()
    reader = MultipartReader(call.chunks, call.headers.get("Content-Type", ""))
    while (part := await reader.next_part()) is not None:
        if part.file_name is None:
            received.form.setdefault(part.name, []).append(await reader.text(_MAX_FIELD_BYTES))
        elif part.file_name:
            try:
                received.names.append(await _receive_file(where, reader, part.file_name, received.form))
            except GraphError as error:
                received.refuse(error, part.file_name)
    if not received.names and not received.problems:
        received.problems, received.status = ["Choose at least one file."], 400
    return received


async def _receive_file(where: Place, reader: MultipartReader, name: str, form: Form) -> str:
    behavior = form.get("clash", ["fail"])[0]
    target = UploadTarget(where.folder.item_id, (), name, behavior if behavior in BEHAVIORS else "fail")
    admit(where.library, target, where.call.now, creates_folders=False)
    content = await _store(where.call, where.site, reader)
    try:
        item, _ = await place(in_persons_name(where.call), where.library, target, content)
    except GraphError:  # somebody took the name, locked the file or removed the folder meanwhile
        where.call.tenant.contents.remove(content.blob)
        raise
    return item.name


async def _store(call: Call, site: Site, reader: MultipartReader) -> StoredContent:
    writer = call.tenant.contents.writer()
    try:
        async for piece in reader.pieces():
            writer.write(piece)
            check_quota(site, writer.size_bytes)
    except BaseException:
        writer.discard()
        raise
    return writer.finish()
