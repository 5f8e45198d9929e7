"""The GitHub workflows as they are parsed, and small ways to look at them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.package.contents import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@cache
def parsed(path: Path) -> dict[Any, Any]:
    return yaml.safe_load(path.read_text("utf-8"))


def workflow(name: str) -> dict[Any, Any]:
    return parsed(ROOT / ".github/workflows" / f"{name}.yml")


def jobs() -> list[tuple[str, dict[str, Any]]]:
    """Every job, with 'file:job' as its name."""
    return [(f"{path.stem}:{name}", job) for path in WORKFLOWS for name, job in parsed(path)["jobs"].items()]


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in jobs():
        for step in job.get("steps", []):
            yield name, step


def commands() -> list[str]:
    """Every line that a shell runs."""
    return [line.strip() for _, step in steps() for line in step.get("run", "").splitlines() if line.strip()]
