"""How the page and its files are served; what people do with it: tests/page."""

import re

import pytest
import requests

from tests.functions.conftest import ROOT, Api
from tools.functions_host.running import LocalHost


def opened(host: LocalHost, path: str = "/", **headers: str) -> requests.Response:
    return requests.get(f"{host.url}{path}", headers=headers, timeout=60, allow_redirects=False)


def links_in(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_the_page_lets_in_nothing_from_other_hosts_and_turns_no_text_into_code(host: LocalHost, api: Api):
    answer = opened(host)
    rules = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == f"'self' {api.call('GET', 'me').json()['uploadOrigin']}"
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["frame-ancestors"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "{{" not in answer.text


def test_the_page_is_asked_for_again_and_answered_in_a_word(host: LocalHost):
    first = opened(host)

    assert first.headers["Cache-Control"] == "no-cache"
    assert opened(host, **{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_every_file_that_the_page_names_is_there_and_kept_for_ever(host: LocalHost):
    links = links_in(opened(host).text)

    assert any(each.endswith("/files/main.js") for each in links)
    for each in links:
        answer = opened(host, each)
        assert answer.status_code == 200, each
        assert "immutable" in answer.headers["Cache-Control"]
        name = each.split("/", 3)[3]
        assert answer.content == (ROOT / "static" / name).read_bytes()


def test_files_are_sent_packed_to_who_takes_it(host: LocalHost):
    link = next(each for each in links_in(opened(host).text) if each.endswith("main.js"))

    packed = opened(host, link, **{"Accept-Encoding": "gzip"})
    plain = opened(host, link, **{"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content


@pytest.mark.parametrize(
    "path",
    ["files/none.js", "../host.json", "%2e%2e/host.json", "..%2fhost.json", "index.html", "", "files"],
)
def test_nothing_else_is_served(host: LocalHost, path: str):
    base = links_in(opened(host).text)[0].split("/")[2]
    assert opened(host, f"/static/{base}/{path}").status_code == 404


def test_the_files_of_another_release_are_gone(host: LocalHost):
    assert opened(host, "/static/000000000000/files/main.js").status_code == 404
