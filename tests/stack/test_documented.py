"""What the project says about itself: settings, commands and links are written down where a person looks for them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from shared.settings import STORAGE_CONNECTION, Settings
from tools.stack.app_settings import app_settings, connection_string
from tools.stack.ports import USUAL

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
EXAMPLE = json.loads((ROOT / "local.settings.json.example").read_text(encoding="utf-8"))["Values"]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


GIVEN_BY_THE_PLATFORM = {"WEBSITE_AUTH_ENABLED", "WEBSITE_HOSTNAME", "WEBSITE_INSTANCE_ID"}


def names_of_settings() -> set[str]:
    """Every name that shared/settings reads and a person sets."""
    source = "".join(each.read_text(encoding="utf-8") for each in (ROOT / "shared/settings").glob("*.py"))
    read = re.findall(r"\.(?:text|required|number|flag|url|check|get)\(\s*\"([A-Z][A-Z0-9_]+)\"", source)
    suffixes = re.findall(r"\{name\}(__\w+)", source)
    names = {*read, STORAGE_CONNECTION, *(f"{STORAGE_CONNECTION}{suffix}" for suffix in suffixes)}
    return names - GIVEN_BY_THE_PLATFORM


def test_the_names_are_found():
    assert {
        "GRAPH_TENANT_ID",
        "FRAGMENT_BYTES",
        "BLOB_TRIGGER_SOURCE",
        "MOMENT_STORAGE__clientId",
    } <= names_of_settings()


@pytest.mark.parametrize("name", sorted(names_of_settings()))
def test_every_setting_is_in_the_example_and_in_the_readme(name: str):
    assert name in EXAMPLE
    assert f"`{name}`" in README


def test_the_example_is_usable_as_it_is():
    settings = Settings.from_environ(EXAMPLE)

    assert settings.transfer == Settings.from_environ({k: v for k, v in EXAMPLE.items() if "BYTES" not in k}).transfer


def test_the_stack_gives_the_app_what_it_needs():
    storage = connection_string(USUAL)

    host_url = "http://127.0.0.1:7071"
    values = app_settings(storage, "http://127.0.0.1:7072", "https://localhost:7073", Path("ca.pem"), host_url)

    settings = Settings.from_environ(values)
    assert settings.storage.connection_string == storage
    assert settings.follow.public_url == host_url
    assert set(values) <= set(EXAMPLE)


def test_every_command_of_the_documents_exists():
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    told = {name for file in DOCUMENTS for name in re.findall(r"(?:`|    )make ([a-z-]+)", file.read_text("utf-8"))}

    assert {"run", "demo", "test", "lint"} <= told <= targets
    assert len(targets) <= 17


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(file: Path):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text(encoding="utf-8"))

    assert [target for target in targets if not (file.parent / target).exists()] == []


def test_a_missing_python_or_node_is_named_with_where_to_get_it(tmp_path: Path):
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/setup.sh", tmp_path / "tools")
    for needed in ("sh", "dirname", "rm"):
        (tmp_path / needed).symlink_to(str(shutil.which(needed)))

    def set_up(what: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", "tools/setup.sh", what]
        return subprocess.run(command, cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, text=True)

    python, node = set_up("python"), set_up("node")

    assert (python.returncode, node.returncode) == (1, 1)
    assert "Python 3.13 was not found" in python.stderr
    assert "Install Node 20 or later" in node.stderr
