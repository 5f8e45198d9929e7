"""What is deployed: the product, all of it, and nothing else."""

import re
from pathlib import Path

import pytest
import yaml

from tools.package.contents import FILES, FOLDERS, ROOT, contents, strangers

RULES = [
    line for line in (ROOT / ".funcignore").read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")
]


def files_of_the_product() -> set[str]:
    """What is there besides what compilers leave behind, or want alone."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}
    return FILES | {name for name in names if not name.endswith(".d.ts")}


def test_nothing_but_the_product_is_deployed():
    assert strangers(contents()) == []


def test_all_of_the_product_is_deployed():
    assert {packed.path for packed in contents()} == files_of_the_product()
    assert "static/docs/docs.css" in files_of_the_product()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder as a developer's may look, with this project's rules."""
    for name in (
        ".azure/moment/.env",
        ".env",
        ".git/config",
        ".github/workflows/check.yml",
        ".local/state.json",
        ".venv/lib/azure.py",
        "docs/deploy.md",
        "function_app.py",
        "functions/__pycache__/files.cpython-313.pyc",
        "functions/files.py",
        "host.json",
        "infra/main.bicep",
        "local.settings.json",
        "node_modules/azurite/package.json",
        "requirements-dev.txt",
        "requirements.in",
        "requirements.txt",
        "shared/graph/hosts.py",
        "static/docs/docs.css",
        "static/files/tools/one.js",
        "static/files/types.d.ts",
        "static/vendor/lit-html/LICENSE",
        "tests/package/test_contents.py",
        "tools/package/contents.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    (tmp_path / ".funcignore").write_text("\n".join(RULES), "utf-8")
    return tmp_path


def test_secrets_tests_tools_and_documents_stay_behind(project: Path):
    assert [packed.path for packed in contents(project)] == [
        "function_app.py",
        "functions/files.py",
        "host.json",
        "requirements.txt",
        "shared/graph/hosts.py",
        "static/docs/docs.css",
        "static/files/tools/one.js",
        "static/vendor/lit-html/LICENSE",
    ]


@pytest.mark.parametrize("name", ["key.pem", "export.csv", "shared/notes.txt", "functions/key.json", "LICENSE2"])
def test_what_lies_about_is_named(project: Path, name: str):
    (project / name).write_text("x", "utf-8")

    assert strangers(contents(project)) == [name]


@pytest.mark.parametrize("rule", RULES)
def test_each_reader_of_the_rules_reads_them_alike(rule: str):
    # azd's reader lets * run over slashes in a rule that begins with one, and misreads one that ends in a slash.
    assert re.fullmatch(r"/[\w.-]+|[\w.*-]+|/requirements-\*\.txt", rule)


def test_azd_packs_this_folder_and_has_it_built_in_azure():
    service = yaml.safe_load((ROOT / "azure.yaml").read_text("utf-8"))["services"]["app"]

    assert service == {"project": ".", "language": "python", "host": "function", "remoteBuild": True}
