"""The one place that runs the Azure CLI: Azure Resource Manager's requests, through `az rest`.

Bodies go by a file that only this user may read, so that no key stands in the list of processes; answers with keys are
never printed, and messages are cleaned of what looks like one.
"""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

_TIMEOUT_S = 180
_CODE = re.compile(r"(code=|\"?(?:masterKey|blobs_extension)\"?\s*[:=]\s*\"?)[^\s\"&',)]+", re.IGNORECASE)
_NOT_FOUND = re.compile(r"\bNot ?Found\b|ResourceNotFound|\(404\)", re.IGNORECASE)
_FINAL = re.compile(r"AuthorizationFailed|az login|InvalidAuthenticationToken|SubscriptionNotFound", re.IGNORECASE)

_PASSING = re.compile(r"handshake|validat|took longer|\b(?:5\d\d|429)\b", re.IGNORECASE)


class AzFailed(Exception):
    """A request was refused; the message is the CLI's, without keys."""

    @property
    def is_final(self) -> bool:
        """Whether trying again can't help: a person has to sign in or to be given a role."""
        return _FINAL.search(str(self)) is not None

    @property
    def is_passing(self) -> bool:
        """Whether it says that the app did not answer Event Grid in time, or that Azure is busy."""
        return _PASSING.search(str(self)) is not None


class NoAz(Exception):
    """The Azure CLI is not installed."""


class AzureCli:
    """Requests to Azure Resource Manager as whoever is signed in (`az login`)."""

    def __init__(self) -> None:
        found = shutil.which("az")
        if found is None:
            raise NoAz("The Azure CLI is needed: https://learn.microsoft.com/cli/azure/install-azure-cli")
        self._az = found

    def get(self, path: str, api_version: str) -> Any:
        """What is there; None where nothing is. Raises AzFailed."""
        try:
            return self._rest("get", path, api_version)
        except AzFailed as failure:
            if _NOT_FOUND.search(str(failure)) and not failure.is_final:
                return None
            raise

    def post(self, path: str, api_version: str) -> Any:
        """An action's answer. Raises AzFailed."""
        return self._rest("post", path, api_version)

    def put(self, path: str, api_version: str, body: Any) -> None:
        """Make or change it; Azure goes on with it after the answer. Raises AzFailed."""
        self._rest("put", path, api_version, body)

    def delete(self, path: str, api_version: str) -> None:
        """Raises AzFailed."""
        self._rest("delete", path, api_version)

    def _rest(self, method: str, path: str, api_version: str, body: Any = None) -> Any:
        # A path without a host goes to the Resource Manager of the cloud that the CLI is signed in to.
        command = [
            self._az,
            "rest",
            "--method",
            method,
            "--url",
            f"{path}?api-version={api_version}",
            "--output",
            "json",
        ]
        with tempfile.TemporaryDirectory() as folder:
            if body is not None:
                file = Path(folder) / "body.json"
                file.write_text(json.dumps(body), encoding="utf-8")
                command += ["--body", f"@{file}"]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
            except subprocess.TimeoutExpired as error:
                raise AzFailed(f"az rest --method {method} took longer than {_TIMEOUT_S} s.") from error
        if done.returncode != 0:
            raise AzFailed(without_keys(done.stderr.strip() or f"az ended with {done.returncode}"))
        return json.loads(done.stdout) if done.stdout.strip() else None


def without_keys(text: str) -> str:
    """A message that may be shown."""
    return _CODE.sub(r"\1…", text)
