"""Azurite as Azure is: over TLS and with Entra tokens, which it reads but does not verify (`--oauth basic`)."""

import base64
import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken

from tools.functions_host.azurite import find_azurite
from tools.sharepoint.certificates import server_context

_LISTENING = re.compile(r"Blob service successfully listens on (https://127\.0\.0\.1:\d+)")
_START_S = 60


class AnyoneToken:
    """A token credential whose tokens nobody signed."""

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        now = int(time.time())
        claims = {
            "aud": "https://storage.azure.com",
            "iss": "https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/",
            "iat": now - 60,
            "nbf": now - 60,
            "exp": now + 3600,
            "oid": "11059fcc-5514-4800-b5f8-49808b9cfab6",
            "tid": "ab1f708d-50f6-404c-a006-d71b2ac7a606",
        }
        return AccessToken(f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}.{_part({})}", claims["exp"])


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@contextmanager
def secure_azurite(folder: Path) -> Iterator[tuple[str, Path]]:
    """Gives the URL of its account and the authority that its certificate is from; only blobs."""
    authority, _ = server_context(folder)
    chain, log = str(folder / "server.pem"), folder / "log"
    beside = Path(find_azurite()).with_name("azurite-blob")
    command = [str(beside), "--blobPort", "0", "--oauth", "basic", "--cert", chain, "--key", chain]
    command += ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield f"{_address(process, log)}/devstoreaccount1", authority
    finally:
        process.terminate()
        process.wait(10)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < deadline:
        if found := _LISTENING.search(log.read_text(errors="replace")):
            return found.group(1)
        time.sleep(0.05)
    raise RuntimeError(f"Azurite did not start: {log.read_text(errors='replace')}")


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Its address and the authority to trust, once for a module."""
    with secure_azurite(tmp_path_factory.mktemp("secure")) as running:
        yield running
