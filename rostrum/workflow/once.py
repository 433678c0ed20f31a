"""Doing a submitted act once, however often it is sent (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.errors import Invalid, Overtaken
from rostrum.people.models import Person
from rostrum.workflow.models import Submission

KEY_LIMIT = 80
KEEP = timedelta(days=7)


def fingerprint(*parts: str) -> str:
    """A hash of what was sent, to tell a replay from a different call under the same key."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def once(person: Person | None, key: str, sent: str, act: Callable[[], str]) -> str:
    """Run `act` and keep its answer (a path) under the key, in one transaction; a replay gets that answer back.

    An empty key runs the act plainly. Raises Invalid when the key was used for something else.
    """
    if not key:
        return act()
    if len(key) > KEY_LIMIT or not key.isprintable():
        raise Invalid(_("The idempotency key must be printable and at most 80 characters."))
    known = Submission.objects.filter(person=person, key=key).first()
    if known is None:
        try:
            with transaction.atomic():
                mine = Submission.objects.create(person=person, key=key, fingerprint=sent, answer="")
                answer = act()
                Submission.objects.filter(pk=mine.pk).update(answer=answer)
                return answer
        except IntegrityError:
            known = Submission.objects.filter(person=person, key=key).first()
            if known is None:
                raise
    if known.fingerprint != sent:
        raise Invalid(_("This form was already sent with other content. Open it again and send it from there."))
    if not known.answer:
        raise Overtaken(_("This is being done at this moment. Look at it again in a few seconds."))
    return known.answer


def forget_old() -> int:
    """Drop answers older than a week; returns how many."""
    return Submission.objects.filter(at__lt=clock.now() - KEEP).delete()[0]
