"""Lets the app work only with tables that it can read and write; asks once in a process's life."""

import logging
from typing import Protocol

from shared.errors import WrongSchema
from shared.model.schema import CURRENT, SchemaVersion, is_to_be_written

_log = logging.getLogger(__name__)


class SchemaRow(Protocol):
    """Where the tables' version is."""

    def read(self) -> SchemaVersion | None:
        """What the tables say; None where they say nothing."""

    def write(self, version: SchemaVersion) -> None:
        """Have them say this."""


class SchemaGuard:
    """Safe for threads: several that are the first all ask, which is harmless."""

    def __init__(self, row: SchemaRow, own: SchemaVersion = CURRENT) -> None:
        self._row = row
        self._own = own
        self._is_fit = False

    def check(self) -> None:
        """Nothing where the tables are fit, and no request once they were. Raises WrongSchema, and what reading does.

        Until they are fit it asks each time, so a restored or migrated table is seen without a new start.
        """
        if self._is_fit:
            return
        try:
            is_older = is_to_be_written(self._row.read(), self._own)
        except WrongSchema as fault:
            # Said here for functions that answer nobody: an alert rests on it (infra/modules/alerts.bicep).
            _log.error("the app is misconfigured", extra={"problems": fault.problems})
            raise
        if is_older:
            self._row.write(self._own)
        self._is_fit = True
