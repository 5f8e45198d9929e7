"""Others' work that is deployed: whether holes are known in it (pip-audit, npm audit), and a list of it (CycloneDX).

The programs for that live in an environment of their own, pinned with hashes in requirements-audit.txt, so that nobody
who only runs the tests has to install them. Both audits ask a database on the internet.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tools.package.contents import ROOT
from tools.package.licences import copies

ENVIRONMENTS = ROOT / ".local" / "package"
SBOM = ENVIRONMENTS / "sbom.json"
PINNED = ("requirements.txt", "requirements-dev.txt", "requirements-audit.txt")
_UV = ROOT / ".venv" / "bin" / "uv"


def audit(say: Callable[[str], None]) -> int:
    """Look up each pinned package, deployed or used by developers; gives 1 where one has a known hole."""
    programs = environment("audit", "requirements-audit.txt")
    commands: list[Sequence[str | Path]] = [
        *(_pip_audit(programs, name) for name in PINNED),
        ["npm", "audit", "--audit-level=high"],
    ]
    failed = 0
    for command in commands:
        words = [word.name if isinstance(word, Path) else word for word in command]
        say(" ".join(words))
        failed += subprocess.run(command, cwd=ROOT, check=False).returncode != 0
    return 1 if failed else 0


def _pip_audit(programs: Path, requirements: str) -> Sequence[str | Path]:
    # The pins are whole: nothing is to be resolved or downloaded.
    return [programs / "pip-audit", "--strict", "--disable-pip", "--no-deps", "-r", requirements]


def write_sbom(path: Path = SBOM) -> Path:
    """List what is deployed, with versions, licences and what needs what: CycloneDX 1.6; gives the file."""
    programs = environment("audit", "requirements-audit.txt")
    deployed = environment("deployed", "requirements.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    options: list[str | Path] = ["--output-reproducible", "--sv", "1.6", "--pyproject", "pyproject.toml", "-o", path]
    _run([programs / "cyclonedx-py", "environment", *options, deployed / "python"])
    document = json.loads(path.read_text(encoding="utf-8"))
    document["components"] += [_copied(folder) for folder in copies()]
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return path


def _copied(folder: Path) -> dict[str, Any]:
    """A library of the page as a component: its files lie in the project, its version in package-lock.json."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    said = lock["packages"][f"node_modules/{folder.name}"]
    purl = f"pkg:npm/{folder.name}@{said['version']}"
    return {
        "bom-ref": purl,
        "type": "library",
        "name": folder.name,
        "version": said["version"],
        "purl": purl,
        "licenses": [{"license": {"id": said["license"]}}],
    }


def environment(name: str, requirements: str) -> Path:
    """An environment that holds exactly this file's packages; gives the folder of its programs."""
    place = ENVIRONMENTS / name
    if not (place / "bin" / "python").exists():
        _run([_UV, "venv", "--quiet", "--python", sys.executable, place])
    _run([_UV, "pip", "sync", "--quiet", "--require-hashes", "--python", place / "bin" / "python", requirements])
    return place / "bin"


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(command, cwd=ROOT, check=True)
