"""The rows by name, in the order of the table."""

from tools.bench.row import Row
from tools.bench.rows.followed import FOLLOWED
from tools.bench.rows.killed import KILLED
from tools.bench.rows.throttled import THROTTLED
from tools.bench.rows.uploads import UPLOADS

ROWS: dict[str, Row] = {row.name: row for row in (*UPLOADS, *FOLLOWED, KILLED, *THROTTLED)}
