"""Subscriptions to the changes of drives (https://learn.microsoft.com/graph/api/resources/subscription).

While a subscription is made, Graph posts a validation token to its URL and waits up to ten seconds for the echo, so
whoever calls `subscribe` must not be what answers there. A notification says that something changed, never what. The
client state proves that it comes from Graph: it is a secret, sent in the body alone and in no log.
"""

from collections.abc import Iterable
from datetime import datetime

from shared.errors import NameTaken, NotFound
from shared.graph import change_wire, wire
from shared.graph.paging import rows
from shared.graph.request import GraphTransport
from shared.model.drive_items import Subscription

_ALL = "/subscriptions"
_ONE = "/subscriptions/{subscription}"


class Subscriptions:
    """The app's subscriptions. Safe for threads."""

    def __init__(self, transport: GraphTransport) -> None:
        self._transport = transport

    def subscribe(self, drive_id: str, url: str, client_state: str, expires_at: datetime) -> Subscription:
        """Have changes of the drive told to `url`, lifecycle events too. Raises AccessDenied, NameTaken (it exists).

        Also PermanentError, where the endpoint at `url` did not answer. At most 42,300 minutes ahead.
        """
        body = change_wire.subscription_body(drive_id, url, client_state, expires_at)
        try:
            response = self._transport.request("POST", _ALL, json=body)
        except NameTaken as exc:
            raise NameTaken(f"The app has a subscription to this library already. {exc}") from exc
        return wire.read(response, change_wire.subscription)

    def renew_subscription(self, subscription_id: str, expires_at: datetime) -> Subscription:
        """Prolong (and reauthorize) a subscription. Raises NotFound."""
        place = {"subscription": subscription_id}
        response = self._transport.request("PATCH", _ONE, place, json=change_wire.renewal_body(expires_at))
        return wire.read(response, change_wire.subscription)

    def unsubscribe(self, subscription_id: str) -> None:
        """End a subscription; nothing happens where it is gone."""
        try:
            self._transport.request("DELETE", _ONE, {"subscription": subscription_id})
        except NotFound:
            return

    def subscriptions(self) -> Iterable[Subscription]:
        """All subscriptions of this app, read to the end at once: a caller may end some while it looks at them."""
        return [change_wire.subscription(each) for each in rows(self._transport, _ALL, {})]
