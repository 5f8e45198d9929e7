"""The tools of these tests find what they are there to find."""

import pytest
from playwright.sync_api import Browser

from tests.page.browser import Window, axe

PAGE = "data:text/html,<!doctype html><html lang=en><title>t</title><main><h1>t</h1>"


def test_an_error_in_the_console_fails_a_test(browser: Browser):
    window = Window.opened(browser, PAGE)
    window.goto("<script>console.error('broken'); setTimeout(() => nothing())</script>")
    window.page.wait_for_timeout(100)

    assert [each.split(" (")[0] for each in window.close()] == ["broken", "uncaught: nothing is not defined"]


def test_an_error_that_a_test_expects_does_not(browser: Browser):
    window = Window.opened(browser, PAGE)
    window.expect("broken")
    window.goto("<script>console.error('broken')</script>")

    assert window.close() == []


def test_a_violation_is_named_with_its_element(browser: Browser):
    window = Window.opened(browser, PAGE)
    page = window.goto("<button></button>")

    with pytest.raises(AssertionError, match=r"button-name.*<button></button>"):
        axe(page)
    window.close()
