"""Owing a notice inside an act, delivering it in a job, reading it, sending it again."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.jobs.actions import enqueue, enqueue_each
from rostrum.notices.kinds import KINDS, NoticeKind
from rostrum.notices.models import Delivery, MailState, Notice
from rostrum.notices.render import Letter, digest, letter
from rostrum.people.models import MailRhythm, Person
from rostrum.people.queries import may

# After these pauses a letter is tried again; then it has failed, and the mail page says so.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
BATCH = 25  # letters of one act that one worker sends over one connection
ENOUGH_SECONDS = 60.0

_carrier: ContextVar[BaseEmailBackend | None] = ContextVar("carrier", default=None)
_gathered: ContextVar[list[Notice] | None] = ContextVar("gathered", default=None)


@contextmanager
def carried_by(carrier: BaseEmailBackend) -> Iterator[None]:
    """Hand every letter inside to this carrier instead of the mail server: the demo's past reaches nobody."""
    token = _carrier.set(carrier)
    try:
        yield
    finally:
        _carrier.reset(token)


@contextmanager
def together() -> Iterator[None]:
    """What is owed inside is written down at the end, in the order in which it was owed, in a few statements for all.

    For an act that tells dozens of people several things. It stands inside the act's transaction. Nothing inside may
    take back a part of itself and go on: its notices would be owed all the same. One inside another ends with the outer.
    """
    if _gathered.get() is not None:
        yield
        return
    gathered: list[Notice] = []
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    _keep(gathered)


def _keep(made: list[Notice]) -> list[Notice]:
    """Write notices down and hand their letters to the delivery; inside `together`, that does it at its end."""
    gathered = _gathered.get()
    if gathered is not None:
        gathered += made
        return made
    kept = Notice.objects.bulk_create(made, batch_size=500)
    _deliver_together(kept)
    return kept


def owe(kind: NoticeKind, *, to: Person, about: models.Model, ref: str, context: dict[str, Any]) -> Notice:
    """Write down that a person must be told, in the transaction of the act itself. A job delivers it.

    `context` holds plain strings, or {"en", "fr"} pairs, for the kind's sentences; it must never name a student.
    """
    notice = _row(kind, to, about, ref, context, clock.now())
    if _gathered.get() is not None:
        return _keep([notice])[0]  # it gets its number at the end
    notice.save(force_insert=True)
    if notice.mail == MailState.OWED:
        enqueue_each("notices.deliver", [(f"notice:{notice.pk}", {"notice": notice.pk})])
    return notice


def owe_many(
    kind: NoticeKind, letters: Iterable[tuple[Person, dict[str, Any]]], *, about: models.Model, ref: str
) -> list[Notice]:
    """Write down that many people must be told of one thing, each in their own words; see `owe`.

    In few statements, and delivered in batches over one connection each: hundreds are under way within seconds.
    """
    now = clock.now()
    return _keep([_row(kind, to, about, ref, words, now) for to, words in letters])


def _row(
    kind: NoticeKind, to: Person, about: models.Model, ref: str, context: dict[str, Any], now: datetime
) -> Notice:
    """A notice as it is owed, by the rhythm that the person likes."""
    if kind.asks or kind.urgent or to.mail_rhythm == MailRhythm.AT_ONCE:
        mail = MailState.OWED
    elif to.mail_rhythm == MailRhythm.DIGEST:
        mail = MailState.DIGEST
    else:
        mail = MailState.NONE
    if not to.is_active:
        mail = MailState.NONE
    return Notice(
        person=to, kind=kind.key, about_type=about._meta.model_name or "", about_id=about.pk, about_ref=ref,
        context=context, asks=kind.asks, owed_at=now, mail=mail,
        next_attempt_at=now if mail == MailState.OWED else None, read_at=now if kind.secret else None,
    )  # fmt: skip


def owe_each(kind: NoticeKind, owed: Iterable[tuple[Person, models.Model, str, dict[str, Any]]]) -> int:
    """Write down that many people must each be told of something of their own; says how many. See `owe_many`.

    Each is (to, about, ref, context): for nightly rounds, where everyone gets one letter about all of theirs.
    """
    now = clock.now()
    return len(_keep([_row(kind, *one, now) for one in owed]))


def _deliver_together(made: list[Notice]) -> None:
    """Hand what is owed by letter to the delivery, in batches over one connection each."""
    owed = [one.pk for one in made if one.mail == MailState.OWED]
    batches = [owed[start : start + BATCH] for start in range(0, len(owed), BATCH)]
    if batches:
        enqueue_each("notices.deliver_some", ((f"notices:{one[0]}-{one[-1]}", {"notices": one}) for one in batches))


def _send(person: Person, ready: Letter, message_id: str) -> str:
    """Hand one letter to the mail server; returns what went wrong, empty when nothing did."""
    mail = EmailMultiAlternatives(
        subject=ready.subject, body=ready.text, from_email=settings.DEFAULT_FROM_EMAIL, to=[person.email],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        connection=_carrier.get(),
    )
    mail.attach_alternative(ready.html, "text/html")
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _message_id(what: str) -> str:
    """The same notice always has the same id, so that a mail server can drop a doubled letter."""
    return f"<{what}@{settings.SITE_HOST or 'rostrum.invalid'}>"


def _again(notice: Notice) -> datetime | None:
    """When a letter that failed is tried again; None when it has failed for good."""
    if notice.attempts > len(PAUSES):
        return None
    moment = clock.now() + PAUSES[notice.attempts - 1]
    lasts = KINDS[notice.kind].for_at_most
    return None if lasts and moment > notice.owed_at + lasts else moment


def deliver(notice: Notice) -> bool:
    """Try once to deliver a notice that is due. Returns whether it went out.

    A turn belongs to whoever's conditional update of `attempts` lands, so two workers never send the same letter.
    """
    now = clock.now()
    claimed = Notice.objects.filter(
        pk=notice.pk, mail=MailState.OWED, attempts=notice.attempts, next_attempt_at__lte=now
    ).update(attempts=notice.attempts + 1, next_attempt_at=now + timedelta(minutes=10))
    if not claimed:
        return False
    notice.refresh_from_db()
    ready = letter(notice)
    error = _send(notice.person, ready, _message_id(f"notice-{notice.pk}"))
    with transaction.atomic():
        Delivery.objects.create(
            notice=notice, person=notice.person, at=clock.now(), to=notice.person.email, subject=ready.subject,
            text=ready.kept, delivered=not error, error=error,
        )
        if not error:
            changes: dict[str, Any] = {"mail": MailState.SENT, "next_attempt_at": None}
        elif again := _again(notice):
            changes = {"next_attempt_at": again}
        else:
            changes = {"mail": MailState.FAILED, "next_attempt_at": None}
        Notice.objects.filter(pk=notice.pk).update(**changes)
    notice.refresh_from_db()
    return not error


def urgent_first(limit: int = BATCH) -> int:
    """Deliver the letters of a crisis that are due, ahead of all others; returns how many went out.

    Every job of the mail asks this before each ordinary letter: a hold placed while thousands of letters wait, or
    while a slow server takes one after the other, is not told of after them.
    """
    urgent = [key for key, kind in KINDS.items() if kind.urgent]
    due = Notice.objects.filter(mail=MailState.OWED, next_attempt_at__lte=clock.now(), kind__in=urgent)
    return sum(deliver(notice) for notice in due.select_related("person").order_by("next_attempt_at", "pk")[:limit])


def deliver_due(limit: int = 200) -> int:
    """Deliver every letter whose time has come, those of a crisis first; returns how many went out."""
    due = Notice.objects.filter(mail=MailState.OWED, next_attempt_at__lte=clock.now()).select_related("person")
    sent = urgent_first(limit)
    for notice in due.order_by("next_attempt_at")[:limit]:
        sent += urgent_first() + deliver(notice)
    return sent


def deliver_some(numbers: Collection[int], *, enough: float = ENOUGH_SECONDS) -> int:
    """Deliver these notices as far as they are still owed, over one connection; returns how many went out.

    Letters of a crisis that came meanwhile go first. Stops after `enough` seconds, so that a slow mail server never
    costs the job its time: `deliver_due` goes on.
    """
    begun, sent = time.monotonic(), 0
    waiting = Notice.objects.filter(pk__in=numbers, mail=MailState.OWED).select_related("person").order_by("pk")
    with _one_connection() as line:
        for notice in waiting:
            if time.monotonic() - begun > enough:
                break
            if not KINDS[notice.kind].urgent:
                sent += urgent_first()
            if deliver(notice):
                sent += 1
            elif line is not None:
                line.close()  # it may have been cut off: the next letter opens it again
    return sent


@contextmanager
def _one_connection() -> Iterator[BaseEmailBackend | None]:
    """Every letter inside goes over the same connection to the mail server; each alone where it cannot be opened."""
    if _carrier.get() is not None:
        yield None
        return
    line: BaseEmailBackend = get_connection()
    try:
        line.open()
    except (smtplib.SMTPException, OSError):
        yield None
        return
    try:
        with carried_by(line):
            yield line
    finally:
        line.close()


def deliver_digests() -> int:
    """Send each person who wants one the daily letter; returns how many letters went out."""
    waiting: dict[int, list[Notice]] = {}
    for notice in Notice.objects.filter(mail=MailState.DIGEST).select_related("person").order_by("owed_at"):
        waiting.setdefault(notice.person_id, []).append(notice)
    sent = 0
    for notices in waiting.values():
        person = notices[0].person
        if not person.is_active:
            Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mail=MailState.NONE)
            continue
        urgent_first()
        ready = digest(person, notices)
        error = _send(person, ready, _message_id(f"digest-{person.pk}-{clock.today().isoformat()}"))
        with transaction.atomic():
            Delivery.objects.create(
                notice=None, person=person, at=clock.now(), to=person.email, subject=ready.subject, text=ready.text,
                delivered=not error, error=error,
            )
            if not error:
                Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mail=MailState.SENT)
        sent += not error
    return sent


def mark_read(person: Person, notice: Notice | None = None) -> int:
    """Note that a person has read one notice, or all of theirs."""
    mine = Notice.objects.filter(person=person, read_at=None)
    if notice is not None:
        mine = mine.filter(pk=notice.pk)
    return mine.update(read_at=clock.now())


@transaction.atomic
def send_again(notice: Notice, *, by: Person) -> Notice:
    """Queue a letter that failed, or was sent, once more."""
    if not may(by, "mail:read"):
        raise NotAllowed(_("Only people who keep the mail may send a letter again."))
    if not notice.person.is_active:
        raise WrongState(_("%(name)s has left: nothing is sent to them.") % {"name": notice.person.name})
    Notice.objects.filter(pk=notice.pk).update(mail=MailState.OWED, attempts=0, next_attempt_at=clock.now())
    record(by, "notice:send_again", notice, label=notice.about_ref, after={"kind": notice.kind})
    enqueue("notices.deliver", key=f"notice:{notice.pk}:{clock.now().isoformat()}", notice=notice.pk)
    notice.refresh_from_db()
    return notice
