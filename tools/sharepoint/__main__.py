"""``python -m tools.sharepoint``: start the local SharePoint on a port."""

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
from pathlib import Path

from tools.sharepoint.options import Options
from tools.sharepoint.server import SharePointServer
from tools.sharepoint.state.identifiers import FIRST_SITE
from tools.sharepoint.state.sites import is_site_path

PORT_TAKEN = 2


def read_options(arguments: list[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.sharepoint", description=__doc__)
    parser.add_argument("--port", type=int, default=7072, help="plain HTTP; 0 takes a free port")
    parser.add_argument("--tls", action="store_true", help="serve HTTPS as well")
    parser.add_argument("--tls-port", type=int, default=7073, help="HTTPS; 0 takes a free port")
    parser.add_argument("--state", type=Path, help="folder to keep everything in; without it nothing is kept")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="delay of every answer")
    parser.add_argument("--ru-per-minute", type=int, default=0, help="resource units; 0 throttles nobody")
    parser.add_argument("--ru-per-day", type=int, default=0, help="resource units; 0 throttles nobody")
    parser.add_argument("--rewrite-office", choices=("on", "off"), default="on", help="change files after upload")
    parser.add_argument("--site", action="append", help=f"path of a site, {FIRST_SITE}; may be given more than once")
    parser.add_argument("--log", action="store_true", help="print every request")
    given = vars(parser.parse_args(arguments))
    sites = given.pop("site") or [FIRST_SITE]
    if not all(is_site_path(each) for each in sites):
        parser.error("--site must look like /sites/name")
    return Options(**{**given, "sites": tuple(sites), "rewrite_office": given["rewrite_office"] == "on"})


async def serve(options: Options, folder: Path) -> int:
    """Run until SIGTERM or SIGINT; return the exit code."""
    server = SharePointServer(options, folder)
    try:
        await server.start()
    except OSError as error:
        print(f"The local SharePoint cannot listen: {error.strerror or error}", file=sys.stderr)
        print("Choose another port with --port and --tls-port, or 0 for a free one.", file=sys.stderr)
        with contextlib.suppress(Exception):
            await server.stop()
        return PORT_TAKEN
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    tls = f" {server.tls_url} ca={server.ca_path}" if server.tls_url else ""
    print(f"READY {server.url}{tls}", flush=True)
    await stopped.wait()
    await server.stop()
    return 0


def main() -> int:
    """Start, and remove the temporary folder afterwards if no state is to be kept."""
    options = read_options()
    if options.state is not None:
        options.state.mkdir(parents=True, exist_ok=True)
        return asyncio.run(serve(options, options.state))
    with tempfile.TemporaryDirectory(prefix="sharepoint-") as folder:
        return asyncio.run(serve(options, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
