"""Two hosts share one budget of resource units, and a refusal that one of them meets holds both back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import moments_storage
from tests.functions.conftest import host_settings
from tests.functions.test_files_api import wait_for
from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint
from tools.stack.budget_figures import charged, most_in_a_minute, refused, sent_too_early
from tools.stack.waiting_files import WaitingFiles

ROOT = Path(__file__).parents[2]
UNITS_A_MINUTE = 200
FILES = 90
RETRY_AFTER_S = 6


@pytest.fixture
def storage() -> Iterator[Azurite]:
    with moments_storage() as running:
        yield running


@pytest.fixture
def local() -> Iterator[LocalSharePoint]:
    with LocalSharePoint(tls=True) as running:
        yield running


def test_two_hosts_share_the_budget_and_the_holds(storage: Azurite, local: LocalSharePoint):
    changes = {"BLOB_TRIGGER_SOURCE": "EventGrid", "SHAREPOINT_UNITS_PER_MINUTE": str(UNITS_A_MINUTE)}
    settings = host_settings(storage, local) | changes
    files = WaitingFiles(settings)
    records = files.prepare(FILES, tags=[])
    local.settings(ru_per_minute=UNITS_A_MINUTE)

    with LocalHost(app=ROOT, settings=settings), LocalHost(app=ROOT, settings=settings):
        files.set_moving(records)
        wait_for(lambda: sent(local) >= 20, "the first files")
        local.fault({"match": {"method": "PUT"}, "times": 1, "then": {"status": 429, "retry_after_s": RETRY_AFTER_S}})
        wait_for(lambda: sent(local) >= FILES, "the last file")
        wait_for(lambda: files.arrived() == FILES, "the last record")

    entries = local.requests()
    (no,) = refused(entries)
    assert sent_too_early(entries, no["at"], no["at"] + RETRY_AFTER_S) == []
    assert most_in_a_minute(entries) <= UNITS_A_MINUTE
    assert (
        sum(each["ru"] for each in charged(entries) if each["at"] < charged(entries)[0]["at"] + 60)
        >= 0.9 * UNITS_A_MINUTE
    )


def sent(local: LocalSharePoint) -> int:
    return sum(each["method"] == "PUT" and each["status"] == 201 for each in local.requests())
