"""`python -m tools.connect`: connects the app in Azure with SharePoint. Looks first and changes only what differs.

Makes or mends the app registration, has it trust the app's managed identity, consents to Sites.Selected, and lets the
app into its sites. What it needs to know comes from `azd env get-values`, the environment, or the flags below.
docs/connect.md shows each request, and the clicks that do the same.

Exit codes: 0 connected (or shown, with --dry-run), 1 Graph refused something, 2 wrong arguments or missing values,
3 no sign-in or no answer.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from tools.connect.advice import advice, command
from tools.connect.certificate import NoCertificate
from tools.connect.columns import instructions
from tools.connect.display import line, whole
from tools.connect.environment import Missing, azd_values, keep_client_id, wanted_from
from tools.connect.graph import Graph, Refused, Unreachable, rights_for
from tools.connect.notes import notes
from tools.connect.plan import CLIENT_ID, known_ids, plan
from tools.connect.seen import Unclear, look
from tools.connect.sending import send_all
from tools.connect.sign_in import GIVEN, NoSignIn, SignIn, claims
from tools.connect.wanted import Call, Step, Wanted

_FLAGS = {
    "AZURE_TENANT_ID": "tenant",
    "MOMENT_IDENTITY_PRINCIPAL_ID": "identity",
    "MOMENT_SIGN_IN_CALLBACK": "callback",
    "SHAREPOINT_SITES": "sites",
    "GRAPH_CLIENT_ID": "client_id",
}
_USUAL = (Step.REGISTRATION, Step.TRUST, Step.CONSENT, Step.SITES)


def main(argv: Sequence[str] | None = None, sleep: Callable[[float], None] = time.sleep) -> int:
    """Connect; gives the exit code. `sleep` waits for what was just made, and where Graph is busy."""
    arguments = parser().parse_args(argv)
    of_azd = azd_values(os.environ)
    try:
        wanted = _wanted(arguments, of_azd)
    except (Missing, NoCertificate) as trouble:
        print(trouble, file=sys.stderr)
        return 2
    if arguments.show_columns:
        print(instructions(wanted.sites))
        return 0
    sign_in = SignIn(
        tenant_id=wanted.tenant_id,
        login_url=wanted.login_url,
        graph_url=arguments.graph_url,
        environ=os.environ,
        say=_say,
        way=arguments.sign_in,
        ca_bundle=arguments.ca_bundle,
        wanted=frozenset(rights_for(step) for step in wanted.steps),
    )
    graph = Graph(arguments.graph_url, sign_in.token, sleep)
    known: dict[str, str] = {}
    try:
        _connect(graph, wanted, known, is_dry=arguments.dry_run)
    except Refused as refusal:
        token = claims(sign_in.token(rights_for(refusal.step)))
        client_id = known.get(CLIENT_ID, "")
        _explain(refusal, [*advice(refusal, token, client_id), *_going_on(wanted, client_id)])
        return 1
    except Unclear as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except (NoSignIn, Unreachable) as trouble:
        print(trouble, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("Stopped. What is done stays done; run it again.", file=sys.stderr)
        return 130
    return 0 if arguments.dry_run else _finish(known[CLIENT_ID], of_azd, arguments)


def _wanted(arguments: argparse.Namespace, of_azd: Mapping[str, str]) -> Wanted:
    given = {name: getattr(arguments, flag) for name, flag in _FLAGS.items()}
    values = {**of_azd, **os.environ, **{name: value for name, value in given.items() if value}}
    steps = {Step(step) for step in arguments.only} or set(_USUAL)
    steps |= {Step.PEOPLE} if arguments.assign_me else set()
    steps = {Step.SITES} if arguments.show_columns else steps
    return wanted_from(
        values,
        frozenset(steps),
        name=arguments.name,
        login_url=arguments.login_url,
        certificate=arguments.certificate,
    )


def _connect(graph: Graph, wanted: Wanted, known: dict[str, str], *, is_dry: bool) -> None:
    """Look, plan, send; `known` gathers the ids."""
    seen = look(graph, wanted)
    known |= known_ids(wanted, seen)
    calls = plan(wanted, seen)
    for note in notes(wanted, seen):
        _say(f"Look at this: {note}")
    if not calls:
        _say("Everything is as it should be: nothing to change.")
        return
    if is_dry:
        _show(calls, graph.base)
        return
    _say(f"{len(calls)} changes:")
    send_all(graph, calls, known, lambda call: _say(f"done  {line(call)}"))


def _show(calls: Sequence[Call], base_url: str) -> None:
    for call in calls:
        print(whole(call, base_url))
    print(f"{len(calls)} requests would be sent; nothing was changed.")


def _finish(client_id: str, of_azd: Mapping[str, str], arguments: argparse.Namespace) -> int:
    print(client_id)
    if of_azd and of_azd.get("GRAPH_CLIENT_ID") != client_id and keep_client_id(os.environ, client_id):
        _say(f"azd knows it now: GRAPH_CLIENT_ID={client_id}")
    elif of_azd.get("GRAPH_CLIENT_ID") != client_id:
        _say(f"Next: azd env set GRAPH_CLIENT_ID {client_id}")
    if arguments.provision:
        return subprocess.run(["azd", "provision"], check=False).returncode
    _say("Next: azd provision, then make doctor URL=… TOKEN=…")
    return 0


def _going_on(wanted: Wanted, client_id: str) -> list[str]:
    """A registration that was just made is not found by its name at once."""
    made = client_id and not wanted.client_id
    return [f"The app registration is {client_id}; go on with: {command(f'--client-id {client_id}')}"] if made else []


def _explain(refusal: Refused, sentences: Sequence[str]) -> None:
    print(f"{refusal.call} was answered with {refusal.status} {refusal.code}: {refusal.said}", file=sys.stderr)
    if refusal.request_id:
        print(f"request-id {refusal.request_id}", file=sys.stderr)
    for sentence in sentences:
        print(f"→ {sentence}", file=sys.stderr)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def parser() -> argparse.ArgumentParser:
    """The flags."""
    found = argparse.ArgumentParser(
        prog="python -m tools.connect",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"{GIVEN}: a token for all of it, where somebody got one in another way.",
    )
    add = found.add_argument
    add("--dry-run", action="store_true", help="look, and print each request that would change something")
    about = f"only this part; may be repeated. Default: {', '.join(_USUAL)}"
    add("--only", action="append", default=[], choices=[step.value for step in Step], metavar="PART", help=about)
    add("--assign-me", action="store_true", help="make whoever signs in an administrator of the app")
    about = "only print a script for the browser of a site's owner, which shows Moment's columns in its libraries"
    add("--show-columns", action="store_true", help=about)
    add("--provision", action="store_true", help="run `azd provision` afterwards, which opens the app")
    about = "where the token comes from; default: az where it is signed in (sites always need a device code)"
    add("--sign-in", choices=["az", "device-code"], default="", help=about)
    about = "trust this certificate (.pem or .cer, public part) instead of the managed identity"
    add("--certificate", metavar="FILE", default="", help=about)
    add("--name", default="", help="of the app registration; default: Moment and the name of azd's environment")
    add("--client-id", default="", help="the app registration that is there already; default: GRAPH_CLIENT_ID")
    add("--tenant", default="", help="default: AZURE_TENANT_ID")
    add("--identity", default="", help="the managed identity's principal id; default: MOMENT_IDENTITY_PRINCIPAL_ID")
    add("--callback", default="", help="where sign-in leads back to; default: MOMENT_SIGN_IN_CALLBACK")
    add("--sites", default="", help="host:/sites/name, separated by commas; default: SHAREPOINT_SITES")
    add("--graph-url", default="https://graph.microsoft.com", help="of a national cloud")
    add("--login-url", default="https://login.microsoftonline.com", help="of a national cloud")
    add("--ca-bundle", default="", help="a file of trusted authorities, for the local SharePoint")
    return found


if __name__ == "__main__":
    sys.exit(main())
