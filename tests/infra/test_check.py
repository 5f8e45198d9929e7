"""`python -m tools.infra check` finds what would show only in Azure."""

import shutil
from pathlib import Path

import pytest

from tools.infra.bicep import INFRA, files
from tools.infra.check import check, problems
from tools.infra.symbols import names
from tools.infra.symbols import problems as name_problems


def test_every_file_of_infra_is_well():
    said: list[str] = []

    code = check(said.append)

    assert (code, [line for line in said if not line.endswith(": ok")]) == (0, [])
    assert len(said) == len(files()) + 1


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """infra/ and what it loads, to be damaged."""
    shutil.copytree(INFRA, tmp_path / "infra")
    shutil.copy(INFRA.parent / "host.json", tmp_path)
    return tmp_path / "infra"


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("main.bicep", "vnetEnabled ? network", "vnetEnabled ? netwerk", "'netwerk' is not declared"),
        ("main.bicep", "identity.outputs.clientId", "identity.outputs.client", "'identity' has no output 'client'"),
        ("main.bicep", "isPrivate: vnetEnabled", "private: vnetEnabled", "'hostStorage' lacks 'isPrivate'"),
        ("main.bicep", "isPrivate: vnetEnabled", "private: vnetEnabled", "'hostStorage' has no parameter 'private'"),
        ("main.bicep", "modules/roles.bicep", "modules/rolls.bicep", "'modules/rolls.bicep' is not there"),
        ("main.bicep", "@description('Tags of your own", "var idle = 'x'\n@description('Tags", "'idle' is never used"),
        ("main.bicep", "param appSettings object = {}", "param appSettings object = {", "does not parse"),
        ("modules/workbook.bicep", "../workbook.json", "../book.json", "'book.json' is loaded, and is not there"),
        (
            "modules/app.bicep",
            "'ClientId=${identityClientId}",
            "'ClientId=${identityClient}",
            "'identityClient' is not",
        ),
        ("main.parameters.json", '"tags"', '"tagged"', "main.bicep has no parameter 'tagged'"),
        ("main.parameters.json", '"sharePointSites"', '"sites"', "lacks 'sharePointSites'"),
    ],
)
def test_a_damage_is_named(copied: Path, file: str, old: str, new: str, found: str):
    path = copied / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    said: list[str] = []

    if found == "does not parse":
        assert any(found in problem for problem in problems(path))
        return
    code = check(said.append, copied)

    assert code == 1
    assert any(found in line for line in said), said


def test_names_are_told_from_keys_properties_functions_and_texts():
    text = """
param place string // not a_comment
var rules = [for rule in others: {
  name: rule.inner
  'odata.type': empty(place) ? first : 'no ${deep[index]} ${toLower('${deepest}')} name'
}]
var query = '''
traces | where nothing
'''
"""

    assert set(names(text)) == {"rule", "others", "place", "first", "deep", "index", "deepest"}
    assert name_problems(text) == [
        "'deep' is not declared",
        "'deepest' is not declared",
        "'first' is not declared",
        "'index' is not declared",
        "'others' is not declared",
        "'query' is never used",
        "'rules' is never used",
    ]
