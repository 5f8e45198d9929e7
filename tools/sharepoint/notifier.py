"""Change notifications: watches the change logs and tells the subscribers.

https://learn.microsoft.com/graph/change-notifications-delivery-webhooks. Times of waiting are real time, so that tests
see them; windows and expiry follow the tenant's clock.
"""

import asyncio
from collections import Counter
from urllib.parse import urlsplit

from tools.sharepoint.postman import Postman
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.endpoints import Endpoint
from tools.sharepoint.state.notification_log import NotificationLog
from tools.sharepoint.state.subscriptions import Subscription
from tools.sharepoint.state.tenant import Tenant

TICK_S = 0.02
MAX_BURST = 1_000
Entry = dict[str, object]


class Notifier:
    """The courier of one tenant; :meth:`start` and :meth:`stop` belong to one event loop."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._postman = Postman(tenant)
        self._outbox: dict[str, Counter[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to watch."""
        self._spawn(self._watch())

    async def stop(self) -> None:
        """Forget what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._postman.close()

    async def validate(self, url: str) -> None:
        """Raise 400 unless the endpoint echoes a validation token in time."""
        await self._postman.validate(url)

    def send_lifecycle(self, subscription: Subscription, event: str) -> None:
        """Send a lifecycle notification (https://learn.microsoft.com/graph/change-notifications-lifecycle-events)."""
        entry = _entry(subscription, self._tenant.tenant_id) | {"lifecycleEvent": event}
        self._spawn(self._postman.deliver(subscription.lifecycle_url, [entry], kind="lifecycle", event=event))

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            now = self._tenant.clock.now()
            for subscription in self._tenant.subscriptions.live(now):
                self._look(subscription, now)

    def _look(self, subscription: Subscription, now: float) -> None:
        library = self._tenant.sites.find_list(subscription.list_id)
        news = subscription.log(library).sequence - subscription.told if library else 0
        if not news:
            return
        subscription.told += news
        if now < self._tenant.change_faults.silent_until:
            self._write_off(subscription, "silent")
        elif subscription.paused_from is not None and now >= subscription.paused_from:
            self._write_off(subscription, "paused")
        else:
            self._put_aside(subscription, news)

    def _put_aside(self, subscription: Subscription, news: int) -> None:
        """Collect what goes to one URL; the first change starts the short wait for others."""
        url = subscription.notification_url
        if url not in self._outbox:
            self._outbox[url] = Counter()
            self._spawn(self._empty_outbox(url))
        self._outbox[url][subscription.subscription_id] += news

    async def _empty_outbox(self, url: str) -> None:
        await asyncio.sleep(self._tenant.settings.notification_delay_ms / 1000)
        collected, burst = self._outbox.pop(url), self._tenant.settings.notification_burst
        rounds = min(MAX_BURST, burst * max(collected.values())) if burst else 1
        for turn in range(rounds):
            self._dispatch(url, [key for key, changes in collected.items() if turn < max(1, changes * burst)])

    def _dispatch(self, url: str, subscription_ids: list[str]) -> None:
        """Let the faults have their share and send what is left."""
        tenant, faults, delay_s = self._tenant, self._tenant.change_faults, 0.0
        now = tenant.clock.now()
        endpoint = tenant.endpoints.setdefault(_host(url), Endpoint())
        entries: list[Entry] = []
        for subscription in tenant.subscriptions.live(now):
            if subscription.subscription_id not in subscription_ids:
                continue
            if endpoint.is_dropped(now):
                self._write_off(subscription, "dropped")
            elif faults.take("notifications_lost"):
                self._write_off(subscription, "lost")
            else:
                entries.append(_notification(subscription, tenant.tenant_id))
        if not entries:
            return
        if faults.take("notifications_delayed"):
            delay_s = faults.notifications_delay_s
        if endpoint.is_slow(now, tenant.settings.slow_minimum_replies):
            delay_s += tenant.settings.slow_delay_s
        for _ in range(1 + faults.take("notifications_doubled")):
            self._spawn(self._postman.deliver(url, entries, endpoint=endpoint, delay_s=delay_s))

    def _write_off(self, subscription: Subscription, outcome: str) -> None:
        log: NotificationLog = self._tenant.notifications
        log.add(
            time=self._tenant.clock.now(),
            kind="notification",
            url=subscription.notification_url,
            subscriptions=[subscription.subscription_id],
            attempt=0,
            status=0,
            ms=0.0,
            outcome=outcome,
        )


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _entry(subscription: Subscription, tenant_id: str) -> Entry:
    return {
        "subscriptionId": subscription.subscription_id,
        "subscriptionExpirationDateTime": iso(subscription.expires_at),
        "clientState": subscription.client_state,
        "tenantId": tenant_id,
    }


def _notification(subscription: Subscription, tenant_id: str) -> Entry:
    """Return one entry: that something changed, and neither what nor how."""
    return _entry(subscription, tenant_id) | {
        "changeType": "updated",
        "resource": subscription.resource.strip("/"),
        "resourceData": {"@odata.type": subscription.kind},
    }
