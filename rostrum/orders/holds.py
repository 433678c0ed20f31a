"""Every write on crisis holds: placed, said to be followed, extended, told to the public, lifted (AP 193 1.5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.dates import when
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.orders import hold_notices as N
from rostrum.orders import hold_queries as Q
from rostrum.orders.hold_models import CrisisHold, HoldTold
from rostrum.orders.hold_states import EXTEND, LIFT, MARK, SAY, HoldKind, HoldScope, HoldState
from rostrum.people.models import Person, Unit
from rostrum.people.queries import division, may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.holding import hold_many, lift_many
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.workflow.moves import advance, clean_reason

PLACE_CITES = ("1.5", "1.10")
LINE_LIMIT = 300
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Wanted:
    """What a crisis hold is to be: what it asks, on which accounts, until when, why, and what the public reads."""

    kind: str
    scope: str
    ends_at: datetime
    reason: str
    unit: Unit | None = None
    platform: str = ""
    chosen: tuple[int, ...] = ()
    line_en: str = ""
    line_fr: str = ""

    @property
    def scope_key(self) -> str:
        """The scope as one word, by which two holds on the same accounts are told; empty for chosen accounts."""
        if self.scope == HoldScope.UNIT and self.unit is not None:
            return f"unit:{self.unit.pk}"
        if self.scope == HoldScope.PLATFORM:
            return f"platform:{self.platform}"
        return "all" if self.scope == HoldScope.ALL else ""

    def accounts(self) -> list[Account]:
        """The live accounts that it is about today, by name."""
        return list(Q.within(self.scope, unit=self.unit, platform=self.platform, chosen=self.chosen))


def may_place(person: Person) -> bool:
    """Whether a person may place a crisis hold: Communications, or the Director where nobody else is awake."""
    return may(person, "hold:place")


def _line(typed: str, field: str) -> str:
    try:
        return clean(typed, max_length=LINE_LIMIT)
    except UnsafeText:
        message = _("Write one line of plain text of at most %(limit)d characters.") % {"limit": LINE_LIMIT}
        raise Invalid(message, fields={field: [message]}) from None


def end_of(moment: datetime) -> datetime:
    """A planned end that is still to come, at most a year ahead. Raises Invalid beside the field `ends_on`."""
    now = clock.now()
    if moment <= now:
        message = _("This moment has passed. Choose one that is still to come.")
    elif moment > now + LONGEST:
        message = _("A hold is planned for a year at the most. Choose an earlier day.")
    else:
        return moment
    raise Invalid(message, fields={"ends_on": [message]})


def check(wanted: Wanted) -> Wanted:
    """What is wanted, cleaned. Raises Invalid with every field that cannot be (also beside `accounts`: none there)."""
    problems: dict[str, list[str]] = {}
    if wanted.kind not in HoldKind.values:
        problems["kind"] = [worded(_("Say whether nobody posts, or only {keeper}."))]
    if wanted.scope not in HoldScope.values:
        problems["scope"] = [_("Say which accounts it is about.")]
    elif wanted.scope == HoldScope.UNIT and wanted.unit is None:
        problems["unit"] = [_("Choose the school or department.")]
    elif wanted.scope == HoldScope.PLATFORM and wanted.platform not in {one.key for one in catalogue()}:
        problems["platform"] = [_("Choose the platform.")]
    elif wanted.scope == HoldScope.CHOSEN and not wanted.chosen:
        problems["accounts"] = [_("Name the accounts.")]
    reason = line_en = line_fr = ""
    try:
        reason = clean_reason(wanted.reason, required=True)
    except Invalid as refusal:
        problems |= refusal.fields
    try:
        line_en, line_fr = _line(wanted.line_en, "line_en"), _line(wanted.line_fr, "line_fr")
    except Invalid as refusal:
        problems |= refusal.fields
    try:
        end_of(wanted.ends_at)
    except Invalid as refusal:
        problems |= refusal.fields
    if looks_secret(reason):
        problems["reason"] = [_("This looks like it holds a password. Everyone reads it: take it out.")]
    if problems:
        raise Invalid(_("Some of it cannot be. Look beside the fields."), fields=problems)
    return Wanted(
        wanted.kind, wanted.scope, wanted.ends_at, reason,
        unit=wanted.unit if wanted.scope == HoldScope.UNIT else None,
        platform=wanted.platform if wanted.scope == HoldScope.PLATFORM else "",
        chosen=wanted.chosen if wanted.scope == HoldScope.CHOSEN else (),
        line_en=line_en, line_fr=line_fr,
    )  # fmt: skip


def same_standing(wanted: Wanted) -> CrisisHold | None:
    """The hold of this kind that stands on just these accounts already."""
    if not wanted.scope_key:
        return None
    return Q.standing().filter(kind=wanted.kind, scope_key=wanted.scope_key).first()


@transaction.atomic
def place(wanted: Wanted, *, by: Person, expected: int | None = None) -> CrisisHold:
    """Stop posting, or take it over, on some accounts: marks them, asks everyone who can post to stop, tells their
    leaders. The letters are owed here and sent by the worker at once.

    `expected` is how many accounts the person was told; when there are others by now, they are asked again.
    Source: AP 193 1.5. Raises NotAllowed, Invalid by field, WrongState (this very hold stands already), Overtaken.
    """
    hold_the_pen()
    if not may_place(by):
        raise NotAllowed(worded(_("Only {keeper} or {director} can place a crisis hold.")))
    wanted = check(wanted)
    accounts = wanted.accounts()
    if not accounts:
        message = _("There is no live account there, so there is nothing to hold.")
        field = "accounts" if wanted.scope == HoldScope.CHOSEN else "scope"
        raise Invalid(message, fields={field: [message]})
    if expected is not None and expected != len(accounts):
        raise Overtaken(_("While you were reading, the accounts there changed. Look at the numbers again."))
    root = division()
    if root is None:
        raise WrongState(_("There is no division yet."))
    now = clock.now()
    hold = CrisisHold(
        kind=wanted.kind, scope=wanted.scope, scope_key=wanted.scope_key, unit=wanted.unit or root,
        platform=wanted.platform, reason=wanted.reason, line_en=wanted.line_en, line_fr=wanted.line_fr,
        since=now, ends_at=wanted.ends_at, placed_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError:
        raise WrongState(
            _("A hold like this stands already on the same accounts."),
            way_forward=_("Give that one another end, or lift it first."),
        ) from None
    hold_many(accounts, kind=MARK, ref=str(hold.pk), by=by)
    heard = Q.audience(accounts)
    record(
        by, "crisishold:place", hold, citations=cite(PLACE_CITES), note=wanted.reason, label=N.about(hold, len(accounts)),
        after={"kind": hold.kind, "scope": hold.scope_key or "chosen", "accounts": len(accounts),
               "asked": len(heard.asked), "ends_at": when(hold.ends_at)},
    )  # fmt: skip
    _tell_new(hold, heard, accounts, by)
    return hold


def _tell_new(hold: CrisisHold, heard: Q.Audience, accounts: Collection[Account], by: Person | None) -> None:
    """Ask those who can post, tell those who need to know; each is told of a hold once."""
    known = set(HoldTold.objects.filter(hold=hold).values_list("person_id", flat=True))
    asked, told = set(heard.asked) - known, heard.told - known
    people = Person.objects.in_bulk(asked | told)
    now = clock.now()
    HoldTold.objects.bulk_create(
        [HoldTold(hold=hold, person=one, asked=pk in asked, told_at=now) for pk, one in sorted(people.items())],
        batch_size=500,
    )
    names = {one.pk: one.name for one in accounts}
    words = N.said(hold, hold.placed_by, len(accounts), hold.reason)
    theirs = {pk: [names[one] for one in many if one in names] for pk, many in heard.asked.items()}
    N.send(
        N.FROZEN if hold.kind == HoldKind.FREEZE else N.TAKEN_OVER, hold,
        [people[pk] for pk in sorted(asked) if pk in people], words, theirs,
    )  # fmt: skip
    # Whoever places it knows; but if they can post, they are asked like everybody.
    N.send(N.TOLD, hold, [people[pk] for pk in sorted(told) if pk in people and (by is None or pk != by.pk)], words)


@transaction.atomic
def widen(hold: CrisisHold) -> tuple[int, int]:
    """Take in what came since: accounts that became official within the scope, people who can post there now.

    Says how many accounts and how many people. Only the worker does this, while the hold stands.
    """
    hold_the_pen()
    hold.refresh_from_db()
    if hold.state != HoldState.STANDING:
        return 0, 0
    marked = set(Q.marks(hold).values_list("account_id", flat=True))
    unit = hold.unit if hold.scope == HoldScope.UNIT else None
    found = list(Q.within(hold.scope, unit=unit, platform=hold.platform, chosen=marked))
    new = [one for one in found if one.pk not in marked]
    heard = Q.audience(found)
    known = set(HoldTold.objects.filter(hold=hold).values_list("person_id", flat=True))
    people = set(heard.asked) - known
    if not new and not people:
        return 0, 0
    hold_many(new, kind=MARK, ref=str(hold.pk), by=None)
    record(
        None, "crisishold:widen", hold, citations=cite(PLACE_CITES), label=N.about(hold, len(found)),
        after={"accounts": len(new), "asked": len(people)},
    )  # fmt: skip
    _tell_new(hold, heard, found, None)
    return len(new), len(people)


@transaction.atomic
def stopped(hold: CrisisHold, *, by: Person) -> HoldTold:
    """A person who was asked says that they have stopped posting. Saying it again changes nothing.

    Raises NotAllowed (nobody asked you), WrongState (the hold is lifted, so you can post).
    """
    row = Q.told_row(by, hold)
    relations = {"asked"} if row is not None and row.asked else set()
    if row is None or not may(by, "hold:stop", hold.unit, relations):
        raise NotAllowed(_("You were not asked to stop: none of these accounts is yours to post in."))
    hold.refresh_from_db()
    if hold.state != HoldState.STANDING:
        raise WrongState(
            _("This hold was lifted meanwhile."), way_forward=_("You can post again, unless another hold stands.")
        )
    if HoldTold.objects.filter(pk=row.pk, stopped_at=None).update(stopped_at=clock.now()):
        record(by, "crisishold:stopped", hold, citations=cite(["1.5"]), label=N.about(hold, 0), role="asked")
        row.refresh_from_db()
    return row


def _not_you() -> str:
    return worded(_("Only {keeper} or {director} can change or lift a crisis hold."))


def _heard(hold: CrisisHold) -> list[Person]:
    return list(Person.objects.filter(holds_told__hold=hold, is_active=True).order_by("pk"))


@transaction.atomic
def extend(
    hold: CrisisHold, *, by: Person, ends_at: datetime, reason: str, seen: int | None = None
) -> CrisisHold:
    """Give a standing hold another end, later or sooner; everyone who was told is told (AP 193 1.5).

    Raises Invalid for an end that has passed, and the refusals of `advance`.
    """
    before = hold.ends_at
    if may(by, EXTEND.permission, hold.unit):
        end_of(ends_at)
    note = advance(
        hold, EXTEND, by=by, seen=seen, reason=reason, fields={"ends_at": ends_at}, not_you=_not_you(),
        after={"ends_at": when(ends_at), "ended_at": when(before)},
    )  # fmt: skip
    count = Q.marks(hold).count()
    N.send(N.EXTENDED, hold, [one for one in _heard(hold) if one.pk != by.pk], N.said(hold, by, count, note))
    return hold


@transaction.atomic
def say(hold: CrisisHold, *, by: Person, line_en: str, line_fr: str, seen: int | None = None) -> CrisisHold:
    """Change what the public reads on the accounts' pages while the hold stands; empty lines take it away."""
    lines = {"line_en": _line(line_en, "line_en"), "line_fr": _line(line_fr, "line_fr")}
    advance(hold, SAY, by=by, seen=seen, fields=lines, not_you=_not_you(), after=lines)
    return hold


@transaction.atomic
def lift(hold: CrisisHold, *, by: Person, reason: str, seen: int | None = None) -> CrisisHold:
    """Lift a hold: the marks go, and everyone who was told is told at once that they can post again.

    Whoever has accounts on which another hold still stands is told that instead. Raises the refusals of `advance`:
    lifted twice, the second is too late or not now.
    """
    now = clock.now()
    note = advance(
        hold, LIFT, by=by, seen=seen, reason=reason, not_you=_not_you(),
        fields={"lifted_by": by, "lifted_at": now, "lift_reason": clean_reason(reason, required=False)},
    )  # fmt: skip
    accounts = list(Q.accounts_of(hold))
    lift_many(kind=MARK, ref=str(hold.pk), by=by)
    still = {pk for many in Q.also_held(one.pk for one in accounts).values() for pk in many}
    people = [one for one in _heard(hold) if one.pk != by.pk]
    words = N.said(hold, by, len(accounts), note)
    held = _names_by_person([one for one in accounts if one.pk in still])
    N.send(N.LIFTED_OTHER, hold, [one for one in people if one.pk in held], words, held)
    N.send(N.LIFTED, hold, [one for one in people if one.pk not in held], words)
    return hold


def _names_by_person(accounts: Iterable[Account]) -> dict[int, list[str]]:
    """The names of accounts by whoever can post in them."""
    found = list(accounts)
    names = {one.pk: one.name for one in found}
    return {pk: [names[one] for one in many] for pk, many in Q.audience(found).asked.items()} if found else {}
