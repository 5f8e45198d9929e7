"""Where the app runs: what the advice of the doctor has to name, and where telemetry goes.

The platform says so: https://learn.microsoft.com/azure/app-service/reference-app-settings
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_APP = "WEBSITE_SITE_NAME"
_GROUP = "WEBSITE_RESOURCE_GROUP"
_INSIGHTS = "APPLICATIONINSIGHTS_CONNECTION_STRING"


@dataclass(frozen=True, slots=True)
class Place:
    """The function app in Azure and its resource group; both empty on any other machine."""

    app: str = ""
    group: str = ""
    insights: str = field(default="", repr=False)
    """The connection string of Application Insights; empty: telemetry goes nowhere."""

    @property
    def is_azure(self) -> bool:
        """Whether the app runs in Azure."""
        return bool(self.app)


def read_place(environ: Mapping[str, str]) -> Place:
    """Never fails: it is read also where the settings are wrong."""
    group = environ.get(_GROUP, "") if environ.get(_APP) else ""
    return Place(environ.get(_APP, ""), group, environ.get(_INSIGHTS, "").strip())
