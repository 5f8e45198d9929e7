"""What the app tells an operator of its work: log lines and metrics. docs/operate.md says what each means.

Messages are constant, what changes is in fields; ids, counts and causes only, never a name, an address or a secret.
Nothing here asks storage or SharePoint for anything.
"""

from shared.telemetry.measures import message_taken
from shared.telemetry.saved import file_saved, library_saved, run_ended
from shared.telemetry.work import Work, at_hand, counted, following, pulling, spends, transferring, working

__all__ = [
    "Work",
    "at_hand",
    "counted",
    "file_saved",
    "following",
    "library_saved",
    "message_taken",
    "pulling",
    "run_ended",
    "spends",
    "transferring",
    "working",
]
