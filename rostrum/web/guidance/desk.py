"""What stands on a person's desk of the reading of the procedure: read the edition in force, where the division asks."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.custody.queries import LIVING
from rostrum.guidance.queries import must_read
from rostrum.people.models import Person
from rostrum.policies.queries import in_force
from rostrum.registry.models import Designation
from rostrum.registry.states import LIVE
from rostrum.web.shapes import DeskCard


def cards(person: Person) -> list[DeskCard]:
    """One card for a content manager who has not read the edition in force, where the division asks for it."""
    if not must_read(person):
        return []
    mine = Designation.objects.filter(LIVING, person=person, registration__account__state__in=LIVE)
    first = mine.order_by("accepted_at").first()
    if first is None or first.accepted_at is None:
        return []
    edition = in_force()
    begun = timezone.make_aware(datetime.combine(edition.effective_from, time.min))
    return [
        DeskCard(
            title=_("Read the procedure, edition %(label)s") % {"label": edition.label},
            lines=[_("The division asks every content manager to have read the edition in force.")],
            since=max(begun, edition.published_at, first.accepted_at),
            url=reverse("web:guidance_read"),
            button=_("Read it"),
            icon="book-2",
        )
    ]
