"""Campaigns of resets: every account of a division, school or platform by a day; how far it is; reminding; ending."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.jobs.actions import enqueue
from rostrum.keys.due import remind_every
from rostrum.keys.models import CampaignAccount, Reset, ResetCall, ResetCampaign
from rostrum.keys.plain import NAME, NOTE, plain
from rostrum.keys.states import CAMPAIGN_MOVES, END, NUDGE, CallState, CampaignState, ResetState, Trigger
from rostrum.keys.telling import nudge_letters
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may, seen_units, subtree
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import Move, advance

LONGEST = timedelta(days=366)
BATCH = 1000
SCOPES = ("division", "school", "department")


def accounts_of(scope: Unit, platform: str = "") -> QuerySet[Account]:
    """The live accounts that a campaign would ask for."""
    found = Account.objects.filter(state__in=LIVE, unit__in=subtree(scope).values("pk"))
    return found.filter(platform=platform) if platform else found


def may_start(person: Person, scope: Unit | None = None) -> bool:
    """Whether a person may start a campaign at a unit, or (None) anywhere: Communications, and a school's leaders."""
    return may(person, "keys:campaign", scope)


@transaction.atomic
def start(*, by: Person, scope: Unit, name: str, reason: str, due_on: date, platform: str = "") -> ResetCampaign:
    """Ask for a reset of every live account of a division, school or platform by a day (AP 193 3.4).

    The accounts are those of today; one that becomes official later is not asked. Their managers are told by a job, in
    one letter each. Raises NotAllowed, WrongState (one of the same scope runs), Invalid by field (a day that has
    passed, no account, text that looks like a password).
    """
    hold_the_pen()
    if not may_start(by, scope):
        raise NotAllowed(worded(_("Only {keeper}, and whoever leads a school for that school, can start a campaign.")))
    called, why = _words(name, reason)
    _check(scope, platform, due_on)
    accounts = list(accounts_of(scope, platform).order_by("pk").values_list("pk", flat=True))
    if not accounts:
        message = _("No official account is there to be reset.")
        raise Invalid(message, fields={"scope": [message]})
    now = clock.now()
    campaign = ResetCampaign(
        name=called, reason=why, scope=scope, platform=platform, due_on=due_on, started_by=by, started_at=now
    )
    try:
        with transaction.atomic():
            campaign.save(force_insert=True)
    except IntegrityError:
        raise WrongState(_("A campaign for the same accounts is running. It ends before another starts.")) from None
    CampaignAccount.objects.bulk_create(
        (CampaignAccount(campaign=campaign, account_id=pk) for pk in accounts), batch_size=BATCH
    )
    _ask(campaign, accounts)
    record(by, "resetcampaign:start", campaign, citations=cite(["3.4"]), note=why,
           after={"scope": scope.code, "platform": platform, "due_on": due_on, "accounts": len(accounts)})  # fmt: skip
    enqueue("keys.tell", key=f"reset-campaign:{campaign.pk}")
    return campaign


def _words(name: str, reason: str) -> tuple[str, str]:
    problems: dict[str, list[str]] = {}
    out = []
    for field_, text, limit, needed in (
        ("name", name, NAME, _("Give the campaign a name.")),
        ("reason", reason, NOTE, _("Say why, so that those who are asked know.")),
    ):
        try:
            out.append(plain(text, field_, limit, needed=needed))
        except Invalid as refusal:
            problems |= refusal.fields
    if problems:
        raise Invalid(_("Some of it cannot be. Look beside the fields."), fields=problems)
    return out[0], out[1]


def _check(scope: Unit, platform: str, due_on: date) -> None:
    problems: dict[str, list[str]] = {}
    if scope.kind not in SCOPES:
        problems["scope"] = [_("Choose the division, a school or a department.")]
    if platform and platform not in {one.key for one in catalogue()}:
        problems["platform"] = [_("Choose one of the platforms in the list.")]
    if due_on < clock.today():
        problems["due_on"] = [_("This day has passed.")]
    elif due_on > clock.today() + LONGEST:
        problems["due_on"] = [_("Choose a day within a year.")]
    if problems:
        raise Invalid(_("Some of it cannot be. Look beside the fields."), fields=problems)


def _ask(campaign: ResetCampaign, accounts: list[int]) -> None:
    """A call for each account; where an earlier campaign still asks, the same call counts from now on."""
    now = campaign.started_at
    for start_ in range(0, len(accounts), BATCH):
        part = accounts[start_ : start_ + BATCH]
        open_ = ResetCall.objects.filter(account__in=part, trigger=Trigger.CAMPAIGN, state=CallState.OPEN)
        known = set(open_.values_list("account_id", flat=True))
        open_.update(since=now, due_on=campaign.due_on, campaign=campaign, told_at=None, reminded_on=None,
                     late_told_on=None)  # fmt: skip
        ResetCall.objects.bulk_create(
            ResetCall(account_id=pk, trigger=Trigger.CAMPAIGN, campaign=campaign, asked_by=campaign.started_by,
                      asked_at=now, since=now, due_on=campaign.due_on)
            for pk in part if pk not in known
        )  # fmt: skip


# --- how far it is ---------------------------------------------------------------------------------------------


def visible_to(person: Person) -> QuerySet[ResetCampaign]:
    """The campaigns that a person may read: those that touch units whose accounts they may read by their role."""
    units = seen_units(person, "account:view")
    found = ResetCampaign.objects.select_related("scope", "started_by", "ended_by")
    if units is None:
        return found
    mine = list(units.values_list("pk", "path"))
    above = {int(part) for _pk, path in mine for part in path.strip("/").split("/") if part}
    return found.filter(scope__in={*above, *(pk for pk, _path in mine)})


def places(campaign: ResetCampaign, person: Person | None = None) -> QuerySet[Any]:
    """The accounts of a campaign with `done` and `stated`; for a person only those that they may read by their role.

    Done is what a confirmed reset answers that was made since it started (and until it ended). An account that was
    retired meanwhile is in it no more, unless it was done.
    """
    made = Reset.objects.filter(account=OuterRef("account"), made_at__gte=campaign.started_at)
    done = made.filter(state=ResetState.CONFIRMED)
    if campaign.ended_at is not None:
        done = done.filter(confirmed_at__lte=campaign.ended_at)
    found = campaign.places.annotate(done=Exists(done), stated=Exists(made.filter(state=ResetState.MADE)))
    found = found.filter(Q(done=True) | Q(account__state__in=LIVE))
    units = seen_units(person, "account:view") if person is not None else None
    return found if units is None else found.filter(account__unit__in=units)


@dataclass
class Progress:
    """How far a school, or the whole campaign, is: accounts in all, done, stated and waiting for the second person."""

    total: int = 0
    done: int = 0
    stated: int = 0
    units: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """Accounts for which nothing was stated yet."""
        return self.total - self.done - self.stated

    def add(self, total: int, done: int, stated: int) -> None:
        """More accounts."""
        self.total, self.done, self.stated = self.total + total, self.done + done, self.stated + stated


def progress(campaign: ResetCampaign, person: Person | None = None) -> Progress:
    """How far a campaign is, as far as a person may read: in all, and by unit. One query."""
    rows = places(campaign, person).order_by().values("account__unit").annotate(
        total=Count("pk"), ready=Count("pk", filter=Q(done=True)), said=Count("pk", filter=Q(done=False, stated=True))
    )  # fmt: skip
    whole = Progress()
    for row in rows:
        numbers = (row["total"], row["ready"], row["said"])
        whole.add(*numbers)
        whole.units[row["account__unit"]] = numbers
    return whole


def missing(campaign: ResetCampaign, person: Person | None = None) -> QuerySet[Any]:
    """The accounts for which nobody has stated a reset yet."""
    found = places(campaign, person).filter(done=False, stated=False)
    return found.select_related("account__unit__parent").order_by("account__unit__name", "account__name", "pk")


def allowed(person: Person, campaign: ResetCampaign) -> list[Move]:
    """The moves on a campaign that a person could make now."""
    return [m for m in CAMPAIGN_MOVES if campaign.state in m.sources and may(person, m.permission, campaign.unit)]


def running(accounts: Iterable[int] = ()) -> QuerySet[ResetCampaign]:
    """The campaigns that run; those of some accounts only where any are given."""
    found = ResetCampaign.objects.filter(state=CampaignState.RUNNING).select_related("scope")
    ids = list(accounts)
    return found.filter(places__account__in=ids).distinct() if ids else found


def of_account(account: Account) -> QuerySet[ResetCampaign]:
    """Every campaign that asked for an account."""
    return ResetCampaign.objects.filter(places__account=account)


# --- acts on one that runs -------------------------------------------------------------------------------------


def next_nudge(campaign: ResetCampaign) -> date | None:
    """The first day on which those who are missing may be reminded again; None where they may be today."""
    if campaign.nudged_on is None:
        return None
    again = campaign.nudged_on + timedelta(days=remind_every())
    return again if again > clock.today() else None


@transaction.atomic
def nudge(campaign: ResetCampaign, *, by: Person, reason: str = "", seen: int | None = None) -> ResetCampaign:
    """Remind everyone who looks after an account that is missing: one letter each, once in a period."""
    hold_the_pen()
    why = plain(reason, "reason")
    again = next_nudge(campaign)
    if campaign.state == CampaignState.RUNNING and again is not None:
        raise WrongState(
            _("They were reminded on %(day)s. You can remind them again from %(again)s.")
            % {"day": day(campaign.nudged_on), "again": day(again)}
        )
    calls = ResetCall.objects.filter(
        state=CallState.OPEN, trigger=Trigger.CAMPAIGN, account__in=missing(campaign).values("account")
    )
    left = calls.count()
    advance(
        campaign, NUDGE, by=by, seen=seen, reason=why, fields={"nudged_on": clock.today()}, after={"missing": left},
        not_you=_not_you(),
    )  # fmt: skip
    nudge_letters(campaign, calls, why)
    return campaign


@transaction.atomic
def end(campaign: ResetCampaign, *, by: Person, reason: str, seen: int | None = None) -> ResetCampaign:
    """End a campaign: what it still asks for lapses with it. What was reset, and what was not, stays on record."""
    hold_the_pen()
    why, now = plain(reason, "reason"), clock.now()
    whole = progress(campaign)
    advance(
        campaign, END, by=by, seen=seen, reason=why, not_you=_not_you(),
        fields={"ended_by": by, "ended_at": now, "end_reason": why},
        after={"accounts": whole.total, "done": whole.done},
    )  # fmt: skip
    campaign.calls.filter(state=CallState.OPEN).update(
        state=CallState.CALLED_OFF, closed_at=now, closed_by=by, close_reason=why
    )
    return campaign


def _not_you() -> str:
    return worded(_("Only {keeper}, and whoever leads the school of this campaign, can do this."))


ACTS: dict[str, Callable[..., Any]] = {"nudge": nudge, "end": end}
