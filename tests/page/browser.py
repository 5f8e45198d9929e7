"""A real Chromium for the tests of the page, driven by Playwright: https://playwright.dev/python/docs/library.

Every line that the browser's console calls an error (a refused request, a violation of the Content-Security-Policy) and
every exception fails the test, unless the test says beforehand that it expects it.
"""

import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Page

ROOT = Path(__file__).parents[2]
_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_SCREENSHOTS = ROOT / ".local" / "screenshots"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    """Where the browser is; the error says how to get one."""
    found = subprocess.run(
        ["sh", "tools/setup.sh", "which-browser"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


@dataclass
class Window:
    """A page in a browser context of its own: no cookies, nothing kept from another test."""

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=list)

    @classmethod
    def opened(cls, browser: Browser, url: str, **context: Any) -> "Window":
        """`context` is what Playwright's `new_context` takes: viewport, color_scheme, locale, reduced_motion …"""
        settings = {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/Oslo", "reduced_motion": "reduce"}
        window = cls(browser.new_context(**settings | context).new_page(), url)
        window.page.on("console", window._told)
        window.page.on("pageerror", window._failed)
        return window

    def goto(self, address: str = "/") -> Page:
        """Go to an address of the app, and wait until its first list has been drawn."""
        self.page.goto(self.url + address)
        return self.page

    def expect(self, *patterns: str) -> None:
        """Console errors that belong to the test, such as `status of 409`."""
        self._expected += [re.compile(each) for each in patterns]

    def close(self) -> list[str]:
        """End it; gives the errors that nobody expected."""
        self.page.context.close()
        return [each for each in self.problems if not any(pattern.search(each) for pattern in self._expected)]

    def _told(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location.get('url', '')})")

    def _failed(self, error: Error) -> None:
        self.problems.append(f"uncaught: {error.message}")


def until(page: Page, condition: Callable[[], Any], what: str, patience_s: float = 60) -> Any:
    """Wait for something outside the page. The browser's requests stand still while Python only sleeps."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if result := condition():
            return result
        page.wait_for_timeout(50)
    raise AssertionError(f"{what} did not happen within {patience_s} s")


def axe(page: Page, *, within: str = "") -> None:
    """No violation of WCAG 2.2 AA or of axe's best practices, in the page or in what the selector names."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text())
    found = page.evaluate(
        "async within => (await axe.run(within ? {include: [within]} : document, {resultTypes: ['violations']}))"
        ".violations.map(v => `${v.id}: ${v.help}: ` + v.nodes.slice(0, 5).map(n => n.html.slice(0, 200)).join(' | '))",
        within,
    )
    assert not found, "\n".join(found)


def shot(page: Page, name: str) -> None:
    """A picture for people to look at, in .local/screenshots."""
    _SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=_SCREENSHOTS / f"{name}.png")


def no_sideways_scroll(page: Page) -> bool:
    """Whether everything fits the width."""
    return page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
