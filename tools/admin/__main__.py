"""`python -m tools.admin`: commands for people who look after a running app.

put-back        have tried again what the app gave up after several tries
approve         decide on libraries from which too much vanished at once
full-walk       compare everything in SharePoint with what the app knows
re-subscribe    drop the subscriptions to SharePoint's changes and make them anew
export-journal  write what happened to files as CSV
reindex         build the rows that searches read, of files from before the app could search
backup          copy the app's tables into a folder
restore         put such a copy into empty tables
forget-customer remove every row of a customer from the tables
explain         say why a file is where it is, and show every step that led there

MOMENT_URL and MOMENT_TOKEN say which app and as whom, or --url and --token; backup, restore and forget-customer use the
storage account itself. Each may be run again, and takes --json. Exit codes: 0 all went well, 1 a part did not, 2 wrong
arguments, 3 the app can't be reached or does not let us in, 130 stopped.
"""

import os
import sys
from collections.abc import Sequence

from tools.admin.api import AppApi, Refused, Unusable
from tools.admin.arguments import TOKEN_VARIABLE, parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    arguments = parser(__doc__ or "").parse_args(argv)
    api = AppApi(arguments.url, arguments.token or os.environ.get(TOKEN_VARIABLE, ""))
    try:
        code: int = arguments.run(api, arguments)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except Unusable as trouble:
        print(trouble, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
