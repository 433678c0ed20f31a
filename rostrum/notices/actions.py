"""Owing a notice inside an act, delivering it in a job, reading it, sending it again."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.jobs.actions import enqueue
from rostrum.notices.kinds import KINDS, NoticeKind
from rostrum.notices.models import Delivery, MailState, Notice
from rostrum.notices.render import Letter, digest, letter
from rostrum.people.models import MailRhythm, Person
from rostrum.people.queries import may

# After these pauses a letter is tried again; then it has failed, and the mail page says so.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))

_carrier: ContextVar[BaseEmailBackend | None] = ContextVar("carrier", default=None)


@contextmanager
def carried_by(carrier: BaseEmailBackend) -> Iterator[None]:
    """Hand every letter inside to this carrier instead of the mail server: the demo's past reaches nobody."""
    token = _carrier.set(carrier)
    try:
        yield
    finally:
        _carrier.reset(token)


def owe(kind: NoticeKind, *, to: Person, about: models.Model, ref: str, context: dict[str, Any]) -> Notice:
    """Write down that a person must be told, in the transaction of the act itself. A job delivers it.

    `context` holds plain strings, or {"en", "fr"} pairs, for the kind's sentences; it must never name a student.
    """
    if kind.asks or to.mail_rhythm == MailRhythm.AT_ONCE:
        mail = MailState.OWED
    elif to.mail_rhythm == MailRhythm.DIGEST:
        mail = MailState.DIGEST
    else:
        mail = MailState.NONE
    if not to.is_active:
        mail = MailState.NONE
    now = clock.now()
    notice = Notice.objects.create(
        person=to, kind=kind.key, about_type=about._meta.model_name or "", about_id=about.pk, about_ref=ref,
        context=context, asks=kind.asks, owed_at=now, mail=mail,
        next_attempt_at=now if mail == MailState.OWED else None, read_at=now if kind.secret else None,
    )
    if mail == MailState.OWED:
        enqueue("notices.deliver", key=f"notice:{notice.pk}", notice=notice.pk)
    return notice


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


def deliver_due(limit: int = 200) -> int:
    """Deliver every letter whose time has come; returns how many went out."""
    due = Notice.objects.filter(mail=MailState.OWED, next_attempt_at__lte=clock.now()).select_related("person")
    return sum(deliver(notice) for notice in due.order_by("next_attempt_at")[:limit])


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
