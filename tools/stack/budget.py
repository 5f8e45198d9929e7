"""`python -m tools.stack.budget`: several hosts, many files that wait, and one budget of resource units for all.

Real hosts on one Azurite and one local SharePoint that refuses what is beyond the budget. Prints how it was used, and
ends with 0 only where at least 90 % of it was, hosts were refused at most once each and sent nothing before Retry-After
had passed, and every file arrived.
"""

import argparse
import contextlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools.functions_host.azurite import Azurite
from tools.functions_host.running import LocalHost
from tools.sharepoint.running import LocalSharePoint
from tools.stack.app_settings import app_settings
from tools.stack.budget_figures import Entry, Minute, minutes, most_in_a_minute, refused, sent_too_early, used_share
from tools.stack.folders import ROOT
from tools.stack.programs import stay_off_proxies
from tools.stack.waiting_files import WaitingFiles

_LOOK_S = 5.0
_LEAST_SHARE = 0.9
_STANDSTILL_S = 180.0
_PACING_READS = '"GET /devstoreaccount1/budget('


def main(argv: Sequence[str] | None = None) -> int:
    """Run it; 0 when all is as it should be, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m tools.stack.budget", description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=4, help="host processes, default 4")
    parser.add_argument("--units", type=int, default=1250, help="resource units a minute, default 1250")
    arguments = parser.parse_args(argv)
    stay_off_proxies()
    with Azurite(access_log=True) as azurite, LocalSharePoint(tls=True) as sharepoint, contextlib.ExitStack() as undo:
        settings = _settings(azurite, sharepoint, arguments.units)
        files = WaitingFiles(settings)
        print(f"Putting {arguments.files} files into Moment Cloud…", flush=True)
        records = files.prepare(arguments.files, tags=["budget"])
        sharepoint.settings(ru_per_minute=arguments.units)
        print(f"Starting {arguments.hosts} hosts…", flush=True)
        for _ in range(arguments.hosts):
            undo.enter_context(LocalHost(app=ROOT, settings=settings, options=["--log-level", "warning"]))
        files.set_moving(records)
        _watch(sharepoint, arguments.files, arguments.units)
        arrived = _wait_for_records(files, arguments.files)
        return _report(sharepoint.requests(), azurite, arrived, arguments)


def _settings(azurite: Azurite, sharepoint: LocalSharePoint, units: int) -> dict[str, str]:
    """The files come from messages alone, so no host has to scan the container."""
    urls = (sharepoint.url, sharepoint.tls_url, Path(sharepoint.ca_path))
    return app_settings(azurite.connection_string, *urls, public_url="") | {
        "BLOB_TRIGGER_SOURCE": "EventGrid",
        "SHAREPOINT_UNITS_PER_MINUTE": str(units),
    }


def _watch(sharepoint: LocalSharePoint, files: int, units: int) -> None:
    """A line now and then, until every file was sent or nothing happens any more."""
    entries: list[Entry] = []
    started = moved = time.monotonic()
    while _sent(entries) < files:
        if time.monotonic() - moved > _STANDSTILL_S:
            print(f"Nothing was sent for {_STANDSTILL_S:.0f} s.", flush=True)
            return
        time.sleep(_LOOK_S)
        new = sharepoint.requests(since=entries[-1]["n"] if entries else 0)
        moved = time.monotonic() if new else moved
        entries += new
        used = minutes(entries)[-1].units if minutes(entries) else 0
        print(
            f"{time.monotonic() - started:6.0f} s  {_sent(entries):5} of {files} sent  {used:5} of {units} units of "
            f"SharePoint's minute  {len(refused(entries))} refused",
            flush=True,
        )


def _sent(entries: Sequence[Entry]) -> int:
    return sum(each["method"] == "PUT" and each["status"] == 201 for each in entries)


def _wait_for_records(files: WaitingFiles, expected: int) -> int:
    """The last columns and records follow the last content, at most a minute of the budget later."""
    deadline = time.monotonic() + 90
    while (arrived := files.arrived()) < expected and time.monotonic() < deadline:
        time.sleep(1)
    return arrived


def _report(entries: Sequence[Entry], azurite: Azurite, arrived: int, arguments: argparse.Namespace) -> int:
    whole, no, share = minutes(entries), refused(entries), used_share(entries, arguments.units)
    early = sum(len(sent_too_early(entries, each["at"], _end_of_its_minute(whole, each))) for each in no)
    used = sum(each.units for each in whole)
    reads = azurite.log_text().count(_PACING_READS)
    per_minute = ", ".join(str(each.units) for each in whole)
    passed_s = whole[-1].begins_at - whole[0].begins_at
    figures = {
        "files that arrived": f"{arrived} of {arguments.files}",
        "units used": f"{used} in {len(entries)} requests",
        "in SharePoint's minutes": per_minute,
        "time until the last of them": f"{passed_s:.0f} s",
        "share of the budget until then": f"{share:.1%} (at least {_LEAST_SHARE:.0%})",
        "most units in any 60 s": f"{most_in_a_minute(entries)} (at most {arguments.units})",
        "refused with 429": f"{len(no)} (at most one for each host)",
        "sent before Retry-After had passed": str(early),
        "pacing: reads of the shared row": f"{reads}, each followed by one write at most",
        "pacing: reads for 1,000 units": f"{1000 * reads / max(used, 1):.0f}",
    }
    print()
    for name, value in figures.items():
        print(f"{name:36}{value}")
    good = share >= _LEAST_SHARE and len(no) <= arguments.hosts and not early and arrived == arguments.files
    print("All is as it should be." if good else "NOT as it should be.")
    return 0 if good else 1


def _end_of_its_minute(whole: Sequence[Minute], entry: Entry) -> float:
    """What Retry-After led to: SharePoint lets requests in again when its minute has ended."""
    return next(each.ends_at for each in whole if each.begins_at <= entry["at"] < each.ends_at)


if __name__ == "__main__":
    sys.exit(main())
