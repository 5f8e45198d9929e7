"""docs/deploy.md tells of everything that a person can set, gets, or gives away."""

import re

import pytest

from tests.infra.templates import main, module, words
from tools.infra.bicep import INFRA, ROOT

DEPLOY = (ROOT / "docs/deploy.md").read_text("utf-8")
SETTINGS_LEFT_OUT = ("MOMENT_STORAGE", "GRAPH_CLIENT_SECRET", "GRAPH_CA_BUNDLE", "DEVELOPMENT_USER")


def rows(heading: str) -> list[str]:
    """The rows of the tables below a heading."""
    section = re.split(rf"^##+ {heading}$", DEPLOY, flags=re.MULTILINE)[1]
    return [line for line in re.split(r"^##+ ", section, flags=re.MULTILINE)[0].splitlines() if line.startswith("|")]


@pytest.mark.parametrize("name", sorted(main().parameters))
def test_every_parameter_is_explained(name: str):
    assert any(f"`{name}`" in row.split("|")[1] for row in rows("Parameters"))


@pytest.mark.parametrize("name", sorted(main().outputs))
def test_every_output_is_explained(name: str):
    assert any(f"`{name}`" in row.split("|")[1] for row in rows("Outputs"))


@pytest.mark.parametrize("path", sorted((INFRA / "modules").glob("*.bicep")), ids=lambda path: path.stem)
def test_every_module_is_named(path):
    assert any(f"{path.stem}.bicep" in row for row in rows("What is made"))


def test_every_role_is_in_the_table():
    told = [row for row in rows("Who may what") if "Role" not in row and "---" not in row]

    assert len(told) == len(module("roles").value("hostRoles")) + len(module("roles").value("momentRoles")) + 2


def test_defaults_are_those_of_the_template():
    (row,) = [row for row in rows("Parameters") if "`softDeleteDays`" in row]
    defaults = [main().parameters[name]["default"] for name in ("softDeleteDays", "versionDays")]

    assert f"| {defaults[0]}, {defaults[1]} |" in row
    assert f"at least {defaults[0]} days and at most {sum(defaults)}" in words(DEPLOY)


def written(default: object) -> str:
    """A default as the document writes it."""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if default in ([], {}):
        return "`[]`" if isinstance(default, list) else "`{}`"
    if default == "":
        return "empty"
    return str(default) if isinstance(default, int) else f"`{default}`"


@pytest.mark.parametrize("name", sorted(set(main().parameters) - {"softDeleteDays", "versionDays", "graphTenantId"}))
def test_a_default_is_told_as_it_is(name: str):
    (row,) = [row for row in rows("Parameters") if f"`{name}`" in row.split("|")[1]]
    default = main().parameters[name]["default"]

    assert row.split("|")[3].strip() == ("asked for" if default is None else written(default))


@pytest.mark.parametrize("name", SETTINGS_LEFT_OUT)
def test_settings_that_are_left_out_in_azure_are_named(name: str):
    sentence = words(DEPLOY).partition("Left out in Azure:")[2].partition("`PUBLIC_URL`")[0]

    assert f"`{name}`" in sentence
