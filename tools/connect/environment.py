"""Where the inputs come from: flags, then the environment, then azd's values; and where the client id goes."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.connect.certificate import read_certificate
from tools.connect.wanted import Step, Wanted

_TIMEOUT_S = 120
_LINE = re.compile(r'^([A-Za-z_][A-Za-z0-9_]*)="?(.*?)"?$')
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SITE = re.compile(r"[^:/\s]+(:/[^/\s].*)?|[^,\s]+,[^,\s]+,[^,\s]+")


class Missing(Exception):
    """Inputs that are not there or wrong; one line for each, which says where it comes from."""


def azd_values(environ: Mapping[str, str]) -> dict[str, str]:
    """The values of azd's current environment; empty where there is no azd or no environment."""
    done = _azd(environ, "env", "get-values")
    if done is None or done.returncode:
        return {}
    found = (_LINE.match(line.strip()) for line in done.stdout.splitlines())
    return {each[1]: each[2].replace('\\"', '"') for each in found if each}


def keep_client_id(environ: Mapping[str, str], client_id: str) -> bool:
    """Have azd remember the app registration; whether it does."""
    done = _azd(environ, "env", "set", "GRAPH_CLIENT_ID", client_id)
    return done is not None and done.returncode == 0


def _azd(environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str] | None:
    program = shutil.which("azd", path=environ.get("PATH"))
    if program is None:
        return None
    command = [program, *arguments, "--no-prompt"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return None


def wanted_from(
    values: Mapping[str, str], steps: frozenset[Step], *, name: str, login_url: str, certificate: str
) -> Wanted:
    """What is wanted, of values by the names that azd gives them. Raises Missing with everything that is wrong."""
    environment = values.get("AZURE_ENV_NAME", "")
    problems: list[str] = []

    def take(variable: str, flag: str, about: str, is_needed: bool, form: re.Pattern[str] | None = None) -> str:
        value = values.get(variable, "").strip()
        if not value and is_needed:
            problems.append(f"{variable} is missing: {about}. `azd provision` gives it, or {flag}.")
        elif value and form and not form.fullmatch(value):
            problems.append(f"{variable} can't be {value!r}: {about}.")
        return value

    sites = take("SHAREPOINT_SITES", "--sites", "contoso.sharepoint.com:/sites/moment", Step.SITES in steps)
    addresses = tuple(site.strip().rstrip("/") for site in sites.split(",") if site.strip())
    problems += [
        f"SHAREPOINT_SITES must have sites like contoso.sharepoint.com:/sites/moment, not {site!r}"
        for site in addresses
        if not _SITE.fullmatch(site)
    ]
    needs_identity = Step.TRUST in steps and not certificate
    wanted = Wanted(
        tenant_id=take("AZURE_TENANT_ID", "--tenant", "the id of the tenant that has the sites", True, _ID),
        name=name or f"Moment {environment}".strip(),
        callback_url=take(
            "MOMENT_SIGN_IN_CALLBACK", "--callback", "https://APP/.auth/login/aad/callback", Step.REGISTRATION in steps
        ),
        identity_id=take(
            "MOMENT_IDENTITY_PRINCIPAL_ID", "--identity", "the managed identity's principal id", needs_identity, _ID
        ),
        sites=addresses,
        steps=steps,
        client_id=take("GRAPH_CLIENT_ID", "--client-id", "the app registration's (client) id", False, _ID),
        certificate=read_certificate(Path(certificate)) if certificate else None,
        login_url=login_url.rstrip("/"),
    )
    if wanted.callback_url and not wanted.callback_url.startswith("https://"):
        problems.append(f"MOMENT_SIGN_IN_CALLBACK must be an https address, not {wanted.callback_url!r}")
    if problems:
        raise Missing("\n".join(problems))
    return wanted
