"""The package can be imported and run without anything that was left behind, and a start imports nothing early."""

import ast
import re
from pathlib import Path

import pytest
import requests

from tests.conftest import moments_storage
from tests.functions.conftest import host_settings
from tools.functions_host.running import LocalHost
from tools.package.cold_import import HEAVY, NotImported, absent_modules, copy_package, measure
from tools.package.contents import ROOT
from tools.sharepoint.running import LocalSharePoint


def test_the_package_alone_is_imported_without_heavy_modules():
    modules = measure().modules

    assert {"function_app", "functions.transfers", "shared.bootstrap"} <= modules
    assert sorted(modules & HEAVY) == []


def test_libraries_of_developers_are_told_from_those_that_are_deployed():
    absent = absent_modules()

    assert {"pytest", "aiohttp", "hypothesis", "mypy"} <= absent
    assert absent.isdisjoint({"azure", "cryptography", "msal", "msgspec", "olefile", "requests"})


def test_a_module_that_was_left_behind_is_named(tmp_path: Path):
    copy_package(ROOT, tmp_path)
    (tmp_path / ".funcignore").write_text("/shared\n", "utf-8")

    with pytest.raises(NotImported, match="No module named 'shared'"):
        measure(tmp_path)


def imported(path: Path) -> set[str]:
    """The top-level modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_what_is_imported_later_is_deployed_too():
    absent = absent_modules() | {"tools", "tests"}
    files = [ROOT / "function_app.py", *(ROOT / "functions").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]

    assert {str(file): names for file in files if (names := imported(file) & absent)} == {}


def test_the_package_alone_serves_the_page_and_everything_it_asks_for(tmp_path: Path):
    copy_package(ROOT, tmp_path)
    with (
        moments_storage() as storage,
        LocalSharePoint(tls=True) as sharepoint,
        LocalHost(app=tmp_path, settings=host_settings(storage, sharepoint)) as host,
    ):
        pages = {path: requests.get(f"{host.url}{path}", timeout=60) for path in ("/", "/api/docs", "/api/health")}
        assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
        asked = {
            link
            for page in ("/", "/api/docs")
            for link in re.findall(r'(?:href|src)="(/[^"#?]+\.(?:css|js|svg))"', pages[page].text)
        }
        assert any(link.endswith(".css") for link in asked)
        found = {link: requests.get(f"{host.url}{link}", timeout=60).status_code for link in asked}
    assert found == dict.fromkeys(asked, 200)
