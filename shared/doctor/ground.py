"""What the checks stand on: the adapters, the settings, time, ids, and how to tell what is being waited for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.doctor.ports import (
    AskHealth,
    Echoes,
    ExaminedSharePoint,
    ExaminedStorage,
    KnownLibraries,
    ListedGivenUp,
    ReadBudget,
    ReadSchema,
)
from shared.settings import Place, Settings


@dataclass(frozen=True, slots=True)
class About:
    """What deciding needs to know, for sentences and commands."""

    settings: Settings
    place: Place
    account: str
    """The name of Moment's storage account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything that a check may touch."""

    about: About
    storage: ExaminedStorage
    sharepoint: ExaminedSharePoint
    libraries: KnownLibraries
    echoes: Echoes
    budget: ReadBudget
    given_up: ListedGivenUp
    schema: ReadSchema
    ask_health: AskHealth
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    new_secret: Callable[[], str]
    told: Callable[[str], None]
    """Hears what is being done, while it takes long."""
    wait_s: float
    """How long to wait for a notification. Graph's own figures: a minute on average, five at most."""

    @property
    def settings(self) -> Settings:
        """The app's settings."""
        return self.about.settings
