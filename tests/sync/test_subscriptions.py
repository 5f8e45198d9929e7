"""Subscriptions against the local SharePoint, which validates the endpoint as Graph does."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.model.directory import Links
from shared.model.libraries import LibraryState, Watch
from tests.world import World


class _Endpoint(BaseHTTPRequestHandler):
    """Answers the validation as the app does, and takes everything."""

    def do_POST(self) -> None:
        token = parse_qs(urlsplit(self.path).query).get("validationToken", [""])[0].encode()
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(token)))
        self.end_headers()
        self.wfile.write(token)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def public(world: World) -> Iterator[World]:
    """The world with an address that SharePoint reaches."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    yield World.start(dict(world.environ) | {"PUBLIC_URL": url}, world.local, world.clock)
    server.shutdown()
    server.server_close()


def followed(world: World) -> LibraryState:
    customer = world.customer()
    world.arrive(world.upload(Links(customer.id)))
    world.settle()
    link = world.app.folders.find(customer.id, "library")
    assert link is not None
    return read(world, link.drive_id)


def read(world: World, drive_id: str) -> LibraryState:
    state = world.app.libraries.find(drive_id)
    assert state is not None
    return state


def test_a_new_library_is_subscribed_by_itself(public: World):
    state = followed(public)

    assert state.watch is Watch.SUBSCRIBED
    assert [each.id for each in public.sharepoint.subscriptions()] == [state.subscription_id]
    assert len(state.client_state) >= 32


def test_without_a_public_address_the_library_is_polled_and_says_why(world: World):
    state = followed(world)

    assert state.watch is Watch.POLLED
    assert "public address" in state.watch_reason
    world.app.subscriptions.poll_unwatched()
    assert (f"poll:{state.drive_id}", 0) in world.pulls.keys


def test_without_permission_the_library_is_polled_and_says_why(public: World):
    public.local.settings(subscriptions_forbidden=True)

    state = followed(public)

    assert state.watch is Watch.POLLED
    assert state.watch_reason


def test_a_subscription_is_renewed_long_before_it_ends(public: World):
    state = followed(public)
    public.clock.advance(21 * 24 * 3600)
    public.local.advance(21 * 24 * 3600)

    public.app.subscriptions.keep_all()
    public.settle()

    renewed = read(public, state.drive_id)
    assert renewed.subscription_id == state.subscription_id
    assert renewed.subscription_expires_at is not None
    assert state.subscription_expires_at is not None
    assert renewed.subscription_expires_at > state.subscription_expires_at


def test_a_subscription_that_is_gone_is_made_again(public: World):
    state = followed(public)
    public.sharepoint.unsubscribe(state.subscription_id)

    public.app.subscriptions.renew(state.drive_id)

    assert read(public, state.drive_id).subscription_id != state.subscription_id
    assert public.pulls.keys[-1][0] == f"poll:{state.drive_id}"


def test_orphans_are_removed(public: World):
    state = followed(public)
    other = followed(public)
    kept = public.app.libraries.find(other.drive_id)
    assert kept is not None
    public.sharepoint.unsubscribe(state.subscription_id)
    url = f"{public.environ['PUBLIC_URL']}/api/sharepoint/notifications"
    public.sharepoint.subscribe(state.drive_id, url, "nobody knows", public.clock() + _a_day())

    public.app.subscriptions.keep_all()

    assert [each.id for each in public.sharepoint.subscriptions()] == [kept.subscription_id]


def _a_day():  # type: ignore[no-untyped-def]
    from datetime import timedelta

    return timedelta(days=1)


def test_changes_that_no_notification_announced_mark_the_library_quiet(public: World):
    state = followed(public)
    public.local.fault({"notifications_lost": 1000})
    public.graph("PUT", f"/drives/{state.drive_id}/items/root:/unheard.txt:/content", data=b"x")
    public.clock.advance(3600)
    public.local.advance(3600)

    public.pull(state.customer)

    assert read(public, state.drive_id).watch is Watch.QUIET
