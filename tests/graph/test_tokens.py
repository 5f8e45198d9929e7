"""Tokens through msal as it is, from the local SharePoint's token endpoint over TLS."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from shared.errors import Unavailable
from shared.graph.connect import credentials_of
from shared.graph.tokens import REFUSED_DELAY_S, MsalTokens
from tests.graph.conftest import settings_for
from tests.graph.scripted_server import Answer, ScriptedServer


@pytest.fixture
def credentials(sharepoint):
    return credentials_of(settings_for(sharepoint))


def token_requests(sharepoint):
    return [each for each in sharepoint.requests() if each["path"].endswith("/oauth2/v2.0/token")]


def test_a_token_is_fetched_with_a_secret_and_kept(credentials, sharepoint):
    tokens = MsalTokens(credentials, time.monotonic)

    assert tokens.get() == tokens.get() != ""
    assert len(token_requests(sharepoint)) == 1


def test_threads_fetch_one_token(credentials, sharepoint):
    tokens = MsalTokens(credentials, time.monotonic)

    with ThreadPoolExecutor(16) as pool:
        got = set(pool.map(lambda _: tokens.get(), range(16)))

    assert len(got) == 1
    assert len(token_requests(sharepoint)) == 1


def test_a_rejected_token_is_replaced_once_for_all_threads(credentials, sharepoint):
    tokens = MsalTokens(credentials, time.monotonic)
    rejected = tokens.get()

    with ThreadPoolExecutor(16) as pool:
        got = set(pool.map(lambda _: tokens.renew(rejected), range(16)))

    assert len(got) == 1
    assert rejected not in got
    assert len(token_requests(sharepoint)) == 2


def test_an_authority_that_is_not_trusted_is_unavailable(credentials):
    with pytest.raises(Unavailable, match="Entra"):
        MsalTokens(replace(credentials, verify=True), time.monotonic).get()


def test_an_authority_that_can_not_be_reached_is_unavailable(credentials):
    with pytest.raises(Unavailable, match="Entra"):
        MsalTokens(replace(credentials, authority_url="https://127.0.0.1:1"), time.monotonic).get()


def test_a_refused_identity_waits_for_an_administrator(credentials, sharepoint):
    sharepoint.fault({"match": {"method": "POST", "path": "/oauth2/v2.0/token"}, "then": {"status": 401}})

    with pytest.raises(Unavailable, match="administrator") as refused:
        MsalTokens(credentials, time.monotonic).get()

    assert refused.value.delay_s == REFUSED_DELAY_S


@pytest.mark.parametrize("path", ["/oauth2/v2.0/token", "openid-configuration"])
def test_an_authority_that_fails_is_unavailable(credentials, sharepoint, path):
    sharepoint.fault({"match": {"path": path}, "times": 9, "then": {"status": 500}})

    with pytest.raises(Unavailable):
        MsalTokens(credentials, time.monotonic).get()


def test_a_certificate_that_is_missing_is_unavailable(credentials, tmp_path):
    missing = replace(credentials, client_secret=None, certificate=str(tmp_path / "none.pem"))

    with pytest.raises(Unavailable):
        MsalTokens(missing, time.monotonic).get()


def test_a_refused_identity_is_not_asked_for_again_at_once(graph, sharepoint):
    sharepoint.fault({"match": {"method": "POST", "path": "/oauth2/v2.0/token"}, "times": 9, "then": {"status": 401}})

    with pytest.raises(Unavailable, match="administrator"):
        graph.find_item("b!x", "root")

    assert len(token_requests(sharepoint)) == 1


def test_a_certificate_proves_who_the_app_is(credentials, tmp_path):
    path = tmp_path / "app.pem"
    path.write_bytes(a_certificate())

    tokens = MsalTokens(replace(credentials, client_secret=None, certificate=str(path)), time.monotonic)

    assert tokens.get()


def test_a_certificate_may_be_given_as_text_and_comes_before_the_identity(credentials):
    text = a_certificate().decode()
    identity = {"client_secret": None, "managed_identity_client_id": "an identity that does not answer here"}

    assert MsalTokens(replace(credentials, **identity, certificate=text), time.monotonic).get()


def test_a_file_without_a_certificate_is_unavailable(credentials, tmp_path):
    path = tmp_path / "app.pem"
    path.write_text("not a certificate")

    with pytest.raises(Unavailable):
        MsalTokens(replace(credentials, client_secret=None, certificate=str(path)), time.monotonic).get()


def test_a_managed_identity_stands_for_the_app(credentials, monkeypatch):
    """The identity endpoint of Azure's hosts (App Service and Functions) gives a token for the exchange."""
    assertion = jwt.encode({"sub": "identity", "aud": "api://AzureADTokenExchange"}, "k" * 32, algorithm="HS256")
    answer = Answer(
        200, {"access_token": assertion, "expires_on": str(int(time.time()) + 3600), "token_type": "Bearer"}
    )
    with ScriptedServer(answer) as identity:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{identity.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "header")
        tokens = MsalTokens(replace(credentials, client_secret=None, managed_identity_client_id="m1"), time.monotonic)

        assert tokens.get()

    assert "resource=api%3A%2F%2FAzureADTokenExchange" in identity.asked[0].path
    assert "client_id=m1" in identity.asked[0].path


def test_a_managed_identity_that_is_missing_is_unavailable(credentials, monkeypatch):
    with ScriptedServer(Answer(400, {"statusCode": 400, "message": "No identity"})) as identity:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{identity.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "header")
        tokens = MsalTokens(replace(credentials, client_secret=None, managed_identity_client_id="m1"), time.monotonic)

        with pytest.raises(Unavailable):
            tokens.get()


def a_certificate() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "moment")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
