"""Chooses ports: the usual ones, so that bookmarks hold, and free ones in place of those that are busy."""

import socket
from collections.abc import Callable, Mapping

USUAL = {
    "blob": 10000,
    "queue": 10001,
    "table": 10002,
    "host": 7071,
    "sharepoint": 7072,
    "sharepoint-tls": 7073,
}


def choose_ports(usual: Mapping[str, int], say: Callable[[str], None]) -> dict[str, int]:
    """A free port for each name; says which usual ones are busy."""
    chosen: dict[str, int] = {}
    for name, port in usual.items():
        if is_free(port):
            chosen[name] = port
        else:
            chosen[name] = free_port(taken={*usual.values(), *chosen.values()})
            say(f"Port {port} ({name}) is busy, so it is {chosen[name]} this time.")
    return chosen


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(taken: set[int]) -> int:
    """A free port that is not in `taken`."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port
