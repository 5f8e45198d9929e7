"""docs/limits.md says of our own limits what the code does."""

import importlib
import re
from datetime import timedelta

import pytest

from shared.settings import Settings
from tests.stack.test_documented import EXAMPLE
from tools.package.contents import ROOT

TEXT = (ROOT / "docs/limits.md").read_text("utf-8")
OURS = re.findall(r"^\| (.+?) \| (.+?) \| `([\w.]+)` \|$", TEXT.partition("## Ours")[2], re.MULTILINE)
UNITS = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "h": 3600, "d": 86_400}


def said(limit: str) -> int:
    """`64 KiB` in bytes, `24 h` in seconds, anything else as its number."""
    number, unit = re.match(r"([\d,]+) ?(\w*)", limit).groups()  # type: ignore[union-attr]
    return int(number.replace(",", "")) * UNITS.get(unit, 1)


def of_the_code(where: str) -> int:
    module, _, name = where.rpartition(".")
    value = getattr(importlib.import_module(module), name)
    if isinstance(value, re.Pattern):
        # One character, and up to so many more.
        return 1 + int(value.pattern.rpartition(",")[2].rstrip("}"))
    return int(value.total_seconds()) if isinstance(value, timedelta) else int(value)


@pytest.mark.parametrize(("what", "limit", "where"), OURS, ids=[where for _, _, where in OURS])
def test_a_limit_of_ours_is_what_the_code_has(what: str, limit: str, where: str):
    assert said(limit) == of_the_code(where), what


def test_all_rows_were_read():
    assert len(OURS) == TEXT.partition("## Ours")[2].count("\n| ") - 1


def test_limits_of_sharepoints_that_are_settings_are_kept():
    settings = Settings.from_environ(EXAMPLE)

    assert settings.graph.lists_per_site < 2000
    assert settings.transfer.fragment_bytes % (320 * 1024) == 0
    assert settings.transfer.fragment_bytes < 60 * 1024 * 1024
    assert settings.transfer.small_file_max_bytes < 250 * 1000**2
