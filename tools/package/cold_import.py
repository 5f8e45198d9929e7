"""What importing the app costs a new process: CPU seconds, modules, and the heaviest of them.

Measured as it is deployed: from a copy of the package alone, never compiled before (the deployed folder is read-only),
and without whatever only developers have installed, which libraries such as azure-core would take up where it is there.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tools.package.contents import ROOT, contents
from tools.package.pins import names_in

TARGET_S = 1.5

HEAVY = frozenset(
    {
        "aiohttp",
        "azure.identity.aio",
        "azure.storage.blob.aio",
        "multiprocessing",
        "olefile",
        "azure.monitor.opentelemetry",
        "opentelemetry.sdk",
        "pytest",
        "sqlite3",
        "tools",
        "unittest",
    }
)
"""Modules that the app needs later, rarely or never. Importing it is to leave them alone."""

_PROBE = """
import importlib.abc, json, sys, time
absent = set(json.loads(sys.argv[1]))
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
sys.path.insert(0, "")
wall, cpu = time.perf_counter(), time.process_time()
import function_app
print(json.dumps([time.process_time() - cpu, time.perf_counter() - wall, sorted(sys.modules)]))
"""


class NotImported(Exception):
    """The package alone can't be imported; the text is Python's."""


@dataclass(frozen=True, slots=True)
class ColdImport:
    """One import in a process of its own."""

    cpu_s: float
    wall_s: float
    modules: frozenset[str]
    """Names of all that is loaded afterwards."""
    heaviest: tuple[tuple[str, float], ...]
    """Libraries with the seconds that their own modules took, the most expensive first."""


def measure(root: Path = ROOT, heaviest: int = 0) -> ColdImport:
    """Import the package that `root` holds. With `heaviest`, so many libraries are timed too, which itself takes time.

    Raises NotImported.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy_package(root, Path(folder))
        options = ["-X", "importtime"] if heaviest else []
        done = subprocess.run(
            [sys.executable, *options, "-c", _PROBE, json.dumps(sorted(absent_modules(root)))],
            cwd=folder,
            env={"PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ.get("PATH", "")},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise NotImported(done.stderr.strip())
    cpu_s, wall_s, modules = json.loads(done.stdout)
    return ColdImport(cpu_s, wall_s, frozenset(modules), tuple(_times(done.stderr.splitlines()))[:heaviest])


def copy_package(root: Path, folder: Path) -> None:
    """Put the files of the package of `root` into a folder."""
    for packed in contents(root):
        target = folder / packed.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / packed.path, target)


def absent_modules(root: Path = ROOT) -> set[str]:
    """Top-level modules that are installed here and not where the app is deployed."""
    deployed = names_in(root / "requirements.txt")
    return {
        module
        for module, owners in metadata.packages_distributions().items()
        if not any(owner.lower().replace("_", "-") in deployed for owner in owners)
    }


def _times(lines: Iterable[str]) -> list[tuple[str, float]]:
    """Sums up by library what `-X importtime` says: 'import time: own µs | cumulative µs | name'."""
    found: Counter[str] = Counter()
    for line in lines:
        parts = line.partition("import time:")[2].split("|")
        if len(parts) == 3 and parts[0].strip().isdigit():
            found[_library(parts[2].strip())] += int(parts[0])
    return [(name, microseconds / 1_000_000) for name, microseconds in found.most_common()]


def _library(module: str) -> str:
    names = module.split(".")
    depth = 3 if names[:2] in (["azure", "storage"], ["azure", "data"]) else 2 if names[0] == "azure" else 1
    return ".".join(names[:depth])
