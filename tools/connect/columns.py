"""Moment's columns in the views of SharePoint, which Graph can't change: a script for the browser of a site's owner.

SharePoint's own REST API could do it, but takes applications only with a certificate, and the Azure CLI and the device
code have no token for it. Whoever is signed in to the site in a browser has all that is needed.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from shared.graph.wire import COLUMN_BODIES

_SCRIPT = Path(__file__).with_name("show_columns.js")


def script(site_url: str, columns: Sequence[str] = tuple(COLUMN_BODIES)) -> str:
    """The requests that show the columns in every library of a site, as a script."""
    text = _SCRIPT.read_text(encoding="utf-8")
    return text.replace('"SITE"', json.dumps(site_url)).replace('["COLUMNS"]', json.dumps(list(columns)))


def instructions(addresses: Sequence[str]) -> str:
    """For each site what to open and what to paste there; addresses are `hostname:/sites/path`."""
    urls = [f"https://{address.replace(':', '', 1)}" for address in addresses]
    return "\n".join(f"Open {url}, press F12, choose Console, and paste:\n\n{script(url)}" for url in urls)
