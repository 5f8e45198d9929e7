"""What is counted: traffic from SharePoint's ledger, storage operations from a log, processes from the kernel."""

import subprocess
import sys

from tools.bench.processes import Watch
from tools.bench.storage import Operations, operations_of
from tools.bench.traffic import by_rclone, by_route, by_the_app, contents, traffic_of

OURS, THEIRS, MINE = "NONISV|Moment|SharePointIntegration/1.0", "rclone/v1.75.2", "local-stack"


def entry(method: str = "PUT", route: str = "/drives/{drive}/items/{item}:/{path}:/content", **changes) -> dict:
    usual = {"path": "/v1.0/drives/d/items/i", "status": 201, "ru": 2, "bytes_in": 100, "bytes_out": 50}
    usual |= {"user_agent": OURS, "retry_after_s": 0.0, "began": 1.0, "at": 1.1}
    return {"method": method, "route": route, **usual, **changes}


def fragment(**changes) -> dict:
    where = {"route": "/sites/{site}/_api/v2.0/drives/{drive}/items/{item}/uploadSession", "path": "/sites/s/_api/x"}
    return entry(**where, ru=0, **changes)


def test_each_contestant_is_counted_by_its_user_agent():
    entries = [entry(), entry(user_agent=THEIRS), entry(user_agent=THEIRS), entry(user_agent=MINE)]

    assert traffic_of(entries, by_the_app).requests == 1
    assert traffic_of(entries, by_rclone).requests == 2


def test_fragments_are_counted_apart_and_tokens_not_at_all():
    token = entry("POST", "/oauth2/v2.0/token", path="/t/oauth2/v2.0/token", ru=0)
    traffic = traffic_of([entry(), fragment(bytes_in=1000), token], by_the_app)

    assert (traffic.requests, traffic.fragments, traffic.units, traffic.writes) == (1, 1, 2, 2)
    assert (traffic.bytes_in, traffic.bytes_out) == (1100, 100)


def test_a_request_within_a_known_retry_after_is_early():
    refusal = entry(status=429, retry_after_s=5.0, began=10.0, at=10.1)
    under_way, early, late = (entry(began=at, at=at + 1) for at in (10.05, 12.0, 15.2))

    traffic = traffic_of([refusal, under_way, early, late], by_the_app)

    assert (traffic.refused, traffic.early) == (1, 1)


def test_a_file_is_complete_with_its_content_or_its_last_fragment():
    assert contents([entry(), fragment(status=202), fragment(status=201), entry(status=409), entry("GET")]) == 2


def test_routes_say_what_was_asked_the_most_frequent_first():
    assert by_route([entry("GET", "/a", status=200), entry(), entry()], by_the_app) == {
        "PUT /drives/{drive}/items/{item}:/{path}:/content 201": 2,
        "GET /a 200": 1,
    }


LOG = """
127.0.0.1 - - [x] "GET /devstoreaccount1/transfers/messages?numofmessages=8 HTTP/1.1" 200 -
127.0.0.1 - - [x] "POST /devstoreaccount1/transfers/messages HTTP/1.1" 201 -
127.0.0.1 - - [x] "POST /devstoreaccount1/$batch HTTP/1.1" 202 -
127.0.0.1 - - [x] "GET /devstoreaccount1/files(PartitionKey='a',RowKey='b') HTTP/1.1" 200 -
127.0.0.1 - - [x] "GET /devstoreaccount1/moment-cloud/c/f/name.bin HTTP/1.1" 206 -
127.0.0.1 - - [x] "GET /devstoreaccount1/bench-small/Folder%20000/file%2000001.bin HTTP/1.1" 200 -
127.0.0.1 - - [x] "GET /devstoreaccount1/bench-small?comp=list&restype=container HTTP/1.1" 200 -
127.0.0.1 - - [x] "GET /devstoreaccount1?comp=list HTTP/1.1" 200 -
127.0.0.1 - - [x] "GET /devstoreaccount1/transfers?comp=metadata HTTP/1.1" 200 -
"""


def test_storage_operations_are_told_apart_by_service_and_by_contestant():
    assert operations_of(LOG, of_rclone=False) == Operations(blobs=1, tables=2, messages=1, looks=1)
    assert operations_of(LOG, of_rclone=True) == Operations(blobs=2)
    assert operations_of(LOG, of_rclone=False).total == 4


def test_a_process_that_ended_meanwhile_counts_with_what_it_used():
    burn = "x = bytearray(80 << 20); sum(range(3_000_000)); print('ready', flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", burn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with Watch(lambda: {"burner": process.pid}) as watch:
        assert process.stdout is not None
        process.stdout.readline()
        while "burner" not in watch.uses() or watch.uses()["burner"].peak_bytes < 80 << 20:
            pass
        process.communicate("\n")

    assert watch.uses()["burner"].peak_bytes >= 80 << 20
    assert watch.uses()["burner"].cpu_s > 0
