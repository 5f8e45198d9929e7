"""A certificate instead of the managed identity: its public part goes to the registration, and nothing else."""

import base64
import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.connect.conftest import Shell, Tenant, changes


def write(file: Path, days: int = 365, encoding: str = "pem") -> bytes:
    """A key and its certificate; gives the private part."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "moment")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - dt.timedelta(days=400)).not_valid_after(now + dt.timedelta(days=days))
    certificate = made.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = private + certificate.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(certificate.public_bytes(serialization.Encoding.DER) if encoding == "der" else pem)
    return private


def keys(tenant: Tenant) -> list[str]:
    answer = tenant.ask("GET", f"/applications/{tenant.application['id']}?$select=keyCredentials")
    return [each["key"] for each in answer["keyCredentials"]]


@pytest.mark.parametrize("encoding", ["pem", "der"])
def test_a_certificate_is_added_once_and_no_trust_is_made(shell: Shell, tenant: Tenant, sharepoint, encoding: str):
    file = shell.folder / "moment.pem"
    private = write(file, encoding=encoding)

    done = shell.connect("--certificate", str(file), "--identity", "")

    assert done.code == 0, done.err
    (key,) = keys(tenant)
    assert x509.load_der_x509_certificate(base64.b64decode(key)).subject.rfc4514_string() == "CN=moment"
    assert tenant.trusts == []
    secret = base64.b64decode("".join(private.decode().splitlines()[1:-1]))
    assert secret not in base64.b64decode(key)
    sharepoint.clear_requests()
    assert shell.connect("--certificate", str(file)).code == 0
    assert changes(sharepoint) == []


def test_a_new_certificate_leaves_the_one_before_valid(shell: Shell, tenant: Tenant):
    old, new = shell.folder / "old.pem", shell.folder / "new.pem"
    write(old)
    write(new)

    shell.connect("--certificate", str(old))
    done = shell.connect("--certificate", str(new), "--only", "trust")

    assert done.code == 0, done.err
    assert len(keys(tenant)) == 2


def test_a_dry_run_shows_a_certificate_in_short(shell: Shell):
    file = shell.folder / "moment.pem"
    write(file)

    done = shell.connect("--certificate", str(file), "--dry-run")

    assert "keyCredentials" in done.out
    assert "characters)" in done.out
    assert "PRIVATE KEY" not in done.out


@pytest.mark.parametrize("content", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAA\n"])
def test_a_file_that_is_no_certificate_is_said(shell: Shell, content: bytes):
    file = shell.folder / "moment.pem"
    file.write_bytes(content)

    done = shell.connect("--certificate", str(file))

    assert done.code == 2
    assert "can't be read as a certificate" in done.err


def test_a_file_that_is_missing_is_said(shell: Shell):
    done = shell.connect("--certificate", str(shell.folder / "none.pem"))

    assert done.code == 2
    assert "none.pem can't be read" in done.err


def test_a_certificate_that_ended_is_refused(shell: Shell, sharepoint):
    file = shell.folder / "moment.pem"
    write(file, days=-1)
    sharepoint.clear_requests()

    done = shell.connect("--certificate", str(file))

    assert done.code == 2
    assert "ended on" in done.err
    assert changes(sharepoint) == []
