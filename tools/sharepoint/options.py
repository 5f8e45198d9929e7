"""How a local SharePoint is started; the command line and the in-process start fill in the same record."""

from dataclasses import dataclass
from pathlib import Path

from tools.sharepoint.state.identifiers import FIRST_SITE


@dataclass(slots=True, frozen=True)
class Options:
    """The switches. Port 0 means a free port; ``ru_per_minute`` 0 means that nobody is throttled. The first of the
    ``sites`` is the default one."""

    port: int = 7072
    tls: bool = False
    tls_port: int = 7073
    state: Path | None = None
    latency_ms: float = 0.0
    ru_per_minute: int = 0
    ru_per_day: int = 0
    rewrite_office: bool = True
    sites: tuple[str, ...] = (FIRST_SITE,)
    log: bool = False
    host: str = "127.0.0.1"
