"""What happened in a storm, line by line, for a person who has to find out why it failed."""

import threading
import time


class Story:
    """Lines of several threads in the order in which they were said; seconds count from its beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self.lines: list[str] = []

    def say(self, who: str, what: str, step: int | None = None) -> None:
        """Add a line; `step` is the number by which the step can be left out of a replay."""
        number = "" if step is None else f"#{step}"
        with self._lock:
            self.lines.append(f"{time.monotonic() - self._began:7.2f} s {number:>5}  {who:<10}  {what}")

    def text(self) -> str:
        """The whole story."""
        return "\n".join(self.lines)
