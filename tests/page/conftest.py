"""The page in Chromium, on the app under the local host with Azurite and the local SharePoint.

The browser and the host live as long as this folder's tests: Playwright keeps an event loop in the thread, and tests
elsewhere start loops of their own.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient
from playwright.sync_api import Browser, sync_playwright

from shared.store.provision import allow_uploads
from tests.page.browser import FLAGS, Window, chromium_path
from tests.system.host_world import HostWorld, host_world


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="package")
def world() -> Iterator[HostWorld]:
    """Unlike the system tests' own it has blob events, so that uploads move; and its deletion guard asks early."""
    options = ["--emit-blob-events", "--poll-interval-ms", "200"]
    with host_world(options=options, DELETION_GUARD_FILES="5") as running:
        with BlobServiceClient.from_connection_string(running.storage.connection_string) as blobs:
            allow_uploads(blobs, [running.host.url])
        yield running


@pytest.fixture
def opened(browser: Browser, world: HostWorld) -> Iterator[Callable[..., Window]]:
    """Opens windows of their own; when the test ends, no console of theirs may have shown an error."""
    windows: list[Window] = []

    def new(**context: Any) -> Window:
        windows.append(Window.opened(browser, world.host.url, **context))
        return windows[-1]

    yield new
    assert [problem for window in windows for problem in window.close()] == []


@pytest.fixture
def window(opened: Callable[..., Window]) -> Window:
    return opened()
