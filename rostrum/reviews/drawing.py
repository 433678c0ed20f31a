"""Every write to samples: drawing one by chance and risk, calling it off; and what shows that the draw was fair."""

from __future__ import annotations

import math
import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.keys.plain import plain
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may
from rostrum.policies.queries import cite, in_force, setting
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.reviews import sampling
from rostrum.reviews.checklist import checklist
from rostrum.reviews.models import Review, ReviewSample, SamplePlace
from rostrum.reviews.planning import Wanted, drop, make_reviews, number, second_beside
from rostrum.reviews.reviewers import Reviewers
from rostrum.reviews.sampling import Ticket, chance
from rostrum.reviews.states import CALL_OFF, OPEN_REVIEWS, ReviewKind, ReviewState, SampleState
from rostrum.reviews.weights import RULES, schools, weigh
from rostrum.workflow.moves import advance

MOST = 500  # reviews that one draw hands out: more than that is no sample but a campaign
LONGEST = timedelta(days=400)
DRAWN_ALREADY = gettext_lazy("The sample of this period is drawn already. It counts, unless it is called off.")


def size(live: int, typed: int | None = None) -> int:
    """How many accounts a sample takes: the division's number, else its share of the live ones, else what was typed."""
    fixed = number("review_sample_count")
    share = number("review_sample_share")
    wanted = fixed if fixed else math.ceil(live * share / 100) if share else typed or 0
    return min(wanted, live, MOST)


def size_is_set() -> bool:
    """Whether the division has said how many accounts a sample takes."""
    return bool(number("review_sample_count") or number("review_sample_share"))


def may_draw(person: Person, scope: Unit) -> bool:
    """Whether a person may draw a sample at a unit: Communications (AP 193 1.10)."""
    return may(person, "review:plan", scope)


@transaction.atomic
def draw(
    scope: Unit, *, starts_on: date, ends_on: date, by: Person, wanted: int | None = None, note: str = "",
    seed: str | None = None,
) -> ReviewSample:  # fmt: skip
    """Draw the sample of a period and hand its reviews out; one event for the draw, one for each review.

    Every live account at or beneath the unit that nobody is reviewing has its place, weight and reasons kept, drawn or
    not. `wanted` counts only where the division set no number. The seed is new for each draw and shown afterwards, so
    that anyone can draw again and find the same accounts; nobody can choose it (the argument is for tests).
    Raises NotAllowed, Invalid (period, number), WrongState (drawn already, nothing to draw from).
    """
    hold_the_pen()
    if not may_draw(by, scope):
        raise NotAllowed(worded(_("Only {keeper} draws a sample of accounts.")))
    said = plain(note, "note")
    _check_period(starts_on, ends_on)
    if ReviewSample.objects.filter(scope=scope, starts_on=starts_on, ends_on=ends_on, state=SampleState.DRAWN).exists():
        raise WrongState(str(DRAWN_ALREADY))
    items = checklist(in_force())
    rows = weigh(scope, [one.key for one in items.items.severities if items.grave(one.key)])
    if not rows:
        raise WrongState(_("No live account is left to draw from: each is being reviewed, or there is none."))
    count = size(len(rows), wanted)
    if count < 1:
        message = _("Say how many accounts to draw, from 1 to %(most)d.") % {"most": min(len(rows), MOST)}
        raise Invalid(message, fields={"wanted": [message]})
    if not size_is_set() and wanted is not None and wanted > min(len(rows), MOST):
        message = _("At most %(most)d can be drawn now.") % {"most": min(len(rows), MOST)}
        raise Invalid(message, fields={"wanted": [message]})
    second = setting("review_second_share")
    sample = ReviewSample(
        scope=scope, starts_on=starts_on, ends_on=ends_on, seed=seed or secrets.token_hex(8), rules=RULES, wanted=count,
        population=len(rows), second_share=second if isinstance(second, int) else 0, note=said, drawn_by=by,
        drawn_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            sample.save(force_insert=True)
    except IntegrityError:
        raise WrongState(str(DRAWN_ALREADY)) from None
    by_id = {one.public_id: one for one in rows}
    in_order = sampling.order(sample.seed, (Ticket(one.public_id, one.weight) for one in rows))
    SamplePlace.objects.bulk_create(
        [
            SamplePlace(
                sample=sample,
                account_id=by_id[ticket.id].pk,
                school_id=by_id[ticket.id].school,
                weight=ticket.weight,
                reasons=",".join(by_id[ticket.id].reasons),
                drawn=rank <= count,
                rank=rank,
            )
            for rank, ticket in enumerate(in_order, start=1)
        ],
        batch_size=500,
    )
    record(
        by, "reviewsample:draw", sample, citations=cite(["1.10"]), note=said,
        after={"seed": sample.seed, "rules": RULES, "wanted": count, "of": len(rows), "scope": scope.name},
    )  # fmt: skip
    _hand_out(sample, [by_id[ticket.id].pk for ticket in in_order[:count]], by)
    return sample


def _check_period(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        message = _("The last day lies before the first.")
        raise Invalid(message, fields={"ends_on": [message]})
    if ends_on - starts_on > LONGEST:
        message = _("A period is at most one year. Choose a nearer last day.")
        raise Invalid(message, fields={"ends_on": [message]})
    if ends_on < clock.today():
        message = _("This period is over. Choose a last day that is still to come.")
        raise Invalid(message, fields={"ends_on": [message]})


def _hand_out(sample: ReviewSample, accounts: list[int], by: Person) -> None:
    """One review for each account drawn; a second one where the division's share and the same seed say so."""
    found = Account.objects.filter(pk__in=accounts).select_related("unit", "registration").in_bulk()
    drawn = [found[pk] for pk in accounts]
    crew = Reviewers(drawn)
    wanted = [Wanted(one, ReviewKind.SAMPLED.value, sample=sample) for one in drawn]
    firsts = make_reviews(wanted, by=by, act="review:ask", crew=crew)
    for first in firsts:
        if chance(sample.seed, f"second:{first.account.public_id}") * 100 < sample.second_share:
            second_beside(first, by, crew)


@transaction.atomic
def call_off(sample: ReviewSample, *, by: Person, reason: str, seen: int | None = None) -> ReviewSample:
    """Call a sample off: reviews of it that nobody has started are called off too. The draw stays on record."""
    hold_the_pen()
    why = plain(reason, "reason", needed=_("Say why it is called off."))
    advance(
        sample, CALL_OFF, by=by, seen=seen, reason=why, not_you=worded(_("Only {keeper} calls a sample off.")),
        fields={"called_off_by": by, "called_off_at": clock.now(), "called_off_why": why},
    )  # fmt: skip
    waiting = Review.objects.filter(sample=sample, state=ReviewState.PLANNED, first=None)
    for review in waiting.select_related("account__unit", "reviewer"):
        drop(review, by=by, reason=why)
    return sample


# --- How fair a draw was -------------------------------------------------------------------------------------------


def tickets_of(sample: ReviewSample) -> list[Ticket]:
    """Every account that could have been drawn, with the weight that it had."""
    rows = SamplePlace.objects.filter(sample=sample).order_by().values_list("account__public_id", "weight")
    return [Ticket(public_id, weight) for public_id, weight in rows]


def drawn_again(sample: ReviewSample) -> bool:
    """Whether drawing once more from the kept seed and weights finds the very same accounts."""
    again = {one.id for one in sampling.draw(sample.seed, tickets_of(sample), sample.wanted)}
    kept = SamplePlace.objects.filter(sample=sample, drawn=True).values_list("account__public_id", flat=True)
    return again == set(kept)


@dataclass(frozen=True)
class Coverage:
    """One school in a sample: how many accounts it has there, how many were drawn, and how many to expect."""

    school: Unit
    accounts: int
    drawn: int
    expected: float
    reviewed_at: date | None = None


def coverage(sample: ReviewSample) -> list[Coverage]:
    """Each school of a sample, so that everybody sees whether one was spared or hit: drawn beside expected."""
    likely = sampling.expected(tickets_of(sample), sample.wanted)
    found: dict[int, list[float]] = defaultdict(lambda: [0, 0, 0.0])
    units: dict[int, Unit] = {}
    places = SamplePlace.objects.filter(sample=sample).order_by()
    for school, public_id, drawn in places.values_list("school", "account__public_id", "drawn"):
        row = found[school]
        row[0] += 1
        row[1] += drawn
        row[2] += likely[public_id]
    units = Unit.objects.in_bulk(list(found))
    rows = [Coverage(units[pk], int(n), int(d), e) for pk, (n, d, e) in found.items()]
    return sorted(rows, key=lambda one: one.school.name)


@dataclass(frozen=True)
class SchoolSeen:
    """One school over time: its live accounts, how many of them were reviewed since a day, and the last review."""

    school: Unit
    accounts: int
    reviewed: int
    under_way: int
    last: date | None


def seen_by_school(since: date) -> list[SchoolSeen]:
    """Every school with live accounts: how much of it was reviewed since a day, and when the last time. Five queries."""
    places = schools()
    live: dict[int, int] = defaultdict(int)
    for unit, n in Account.objects.filter(state__in=LIVE).values_list("unit").annotate(n=Count("pk")).order_by():
        live[places[unit]] += n
    done = Review.objects.filter(state=ReviewState.DONE, first=None)
    recent: dict[int, int] = defaultdict(int)
    rows = done.filter(finished_at__gte=clock.midnight(since)).order_by().values_list("account__unit")
    for unit, n in rows.annotate(n=Count("account", distinct=True)):
        recent[places[unit]] += n
    last: dict[int, date] = {}
    for unit, at in done.order_by().values_list("account__unit").annotate(at=Max("finished_at")):
        day = timezone.localdate(at)
        last[places[unit]] = max(day, last.get(places[unit], day))
    busy: dict[int, int] = defaultdict(int)
    open_now = Review.objects.filter(state__in=OPEN_REVIEWS, first=None).order_by().values_list("account__unit")
    for unit, n in open_now.annotate(n=Count("pk")):
        busy[places[unit]] += n
    units = Unit.objects.in_bulk(list(live))
    found = [SchoolSeen(units[pk], n, recent[pk], busy[pk], last.get(pk)) for pk, n in live.items()]
    return sorted(found, key=lambda one: (one.last is not None, one.last or since, one.school.name))
