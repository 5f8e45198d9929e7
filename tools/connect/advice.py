"""What to do where Graph refuses: of the step, the status and what the token may. Pure."""

from collections.abc import Mapping
from typing import Any

from tools.connect.graph import Refused
from tools.connect.sign_in import COMMAND_LINE_TOOLS
from tools.connect.wanted import Step

ROLES = {
    Step.REGISTRATION: "Application Administrator (or Cloud Application Administrator)",
    Step.TRUST: "Application Administrator (or Cloud Application Administrator)",
    Step.CONSENT: "Privileged Role Administrator",
    Step.SITES: "SharePoint Administrator",
    Step.PEOPLE: "Application Administrator (or Cloud Application Administrator)",
}
"""The role in Entra that each part needs."""
_SCOPE = {
    Step.REGISTRATION: "Application.ReadWrite.All",
    Step.TRUST: "Application.ReadWrite.All",
    Step.CONSENT: "AppRoleAssignment.ReadWrite.All",
    Step.SITES: "Sites.FullControl.All",
    Step.PEOPLE: "AppRoleAssignment.ReadWrite.All",
}
_CLICKS = "The same by clicks: docs/connect.md."
_BUSY = {429, 502, 503, 504}


def advice(refusal: Refused, token: Mapping[str, Any], client_id: str) -> list[str]:
    """Sentences and commands that mend it. `token` is what the token says of itself."""
    step = refusal.step
    if refusal.status == 401:
        return ["The sign-in has ended or is for something else: az login, or run it again with --sign-in device-code."]
    if refusal.status == 403:
        return _forbidden(step, token, client_id)
    if refusal.status == 404 and step is Step.SITES:
        return [
            "There is no site at this address, or whoever signed in may not see it. Open it in a browser to find out.",
            "Where it is wrong, correct it:",
            "azd env set SHAREPOINT_SITES HOST:/sites/NAME",
        ]
    if refusal.status in _BUSY:
        return ["Microsoft Graph is busy: run it again in some minutes. What is done stays done."]
    if refusal.status == 409:
        return ["Somebody made it at the same moment: run it again, it looks first."]
    return ["Run it again: it goes on from what is there. With --dry-run it shows what is left.", _CLICKS]


def _forbidden(step: Step, token: Mapping[str, Any], client_id: str) -> list[str]:
    scope, role = _SCOPE[step], ROLES[step]
    again = f"--only {step}"
    if "scp" in token and scope not in str(token["scp"]).split():
        way = "" if token.get("appid") == COMMAND_LINE_TOOLS else command(f"{again} --sign-in device-code")
        return [
            f"The token may not do this: it lacks {scope}. An administrator has to consent to it when signing in.",
            *([way] if way else []),
            _CLICKS,
        ]
    known = f" --client-id {client_id}" if client_id and step is not Step.REGISTRATION else ""
    return [
        f"Whoever signed in needs the role {role}, and active: Entra admin center > Privileged Identity Management.",
        f"Somebody who has it may do this part alone: {command(again + known)}",
        _CLICKS,
    ]


def command(flags: str) -> str:
    """How a person runs it with other flags."""
    return f'make connect ARGS="{flags}"'
