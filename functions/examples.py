"""Requests that work, for the description of the API. A test reads each with the type that it is an example of."""

from functions.directory_documents import GivenActivity, GivenCustomer, GivenProject, GivenTask
from functions.file_bodies import FileChange, GivenFile
from functions.health_documents import ChecksWish
from functions.library_documents import Decision
from functions.run_documents import SyncWish, TaskWish
from functions.searching import ReindexStep
from functions.shapes import ByWhom

BODIES: dict[type, dict[str, dict[str, object]]] = {
    GivenCustomer: {"A customer that keeps its files in SharePoint": {"name": "Fjordtek AS", "storage": "sharepoint"}},
    GivenProject: {"A project that stores as its customer does": {"name": "Nytt lager", "number": "4711"}},
    GivenActivity: {"An activity": {"name": "Prosjektering", "number": "3"}},
    GivenTask: {
        "A task": {"name": "Brannkonsept", "number": "42", "activity": "a-3"},
        "One of a recurring task": {"name": "Rapport", "number": "7", "series": "reports", "period": "11/2026"},
    },
    GivenFile: {
        "A file of a project": {
            "name": "Tilbud 104.docx",
            "project": "p-1042",
            "tags": ["tilbud", "2026"],
            "sizeBytes": 18_432,
            "contentType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    },
    FileChange: {
        "Another name and other tags": {"name": "Tilbud 104 - rev 4.docx", "tags": ["tilbud", "sendt"]},
        "To a task of another project": {"project": "p-1043", "task": "t-42"},
    },
    SyncWish: {
        "What would be moved": {"direction": "to-sharepoint", "plan": True},
        "Compare everything": {"direction": "from-sharepoint", "full": True},
    },
    TaskWish: {
        "Compare a whole library": {"task": "full-walk", "customer": "fjordtek"},
        "Subscribe to every library anew": {"task": "re-subscribe"},
    },
    ByWhom: {"A program, for a person": {"by": "Kari Nordmann"}},
    Decision: {"Of the number that was shown": {"files": 412}},
    ChecksWish: {"All of them": {}, "What notifications need": {"only": ["notifications"], "waitS": 100}},
    ReindexStep: {"The first step": {"next": None, "all": False}},
}
