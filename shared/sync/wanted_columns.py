"""What a file's four columns should say."""

from dataclasses import replace

from shared.errors import ProblemError
from shared.model.directory import Columns, columns_of
from shared.model.files import FileRecord
from shared.sync.placement import Placements


class WantedColumns:
    """Computes columns from the objects that a file is linked to, its own period and its tags."""

    def __init__(self, placements: Placements) -> None:
        self._placements = placements

    def of(self, record: FileRecord) -> Columns:
        """The columns; what can't be found out stays as SharePoint shows it."""
        shown = record.baseline
        try:
            columns = columns_of(self._placements.of(record.links), record.tags)
        except ProblemError:
            columns = Columns(tags=record.tags)
        if record.period is not None:
            is_month = "/" in record.period
            year = record.period.rpartition("/")[2]
            columns = replace(columns, year=year, period=record.period if is_month else None)
        elif shown is not None and columns.year is None:
            columns = replace(columns, year=shown.year, period=shown.period)
        return columns if columns.activity or shown is None else replace(columns, activity=shown.activity)
