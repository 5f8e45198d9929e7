"""The public part of a certificate from a file: PEM (also one that holds the private key) or DER.

https://learn.microsoft.com/graph/applications-how-to-add-certificate
"""

import base64
from datetime import UTC, datetime
from pathlib import Path

from tools.connect.wanted import Certificate


class NoCertificate(Exception):
    """The file holds none that can be used; the message says what to do."""


def read_certificate(file: Path, now: datetime | None = None) -> Certificate:
    """The certificate of a file. A private key beside it is not looked at. Raises NoCertificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        content = file.read_bytes()
        is_pem = b"-----BEGIN CERTIFICATE-----" in content
        found = x509.load_pem_x509_certificate(content) if is_pem else x509.load_der_x509_certificate(content)
    except (OSError, ValueError) as failure:
        raise NoCertificate(
            f"{file} can't be read as a certificate ({type(failure).__name__}). It has to be a .pem with BEGIN "
            "CERTIFICATE, or a .cer; of a .pfx: openssl pkcs12 -in FILE.pfx -nokeys -out FILE.pem"
        ) from failure
    ends = found.not_valid_after_utc
    if ends <= (now or datetime.now(UTC)):
        raise NoCertificate(f"The certificate in {file} ended on {ends:%Y-%m-%d}: make a new one (docs/connect.md).")
    der = found.public_bytes(Encoding.DER)
    return Certificate(base64.b64encode(der).decode(), found.subject.rfc4514_string()[:90], ends.isoformat())
