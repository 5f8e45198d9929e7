"""The sample files: what each holds, what it is linked to, and where a person must find it afterwards.

The expectations are written out by hand, not computed with the product's rules, so that both can't be wrong together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.samples import documents
from tools.samples.companies import FJORD, NORDLICHT, TOKYO
from tools.samples.content import Content, large, of_bytes, of_text

SMALL_FILES = 50
_NORDLICHT_LIBRARY = "Nordlicht Energie GmbH & Co. KG"
_TOKYO_LIBRARY = "東京デザイン S.p.A"
_CLOSING = f"{_NORDLICHT_LIBRARY}/Accounts 2026/Bookkeeping/Month-end closing"

type Columns = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file. `place` is where it ends in SharePoint, library first; None where it stays in Moment Cloud."""

    name: str
    content: Content
    customer: str
    project: str | None = None
    activity: str | None = None
    task: str | None = None
    tags: tuple[str, ...] = ()
    place: str | None = None
    stored_as: tuple[str, ...] = ()
    """The names that it may get; empty means its own."""
    columns: Columns = field(default_factory=dict)
    dropped_as: str | None = None
    """The name of the blob, for a file that is dropped straight into the container."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it may be stored."""
        return self.stored_as or (self.name,)

    @property
    def links(self) -> dict[str, str]:
        """What it is linked to below its customer."""
        links = {"project": self.project, "activity": self.activity, "task": self.task}
        return {key: value for key, value in links.items() if value is not None}


UNPLACED_BLOB = "nobody-knows/scans/lost letter.pdf"
"""A blob of a customer that does not exist: it stays and is reported."""


def everyday_files() -> list[Sample]:
    """One or two of each kind, in every kind of place."""
    return [*_project_files(), *_recurring_files(), *_awkward_names(), *_other_ways_in(), *_staying_files()]


def small_files() -> list[Sample]:
    """Many small files for one folder."""
    place = f"{_NORDLICHT_LIBRARY}/Travel expenses"
    return [
        Sample(
            name=f"Receipt {number:02d}.txt",
            content=of_text(f"Receipt {number:02d}\nTrain to Bergen, {10 + number}.50 EUR\n" * 20),
            customer=NORDLICHT,
            project="expenses",
            place=place,
        )
        for number in range(1, SMALL_FILES + 1)
    ]


def large_file(size_mib: int) -> Sample:
    """One file that goes through an upload session."""
    return Sample(
        name="Drone survey.mov",
        content=large(size_mib * 1024 * 1024),
        customer=TOKYO,
        project="garden",
        activity="survey",
        place=f"{_TOKYO_LIBRARY}/Roof garden - Dachgarten/Survey",
        columns={"momentActivity": "Survey"},
    )


def _project_files() -> list[Sample]:
    relaunch = f"{_NORDLICHT_LIBRARY}/Website relaunch"
    return [
        Sample(
            name="Frame agreement.pdf",
            content=documents.pdf("Frame agreement", "between Nordlicht Energie and Moment", "valid from 1 November"),
            customer=NORDLICHT,
            tags=("contract", "signed"),
            place=_NORDLICHT_LIBRARY,
            columns={"momentTags": ["contract", "signed"]},
        ),
        Sample(
            name="Project brief.docx",
            content=documents.word("Project brief", "The website gets a new face.", "It opens on 1 March."),
            customer=NORDLICHT,
            project="relaunch",
            place=relaunch,
        ),
        Sample(
            name="Kick-off.pptx",
            content=documents.powerpoint("Kick-off", "Who does what", "Next steps"),
            customer=NORDLICHT,
            project="relaunch",
            activity="design",
            tags=("meeting",),
            place=f"{relaunch}/20 Design",
            columns={"momentActivity": "Design", "momentTags": ["meeting"]},
        ),
        Sample(
            name="Start page.png",
            content=documents.png("Start page, draft 3"),
            customer=NORDLICHT,
            project="relaunch",
            task="wireframes",
            place=f"{relaunch}/20 Design/#101 Wireframes",
            columns={"momentActivity": "Design"},
        ),
        Sample(
            name="Roof at noon.jpg",
            content=documents.jpeg("Roof at noon"),
            customer=TOKYO,
            project="garden",
            activity="survey",
            place=f"{_TOKYO_LIBRARY}/Roof garden - Dachgarten/Survey",
            columns={"momentActivity": "Survey"},
        ),
    ]


def _recurring_files() -> list[Sample]:
    closings = [
        Sample(
            name=f"Closing {month}.xlsx",
            content=documents.excel("Closing", [("Energy", 1200.5 + int(month)), ("Rent", 900.0)]),
            customer=NORDLICHT,
            project="accounts",
            task=f"closing-{month}",
            place=_CLOSING,
            columns={"momentActivity": "Bookkeeping", "momentYear": "2026", "momentPeriod": f"{month}/2026"},
        )
        for month in ("09", "10", "11")
    ]
    annual = Sample(
        name="Annual report.docx",
        content=documents.word("Annual report 2026", "A good year."),
        customer=NORDLICHT,
        project="accounts",
        task="annual",
        tags=("final",),
        place=f"{_NORDLICHT_LIBRARY}/Accounts 2026/Annual report",
        columns={"momentYear": "2026", "momentTags": ["final"]},
    )
    return [*closings, annual]


def _awkward_names() -> list[Sample]:
    hosting = f"{_NORDLICHT_LIBRARY}/Website relaunch/#102 Hosting- offer-"
    names = {
        'Price <=> "quality"?.txt': "Price -=- -quality--.txt",
        "50 % & #1 – Übersicht 💡.txt": "50 % & #1 – Übersicht 💡.txt",
        "議事録.txt": "議事録.txt",
        "LIESMICH": "LIESMICH",
    }
    both = ("minutes.txt", "Minutes.txt", "minutes (2).txt", "Minutes (2).txt")
    return [
        *(_note(name, f"The file {name}", hosting, stored) for name, stored in names.items()),
        _note("minutes.txt", "Minutes of Monday", hosting, *both),
        _note("Minutes.txt", "Minutes of Tuesday", hosting, *both),
        _note("empty.txt", "", hosting),
    ]


def _note(name: str, text: str, place: str, *stored_as: str) -> Sample:
    return Sample(
        name=name,
        content=of_text(text),
        customer=NORDLICHT,
        project="relaunch",
        task="hosting",
        place=place,
        stored_as=stored_as,
    )


def _other_ways_in() -> list[Sample]:
    return [
        Sample(
            name="Scan 2026-11-03.tiff",
            content=of_bytes(b"II*\x00" + b"scanned page " * 400),
            customer=TOKYO,
            project="garden",
            tags=("scan", "to check"),
            place=f"{_TOKYO_LIBRARY}/Roof garden - Dachgarten",
            columns={"momentTags": ["scan", "to check"]},
            dropped_as=f"{TOKYO}/from the scanner/Scan 2026-11-03.tiff",
        )
    ]


def _staying_files() -> list[Sample]:
    return [
        Sample(
            name="Engine log.txt",
            content=of_text("Engine started at 07:12, oil pressure 4.1 bar\n" * 40),
            customer=FJORD,
            project="refit",
            tags=("engine",),
        ),
        Sample(
            name="Agenda.docx",
            content=documents.word("Agenda", "Only for the board."),
            customer=NORDLICHT,
            project="board",
        ),
    ]
