"""A tenant on loopback, and a person at a shell that has what each test gives it."""

import base64
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.connect import az_stand_in, azd_stand_in
from tools.connect.__main__ import main
from tools.sharepoint.running import LocalSharePoint

IDENTITY = "1f6d9a3e-5b1c-4d57-8a43-0c6f1d2e3b4a"
CALLBACK = "https://func-moment-a1b2.norwayeast-01.azurewebsites.net/.auth/login/aad/callback"
SITE = "contoso.sharepoint.com:/sites/moment"
ALL_SCOPES = "Application.ReadWrite.All AppRoleAssignment.ReadWrite.All User.Read Sites.FullControl.All"
AZ_SCOPES = "Application.ReadWrite.All AppRoleAssignment.ReadWrite.All User.Read"
AZ_CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


@dataclass
class Done:
    """What one run said and how it ended."""

    code: int
    out: str
    err: str


@dataclass
class Shell:
    """Runs the command as a person does; `environ` is all that there is."""

    sharepoint: LocalSharePoint
    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    environ: dict[str, str] = field(default_factory=dict)

    def connect(self, *flags: str, sites: str = SITE, needs: bool = True) -> Done:
        """With the inputs of a deployment, unless `needs` says otherwise."""
        given = [
            "--identity",
            IDENTITY,
            "--callback",
            CALLBACK,
            "--sites",
            sites,
            "--tenant",
            self.sharepoint.tenant_id,
        ]
        servers = ["--graph-url", self.sharepoint.url, "--login-url", self.sharepoint.tls_url]
        servers += ["--ca-bundle", self.sharepoint.ca_path]
        for name in list(os.environ):
            self.monkeypatch.delenv(name)
        for name, value in {"PATH": str(self.folder), **self.environ}.items():
            self.monkeypatch.setenv(name, value)
        self.capsys.readouterr()
        code = main([*(given if needs else []), *servers, *flags], sleep=lambda _: None)
        said = self.capsys.readouterr()
        return Done(code, said.out, said.err)

    def sign_in(self, scopes: str = ALL_SCOPES) -> None:
        """Somebody got a token in another way."""
        self.environ["MOMENT_GRAPH_TOKEN"] = self.token(scopes)

    def token(self, scopes: str, client_id: str = AZ_CLIENT) -> str:
        """A person's token."""
        base = f"{self.sharepoint.url}/{self.sharepoint.tenant_id}/oauth2/v2.0"
        started = requests.post(f"{base}/devicecode", data={"scope": scopes, "client_id": client_id}, timeout=30)
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        form = {"grant_type": grant, "client_id": client_id, "device_code": started.json()["device_code"]}
        return str(requests.post(f"{base}/token", data=form, timeout=30).json()["access_token"])

    def has_az(self, token: str = "", refusal: str = "") -> None:
        """The Azure CLI is there; with a refusal nobody is signed in to it."""
        self._program("az", az_stand_in.__file__)
        self.environ |= {"AZ_TOKEN": token, "AZ_REFUSAL": refusal}

    def has_azd(self, **values: str) -> Path:
        """azd is there, with these values; gives the file that holds them."""
        self._program("azd", azd_stand_in.__file__)
        state = self.folder / "azd.json"
        state.write_text(json.dumps(values), "utf-8")
        self.environ["AZD_STATE"] = str(state)
        return state

    def _program(self, name: str, script: str) -> None:
        file = self.folder / name
        file.write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n', "utf-8")
        file.chmod(0o755)


class Tenant:
    """Looks into the tenant, and does to it what people do by clicking."""

    def __init__(self, sharepoint: LocalSharePoint, token: str) -> None:
        self.base = f"{sharepoint.url}/v1.0"
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, self.base + path, json=body, headers=self._headers, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def rows(self, path: str) -> list[Any]:
        return list(self.ask("GET", path)["value"])

    @property
    def application(self) -> Any:
        (only,) = self.rows("/applications")
        return only

    @property
    def principal(self) -> Any:
        (only,) = [each for each in self.rows("/servicePrincipals") if each["displayName"] != "Microsoft Graph"]
        return only

    @property
    def trusts(self) -> list[Any]:
        return self.rows(f"/applications/{self.application['id']}/federatedIdentityCredentials")

    @property
    def consents(self) -> list[str]:
        given = self.rows(f"/servicePrincipals/{self.principal['id']}/appRoleAssignments")
        return [each["appRoleId"] for each in given]

    def grants(self, site: str = SITE) -> list[Any]:
        site_id = self.ask("GET", f"/sites/{site}")["id"]
        listed = self.rows(f"/sites/{site_id}/permissions")
        return [self.ask("GET", f"/sites/{site_id}/permissions/{each['id']}") for each in listed]

    def patch_application(self, **changes: Any) -> None:
        self.ask("PATCH", f"/applications/{self.application['id']}", changes)


@pytest.fixture
def shell(sharepoint, tmp_path, capsys, monkeypatch) -> Shell:
    """A person who has a token for everything."""
    shell = Shell(sharepoint, tmp_path, capsys, monkeypatch)
    shell.sign_in()
    return shell


@pytest.fixture
def tenant(shell: Shell) -> Tenant:
    return Tenant(shell.sharepoint, shell.token(ALL_SCOPES))


def changes(sharepoint: LocalSharePoint) -> list[str]:
    """The requests that were to change something, since the ledger was cleared."""
    reads, logins = {"GET"}, "/oauth2/"
    rows = [each for each in sharepoint.requests() if each["method"] not in reads and logins not in each["path"]]
    return [f"{each['method']} {each['route']}" for each in rows]


def payload(token: str) -> Any:
    """What is in a token."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
