"""Reads single values from an environment that it is given, and gathers what is wrong with them."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit


class Reader:
    """Reads values and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The value without spaces at its ends."""
        return self._environ.get(name, "").strip() or default

    def required(self, name: str, meaning: str) -> str:
        """A value that must be there; `meaning` says what it is."""
        value = self.text(name)
        if not value:
            self.problems.append(f"{name} is missing: {meaning}")
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        raw = self.text(name, str(default))
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            self.problems.append(f"{name} must be a whole number from {low} to {high}, not {raw!r}")
            return default
        return int(raw)

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        raw = self.text(name, str(default)).lower()
        if raw not in {"true", "false"}:
            self.problems.append(f"{name} must be true or false, not {raw!r}")
        return raw == "true"

    def url(self, name: str, default: str) -> str:
        """An address without a slash at its end."""
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        loopback = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
            self.problems.append(f"{name} must be an https URL (http only for this machine), not {value!r}")
        return value

    def check(self, name: str, fault: str, is_good: Callable[[str], bool]) -> str:
        """A value that has to pass a check where it is given."""
        value = self.text(name)
        if value and not is_good(value):
            self.problems.append(f"{name} {fault}, not {value!r}")
        return value
