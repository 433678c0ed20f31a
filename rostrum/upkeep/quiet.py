"""When an account counts as quiet, by the division's own number; what else its last post and last look say. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from rostrum.core import clock
from rostrum.core.reading import once
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.upkeep.liveness_models import TROUBLE, Liveness, Pause, Plan
from rostrum.upkeep.states import PauseState
from rostrum.upkeep.windows import Choices, choices

# Days without a post after which an account is behind its own plan. Rostrum's reading of the plan; it asks nobody.
BEHIND = {Plan.DAILY.value: 7, Plan.WEEKLY.value: 21, Plan.MONTHLY.value: 62}

TROUBLED, PAUSED, QUIET, UNKNOWN, LATE, ACTIVE = "trouble", "paused", "quiet", "unknown", "behind", "active"


def plan_of(answers: Mapping[str, Any]) -> str:
    """The plan that Form 193-1 holds; empty where it says none (an account of before Rostrum)."""
    given = answers.get("update_plan") or [""]
    value = given[0] if isinstance(given, list) and given else given
    return value if value in Plan.values else ""


@dataclass(frozen=True)
class Measure:
    """What "quiet" means today: posts on this day or before it are too long ago. None while the division set no number."""

    days: int | None
    floor: date | None
    today: date


def measure(chosen: Choices | None = None) -> Measure:
    """The division's number (AP 193 1.7 gives none), worked back from today by the days that it counts."""
    chosen = chosen or choices()
    days, today = chosen.quiet_days, clock.today()
    return Measure(days, chosen.counted.back(today, days) if days else None, today)


def running(today: date | None = None) -> QuerySet[Pause]:
    """Pauses that hold on a day."""
    day = today or clock.today()
    return Pause.objects.filter(state=PauseState.RUNNING, starts_on__lte=day, ends_on__gte=day)


def running_pause(account: Account) -> Pause | None:
    """The pause of an account that holds today."""
    found = running().filter(account=account).select_related("set_by")
    return once(("pause", account.pk, clock.today()), found.first)


def paused_q() -> Exists:
    """That an account is paused today, as a condition on accounts."""
    return Exists(running().filter(account=OuterRef("pk")))


def _since(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def with_quiet(accounts: QuerySet[Account], by: Measure) -> QuerySet[Any]:
    """Live accounts, each with `quiet`: trouble, paused, quiet, unknown, behind or active; in one question.

    An account is never quiet before it has been official for as long: a new one has nothing to be late with.
    """
    floor, nothing = by.floor, Q(pk__in=())
    quiet = Q(liveness__last_post_on__lte=floor, official_since__lt=_since(floor)) if floor is not None else nothing
    behind = nothing
    for plan, days in BEHIND.items():
        behind |= Q(liveness__plan=plan, liveness__last_post_on__lt=by.today - timedelta(days=days))
    return accounts.filter(state__in=LIVE).annotate(
        last_post_on=F("liveness__last_post_on"),
        quiet=Case(
            When(liveness__alive__in=sorted(TROUBLE), then=Value(TROUBLED)),
            When(paused_q(), then=Value(PAUSED)),
            When(quiet, then=Value(QUIET)),
            When(Q(liveness=None) | Q(liveness__last_post_on=None), then=Value(UNKNOWN)),
            When(behind, then=Value(LATE)),
            default=Value(ACTIVE), output_field=CharField(),
        ),
    )  # fmt: skip


def liveness_of(account: Account) -> Liveness | None:
    """What is on record of an account's last post and last look."""
    return Liveness.objects.filter(account=account).select_related("post_noted_by", "alive_by").first()


def quiet_word(account: Account, by: Measure | None = None) -> str:
    """Which of the six an account is today."""
    found = with_quiet(Account.objects.filter(pk=account.pk), by or measure()).values_list("quiet", flat=True).first()
    return found or ""
