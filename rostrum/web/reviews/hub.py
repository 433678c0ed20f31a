"""What the page "Reviews" shows of reviews of accounts: the reviews, what they found, the samples."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import setting
from rostrum.policies.rolewords import worded
from rostrum.reviews.models import ReviewSample
from rostrum.reviews.periods import period_of
from rostrum.reviews.queries import findings_visible_to, late, visible_to
from rostrum.reviews.states import OPEN_FINDINGS, OPEN_REVIEWS
from rostrum.schoolyear.queries import calendar
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The doors that this person may open, each with what there is to do behind it."""
    found, seen = findings_visible_to(person), visible_to(person)
    mine = seen.filter(state__in=OPEN_REVIEWS, reviewer=person).count()
    open_now = seen.filter(state__in=OPEN_REVIEWS).count()
    overdue, still = late(found).count(), found.filter(state__in=OPEN_FINDINGS).count()
    cards = [
        HubCard(
            _("Reviews of accounts"),
            ngettext("%(n)d is planned or under way.", "%(n)d are planned or under way.", open_now) % {"n": open_now}
            if open_now else worded(_("What {keeper} looked at, and how it ended.")),
            reverse("web:reviews"), "checklist",
            state=ngettext("%(n)d for you", "%(n)d for you", mine) % {"n": mine} if mine else "", tone="act", order=10,
        ),
        HubCard(
            _("Findings of reviews"),
            ngettext("%(n)d is still to be settled.", "%(n)d are still to be settled.", still) % {"n": still}
            if still else _("What reviews found, and what became of it."),
            reverse("web:review_findings"), "flag",
            state=ngettext("%(n)d late", "%(n)d late", overdue) % {"n": overdue} if overdue else "", tone="stop", order=11,
        ),
    ]  # fmt: skip
    if may(person, "review:view"):
        due = _sample_due()
        cards.append(
            HubCard(
                _("Samples of accounts"), _("Which accounts were drawn for review, why, and how fair it was."),
                reverse("web:review_samples"), "dice", state=_("To be drawn") if due else "", tone="act", order=12,
            )
        )  # fmt: skip
    return cards


def _sample_due() -> bool:
    """Whether the division draws a sample in every period, and that of today is not drawn."""
    period = period_of(str(setting("review_period") or ""), clock.today(), calendar())
    if period is None:
        return False
    return not ReviewSample.objects.filter(state="drawn", starts_on__lte=period[1], ends_on__gte=period[0]).exists()
