"""docs/threat-model.md names tests that exist."""

import ast
import re

import pytest

from tools.package.contents import ROOT

TEXT = (ROOT / "docs/threat-model.md").read_text("utf-8")
THREATS = [line for line in TEXT.partition("## Threats")[2].partition("\n## ")[0].splitlines() if line.startswith("| ")]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[test for _, test in NAMED])
def test_each_named_test_exists(file: str, test: str):
    tree = ast.parse((ROOT / file).read_text("utf-8"))

    assert test in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


@pytest.mark.parametrize("row", THREATS[1:], ids=lambda row: row.split("|")[1].strip())
def test_each_threat_names_what_stands_against_it_and_a_test(row: str):
    _, threat, stands, shown, _ = row.split("|")

    assert threat.strip()
    assert stands.strip()
    assert re.search(r"`tests/[\w/]+\.py::test_\w+`", shown)


WORDS = ("principal", "notification", "upload URL", "names", "SSRF", "Flood", "HTML", "CSV", "queue")


@pytest.mark.parametrize("word", WORDS)
def test_the_threats_that_were_asked_for_are_there(word: str):
    assert any(word in row for row in THREATS)
