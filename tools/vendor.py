"""Copies what the page needs of lit-html from node_modules into static/vendor, byte for byte: `python -m tools.vendor`.

The app serves these copies, so nothing is fetched or built at deployment. package.json pins the version;
tests/page/test_vendor.py compares. https://lit.dev/docs/v3/libraries/standalone-templates/
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "node_modules" / "lit-html"
TARGET = ROOT / "static" / "vendor" / "lit-html"
FILES = (
    "LICENSE",
    "lit-html.js",
    "directive.js",
    "directive-helpers.js",
    "directives/live.js",
    "directives/repeat.js",
)
"""The templates, the two directives that the page uses, and what these import."""


def main() -> None:
    """Copy them anew."""
    for name in FILES:
        (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SOURCE / name, TARGET / name)


if __name__ == "__main__":
    main()
