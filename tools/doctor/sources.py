"""Where the settings come from: the environment, local.settings.json, or the app settings of an app in Azure."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class NoSettings(Exception):
    """They could not be read; the message says what to do."""


def from_file(file: Path) -> dict[str, str]:
    """The values of a local.settings.json, or of what `az functionapp config appsettings list` printed."""
    try:
        return _values(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise NoSettings(
            f"{file} can't be read as settings ({type(fault).__name__}). local.settings.json.example shows the form."
        ) from fault


def from_azure(app: str, group: str) -> dict[str, str]:
    """The app settings of a function app, through `az`, and what the platform adds to them."""
    command = ["functionapp", "config", "appsettings", "list", "--name", app, "--resource-group", group]
    program = shutil.which("az")
    if program is None:
        raise NoSettings("`az` is not installed: https://learn.microsoft.com/cli/azure/install-azure-cli")
    done = subprocess.run([program, *command, "--output", "json"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoSettings(f"az said: {done.stderr.strip() or 'nothing'}\nPerhaps: az login")
    try:
        values = _values(json.loads(done.stdout))
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        raise NoSettings("What az answered can't be read as settings.") from fault
    return values | {"WEBSITE_SITE_NAME": app, "WEBSITE_RESOURCE_GROUP": group}


def usual(environ: Mapping[str, str], file: Path) -> dict[str, str]:
    """As a host on this machine has them: the file's where there is one, the environment's over them."""
    return (from_file(file) if file.exists() else {}) | dict(environ)


def _values(document: Any) -> dict[str, str]:
    if isinstance(document, list):
        return {str(each["name"]): str(each["value"]) for each in document}
    return {str(name): str(value) for name, value in document["Values"].items()}
