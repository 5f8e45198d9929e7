"""Who gets to see the page, and what: nobody, somebody without a role, a reader."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.functions.conftest import ROOT, host_settings
from tests.functions.principals import signed_in
from tests.page.browser import Window, axe, shot
from tests.system.host_world import HostWorld
from tools.functions_host.running import LocalHost


@pytest.fixture(scope="module")
def platform(world: HostWorld) -> Iterator[LocalHost]:
    """Another instance of the app, behind App Service Authentication; a window's headers play that."""
    settings = host_settings(world.storage, world.local, DEVELOPMENT_USER="", WEBSITE_AUTH_ENABLED="True")
    with LocalHost(app=ROOT, settings=settings | {"BLOB_TRIGGER_SOURCE": "EventGrid"}) as running:
        yield running


@pytest.fixture
def signed(browser: Browser, platform: LocalHost, world: HostWorld) -> Iterator[Callable[..., Window]]:
    """Opens a window of somebody with these app roles; for None, of nobody."""
    windows: list[Window] = []

    def new(roles: tuple[str, ...] | None) -> Window:
        header = {} if roles is None else signed_in(world.local.tenant_id, *roles)
        windows.append(Window.opened(browser, platform.url, extra_http_headers=header))
        return windows[-1]

    yield new
    assert [problem for window in windows for problem in window.close()] == []


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back_to_the_same_view(signed: Callable[..., Window]):
    window, asked = signed(None), []
    window.expect("status of 404")
    window.page.on("request", lambda request: asked.append(request.url))

    with pytest.raises(Error):  # the sign-in's page is the platform's, and there is none here
        window.goto("/?q=tilbud")

    assert asked[-1].endswith("/.auth/login/aad?post_login_redirect_uri=%2F%3Fq%3Dtilbud")


def test_who_has_no_role_is_told_so_and_sees_no_file(signed: Callable[..., Window], world: HostWorld):
    world.kept(world.company(storage="moment"), "Secret.docx")
    window = signed(())
    window.expect("status of 403")

    page = window.goto("/")

    expect(page.get_by_text("You do not have access").first).to_be_visible()
    expect(page.get_by_text("Secret.docx")).to_have_count(0)
    axe(page)
    shot(page, "no-role")


def test_a_reader_finds_files_and_is_offered_nothing_that_is_refused(signed: Callable[..., Window], world: HostWorld):
    customer = world.company(storage="moment")
    world.kept(customer, "Plan.docx")
    window = signed(("Moment.Reader",))

    page = window.goto(f"/?customer={customer}")

    expect(page.get_by_text("Plan.docx")).to_be_visible()
    expect(page.get_by_role("button", name="Upload files")).to_have_count(0)
    expect(page.get_by_role("button", name="Sync")).to_have_count(0)
