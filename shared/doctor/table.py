"""The checks, in the order in which they are made: what each needs comes before it."""

from shared.doctor import judging_sharepoint as sharepoint
from shared.doctor import judging_storage as storage
from shared.doctor import sharepoint_looks as on_sharepoint
from shared.doctor import storage_looks as on_storage
from shared.doctor.examining import AnyCheck, Check
from shared.doctor.ground import About
from shared.doctor.seen import ByName, BySite
from shared.doctor.verdicts import Verdict

SETTINGS = "settings"


def _queues(seen: ByName, about: About) -> Verdict:
    return storage.parts_verdict(seen, about, "Queue")


def _tables(seen: ByName, about: About) -> Verdict:
    return storage.parts_verdict(seen, about, "Table")


def _sites(seen: BySite, about: About) -> Verdict:
    return sharepoint.by_site("The app may open", seen, about)


def _type(seen: BySite, about: About) -> Verdict:
    return sharepoint.by_site("The content type and its four columns are complete in", seen, about)


def _libraries(seen: BySite, about: About) -> Verdict:
    return sharepoint.by_site("The app may manage libraries in", seen, about)


# Every request to SharePoint takes its units from a table first, so what asks SharePoint needs the tables.
CHECKS: tuple[AnyCheck, ...] = (
    Check(SETTINGS, "Settings", (), on_storage.settings, storage.settings_verdict, storage.table_refused),
    Check(
        "container",
        "Moment Cloud",
        (SETTINGS,),
        on_storage.container,
        storage.container_verdict,
        storage.container_refused,
    ),
    Check("queues", "Queues", (SETTINGS,), on_storage.queues, _queues, storage.table_refused),
    Check("tables", "Tables", (SETTINGS,), on_storage.tables, _tables, storage.table_refused),
    Check(
        "schema", "Version of the tables", ("tables",), on_storage.schema, storage.schema_verdict, storage.table_refused
    ),
    Check("clock", "Clock", (SETTINGS,), on_storage.clocks, storage.clock_verdict, storage.table_refused),
    Check(
        "token",
        "Token for Graph",
        (SETTINGS,),
        on_sharepoint.permissions,
        sharepoint.token_verdict,
        sharepoint.token_refused,
    ),
    Check("budget", "SharePoint budget", ("tables",), on_storage.budget, storage.budget_verdict, storage.table_refused),
    Check("sites", "Sites", ("token", "tables"), on_sharepoint.sites, _sites, sharepoint.refused),
    Check("content-type", "Content type, columns", ("sites",), on_sharepoint.content_types, _type, sharepoint.refused),
    Check("libraries", "May make libraries", ("sites",), on_sharepoint.libraries, _libraries, sharepoint.refused),
    Check("room", "Room for libraries", ("sites",), on_sharepoint.lists, sharepoint.room_verdict, sharepoint.refused),
    Check("files", "May keep files", ("sites",), on_sharepoint.files, sharepoint.files_verdict, sharepoint.refused),
    Check(
        "address",
        "The app at its address",
        (SETTINGS,),
        on_sharepoint.own_address,
        sharepoint.address_verdict,
        sharepoint.address_refused,
    ),
    Check(
        "notifications",
        "Notification round trip",
        ("files", "address"),
        on_sharepoint.notifications,
        sharepoint.notifications_verdict,
        sharepoint.notifications_refused,
    ),
    Check("given-up", "Given up", ("tables",), on_storage.given_up, storage.given_up_verdict, storage.table_refused),
)
