"""The page's modules: their types, that the document loads all of them at once, and that nothing breaks its policy."""

import gzip
import re
import subprocess
from pathlib import Path

from tests.page.sources import MODULES, ROOT, STATIC

INDEX = (STATIC / "index.html").read_text("utf-8")
MAX_LINES = 250
KIB = 1024


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def linked(kind: str) -> list[str]:
    return re.findall(rf'<(?:link|script)[^>]*{kind}[^>]*?(?:href|src)="{{{{base}}}}/([^"]+)"', INDEX)


def reached(start: Path, *, later: bool = False) -> set[Path]:
    """The modules that a module loads, and those that they load, and itself; `later`: what it loads on demand, too."""
    found, waiting = set(), [start]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            code = re.sub(r"/\*\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
            imports = re.findall(rf"""(?:from|import)\s*{r"\(?" if later else ""}["'](\.[^"']+)["']""", code)
            waiting += [(path.parent / each).resolve() for each in imports]
    return found


def test_the_types_of_the_modules_hold():
    checked = subprocess.run(["node_modules/.bin/tsc", "-p", "tsconfig.json"], cwd=ROOT, capture_output=True, text=True)
    assert checked.stdout == ""
    assert checked.returncode == 0


def test_every_module_is_checked():
    assert [
        path.name for path in MODULES.glob("*.js") if not path.read_text("utf-8").startswith("// @ts-check\n")
    ] == []


def test_the_document_loads_at_once_what_the_list_needs_and_no_other():
    preloaded = {(STATIC / each).resolve() for each in linked("modulepreload")}
    main = MODULES.resolve() / "main.js"

    assert preloaded == reached(main) - {main}
    assert linked('type="module"') == ["files/main.js"]


def test_every_module_and_style_is_used():
    loaded = {path.name for path in reached(MODULES.resolve() / "main.js", later=True)}
    assert {path.name for path in MODULES.glob("*.js")} == {name for name in loaded if (MODULES / name).exists()}
    assert {path.name for path in MODULES.glob("*.css")} == {Path(each).name for each in linked("stylesheet")}


def test_the_document_holds_no_script_and_no_style_of_its_own():
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", INDEX) == []


def test_no_module_uses_what_the_policy_forbids():
    forbidden = re.compile(
        r"\bstyle=|\.innerHTML|\.outerHTML|insertAdjacentHTML|unsafe(?:HTML|SVG|Static)|\beval\(|new Function"
    )
    assert [path.name for path in MODULES.glob("*.js") if forbidden.search(path.read_text("utf-8"))] == []


def test_modules_and_styles_stay_short():
    long = {
        path.name: lines
        for path in MODULES.iterdir()
        if (lines := len(path.read_text("utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_what_a_browser_loads_stays_small():
    vendor = sum(packed(path) for path in (STATIC / "vendor").rglob("*.js"))
    largest = max(MODULES.glob("*.js"), key=packed)

    assert vendor <= 7 * KIB
    assert packed(largest) <= 8 * KIB
