"""What others may ask about notices: mine, unread, failed."""

from __future__ import annotations

from django.db.models import QuerySet

from rostrum.notices.kinds import unlisted
from rostrum.notices.models import Delivery, MailState, Notice
from rostrum.people.models import Person


def of(person: Person) -> QuerySet[Notice]:
    """A person's notices, newest first; letters with a link for their reader only are not among them."""
    return Notice.objects.filter(person=person).exclude(kind__in=unlisted()).select_related("person")


def unread(person: Person) -> int:
    """How many notices a person has not read, counted up to 100."""
    return Notice.objects.filter(person=person, read_at=None)[:100].count()


def troubled() -> QuerySet[Notice]:
    """Letters that failed, or are being tried again."""
    return Notice.objects.filter(mail__in=[MailState.OWED, MailState.FAILED], attempts__gt=0).select_related("person")


def deliveries() -> QuerySet[Delivery]:
    """Every attempt to deliver a letter, newest first."""
    return Delivery.objects.select_related("person", "notice")
