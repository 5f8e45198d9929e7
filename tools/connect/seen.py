"""What is there already, as Graph answers it. Only reads."""

from dataclasses import dataclass, field

from tools.connect.graph import Graph, quoted
from tools.connect.wanted import GRAPH_APP_ID, SITE_ROLE, Json, Step, Wanted


class Unclear(Exception):
    """It can't be told which registration or site is meant; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site, and what the application may do in it: None where it was granted nothing."""

    address: str
    site_id: str
    permission: Json | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows of Graph that a connection consists of; None and empty where nothing is, or nobody looked."""

    application: Json | None = None
    keys: list[Json] = field(default_factory=list)
    """The application's certificates, with their contents."""
    trusts: list[Json] = field(default_factory=list)
    principal: Json | None = None
    graph_principal: Json | None = None
    given: list[Json] = field(default_factory=list)
    """Permissions that were consented to."""
    assigned: list[Json] = field(default_factory=list)
    """People, groups and programs with a role of ours."""
    me: Json | None = None
    sites: list[Site] = field(default_factory=list)


def look(graph: Graph, wanted: Wanted) -> Seen:
    """Everything that the wanted steps are about. Raises Unclear, and what `graph` raises."""
    sites_only = wanted.steps == {Step.SITES}
    application = None if sites_only else _application(graph, wanted)
    client_id = application["appId"] if application else wanted.client_id
    if not client_id and Step.REGISTRATION not in wanted.steps:
        raise Unclear(
            "There is no app registration yet: first run it with --only registration, or say which one it is with "
            "--client-id or `azd env set GRAPH_CLIENT_ID ID`."
        )
    # First the sites: a wrong address is to be known before anything is made.
    sites = [_site(graph, address, client_id) for address in wanted.sites] if Step.SITES in wanted.steps else []
    if sites_only:
        return Seen(sites=sites)
    principal = _principal(graph, application["appId"]) if application else None
    own = f"/servicePrincipals/{principal['id']}" if principal else ""
    trusts = f"/applications/{application['id']}/federatedIdentityCredentials" if application else ""
    return Seen(
        application=application,
        keys=_keys(graph, application) if application and wanted.certificate else [],
        trusts=graph.rows(Step.TRUST, trusts) if trusts else [],
        principal=principal,
        graph_principal=_principal(graph, GRAPH_APP_ID),
        given=graph.rows(Step.CONSENT, f"{own}/appRoleAssignments") if own else [],
        assigned=graph.rows(Step.PEOPLE, f"{own}/appRoleAssignedTo") if own and Step.PEOPLE in wanted.steps else [],
        me=graph.get(Step.PEOPLE, "/me") if Step.PEOPLE in wanted.steps else None,
        sites=sites,
    )


def _application(graph: Graph, wanted: Wanted) -> Json | None:
    member, value = ("appId", wanted.client_id) if wanted.client_id else ("displayName", wanted.name)
    found = graph.rows(Step.REGISTRATION, "/applications", f"{member} eq '{quoted(value)}'")
    if wanted.client_id and not found:
        raise Unclear(
            f"Tenant {wanted.tenant_id} has no app registration {wanted.client_id}. Where it is another one, give "
            '--client-id; to have a new one made: azd env set GRAPH_CLIENT_ID "", then wait a minute and try again.'
        )
    if len(found) > 1:
        ids = ", ".join(each["appId"] for each in found)
        raise Unclear(f"{len(found)} app registrations are called {wanted.name!r}: say which with --client-id: {ids}")
    if found and not wanted.client_id and not _is_ours(found[0]):
        raise Unclear(
            f"There is an app registration {wanted.name!r} ({found[0]['appId']}) that has none of Moment's roles. "
            "Where it is to be used: --client-id, else give ours another name: --name."
        )
    return found[0] if found else None


def _is_ours(application: Json) -> bool:
    return any(str(role.get("value", "")).startswith("Moment.") for role in application.get("appRoles", []))


def _principal(graph: Graph, app_id: str) -> Json | None:
    found = graph.rows(Step.REGISTRATION, "/servicePrincipals", f"appId eq '{app_id}'")
    return found[0] if found else None


def _keys(graph: Graph, application: Json) -> list[Json]:
    # Their contents come only when they are selected, and whoever writes the list has to write all of it.
    answer = graph.get(Step.TRUST, f"/applications/{application['id']}", {"$select": "keyCredentials"})
    return list(answer.get("keyCredentials") or [])


def _site(graph: Graph, address: str, client_id: str) -> Site:
    host, _, path = address.partition(":")
    site_id = graph.get(Step.SITES, f"/sites/{host}:{path}" if path else f"/sites/{host}")["id"]
    own = [
        each
        for each in (graph.rows(Step.SITES, f"/sites/{site_id}/permissions") if client_id else [])
        if client_id in _applications(each)
    ]
    # The list has no roles (https://pnp.github.io/powershell/cmdlets/Get-PnPEntraIDAppSitePermission.html).
    permissions = [graph.get(Step.SITES, f"/sites/{site_id}/permissions/{each['id']}") for each in own]
    best = sorted(permissions, key=lambda each: SITE_ROLE not in each.get("roles", []))
    return Site(address, site_id, best[0] if best else None)


def _applications(permission: Json) -> set[str]:
    names = ("grantedToIdentitiesV2", "grantedToIdentities")
    rows = [each for name in names for each in permission.get(name) or []]
    return {str(each["application"]["id"]) for each in rows if each.get("application")}
