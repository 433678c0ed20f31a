"""The nightly round: windows opened, managers asked and reminded, late ones told upward, suspensions proposed, rest ended.

Every step is set-based, does its own part in its own transactions and leaves a mark on each row it has dealt with
(`told_at`, `reminded_for`, `escalated_on`, one proposal for a certification): after an outage, a crash or a second run the
same day, nobody is asked, reminded or told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from rostrum.audit.actions import Line, hold_the_pen, record_many
from rostrum.core import clock
from rostrum.core.reading import reading
from rostrum.notices.actions import owe_each
from rostrum.notices.kinds import NoticeKind
from rostrum.people.models import Person, StandIn, Unit
from rostrum.people.queries import may
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.schoolyear.counting import Counting
from rostrum.schoolyear.queries import Span
from rostrum.schoolyear.series import Series
from rostrum.upkeep import notices as N
from rostrum.upkeep import quiet_notices as Q_N
from rostrum.upkeep import windows as W
from rostrum.upkeep.liveness_models import Liveness, Pause
from rostrum.upkeep.looking_after import Leads, communications, manager_ids
from rostrum.upkeep.models import Certification, Correction, Origin, SuspensionProposal
from rostrum.upkeep.quiet import QUIET, measure, plan_of, with_quiet
from rostrum.upkeep.states import OPEN_CERTIFICATIONS, CertificationState, CorrectionState, PauseState, ProposalState

BATCH = 1_000
OPEN = CertificationState.OPEN
DAY = timedelta(days=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _batches(rows: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    part: list[Any] = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


# -- windows


def open_windows(chosen: W.Choices | None = None) -> int:
    """Open the certifications whose window or whose own day has come; says how many. Nothing while no rhythm is set.

    Only on a calm school day: not in the first week of a year, nor while exams are written. What waited for such a day is
    opened then, once. An account that became official after the window opened is not asked before the next.
    """
    chosen = chosen or W.choices()
    set_, today = chosen.rhythm, chosen.today
    if not set_.asks:
        return 0
    calendar = chosen.counted.calendar
    if not W.good_day(calendar, today):
        return 0
    live = Account.objects.filter(state__in=LIVE)
    if set_.choice:
        period = W.window(calendar, set_.choice, today, set_.since)
        if period is None:
            return 0
        known = Certification.objects.filter(account=OuterRef("pk"), period__gte=period)
        due = live.filter(~Exists(known), official_since__lt=_midnight(period)).order_by("pk")
        pairs = [(pk, period) for pk in due.values_list("pk", flat=True)]
    else:
        pairs = list(_own_days(live, set_, chosen.counted, today))
    away = _leave(today)
    return sum(_open(part, chosen, away) for part in _batches(pairs))


def _own_days(live: Any, set_: W.Rhythm, counted: Counting, today: date) -> Iterator[tuple[int, date]]:
    """(account, period) of those whose own clock has come round: so many days after the last answer, or since official."""
    days = set_.days or 0
    floor = counted.back(today, days)
    last = live.annotate(
        base=Greatest(
            F("official_since"), Coalesce(Max("certifications__answered_at"), F("official_since")),
            Coalesce(Max("certifications__opened_at"), F("official_since")),
        )
    )  # fmt: skip
    waiting = Certification.objects.filter(account=OuterRef("pk"), state=CertificationState.CORRECTING)
    rows = last.filter(~Exists(waiting), base__lt=_midnight(floor + DAY)).order_by("pk").values_list("pk", "base")
    for pk, base in rows:
        period = counted.due(base, days).on
        # What came round before the division chose its rhythm is asked for once, from that day on.
        yield pk, max(period, set_.since) if set_.since else period


@transaction.atomic
def _open(pairs: list[tuple[int, date]], chosen: W.Choices, away: dict[int, tuple[Span, ...]]) -> int:
    """Open one batch: what is still open of the window before is noted as not answered, then the new ones are made."""
    hold_the_pen()
    ids, now = [pk for pk, _period in pairs], clock.now()
    periods = dict(pairs)
    accounts = {
        one.pk: one for one in Account.objects.filter(pk__in=ids, state__in=LIVE).only("pk", "public_id", "name")
    }
    before = Certification.objects.filter(account__in=ids)
    taken = set(before.filter(state=CertificationState.CORRECTING).values_list("account", flat=True))
    asked = before.filter(origin=Origin.RHYTHM, period__in=set(periods.values()))
    taken |= {account for account, period in asked.values_list("account", "period") if periods[account] == period}
    left = [account for pk, account in accounts.items() if pk not in taken]
    _miss(list(before.filter(account__in=left, state=OPEN).select_related("account")), now)
    managers = manager_ids([one.pk for one in left])
    made = [
        Certification(
            account=one, origin=Origin.RHYTHM, period=periods[one.pk], opened_at=now, moved_at=now,
            due_on=_due(chosen, managers.get(one.pk, []), away),
        )
        for one in left
    ]  # fmt: skip
    Certification.objects.bulk_create(made, batch_size=500)
    record_many(None, "certification:open", (
        Line(one, one.account.name, after={"account": one.account.public_id, "period": one.period, "due": one.due_on})
        for one in made
    ))  # fmt: skip
    return len(made)


def _leave(today: date) -> dict[int, tuple[Span, ...]]:
    """Who is away when, from today on, as stand-ins say: a person's absence is on record once."""
    found: dict[int, list[Span]] = {}
    rows = StandIn.objects.filter(cancelled_at=None, ends_on__gte=today).order_by("starts_on")
    for person, first, last in rows.values_list("appointment__person", "starts_on", "ends_on"):
        found.setdefault(person, []).append((first, last))
    return {person: tuple(spans) for person, spans in found.items()}


def _due(chosen: W.Choices, managers: list[int], away: dict[int, tuple[Span, ...]]) -> date | None:
    """By when to answer; where the only manager is away, not before they are back. None while no number is set."""
    days, counted = chosen.answer_days, chosen.counted
    if days is None:
        return None
    spans = away.get(managers[0], ()) if len(managers) == 1 else ()
    due = counted.due(chosen.today, days, away=spans).on
    return due if counted.mode or not spans else _back(due, spans)


def _back(due: date, spans: tuple[Span, ...]) -> date:
    for first, last in spans:
        if first <= due <= last:
            due = last + DAY
    return due


def _miss(rows: list[Certification], now: datetime) -> None:
    pks = [one.pk for one in rows]
    Certification.objects.filter(pk__in=pks).update(
        state=CertificationState.MISSED, version=F("version") + 1, moved_at=now
    )
    record_many(None, "certification:miss", (
        Line(one, one.account.name, before={"state": OPEN.value}, after={"account": one.account.public_id}) for one in rows
    ))  # fmt: skip
    proposals = SuspensionProposal.objects.filter(certification__in=pks, state=ProposalState.OPEN).select_related(
        "account"
    )
    _moot(list(proposals), now)


def _moot(rows: list[SuspensionProposal], now: datetime) -> None:
    SuspensionProposal.objects.filter(pk__in=[one.pk for one in rows]).update(
        state=ProposalState.OVER, version=F("version") + 1, moved_at=now
    )
    record_many(None, "suspensionproposal:moot", (
        Line(one, one.account.name, after={"account": one.account.public_id}) for one in rows
    ))  # fmt: skip


# -- letters


@dataclass(frozen=True)
class _Row:
    """One open certification as a letter needs it."""

    pk: int
    account: int
    name: str
    unit: int
    opened: date
    due: date | None


def _rows(found: Any) -> list[_Row]:
    cells = found.order_by("account__name", "pk").values_list(
        "pk", "account", "account__name", "account__unit", "opened_at", "due_on"
    )
    return [_Row(pk, account, name, unit, timezone.localdate(at), due) for pk, account, name, unit, at, due in cells]


def _by_manager(rows: list[_Row]) -> dict[int, list[_Row]]:
    """The rows of each person who looks after them; where nobody does, of whoever leads the unit."""
    found: dict[int, list[_Row]] = {}
    alone: list[_Row] = []
    for part in _batches(rows):
        managers = manager_ids([row.account for row in part])
        for row in part:
            for person in managers.get(row.account, ()):
                found.setdefault(person, []).append(row)
            if row.account not in managers:
                alone.append(row)
    for person, theirs in _by_lead(alone).items():
        found.setdefault(person, []).extend(theirs)
    return found


def _by_lead(rows: list[_Row]) -> dict[int, list[_Row]]:
    if not rows:
        return {}
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={row.unit for row in rows})}
    leads, found = Leads(units.values()), dict[int, list[_Row]]()
    turns = {pk: [one.pk for one in leads.of(unit).people] for pk, unit in units.items()}
    for row in rows:
        for person in turns[row.unit]:
            found.setdefault(person, []).append(row)
    return found


def _write(kind: NoticeKind, found: dict[int, list[_Row]], ref: Callable[[Person, list[_Row]], str]) -> int:
    """One letter to each person about all of theirs."""
    people = {one.pk: one for one in Person.objects.filter(pk__in=found, is_active=True)}
    owed = []
    with reading():  # thousands of letters say the same of the procedure
        for pk, rows in found.items():
            if pk in people:
                due = min((row.due for row in rows if row.due is not None), default=None)
                said = N.many([row.name for row in rows], len(rows), due)
                owed.append((people[pk], people[pk], ref(people[pk], rows), said))
    return owe_each(kind, owed)


def _self(person: Person, _rows: list[_Row]) -> str:
    return str(person.pk)


@transaction.atomic
def tell_opened() -> int:
    """Write to the managers of what was opened and not told yet; one letter to each person. Says how many letters."""
    hold_the_pen()
    new = Certification.objects.filter(state=OPEN, told_at=None, account__state__in=LIVE)
    rows = _rows(new)
    if not rows:
        return 0
    for part in _batches([row.pk for row in rows]):
        Certification.objects.filter(pk__in=part).update(told_at=clock.now())
    return _write(N.ASKED, _by_manager(rows), _self)


@transaction.atomic
def remind(chosen: W.Choices | None = None) -> int:
    """Remind the managers of what still waits, once a period; one letter to each person about all of theirs.

    The series begins so many days after the asking and ends four weeks after the due day (or, without one, after the
    asking): then the consequence that the division chose has taken over. No letter on a day without school where the
    division goes by school days.
    """
    hold_the_pen()
    chosen = chosen or W.choices()
    counted, today, every = chosen.counted, chosen.today, chosen.remind_every
    if not counted.works(today):
        return 0
    still = Certification.objects.filter(state=OPEN, told_at__isnull=False, account__state__in=LIVE)
    due: dict[date, list[_Row]] = {}
    newest: dict[tuple[date, date | None], date | None] = {}
    for row in _rows(still.filter(opened_at__lt=_midnight(today - (every - 1) * DAY))):
        key = (row.opened, row.due)
        if key not in newest:
            ends = (row.due or row.opened) + W.REMIND_FOR * DAY
            series = Series("certification.remind", row.opened + every * DAY, every, ends_on=ends)
            newest[key] = series.newest(today, counted.calendar)
        period = newest[key]
        if period is not None:
            due.setdefault(period, []).append(row)
    owed: list[_Row] = []
    for period, rows in due.items():
        fresh = set[int]()
        for part in _batches([row.pk for row in rows]):
            late = Certification.objects.filter(pk__in=part).filter(Q(reminded_for=None) | Q(reminded_for__lt=period))
            these = list(late.values_list("pk", flat=True))
            Certification.objects.filter(pk__in=these).update(reminded_for=period)
            fresh.update(these)
        owed += [row for row in rows if row.pk in fresh]
    return _write(N.REMINDED, _by_manager(owed), _self)


def _late(today: date, days: int = 0) -> Any:
    return Certification.objects.filter(state=OPEN, due_on__lt=today - days * DAY, account__state__in=LIVE)


@transaction.atomic
def tell_upward(chosen: W.Choices | None = None) -> int:
    """Tell whoever leads a school of what was not certified in time, once for each certification (division's choice)."""
    hold_the_pen()
    chosen = chosen or W.choices()
    today = chosen.today
    if not chosen.leads_to(W.UPWARD) or not chosen.counted.works(today):
        return 0
    rows = _rows(_late(today).filter(escalated_on=None))
    if not rows:
        return 0
    for part in _batches([row.pk for row in rows]):
        Certification.objects.filter(pk__in=part).update(escalated_on=today)
    return _write(N.LATE, _by_lead(rows), _self)


@transaction.atomic
def propose_suspensions(chosen: W.Choices | None = None) -> int:
    """Propose to a named person of Communications to suspend what stayed uncertified (division's choice). It decides nothing.

    Once for each certification; an account that is suspended already is passed over. Says how many were proposed.
    """
    hold_the_pen()
    chosen = chosen or W.choices()
    today = chosen.today
    if not chosen.leads_to(W.SUSPEND) or not chosen.counted.works(today):
        return 0
    people = [one for one in communications() if may(one, "proposal:decide")]
    found = (
        _late(today, chosen.grace)
        .filter(proposal=None, account__state__in=["recognised", "review"])
        .select_related("account")
    )
    rows = list(found.order_by("account__name", "pk")) if people else []
    if not rows:
        return 0
    now, named = clock.now(), people[0]
    made = [SuspensionProposal(certification=one, account=one.account, proposed_to=named, proposed_at=now, moved_at=now)
            for one in rows]  # fmt: skip
    SuspensionProposal.objects.bulk_create(made, batch_size=500)
    record_many(None, "suspensionproposal:propose", (
        Line(one, one.account.name, after={"account": one.account.public_id, "to": named.name}) for one in made
    ))  # fmt: skip
    said = N.many([one.account.name for one in rows], len(rows))
    owe_each(N.PROPOSED, [(named, named, str(named.pk), said)])
    return len(made)


# -- what ended by itself


def follow() -> int:
    """Settle what an approved, declined or withdrawn change has decided, and end what an account's retirement made moot."""
    from rostrum.upkeep.certifying import drop
    from rostrum.upkeep.settling import follow as follow_one

    ended = Correction.objects.filter(state=CorrectionState.OPEN).exclude(change=None, account__state__in=LIVE)
    rows = ended.select_related("account", "change", "certification__account")
    done = sum(follow_one(one) for one in rows)
    gone = Certification.objects.filter(state__in=OPEN_CERTIFICATIONS).exclude(account__state__in=LIVE)
    for certification in gone.select_related("account"):
        drop(certification)
        done += 1
    moot = SuspensionProposal.objects.filter(state=ProposalState.OPEN).exclude(
        account__state__in=["recognised", "review"]
    )
    with transaction.atomic():
        hold_the_pen()
        rows_ = list(moot.select_related("account"))
        _moot(rows_, clock.now())
    return done + len(rows_)


@transaction.atomic
def end_pauses() -> int:
    """Note that pauses are over whose last day is past, and those of accounts that were retired."""
    hold_the_pen()
    over = Pause.objects.filter(state=PauseState.RUNNING).filter(
        Q(ends_on__lt=clock.today()) | ~Q(account__state__in=sorted(LIVE))
    )
    rows = list(over.select_related("account"))
    Pause.objects.filter(pk__in=[one.pk for one in rows]).update(
        state=PauseState.PASSED, version=F("version") + 1, moved_at=clock.now()
    )
    record_many(None, "pause:pass", (
        Line(one, one.account.name, after={"account": one.account.public_id}) for one in rows
    ))  # fmt: skip
    return len(rows)


# -- quiet accounts


def keep_rows() -> int:
    """Give every live account its liveness row, with the plan of its Form 193-1. Says how many were missing."""
    missing = Account.objects.filter(state__in=LIVE, liveness=None).values_list("pk", "registration__request__answers")
    count = 0
    for part in _batches(list(missing.order_by("pk"))):
        rows = [Liveness(account_id=pk, plan=plan_of(answers)) for pk, answers in part]
        Liveness.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        count += len(rows)
    return count


@transaction.atomic
def write_to_quiet(chosen: W.Choices | None = None) -> int:
    """Write to the managers of quiet accounts, once a period while it stays quiet; one letter to each about all of theirs.

    Nothing while the division set no number, on days without school, or for paused accounts. A new post begins anew.
    """
    hold_the_pen()
    chosen = chosen or W.choices()
    counted, today, by = chosen.counted, chosen.today, measure(chosen)
    if by.floor is None or by.days is None or not counted.calendar.is_school_day(today):
        return 0
    every, owed = chosen.quiet_reminder_days, dict[date, list[_Row]]()
    found = with_quiet(Account.objects.all(), by).filter(quiet=QUIET).order_by("name", "pk")
    cells = found.values_list(
        "pk", "name", "unit", "liveness__last_post_on", "official_since", "liveness__reminded_for"
    )
    for pk, name, unit, last, official, reminded in cells:
        became = max(counted.due(last or official, by.days).on, counted.due(official, by.days).on)
        period = Series("quiet.remind", became, every).newest(today, counted.calendar)
        if period is not None and (reminded is None or reminded < period):
            owed.setdefault(period, []).append(_Row(pk, pk, name, unit, became, None))
    for period, rows in owed.items():
        for part in _batches([row.pk for row in rows]):
            Liveness.objects.filter(pk__in=part).update(reminded_for=period)
    everything = sorted((row for rows in owed.values() for row in rows), key=lambda row: (row.name, row.pk))
    people = _by_manager(everything)
    known = {one.pk: one for one in Person.objects.filter(pk__in=people, is_active=True)}
    with reading():
        letters = [
            (known[pk], known[pk], str(pk), Q_N.gone_quiet([row.name for row in rows], len(rows)))
            for pk, rows in people.items() if pk in known
        ]  # fmt: skip
    return owe_each(Q_N.GONE_QUIET, letters)
