"""What the jobs of webhooks do: read the log for news, send what is due, try again later, give up in the end."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from rostrum.audit.actions import hold_the_pen, record
from rostrum.audit.models import Event
from rostrum.audit.queries import head
from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.core.http import Answer, HttpError, send
from rostrum.hooks.actions import fence, stop
from rostrum.hooks.events import ACTS, messages
from rostrum.hooks.letters import tell_stopped
from rostrum.hooks.models import DeliveryState, EndpointState, HookDelivery, HookEndpoint, HookPosition
from rostrum.hooks.sealing import CannotOpen, signatures, unseal
from rostrum.jobs.actions import enqueue

# After these pauses a message is tried again; then it is given up, and its page says so.
PAUSES = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
SECONDS = 10.0  # for one attempt, all of it together
BUDGET = 60.0  # seconds of one run for one endpoint; the engine ends a job that takes twice as long
ANSWER_BYTES = 1024
LEASE = timedelta(minutes=2)
STRETCH = 500
KEPT_TRIES = 20
KEEP = timedelta(days=90)


def gather() -> int:
    """Owe a message for every public change since the last time, to each endpoint that wants its kind; how many."""
    total, more = 0, True
    while more:
        count, more = _gather_stretch()
        total += count
    return total


@transaction.atomic
def _gather_stretch() -> tuple[int, bool]:
    """Read one stretch of the log: how many messages are owed for it, and whether there is more to read.

    The log is written by one transaction at a time and has no gaps, so nothing can appear behind the position that
    was read. Position and messages move in one transaction: two workers, or a crash, make no message twice or never.
    """
    top = head().size
    position, fresh = HookPosition.objects.get_or_create(pk=1, defaults={"seq": top})
    endpoints = list(HookEndpoint.objects.filter(state=EndpointState.ON))
    if fresh and endpoints:
        position.seq = min(one.since_seq for one in endpoints)
        HookPosition.objects.filter(pk=1).update(seq=position.seq)
    found: list[Event] = []
    if endpoints and position.seq < top:
        news = Event.objects.filter(seq__gt=position.seq, seq__lte=top, act__in=ACTS)
        found = list(news.select_related("kept").order_by("seq")[:STRETCH])
    reach = found[-1].seq if len(found) == STRETCH else top
    if reach == position.seq or not HookPosition.objects.filter(pk=1, seq=position.seq).update(seq=reach):
        return 0, False  # nothing new, or another worker has just read it
    now = clock.now()
    owed = [
        HookDelivery(
            endpoint=endpoint, message_id=message.id, kind=message.kind, about=message.about[:140],
            payload=message.payload, owed_at=now, next_at=now,
        )
        for message in messages(found)
        for endpoint in endpoints
        if message.kind in endpoint.events and message.seq > endpoint.since_seq
    ]  # fmt: skip
    HookDelivery.objects.bulk_create(owed, ignore_conflicts=True, batch_size=200)
    for pk in sorted({one.endpoint_id for one in owed}):
        enqueue("hooks.deliver", key=f"hooks:{pk}:{reach}", endpoint=pk)
    return len(owed), reach < top


def due(now: datetime) -> Any:
    """Messages whose turn has come, the oldest first."""
    waiting = HookDelivery.objects.filter(state=DeliveryState.OWED, next_at__lte=now, endpoint__state=EndpointState.ON)
    return waiting.select_related("endpoint").order_by("next_at", "pk")


def deliver_due(endpoint: int | None = None) -> int:
    """Send what is due, to one endpoint or to all; returns how many messages arrived.

    After a failure the rest of that endpoint waits for the next run: an address that hangs may not keep the letters
    and everything else from their workers.
    """
    sent = 0
    started = time.monotonic()
    places = [endpoint] if endpoint else list(due(clock.now()).order_by().values_list("endpoint", flat=True).distinct())
    for place in places:
        for delivery in list(due(clock.now()).filter(endpoint=place)[:STRETCH]):
            if time.monotonic() - started > BUDGET:
                return sent
            arrived = deliver(delivery)
            if arrived is False:
                break
            sent += bool(arrived)
    return sent


def deliver(delivery: HookDelivery) -> bool | None:
    """Try once to deliver a message that is due. Whether it arrived; None when its turn is not ours.

    A turn belongs to whoever's conditional update of `attempts` lands, so two workers never send the same attempt. A
    worker that dies in the middle leaves the message to the next one: it may then arrive twice, under the same id.
    """
    now = clock.now()
    mine = HookDelivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.OWED, attempts=delivery.attempts, next_at__lte=now,
        endpoint__in=HookEndpoint.objects.filter(state=EndpointState.ON),
    )  # fmt: skip
    if not mine.update(attempts=delivery.attempts + 1, next_at=now + LEASE):
        return None
    delivery.refresh_from_db()
    endpoint = delivery.endpoint
    answer: Answer | None = None
    trouble = ""
    try:
        answer = _post(endpoint, delivery, now)
    except HttpError as error:
        trouble = error.code
    except CannotOpen:
        trouble = "sealed"
    if answer is not None:
        trouble = _trouble(answer.status)
    end = _note(delivery, now, answer, trouble)
    if end is not None:
        _give_up(endpoint, end)
    return not trouble


def _trouble(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if status == 410:
        return "gone"
    return "redirect" if 300 <= status < 400 else "status"


def body_of(delivery: HookDelivery) -> bytes:
    """The very bytes of a message; the same at every attempt."""
    return json.dumps(delivery.payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _post(endpoint: HookEndpoint, delivery: HookDelivery, now: datetime) -> Answer:
    keys = [unseal(endpoint.sealed, endpoint.ref)]
    if endpoint.sealed_before and endpoint.overlap_until and endpoint.overlap_until > now:
        keys.append(unseal(endpoint.sealed_before, endpoint.ref))
    body, moment = body_of(delivery), int(now.timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "Rostrum-Webhooks/1",
        "webhook-id": delivery.message_id, "webhook-timestamp": str(moment),
        "webhook-signature": signatures(keys, delivery.message_id, moment, body),
    }  # fmt: skip
    return send("POST", endpoint.url, fence=fence(), headers=headers, content=body, seconds=SECONDS, most=ANSWER_BYTES)


@transaction.atomic
def _note(delivery: HookDelivery, at: datetime, answer: Answer | None, trouble: str) -> EndpointState | None:
    """Write down what came of an attempt, on the message and its endpoint; what the endpoint is to end as, if it must."""
    endpoint, now = delivery.endpoint, clock.now()
    status = answer.status if answer else None
    tried = {"at": at.isoformat(), "status": status, "trouble": trouble, "ms": answer.milliseconds if answer else None}
    values: dict[str, Any] = {
        "tries": [*delivery.tries, tried][-KEPT_TRIES:], "last_at": at, "last_status": status, "last_trouble": trouble,
        "last_answer": _text(answer.body) if answer else "",
    }  # fmt: skip
    pause = None
    if not trouble:
        values |= {"state": DeliveryState.SENT, "next_at": None}
    elif trouble != "gone" and delivery.attempts <= len(PAUSES):
        pause = PAUSES[delivery.attempts - 1]
        values["next_at"] = now + pause
    else:
        values |= {"state": DeliveryState.FAILED, "next_at": None}
    # Someone may have switched the endpoint off, or asked for the message again, while the attempt was under way.
    tried_now = HookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts)
    if not tried_now.filter(state=DeliveryState.OWED).update(**values):
        dropped = {"state": DeliveryState.DROPPED, "next_at": None} if trouble else {}
        tried_now.filter(state=DeliveryState.DROPPED).update(**{**values, **dropped})
    mine = HookEndpoint.objects.filter(pk=endpoint.pk)
    if not trouble:
        mine.update(failures=0, failing_since=None, last_ok_at=now)
        return None
    mine.update(failures=F("failures") + 1)
    mine.filter(failing_since=None).update(failing_since=now)
    endpoint.refresh_from_db()
    lasting = endpoint.failing_since and now - endpoint.failing_since >= timedelta(days=settings.WEBHOOK_OFF_AFTER_DAYS)
    if trouble == "gone" or lasting:
        return EndpointState.GONE if trouble == "gone" else EndpointState.FAILING
    if pause is not None and pause < timedelta(minutes=1):
        enqueue(
            "hooks.deliver", key=f"hook:{delivery.pk}:{now.isoformat()}", not_before=now + pause, endpoint=endpoint.pk
        )
    return None


def _text(body: bytes) -> str:
    """The beginning of an answer as text that a database can keep and a page can show."""
    said = body[:ANSWER_BYTES].decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in said)


@transaction.atomic
def _give_up(endpoint: HookEndpoint, state: EndpointState) -> None:
    """Switch an endpoint off by ourselves, and tell those who keep the webhooks."""
    hold_the_pen()
    try:
        stop(endpoint, state)
    except WrongState:  # somebody was faster
        return
    record(None, "hookendpoint:give_up", endpoint, after={"state": state})
    tell_stopped(endpoint)


def forget_old() -> int:
    """Forget messages older than 90 days that wait for nothing; how many."""
    old = HookDelivery.objects.filter(owed_at__lt=clock.now() - KEEP).exclude(state=DeliveryState.OWED)
    return old.delete()[0]
