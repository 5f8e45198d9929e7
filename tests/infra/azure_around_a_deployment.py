"""Azure as the hook meets it: a folder with an `az` on the path, and the state that it answers from."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra import az_stand_in
from tests.infra.az_stand_in import KEY
from tools.infra.bicep import ROOT

GROUP = "/subscriptions/s/resourceGroups/rg-moment/providers"
AZURE = {
    "MOMENT_APP_ID": f"{GROUP}/Microsoft.Web/sites/func-moment",
    "MOMENT_APP_URL": "https://func-moment-a1b2.norwayeast-01.azurewebsites.net",
    "MOMENT_EVENT_TOPIC_ID": f"{GROUP}/Microsoft.EventGrid/systemTopics/evgt-moment",
    "MOMENT_STORAGE_ID": f"{GROUP}/Microsoft.Storage/storageAccounts/stmoment",
    "MOMENT_DEAD_LETTER_CONTAINER": "event-dead-letters",
    "MOMENT_NEXT_STEP": "Open the page.",
}


def function(name: str, **binding: str) -> dict[str, Any]:
    usual = {"type": "blobTrigger", "path": "moment-cloud/{name}", "source": "EventGrid", "name": "content"}
    return {"name": f"func-moment/{name}", "properties": {"name": name, "config": {"bindings": [usual | binding]}}}


@dataclass
class Azure:
    """A folder with an `az` and its state."""

    folder: Path

    @property
    def state(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "state.json").read_text("utf-8")))

    def set(self, **changes: Any) -> None:
        (self.folder / "state.json").write_text(json.dumps(self.state | changes), "utf-8")

    def hook(self, *command: str, tries: int = 9, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run it as azd does, without waiting between tries."""
        wanted = command or (sys.executable, "-m", "tools.infra", "subscribe", "--wait-s", "0", "--tries", str(tries))
        path = f"{self.folder}:{os.environ['PATH']}"
        given = AZURE | {"PATH": path, "AZ_STATE": str(self.folder / "state.json")} | environ
        return subprocess.run(wanted, cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=120)

    def asked(self, method: str, ending: str) -> int:
        calls = [call for call in self.state["calls"] if call["method"] == method]
        return sum(call["url"].split("?")[0].endswith(ending) for call in calls)

    @property
    def writes(self) -> int:
        return self.asked("put", "/eventSubscriptions/moment-cloud-blobs")


def fresh(folder: Path) -> Azure:
    """As after a first deployment, with everything ready at once."""
    state = {
        "functions": [function("file_arrived"), function("file_to_look_at", type="queueTrigger", path="")],
        "syncs": 0,
        "syncs_needed": 0,
        "keys": 0,
        "keys_needed": 0,
        "key": KEY,
        "subscription": None,
        "handshakes_to_fail": 0,
        "unchangeable": False,
        "hides": [],
        "refuse": {},
        "calls": [],
    }
    (folder / "state.json").write_text(json.dumps(state), "utf-8")
    az = folder / "az"
    az.write_text(f'#!/bin/sh\nexec {sys.executable} {az_stand_in.__file__} "$@"\n', "utf-8")
    az.chmod(0o755)
    return Azure(folder)
