"""The rows by name, in the order of the tables: those beside rclone, and those of the app alone."""

from tools.bench.row import Row
from tools.bench.rows.followed import FOLLOWED
from tools.bench.rows.grown import GROWN
from tools.bench.rows.killed import KILLED
from tools.bench.rows.latency import LATENCY
from tools.bench.rows.listed import LISTS
from tools.bench.rows.scaled import SCALED
from tools.bench.rows.started import STARTED
from tools.bench.rows.throttled import THROTTLED
from tools.bench.rows.told import TOLD
from tools.bench.rows.uploads import UPLOADS

ROWS: dict[str, Row] = {row.name: row for row in (*UPLOADS, *FOLLOWED, KILLED, *THROTTLED)}
ALSO: dict[str, Row] = {row.name: row for row in (*LATENCY, TOLD, GROWN, LISTS, STARTED, SCALED)}
"""Also measured, without a peer: their contestants are steps of the app."""
