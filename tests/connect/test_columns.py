"""Moment's columns in the views: the script that a site's owner runs in the browser."""

import shutil
import subprocess

from tests.connect.conftest import Shell
from tests.connect.sharepoint_rest import Library, SharePointRest
from tools.connect.columns import script

OURS = ["momentActivity", "momentYear", "momentPeriod", "momentTags"]
NODE = str(shutil.which("node"))


def run(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([NODE, "-e", script(url)], capture_output=True, text=True, check=False, timeout=120)


def test_columns_are_shown_where_a_library_has_them_and_once():
    libraries = {
        "1": Library("Nordlicht", ["Title", *OURS], ["LinkFilename", "momentTags"]),
        "2": Library("Documents", ["Title"], ["LinkFilename"]),
    }
    with SharePointRest(libraries) as url:
        first, second = run(url), run(url)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert libraries["1"].shown == ["LinkFilename", "momentTags", "momentActivity", "momentYear", "momentPeriod"]
    assert libraries["2"].shown == ["LinkFilename"]
    assert "Nordlicht: added momentActivity, momentYear, momentPeriod" in first.stdout
    assert "Nordlicht: nothing to add" in second.stdout


def test_whoever_may_not_edit_the_view_is_told():
    with SharePointRest({"1": Library("Nordlicht", OURS, [])}, refuse=True) as url:
        done = run(url)

    assert done.returncode != 0
    assert "403" in done.stderr
    assert "Access denied." in done.stderr


def test_the_script_is_shown_for_each_site_and_nothing_is_asked(shell: Shell, sharepoint):
    sharepoint.clear_requests()

    done = shell.connect("--show-columns", sites="contoso.sharepoint.com:/sites/a,contoso.sharepoint.com:/sites/b")

    assert done.code == 0
    assert "Open https://contoso.sharepoint.com/sites/a, press F12" in done.out
    assert 'const site = "https://contoso.sharepoint.com/sites/b";' in done.out
    assert all(f'"{name}"' in done.out for name in OURS)
    assert sharepoint.requests() == []
