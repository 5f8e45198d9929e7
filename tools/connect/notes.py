"""What is there beside what is needed, for a person to look at. Pure; nothing of it is ever changed."""

from tools.connect.seen import Seen
from tools.connect.wanted import SITES_SELECTED, Wanted


def notes(wanted: Wanted, seen: Seen) -> list[str]:
    """One sentence for each way in, or right, that this connection does not need."""
    found = []
    names = {role["id"]: role.get("value", "") for role in (seen.graph_principal or {}).get("appRoles", [])}
    more = [names.get(each["appRoleId"]) or each["appRoleId"] for each in seen.given]
    more = [name for name in more if name not in {"Sites.Selected", SITES_SELECTED}]
    if more:
        found.append(f"The app may more than it needs: {', '.join(sorted(more))}. Sites.Selected is enough.")
    secrets = len((seen.application or {}).get("passwordCredentials") or [])
    if secrets:
        found.append(f"The app registration has {secrets} client secrets. None is needed.")
    others = [each["name"] for each in seen.trusts if each.get("subject") != wanted.identity_id]
    if others and not wanted.certificate:
        found.append(f"The app registration trusts others, too: {', '.join(others)}.")
    return found
