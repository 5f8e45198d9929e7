"""What leaves the process, as Application Insights receives it: the real exporter, and an endpoint on loopback."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KEY = "7d4a1f0e-0000-4000-8000-00000000f001"
PROBE = """
import logging
from datetime import UTC, datetime, timedelta
import function_app
from shared.model.directory import Links
from shared.model.files import FileRecord
from shared.model.stored import BlobFacts
from shared.telemetry import message_taken, transferring

now = datetime(2026, 11, 27, 12, tzinfo=UTC)
facts = BlobFacts("c1/f1/secret name.txt", "e", 5, "text/plain", {}, now - timedelta(seconds=60))
record = FileRecord("c1", "f1", "secret name.txt", "secret name.txt", Links("c1"), now, now)
message_taken("changes", 3.5)
with transferring(record, facts, lambda: now):
    logging.getLogger("urllib3.connectionpool").warning("https://upload?sig=SECRET")
    logging.getLogger("azure.core").error("https://upload?sig=SECRET")
"""
WITHOUT = """
import json, sys
import function_app
print(json.dumps([name for name in sys.modules if name.startswith(("opentelemetry.sdk", "azure.monitor"))]))
"""


class Ingestion:
    """Takes what an Application Insights resource takes. `items` are the telemetry items, in order."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        items = self.items

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                got = json.loads(body)
                items.extend(got)
                answer = json.dumps({"itemsReceived": len(got), "itemsAccepted": len(got), "errors": []}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [each["data"]["baseData"] for each in self.items if each["data"]["baseType"] == kind]


@pytest.fixture
def ingestion() -> Iterator[Ingestion]:
    found = Ingestion()
    threading.Thread(target=found.server.serve_forever, daemon=True).start()
    yield found
    found.server.shutdown()
    found.server.server_close()


def run(code: str, home: Path, **environ: str) -> str:
    settings = {"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ["PATH"]} | environ
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=settings, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_line_a_metric_and_a_span_arrive_as_the_alerts_and_queries_read_them(ingestion: Ingestion, tmp_path: Path):
    port = ingestion.server.server_address[1]
    run(
        PROBE,
        tmp_path,
        APPLICATIONINSIGHTS_CONNECTION_STRING=f"InstrumentationKey={KEY};IngestionEndpoint=http://127.0.0.1:{port}/",
        APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL="true",
        APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED="true",
        WEBSITE_SITE_NAME="func-moment",
    )

    (line,) = ingestion.of("MessageData")
    assert line["message"] == "transfer ended"
    told = line["properties"]
    assert (told["customer"], told["file"], told["size_bytes"], told["took_s"]) == ("c1", "f1", "5", "0.0")
    (span,) = ingestion.of("RemoteDependencyData")
    assert (span["name"], span["properties"]["file"]) == ("transfer", "f1")
    ids = {
        each["data"]["baseType"]: each["tags"]["ai.operation.id"]
        for each in ingestion.items
        if "Metric" not in each["name"]
    }
    assert ids["MessageData"] == ids["RemoteDependencyData"] != "0" * 32
    ours = {each["metrics"][0]["name"]: each for each in ingestion.of("MetricData")}
    age = ours["moment.queue.age"]
    assert (age["properties"]["queue"], age["metrics"][0]["value"], age["metrics"][0]["count"]) == ("changes", 3.5, 1)
    roles = {each["tags"]["ai.cloud.role"] for each in ingestion.items if "moment." in str(each) or "f1" in str(each)}
    assert roles == {"func-moment"}
    everything = json.dumps(ingestion.items)
    assert "SECRET" not in everything
    assert "secret name" not in everything


def test_a_connection_string_that_is_none_stops_nothing(tmp_path: Path):
    answer = run(
        "import function_app, shared.bootstrap.exporting as e; print(e.start_exporting())",
        tmp_path,
        APPLICATIONINSIGHTS_CONNECTION_STRING="nonsense",
    )

    assert answer.strip() == "False"


def test_without_a_connection_string_none_of_it_is_even_imported(tmp_path: Path):
    assert json.loads(run(WITHOUT, tmp_path)) == []
