"""What the app's log lines said, as an operator would find them."""

import logging
from typing import Any

import pytest

_OF_PYTHON = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What Application Insights shows as customDimensions."""
    return {name: value for name, value in vars(record).items() if name not in _OF_PYTHON}


def lines(caplog: pytest.LogCaptureFixture, message: str) -> list[dict[str, Any]]:
    """The fields of each line with this message."""
    return [fields_of(each) for each in caplog.records if each.getMessage() == message]


def line(caplog: pytest.LogCaptureFixture, message: str) -> dict[str, Any]:
    """The one line with this message."""
    (found,) = lines(caplog, message)
    return found
