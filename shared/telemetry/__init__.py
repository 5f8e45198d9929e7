"""What the app tells an operator of its work: log lines. docs/operate.md says what each means, and how to ask.

Messages are constant, what changes is in fields; ids, counts and causes only, never a name, an address or a secret.
Nothing here asks storage or SharePoint for anything.
"""

from shared.telemetry.saved import file_saved, library_saved, run_ended
from shared.telemetry.work import Work, at_hand, counted, follows, pulling, transferring, working

__all__ = [
    "Work",
    "at_hand",
    "counted",
    "file_saved",
    "follows",
    "library_saved",
    "pulling",
    "run_ended",
    "transferring",
    "working",
]
