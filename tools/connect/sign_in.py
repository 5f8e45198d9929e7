"""Tokens of the person who connects: from the Azure CLI, by a device code, or from the environment.

The Azure CLI's token is good for the directory, but Microsoft gives it no permission for sites
(https://github.com/microsoft/terraform-provider-msgraph/issues/130): those need a device code. No token is kept.
"""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tools.connect.graph import Rights

GIVEN = "MOMENT_GRAPH_TOKEN"
"""A variable with a token for all of it, where somebody got one in another way."""
COMMAND_LINE_TOOLS = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
"""Microsoft Graph Command Line Tools, a client of Microsoft's in every tenant."""
SCOPES = {
    Rights.DIRECTORY: ("Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "User.Read"),
    Rights.SITES: ("Sites.FullControl.All",),
}
_AZ_TIMEOUT_S = 120
_MICROSOFT = ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")


class NoSignIn(Exception):
    """There is no token; the message says what to do."""


@dataclass
class SignIn:
    """Tokens by what they are good for; each is asked for when it is first needed.

    `way` is `az`, `device-code`, or empty: the Azure CLI where it is there and signed in.
    """

    tenant_id: str
    login_url: str
    graph_url: str
    environ: Mapping[str, str]
    say: Callable[[str], None]
    way: str = ""
    ca_bundle: str = ""
    wanted: frozenset[Rights] = frozenset(Rights)
    """What one device code is to be good for, so that a person signs in once."""
    _tokens: dict[Rights, str] = field(default_factory=dict)

    def token(self, rights: Rights) -> str:
        """A token for this. Raises NoSignIn."""
        if rights not in self._tokens:
            for each in self._get(rights):
                self._check_tenant(each[1])
                self._tokens[each[0]] = each[1]
        return self._tokens[rights]

    def _get(self, rights: Rights) -> list[tuple[Rights, str]]:
        given = self.environ.get(GIVEN, "")
        if given:
            return [(each, given) for each in Rights]
        if rights is Rights.DIRECTORY and self.way != "device-code":
            token = self._of_az()
            if token:
                return [(rights, token)]
        missing = [each for each in Rights if each in self.wanted | {rights} and each not in self._tokens]
        if self.way == "az" or Rights.DIRECTORY not in missing:
            missing = [rights]
        token = self._by_device_code(missing)
        return [(each, token) for each in missing]

    def _of_az(self) -> str:
        """The Azure CLI's token; empty where another way is open and it has none."""
        program = shutil.which("az", path=self.environ.get("PATH"))
        if program is None:
            return self._without_az("`az` is not installed")
        command = [program, "account", "get-access-token", "--resource-type", "ms-graph", "--output", "json"]
        command += ["--tenant", self.tenant_id]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_AZ_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            return self._without_az(f"`az` did not answer within {_AZ_TIMEOUT_S} s")
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["no reason"])[0]
            return self._without_az(f"`az` has no token for tenant {self.tenant_id} ({said})")
        try:
            return str(json.loads(done.stdout)["accessToken"])
        except (ValueError, LookupError, TypeError):
            return self._without_az("what `az` answered can't be read")

    def _without_az(self, why: str) -> str:
        if self.way == "az":
            raise NoSignIn(f"{why}. Sign in with `az login --tenant {self.tenant_id}`, or use --sign-in device-code.")
        self.say(f"{why}: signing in by a device code.")
        return ""

    def _by_device_code(self, rights: list[Rights]) -> str:
        import msal

        host = urlsplit(self.graph_url).hostname or ""
        resource = "https://graph.microsoft.com" if host in {"localhost", "127.0.0.1"} else f"https://{host}"
        scopes = [f"{resource}/{scope}" for each in rights for scope in SCOPES[each]]
        authority = f"{self.login_url}/{self.tenant_id}"
        try:
            app = msal.PublicClientApplication(
                COMMAND_LINE_TOOLS,
                authority=authority,
                instance_discovery=urlsplit(authority).hostname in _MICROSOFT,
                verify=self.ca_bundle or True,
            )
            flow = app.initiate_device_flow(scopes)
            if "user_code" in flow:
                purpose = "the sites" if rights == [Rights.SITES] else "the directory and the sites"
                self.say(f"For {purpose}: {flow['message']}")
            result = app.acquire_token_by_device_flow(flow) if "user_code" in flow else flow
        except (OSError, ValueError) as failure:  # requests' exceptions are OSErrors
            raise NoSignIn(f"{self.login_url} can't be reached ({type(failure).__name__}).") from failure
        if "access_token" not in result:
            raise NoSignIn(refusal(result))
        return str(result["access_token"])

    def _check_tenant(self, token: str) -> None:
        tenant_id = claims(token).get("tid", self.tenant_id)
        if tenant_id != self.tenant_id:
            raise NoSignIn(
                f"The sign-in is in tenant {tenant_id}, and the app is to be connected in {self.tenant_id}: "
                f"az login --tenant {self.tenant_id}. Where the sites are in the other one: --tenant {tenant_id}."
            )


def claims(token: str) -> dict[str, Any]:
    """What a token says of itself, only to give better advice; nothing where it can't be read."""
    try:
        part = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, IndexError):
        return {}
    return found if isinstance(found, dict) else {}


def refusal(result: Mapping[str, Any]) -> str:
    """What to do where Entra gives no token for a device code."""
    said = str(result.get("error_description", "")).split("\n", 1)[0]
    what = f"Entra gave no token ({result.get('error', 'no answer')}: {said})."
    if "AADSTS53003" in said or "AADSTS530033" in said:
        return (
            f"{what} A policy forbids device codes here: use --sign-in az for all but the sites, and for these the "
            "requests of docs/connect.md."
        )
    if result.get("error") in {"expired_token", "code_expired", "authorization_pending"}:
        return f"{what} The code was not entered in time: run it again."
    return (
        f'{what} Run it again as somebody who may consent for the tenant to "Microsoft Graph Command Line Tools" '
        "(a Privileged Role Administrator), or click: docs/connect.md."
    )
