"""Why an account is more likely to be drawn: facts of the register as points, each with its words. Rostrum's own rules.

AP 193 says "as the need arises" (1.10) and names no risks. Every account starts with one point; nothing takes points
away. A change of these rules gets another number, and a sample keeps the number it was drawn under.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.core import clock
from rostrum.people.models import Unit
from rostrum.registry.models import Account, Designation
from rostrum.registry.states import LIVE
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review
from rostrum.reviews.states import FindingState, ReviewState
from rostrum.upkeep.quiet import QUIET, TROUBLED, measure, with_quiet

RULES = 1
NEW = timedelta(days=90)
LONG = timedelta(days=365)
AT_ONCE = 5000

# (points, words): what adds to the one point that every account has.
POINTS: dict[str, tuple[int, Promise | str]] = {
    "never": (2, gettext_lazy("never reviewed")),
    "long_ago": (1, gettext_lazy("last reviewed more than a year ago")),
    "no_manager": (2, gettext_lazy("no manager")),
    "one_manager": (1, gettext_lazy("one manager")),
    "quiet": (1, gettext_lazy("quiet")),
    "trouble": (2, gettext_lazy("not there, taken, or nobody gets in")),
    "new": (1, gettext_lazy("official for less than three months")),
    "grave": (2, gettext_lazy("last finding serious")),
    "open": (1, gettext_lazy("something found is still open")),
    "school": (1, gettext_lazy("nothing of this school reviewed for a year")),
}


@dataclass
class Weighed:
    """One account that may be drawn: its school, and the reasons that add to its weight."""

    pk: int
    public_id: str
    school: int
    reasons: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """One point, and those of every reason."""
        return 1 + sum(POINTS[one][0] for one in self.reasons)


def reason_words(keys: Iterable[str]) -> str:
    """Reasons in words: "one manager, never reviewed"; that there are none."""
    known = [str(POINTS[one][1]) for one in keys if one in POINTS]
    return ", ".join(known) if known else _("no reason but chance")


def rules_in_words() -> list[tuple[str, int]]:
    """The points of every reason, the heaviest first, for whoever asks how fair a draw is."""
    return sorted(((str(words), points) for points, words in POINTS.values()), key=lambda one: (-one[1], one[0]))


def schools() -> dict[int, int]:
    """The school or department of every unit, by primary keys; the division itself where it lies in none. One query."""
    units = {one.pk: one for one in Unit.objects.only("pk", "path", "kind")}
    found = {}
    for pk, unit in units.items():
        above = (units[one] for one in unit.ancestor_ids if one in units)
        found[pk] = next((one.pk for one in above if one.kind in {"school", "department", "division"}), pk)
    return found


def weigh(scope: Unit, grave: Iterable[str]) -> list[Weighed]:
    """Every live account at or beneath a unit that nobody is reviewing now, with what adds to its weight.

    `grave` are the severities that count as serious. The queries do not grow with the accounts.
    """
    now = clock.now()
    live = Account.objects.filter(state__in=LIVE, unit__path__startswith=scope.path).exclude(
        reviews__state__in=[ReviewState.PLANNED, ReviewState.UNDER_WAY]
    )
    rows = list(
        live.order_by("pk").values_list("pk", "public_id", "unit_id", "registration_id", "official_since").distinct()
    )
    places, managers = schools(), _managers()
    reviewed = _last_reviews()
    grave_of, open_of = _findings(set(grave))
    alive = dict(with_quiet(live, measure()).order_by().values_list("pk", "quiet"))
    looked_at = {places[unit] for unit in _units_looked_at(now - LONG)}
    out = []
    for pk, public_id, unit, registration, since in rows:
        one = Weighed(pk, public_id, places[unit])
        last = reviewed.get(pk)
        has = managers[registration]
        one.reasons += [] if last else ["never"]
        one.reasons += ["long_ago"] if last and last < now - LONG else []
        one.reasons += ["no_manager"] if has == 0 else ["one_manager"] if has == 1 else []
        one.reasons += {QUIET: ["quiet"], TROUBLED: ["trouble"]}.get(alive.get(pk, ""), [])
        one.reasons += ["new"] if since > now - NEW else []
        one.reasons += ["grave"] if pk in grave_of else []
        one.reasons += ["open"] if pk in open_of else []
        one.reasons += ["school"] if one.school not in looked_at else []
        out.append(one)
    return out


def _managers() -> Counter[int]:
    """How many living managers each registration has."""
    living = Designation.objects.filter(accepted_at__isnull=False, released_at=None, person__is_active=True)
    return Counter(dict(living.values_list("registration").annotate(n=Count("pk")).order_by()))


def _last_reviews() -> dict[int, datetime]:
    """When each account was last reviewed by a first reviewer."""
    done = Review.objects.filter(state=ReviewState.DONE, first=None)
    return dict(done.values_list("account").annotate(at=Max("finished_at")).order_by())


def _findings(grave: set[str]) -> tuple[set[int], set[int]]:
    """Accounts whose last findings hold a serious one, and accounts with one that is still open."""
    counted = ReviewFinding.objects.exclude(state__in=[FindingState.TAKEN_BACK, FindingState.SAME])
    last: dict[int, tuple[int, bool]] = {}
    for account, review, severity in counted.order_by("review").values_list("account", "review", "severity"):
        before = last.get(account, (0, False))
        last[account] = (review, severity in grave or (before[0] == review and before[1]))
    still = counted.filter(~Q(state=FindingState.SETTLED)).values_list("account", flat=True)
    return {account for account, (_review, yes) in last.items() if yes}, set(still)


def _units_looked_at(since: datetime) -> set[int]:
    done = Review.objects.filter(state=ReviewState.DONE, finished_at__gte=since)
    return set(done.order_by().values_list("account__unit", flat=True).distinct())
