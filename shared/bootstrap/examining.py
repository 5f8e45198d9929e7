"""Joins the doctor to the adapters of the app itself, through the same clients and as the same identity."""

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from shared.bootstrap import World, pause, schema_guard, world_here, world_of
from shared.doctor.examining import examine, unexamined
from shared.doctor.ground import About, Ground
from shared.doctor.health import Health
from shared.doctor.judging_storage import settings_problems
from shared.doctor.table import CHECKS, SETTINGS
from shared.doctor.verdicts import Line
from shared.errors import SettingsError
from shared.graph.address import ask_health
from shared.graph.sharepoint import GraphSharePoint
from shared.settings import CHANGES_QUEUE, place
from shared.store.connect import ExaminedStores, open_schema

type Told = Callable[[str], None]

CHECK_NAMES = tuple(check.name for check in CHECKS)


def ground_of(world: World, told: Told, wait_s: float, environ: Mapping[str, str] | None = None) -> Ground:
    """What the checks stand on."""
    stores, settings, examined_stores = world.stores, world.settings, examined_of(world)
    verify = settings.graph.ca_bundle or True
    sharepoint = world.sharepoint
    assert isinstance(sharepoint, GraphSharePoint), "the doctor looks at the real thing"
    return Ground(
        about=About(settings, place(environ), examined_stores.storage.account),
        storage=examined_stores.storage,
        sharepoint=sharepoint,
        libraries=stores.libraries,
        echoes=examined_stores.echoes,
        budget=stores.budget,
        given_up=stores.given_up,
        schema=open_schema(settings.storage),
        ask_health=lambda url: ask_health(url, verify),
        clock=world.clock,
        sleep=pause,
        new_secret=world.new_secret,
        told=told,
        wait_s=wait_s,
    )


def examined(environ: Mapping[str, str], told: Told, *, wait_s: float, only: Iterable[str] = ()) -> Iterator[Line]:
    """Every check with these settings, whatever they are: where they are wrong, that is the one line that says more."""
    try:
        world = world_of(environ)
    except SettingsError as fault:
        line = Line(SETTINGS, "Settings", settings_problems(fault.problems, place(environ)))
        return iter([line, *unexamined(CHECKS, line, only)])
    return examine(CHECKS, ground_of(world, told, wait_s, environ), only)


def examined_here(*, wait_s: float, only: Iterable[str] = ()) -> Iterator[Line]:
    """Every check of the running app, through its own clients. Raises SettingsError."""
    return examine(CHECKS, ground_of(world_here(), lambda _what: None, wait_s), only)


def examined_of(world: World) -> ExaminedStores:
    """The doctor's adapters."""
    assert world.examined is not None, "bootstrap gives every world that it makes a doctor"
    return world.examined


@functools.cache
def health() -> Health:
    """The process's one Health."""

    def look() -> None:
        examined_of(world_here()).storage.answers(CHANGES_QUEUE)
        schema_guard().check()

    return Health(look, time.monotonic)
