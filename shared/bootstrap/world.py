"""What the app is built from."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from shared.settings import Settings
from shared.store.connect import ExaminedStores, Stores
from shared.sync.change_ports import FollowedSharePoint
from shared.sync.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is outside: the settings, the adapters, the time and ids. Tests bring their own."""

    settings: Settings
    stores: Stores
    sharepoint: FollowedSharePoint
    clock: Clock
    new_id: Callable[[], str]
    new_secret: Callable[[], str] = secrets.token_urlsafe
    examined: ExaminedStores | None = None
    """What the doctor looks at, and what the webhook tells of what the doctor waits for. None: there is no doctor."""
