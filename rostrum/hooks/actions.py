"""Every act of a person on webhooks: add, change, rotate the key, switch on and off, retire, test, send again."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.audit.actions import hold_the_pen, record
from rostrum.audit.queries import head
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.http import URL_LIMIT, Fence, HttpError, check
from rostrum.core.text import UnsafeText, clean
from rostrum.hooks.events import KINDS, PING, payload
from rostrum.hooks.models import DeliveryState, EndpointState, HookDelivery, HookEndpoint
from rostrum.hooks.sealing import make_key, seal
from rostrum.jobs.actions import enqueue
from rostrum.people.models import Person
from rostrum.people.queries import may

NAME_LIMIT = 80
MOST = 20
# Both keys sign this long after a rotation, so that the other side can take the new one over in its own time.
OVERLAP = timedelta(hours=24)

_WRONG_ADDRESS: dict[str, Promise | str] = {
    "address": gettext_lazy(
        "This is no web address. Copy it from the other system, for example https://www.example.ca/hooks/accounts."
    ),
    "insecure": gettext_lazy("The address must start with https://, so that nobody on the way can read or change it."),
    "inside": gettext_lazy(
        "This address is inside a private network. Messages go only to public addresses, "
        "or to hosts that the operator has allowed by name."
    ),
}


def fence() -> Fence:
    """Where messages may go in this installation: by https only in production, to private hosts only by name."""
    return Fence(https_only=settings.PRODUCTION, private_hosts=frozenset(settings.WEBHOOK_PRIVATE_HOSTS))


def _need(by: Person) -> None:
    if not may(by, "hook:manage"):
        raise NotAllowed(_("Only the system administrator keeps the webhooks."))


def _read(name: str, url: str, events: Collection[str]) -> tuple[str, str, list[str]]:
    """The three fields as they are kept. Raises Invalid with every problem beside its field."""
    fields: dict[str, list[str]] = {}
    try:
        name = clean(name, max_length=NAME_LIMIT)
    except UnsafeText:
        name, fields["name"] = "", [_("Use plain letters and at most %(limit)d characters.") % {"limit": NAME_LIMIT}]
    if not name and "name" not in fields:
        fields["name"] = [_("Say which system listens there, for example “Website of the division”.")]
    url = url.strip()
    try:
        check(url, fence())
    except HttpError as error:
        message = str(_WRONG_ADDRESS[error.code])
        if len(url) > URL_LIMIT:
            message = _("The address may have at most %(limit)d characters.") % {"limit": URL_LIMIT}
        fields["url"] = [message]
    chosen = [kind for kind in KINDS if kind in events]
    if not chosen or set(events) - set(KINDS):
        fields["events"] = [_("Choose what the other system wants to hear of.")]
    if fields:
        raise Invalid(_("The webhook was not kept."), fields=fields)
    return name, url, chosen


def _told(url: str, events: list[str]) -> dict[str, object]:
    """What the log may say of an endpoint: its host, as the rest of the address may hold a password of its own."""
    return {"host": urlsplit(url).hostname or "", "events": events}


@transaction.atomic
def add(*, by: Person, name: str, url: str, events: Collection[str]) -> tuple[HookEndpoint, str]:
    """Add an endpoint, and return it with its signing key, which nobody can read again later.

    It hears of what happens from now on. Raises NotAllowed for anyone but the system administrator, Invalid for a
    missing name, an address that cannot be used, no kind of message or an unknown one, and more than twenty endpoints.
    """
    _need(by)
    name, url, chosen = _read(name, url, events)
    if HookEndpoint.objects.exclude(state=EndpointState.RETIRED).count() >= MOST:
        raise Invalid(_("There are %(count)d webhooks already. Retire one that is no longer used.") % {"count": MOST})
    hold_the_pen()
    key, ref = make_key(), secrets.token_hex(8)
    endpoint = HookEndpoint.objects.create(
        ref=ref, name=name, url=url, events=chosen, sealed=seal(key, ref), since_seq=head().size, made_by=by,
        made_at=clock.now(),
    )  # fmt: skip
    record(by, "hookendpoint:add", endpoint, after=_told(url, chosen), role="sysadmin")
    return endpoint, key


@transaction.atomic
def change(endpoint: HookEndpoint, *, by: Person, name: str, url: str, events: Collection[str]) -> HookEndpoint:
    """Change what an endpoint is called, where it is, what it hears of. Its key stays. Raises as `add` does."""
    _need(by)
    _need_kept(endpoint)
    name, url, chosen = _read(name, url, events)
    before = _told(endpoint.url, endpoint.events)
    HookEndpoint.objects.filter(pk=endpoint.pk).update(name=name, url=url, events=chosen)
    endpoint.refresh_from_db()
    record(by, "hookendpoint:change", endpoint, before=before, after=_told(url, chosen), role="sysadmin")
    return endpoint


@transaction.atomic
def rotate(endpoint: HookEndpoint, *, by: Person, now: bool = False) -> str:
    """Give an endpoint a new signing key and return it. For a day messages carry the signatures of both.

    With `now` the old key ends at once: for a key that got into wrong hands.
    """
    _need(by)
    hold_the_pen()
    _need_kept(endpoint)
    key = make_key()
    changed = HookEndpoint.objects.filter(pk=endpoint.pk, sealed=endpoint.sealed).update(
        sealed=seal(key, endpoint.ref), sealed_before="" if now else endpoint.sealed,
        overlap_until=None if now else clock.now() + OVERLAP,
    )  # fmt: skip
    if not changed:
        raise Overtaken(_("Someone else made a new key a moment ago."))
    endpoint.refresh_from_db()
    record(by, "hookendpoint:rotate", endpoint, after={"old_ends": endpoint.overlap_until}, role="sysadmin")
    return key


@transaction.atomic
def switch_off(endpoint: HookEndpoint, *, by: Person) -> HookEndpoint:
    """Send nothing more to an endpoint. What still waits for it is not sent. Raises WrongState when it is off."""
    _need(by)
    hold_the_pen()
    stop(endpoint, EndpointState.OFF)
    record(by, "hookendpoint:switch_off", endpoint, role="sysadmin")
    return endpoint


def stop(endpoint: HookEndpoint, state: EndpointState) -> None:
    """Take an endpoint out of service, for whatever reason, in the caller's transaction."""
    stopped = HookEndpoint.objects.filter(pk=endpoint.pk, state=EndpointState.ON)
    if not stopped.update(state=state, stopped_at=clock.now()):
        raise WrongState(_("This webhook is switched off already."))
    HookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.OWED).update(
        state=DeliveryState.DROPPED, next_at=None
    )
    endpoint.refresh_from_db()


@transaction.atomic
def switch_on(endpoint: HookEndpoint, *, by: Person) -> HookEndpoint:
    """Send to an endpoint again, what happens from now on. Raises WrongState when it is on."""
    _need(by)
    hold_the_pen()
    _need_kept(endpoint)
    started = HookEndpoint.objects.filter(pk=endpoint.pk).exclude(state=EndpointState.ON)
    if not started.update(
        state=EndpointState.ON, stopped_at=None, failures=0, failing_since=None, since_seq=head().size
    ):
        raise WrongState(_("This webhook is switched on already."))
    endpoint.refresh_from_db()
    record(by, "hookendpoint:switch_on", endpoint, role="sysadmin")
    return endpoint


@transaction.atomic
def retire(endpoint: HookEndpoint, *, by: Person) -> HookEndpoint:
    """End an endpoint for good: nothing is sent to it again, its keys are wiped, its messages stay to be read.

    It no longer counts among the twenty. Raises WrongState when it is retired already.
    """
    _need(by)
    hold_the_pen()
    ended = HookEndpoint.objects.filter(pk=endpoint.pk).exclude(state=EndpointState.RETIRED)
    if not ended.update(
        state=EndpointState.RETIRED, stopped_at=clock.now(), sealed="", sealed_before="", overlap_until=None
    ):
        raise WrongState(_("This webhook is retired. Add a new one."))
    HookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.OWED).update(
        state=DeliveryState.DROPPED, next_at=None
    )
    endpoint.refresh_from_db()
    record(by, "hookendpoint:retire", endpoint, role="sysadmin")
    return endpoint


@transaction.atomic
def send_test(endpoint: HookEndpoint, *, by: Person) -> HookDelivery:
    """Owe an endpoint a test message. A job sends it in a moment. Raises WrongState when the endpoint is off."""
    _need(by)
    hold_the_pen()
    _need_on(endpoint)
    now = clock.now()
    said = {"message": "This is a test. Nothing has happened.", "site": settings.SITE_URL}
    delivery = HookDelivery.objects.create(
        endpoint=endpoint, message_id="msg_" + secrets.token_hex(14), kind=PING, about=endpoint.name,
        payload=payload(PING, now, said), owed_at=now, next_at=now,
    )  # fmt: skip
    record(by, "hookendpoint:test", endpoint, role="sysadmin")
    enqueue("hooks.deliver", key=f"hook:{delivery.pk}:0", endpoint=endpoint.pk)
    return delivery


@transaction.atomic
def send_again(delivery: HookDelivery, *, by: Person) -> HookDelivery:
    """Queue a message once more, whatever came of it, with all its attempts. It keeps its id.

    The other side can so tell a message that it has had already. Raises WrongState while it waits anyway, and when
    the endpoint is off.
    """
    _need(by)
    hold_the_pen()
    _need_on(delivery.endpoint)
    now = clock.now()
    owed = HookDelivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.OWED, attempts=0)
    if not owed.update(state=DeliveryState.OWED, attempts=0, next_at=now):
        raise WrongState(_("This message is on its way already."))
    delivery.refresh_from_db()
    record(by, "hookdelivery:again", delivery, label=delivery.about, after={"kind": delivery.kind}, role="sysadmin")
    enqueue("hooks.deliver", key=f"hook:{delivery.pk}:{now.isoformat()}", endpoint=delivery.endpoint_id)
    return delivery


def _need_kept(endpoint: HookEndpoint) -> None:
    if HookEndpoint.objects.filter(pk=endpoint.pk, state=EndpointState.RETIRED).exists():
        raise WrongState(_("This webhook is retired. Add a new one."))


def _need_on(endpoint: HookEndpoint) -> None:
    _need_kept(endpoint)
    if not HookEndpoint.objects.filter(pk=endpoint.pk, state=EndpointState.ON).exists():
        raise WrongState(_("This webhook is switched off. Switch it on first."))
