"""`python -m tools.infra`: looks after infra/.

check      what can be known of the Bicep files without Azure; one line each
subscribe  have blob events sent to the deployed app; infra/hooks/ runs it after each deployment

Exit codes: 0 all is well, 1 something is wrong, 2 wrong arguments, 3 nothing is deployed or the Azure CLI is missing.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence

from tools.infra.az import AzureCli, NoAz
from tools.infra.subscribing import TRIES, WAIT_S, subscribe
from tools.infra.subscription import Deployment, NotDeployed


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.infra", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="check the Bicep files without Azure")
    command = commands.add_parser("subscribe", help="have blob events sent to the deployed app")
    command.add_argument("--tries", type=int, default=TRIES, help=f"how often at most, default {TRIES}")
    command.add_argument("--wait-s", type=float, default=WAIT_S, help=f"seconds between tries, default {WAIT_S:g}")
    arguments = parser.parse_args(argv)
    if arguments.command == "check":
        from tools.infra.check import check

        return check(print)
    try:
        deployment = Deployment.from_environ(os.environ)
        code = subscribe(AzureCli(), deployment, time.sleep, print, tries=arguments.tries, wait_s=arguments.wait_s)
    except (NotDeployed, NoAz) as trouble:
        print(trouble, file=sys.stderr)
        return 3
    if code == 0 and os.environ.get("MOMENT_NEXT_STEP"):
        print(f"Next: {os.environ['MOMENT_NEXT_STEP']}")
    return code


if __name__ == "__main__":
    sys.exit(main())
