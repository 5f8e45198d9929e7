"""Where the stack keeps things: everything below .local, which git ignores and `make clean` removes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
LOGS = LOCAL / "logs"
