"""Subscriptions over HTTP: https://learn.microsoft.com/graph/api/subscription-post-subscriptions and its neighbours."""

from tools.sharepoint.resources import odata
from tools.sharepoint.resources.call import Call, Json, Reply, only, text_of
from tools.sharepoint.state.clock import iso
from tools.sharepoint.state.errors import GraphError, invalid_request
from tools.sharepoint.state.identifiers import new_guid
from tools.sharepoint.state.subscriptions import (
    MAX_CLIENT_STATE,
    TLS_VERSIONS,
    Courier,
    Subscription,
    find_resource,
    read_expiry,
    read_url,
)

_REAUTHORIZATION = "reauthorizationRequired"
_EVENTS = (_REAUTHORIZATION, "subscriptionRemoved", "missed")


async def create_subscription(call: Call) -> Reply:
    """POST /subscriptions: the endpoints have to pass validation before this answers."""
    subscription = _read(call, await call.json())
    subscriptions = call.tenant.subscriptions
    subscriptions.check_new(subscription, call.now)
    courier = _courier(call)
    await courier.validate(subscription.notification_url)
    if subscription.lifecycle_url:
        await courier.validate(subscription.lifecycle_url)
    if call.tenant.settings.subscriptions_forbidden:
        raise GraphError(
            403, "ExtensionError", "Operation: Create; Exception: [Status Code: Forbidden; Reason: Access denied]"
        )
    subscriptions.check_new(subscription, call.now)
    subscriptions.by_id[subscription.subscription_id] = subscription
    return Reply(201, _shown(call, subscription))


def _read(call: Call, body: Json) -> Subscription:
    only(
        body, "changeType", "notificationUrl", "lifecycleNotificationUrl", "resource", "expirationDateTime",
        "clientState", "latestSupportedTlsVersion", "includeResourceData",
    )  # fmt: skip
    if body.get("includeResourceData"):
        raise invalid_request("File Services workload is not enabled for rich notifications")
    if text_of(body, "changeType") != "updated":
        raise invalid_request("Invalid 'changeType' attribute")
    resource = text_of(body, "resource")
    library, of_list = find_resource(call.tenant.sites, resource)
    client_state = body.get("clientState")
    if client_state is not None and len(text_of(body, "clientState")) > MAX_CLIENT_STATE:
        raise invalid_request(f"clientState must have at most {MAX_CLIENT_STATE} characters")
    tls_version = body.get("latestSupportedTlsVersion") or "v1_2"
    if tls_version not in TLS_VERSIONS:
        raise invalid_request(f"latestSupportedTlsVersion must be one of {', '.join(TLS_VERSIONS)}")
    lifecycle_url = body.get("lifecycleNotificationUrl")
    subscription = Subscription(
        subscription_id=new_guid(),
        application_id=call.application_id,
        resource=resource,
        notification_url=read_url(body.get("notificationUrl"), "notificationUrl"),
        lifecycle_url=read_url(lifecycle_url, "lifecycleNotificationUrl") if lifecycle_url else "",
        client_state=client_state,
        expires_at=read_expiry(body.get("expirationDateTime"), call.now),
        tls_version=tls_version,
        list_id=library.list_id,
        of_list=of_list,
        told=0,
    )
    subscription.told = subscription.log(library).sequence
    return subscription


def _courier(call: Call) -> Courier:
    courier = call.tenant.courier
    assert courier is not None, "the server sets it before it listens"
    return courier


def _shown(call: Call, subscription: Subscription) -> Json:
    return {
        "@odata.context": call.graph_url("/$metadata#subscriptions/$entity"),
        "id": subscription.subscription_id,
        "resource": subscription.resource,
        "applicationId": subscription.application_id,
        "changeType": "updated",
        "clientState": subscription.client_state,
        "notificationUrl": subscription.notification_url,
        "notificationQueryOptions": None,
        "lifecycleNotificationUrl": subscription.lifecycle_url or None,
        "expirationDateTime": iso(subscription.expires_at),
        "creatorId": subscription.application_id,
        "includeResourceData": None,
        "latestSupportedTlsVersion": subscription.tls_version,
        "encryptionCertificate": None,
        "encryptionCertificateId": None,
        "notificationUrlAppId": None,
    }


def _own(call: Call) -> Subscription:
    return call.tenant.subscriptions.get(call.params["subscription"], call.now, call.application_id)


async def list_subscriptions(call: Call) -> Reply:
    """GET /subscriptions: those of the calling application."""
    own = [each for each in call.tenant.subscriptions.live(call.now) if each.application_id == call.application_id]
    return Reply(body=odata.page(call, own, lambda each: _shown(call, each)))


async def get_subscription(call: Call) -> Reply:
    """GET /subscriptions/{id}."""
    return Reply(body=_shown(call, _own(call)))


async def update_subscription(call: Call) -> Reply:
    """PATCH /subscriptions/{id}: renew it; another notificationUrl has to pass validation first."""
    body, subscription = await call.json(), _own(call)
    only(body, "expirationDateTime", "notificationUrl")
    url = read_url(body.get("notificationUrl", subscription.notification_url), "notificationUrl")
    expires_at = subscription.expires_at
    if "expirationDateTime" in body:
        expires_at = read_expiry(body["expirationDateTime"], call.now)
    if url != subscription.notification_url:
        await _courier(call).validate(url)
    subscription.notification_url, subscription.expires_at = url, expires_at
    if "expirationDateTime" in body:
        subscription.paused_from = None
    return Reply(body=_shown(call, subscription))


async def reauthorize(call: Call) -> Reply:
    """POST /subscriptions/{id}/reauthorize (https://learn.microsoft.com/graph/api/subscription-reauthorize)."""
    _own(call).paused_from = None
    return Reply(204)


async def delete_subscription(call: Call) -> Reply:
    """DELETE /subscriptions/{id}."""
    del call.tenant.subscriptions.by_id[_own(call).subscription_id]
    return Reply(204)


# the control plane


async def show_notifications(call: Call) -> Reply:
    """GET /_local/notifications?since=n."""
    rows = call.tenant.notifications.report(int(call.query.get("since", "0")))
    return Reply(body={"notifications": rows})


async def cause_lifecycle_event(call: Call) -> Reply:
    """POST /_local/lifecycle {"subscription": id, "event": name}."""
    body, tenant = await call.json(), call.tenant
    event = text_of(body, "event")
    subscription = tenant.subscriptions.get(text_of(body, "subscription"), call.now)
    if event not in _EVENTS:
        raise invalid_request(f"event must be one of {', '.join(_EVENTS)}")
    if event == _REAUTHORIZATION:
        subscription.paused_from = call.now + tenant.settings.reauthorization_grace_s
    if event == "subscriptionRemoved":
        del tenant.subscriptions.by_id[subscription.subscription_id]
    if subscription.lifecycle_url:
        _courier(call).send_lifecycle(subscription, event)
    tenant.changed = True
    return Reply(202, {"sent": bool(subscription.lifecycle_url)})
