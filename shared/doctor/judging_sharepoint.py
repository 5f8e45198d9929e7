"""What the looks at identity, sites, permissions, notifications and the app's own address mean. Pure."""

import re
from collections.abc import Mapping

from shared.doctor import advice
from shared.doctor.ground import About
from shared.doctor.seen import BySite, FilesSeen, Trip
from shared.doctor.verdicts import Verdict, failed, passed, unknown
from shared.errors import AccessDenied, Claimed, MomentError, NameTaken, NotFound, RefusedForSafety, TransientError
from shared.settings import NOTIFICATIONS_PATH

GRAPHS_LONGEST_S = 300.0
"""Notifications of files come within a minute on average, within five at most (change-notifications-overview)."""
_ENTRA_CODE = re.compile(r"AADSTS(\d+)")
_SECRET_CODES = {"7000215", "7000222"}
_CERTIFICATE_CODES = {"700027", "1000502"}
_TRUST_CODES = {"70021", "700211", "700212", "700213"}
_ID_CODES = {"700016", "90002", "900023"}
_TIME_CODES = {"700024"}
_LONGER = "python -m tools.doctor --only notifications --wait 330"
_AGAIN = "Run the doctor again; it goes on by itself where that is all."


def token_verdict(seen: tuple[str, ...] | None, about: About) -> Verdict:
    """We are somebody; what may we?"""
    if seen is None:
        return passed("Entra gave one. What it permits can't be read from it.")
    if not seen:
        return failed(
            "Entra gave one that permits nothing: nobody consented to the app's permissions.", *advice.consent(about)
        )
    return passed(f"Entra gave one, with {', '.join(seen)}.")


def token_refused(error: MomentError, about: About) -> Verdict:
    """Entra gave none, by its code (entra: reference-error-codes)."""
    found = _ENTRA_CODE.search(str(error))
    code = found[1] if found else ""
    graph = about.settings.graph
    mend: tuple[str, ...]
    if code in _SECRET_CODES:
        mend = advice.new_secret(about)
    elif code in _CERTIFICATE_CODES:
        mend = advice.new_certificate(about)
    elif code in _TRUST_CODES:
        mend = advice.trust_identity(about)
    elif code in _ID_CODES:
        mend = (
            "az account show --query tenantId --output tsv",
            'az ad app list --display-name Moment --query "[].appId" --output tsv',
            advice.set_setting(about.place, "GRAPH_TENANT_ID", "TENANT-ID"),
            advice.set_setting(about.place, "GRAPH_CLIENT_ID", "APP-ID"),
        )
    elif code in _TIME_CODES:
        mend = advice.set_clock(about)
    elif graph.managed_identity_client_id and not about.place.is_azure:
        mend = (advice.LOOK_ITSELF,)
    elif code:
        mend = (f"Open https://login.microsoftonline.com/error?code={code}", "make connect")
    else:
        bundle = advice.set_setting(about.place, "GRAPH_CA_BUNDLE", "A-FILE-THAT-IS-THERE")
        mend = (
            f"curl --head {graph.login_url}/{graph.tenant_id}/v2.0/.well-known/openid-configuration",
            *((bundle,) if graph.ca_bundle else ()),
        )
    return failed(str(error), *mend)


def by_site(good: str, seen: BySite, about: About) -> Verdict:
    """What became of each site; `good` says what all is well means."""
    bad = {address: error for address, error in seen.items() if error is not None}
    if not bad:
        return passed(f"{good} {', '.join(seen)}.")
    why = " ".join(f"{address}: {error}" for address, error in bad.items())
    mend = (step for address, error in bad.items() for step in _mend(error, about, address))
    return failed(why, *dict.fromkeys(mend))


def _mend(error: MomentError, about: About, address: str) -> tuple[str, ...]:
    match error:
        case AccessDenied():
            return advice.grant_site(about, address)
        case NotFound():
            return advice.correct_site(about, address)
        case TransientError(delay_s=float() as delay_s):
            return (f"Wait {delay_s:.0f} s, then run the doctor again.",)
        case TransientError():
            return (_AGAIN,)
        case _:
            return (f"Open https://{address.replace(':', '', 1)} and see what its owners changed.",)


def room_verdict(seen: Mapping[str, int], about: About) -> Verdict:
    """Whether another library has room in any site."""
    most = about.settings.graph.lists_per_site
    shown = ", ".join(f"{count} in {address}" for address, count in seen.items())
    if all(count >= most for count in seen.values()):
        more = ",".join((*about.settings.graph.sites, "HOST:/sites/ANOTHER"))
        return failed(
            f"No site has room for another library: of at most {most} lists there are {shown}.",
            "SharePoint admin center > Active sites > Create",
            *advice.grant_site(about, "HOST:/sites/ANOTHER"),
            advice.set_setting(about.place, "SHAREPOINT_SITES", more),
        )
    return passed(f"Of at most {most} lists there are {shown}.")


def files_verdict(seen: Mapping[str, FilesSeen], about: About) -> Verdict:
    """Files in each site."""
    verdicts = [_file_verdict(address, each, about) for address, each in seen.items()]
    worst = max(verdicts, key=lambda each: ("pass", "unknown", "fail").index(each.outcome))
    if worst.outcome == "pass":
        return passed(f"A file was written, read, renamed and deleted in {', '.join(seen)}, and nothing is left.")
    return worst


def _file_verdict(address: str, seen: FilesSeen, about: About) -> Verdict:
    remove = (f"Delete it in SharePoint: {seen.left_behind.split(' could not')[0].removeprefix('The folder ')}",)
    match seen.error:
        case None if seen.left_behind:
            return failed(f"{address}: {seen.left_behind}", *remove)
        case None:
            return passed(address)
        case RefusedForSafety() | Claimed() as busy:
            return _no_scratch(busy)
    left = f" {seen.left_behind}" if seen.left_behind else ""
    mend = _mend(seen.error, about, address)
    return failed(f"{address}, {seen.step}: {seen.error}{left}", *mend, *(remove if left else ()))


def _no_scratch(error: MomentError) -> Verdict:
    if isinstance(error, Claimed):
        return unknown(str(error), "Run the doctor again in 15 minutes; it then removes the folder first.")
    return unknown(
        str(error), "In SharePoint: the gear > Site contents > New > Document library, with the name 'Moment doctor'."
    )


def notifications_verdict(seen: Trip, about: About) -> Verdict:
    """Whether the webhook was told of a change."""
    if seen.waited_s is None:
        return unknown(
            "No public address is set, so SharePoint can't tell of changes and libraries are polled every minute.",
            advice.set_setting(about.place, "PUBLIC_URL", "https://HOST"),
        )
    url = about.settings.follow.public_url + NOTIFICATIONS_PATH
    if seen.left_behind:
        return failed(seen.left_behind, "Delete it in SharePoint.")
    if seen.was_heard:
        return passed(f"SharePoint told {url} of a change after {seen.waited_s:.0f} s.")
    waited = f"The subscription was made, but {url} was not told of a change within {seen.waited_s:.0f} s"
    if seen.waited_s < GRAPHS_LONGEST_S:
        return unknown(
            f"{waited}; Graph may take five minutes.", "python -m tools.doctor --only notifications --wait 330"
        )
    return failed(
        f"{waited}.",
        *advice.open_paths(about),
        "See whether Graph has a problem: Microsoft 365 admin center > Health > Service health",
    )


def notifications_refused(error: MomentError, about: About) -> Verdict:
    """A subscription could not be made, or nothing be tried."""
    match error:
        case RefusedForSafety() | Claimed():
            return _no_scratch(error)
        case AccessDenied():
            return failed(str(error), *advice.grant_site(about, about.settings.graph.sites[0]))
        case NameTaken():
            return unknown(
                f"{error} It leads to another address: perhaps another deployment of this app registration.",
                "Run the doctor there, or give each deployment an app registration of its own: make connect",
            )
        case TransientError():
            return failed(str(error), _AGAIN)
        case _:
            url = about.settings.follow.public_url + NOTIFICATIONS_PATH
            try_it = f'curl -X POST "{url}?validationToken=hello" (from outside; it has to answer: hello)'
            return failed(str(error), try_it, *advice.open_paths(about))


def address_verdict(seen: int | None, about: About) -> Verdict:
    """What the app's own health answered."""
    url = about.settings.follow.public_url + advice.HEALTH_PATH
    match seen:
        case None:
            return unknown("No public address is set.", advice.set_setting(about.place, "PUBLIC_URL", "https://HOST"))
        case 200:
            return passed(f"{url} answers that all is well.")
        case 301 | 302 | 307 | 308 | 401 | 403:
            return failed(
                f"{url} asks for a sign-in ({seen}), so Graph can't reach the app.", *advice.open_paths(about)
            )
        case 503:
            return failed(
                f"{url} answers that the app is not ready (503): its own settings or its own storage.",
                f"python -m tools.doctor --url {about.settings.follow.public_url}",
                advice.restart(about.place),
            )
        case _:
            return failed(f"{url} answers {seen}, which this app never does there.", *advice.start_app(about))


def address_refused(error: MomentError, about: About) -> Verdict:
    """Nothing answers."""
    url = about.settings.follow.public_url
    return failed(
        f"Nothing answers at {url}. {error}", *advice.start_app(about), f"curl --include {url}{advice.HEALTH_PATH}"
    )


def refused(error: MomentError, about: About) -> Verdict:
    """Anything else, of a look at all sites."""
    return failed(str(error), *_mend(error, about, about.settings.graph.sites[0]))
