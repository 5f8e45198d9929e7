"""The metrics: each is made here and nowhere else. docs/operate.md lists them.

Until bootstrap says where they go (shared/bootstrap/exporting.py), recording one does nothing. Attributes have few
values, never an id: those are in the log lines. So are the single durations, for percentiles: Azure Monitor keeps of a
metric only count, sum, least and most of each minute.
"""

from opentelemetry import metrics

from shared.model.urgency import is_bulk

_meter = metrics.get_meter("moment")

_files_moved = _meter.create_counter("moment.files.moved", "{file}", "Contents that arrived in SharePoint, proven.")
_bytes_moved = _meter.create_counter("moment.bytes.moved", "By", "Their size.")
_upload_to_link = _meter.create_histogram(
    "moment.upload_to_link", "s", "From the end of the upload to the link to SharePoint."
)
_files_followed = _meter.create_counter("moment.files.followed", "{file}", "Changes in SharePoint that records follow.")
_edit_to_record = _meter.create_histogram("moment.edit_to_record", "s", "From the edit in SharePoint to the record.")
_file_states = _meter.create_counter("moment.files.states", "{file}", "Files that came into a state.")
_units = _meter.create_counter("moment.sharepoint.units", "{unit}", "Resource units of SharePoint that were used.")
_queue_age = _meter.create_histogram("moment.queue.age", "s", "Age of a message when it is handled, delays included.")


def content_moved(size_bytes: int, since_upload_s: float | None) -> None:
    """A content is in SharePoint, proven, so long after it was uploaded (None: unknown)."""
    _files_moved.add(1)
    _bytes_moved.add(size_bytes)
    if since_upload_s is not None:
        _upload_to_link.record(since_upload_s)


def change_followed(kind: str, since_edit_s: float | None) -> None:
    """A record follows a change made in SharePoint: `new`, `changed` or `deleted`; None: how old it is is unknown."""
    _files_followed.add(1, {"kind": kind})
    if since_edit_s is not None:
        _edit_to_record.record(since_edit_s)


def state_entered(state: str) -> None:
    """A file is in another state than before."""
    _file_states.add(1, {"state": state})


def units_used(units: int, work: str) -> None:
    """Resource units went into a request of this work; empty: of none."""
    _units.add(units, {"work": work, "bulk": is_bulk()})


def message_taken(queue: str, age_s: float) -> None:
    """A message of this queue is handled."""
    _queue_age.record(max(age_s, 0.0), {"queue": queue})
