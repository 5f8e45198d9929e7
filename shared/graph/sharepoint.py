"""The SharePoint that the use cases see: files and folders, uploads, edits, libraries and changes.

It matches the ports `SharePoint` (shared/sync/ports.py), `FollowedSharePoint` (shared/sync/change_ports.py) and
`ExaminedSharePoint` (shared/doctor/ports.py) by its methods.
"""

from shared.graph.changes import Changes
from shared.graph.edits import ItemEdits
from shared.graph.examined import Examined
from shared.graph.items import DriveItems
from shared.graph.libraries import Libraries
from shared.graph.request import GraphTransport
from shared.graph.site import Sites
from shared.graph.subscriptions import Subscriptions
from shared.graph.uploads import UploadSessions


class GraphSharePoint(DriveItems, ItemEdits, UploadSessions, Libraries, Changes, Subscriptions, Examined):
    """Sites through Microsoft Graph v1.0, for up to 32 threads at once.

    Nothing is sent before the first method is called.
    """

    def __init__(self, transport: GraphTransport, sites: Sites) -> None:
        Libraries.__init__(self, transport, sites)
        self._turns = transport

    def wait_for_turn(self) -> None:
        """Wait until the budget lets a small file out. Raises Throttled where that takes too long; Unavailable."""
        self._turns.wait_for_turn()
