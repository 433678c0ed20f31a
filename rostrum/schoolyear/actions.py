"""Every write on the school calendar: years, and the named days in them, by whoever keeps the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, Overtaken
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person
from rostrum.people.queries import may, roles_of
from rostrum.policies.rolewords import keeper
from rostrum.schoolyear.models import DayKind, NamedDays, SchoolYear

MANAGE = "calendar:manage"
NAME_LIMIT = 80
SHORTEST, LONGEST = timedelta(days=30), timedelta(days=450)  # of a school year
MOST_ENTRIES = 300  # named days of one year


@dataclass(frozen=True)
class Entry:
    """Named days as somebody wants them: what they are, what they are called, from when until when (inclusive)."""

    kind: str
    name: str
    starts_on: date
    ends_on: date


def label_of(starts_on: date, ends_on: date) -> str:
    """What a school year is called: "2026-2027", or "2026" where it lies in one calendar year."""
    first, last = starts_on.year, ends_on.year
    return f"{first:04}" if first == last else f"{first:04}-{last:04}"


def _need(by: Person | None) -> None:
    """Refuse unless the person keeps the calendar; None is the system itself."""
    if by is not None and not may(by, MANAGE):
        raise NotAllowed(
            _("Your role does not let you change the school calendar."),
            way_forward=_("It can be done by %(keeper)s or your system administrator.") % {"keeper": keeper()},
        )


def _role(by: Person | None) -> str:
    """In which of the two roles somebody keeps the calendar, for the log."""
    return "" if by is None else next((role for role in ("communications", "sysadmin") if role in roles_of(by)), "")


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [message]})


def _check_year(starts_on: date, ends_on: date, but: SchoolYear | None = None) -> str:
    """The label of a year from a day to a day. Raises Invalid: too short or long, overlapping another year."""
    if not SHORTEST <= ends_on - starts_on <= LONGEST:
        raise _wrong("ends_on", _("A school year lasts from 30 to 450 days. Check both days."))
    others = SchoolYear.objects.exclude(pk=but.pk) if but else SchoolYear.objects.all()
    other = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other is not None:
        raise _wrong(
            "starts_on",
            _("These days overlap the school year %(label)s, from %(first)s to %(last)s.")
            % {"label": other.label, "first": day(other.starts_on), "last": day(other.ends_on)},
        )
    label = label_of(starts_on, ends_on)
    if others.filter(label=label).exists():
        raise _wrong("starts_on", _("There is a school year %(label)s already. Change that one.") % {"label": label})
    return label


def _checked(entry: Entry, first: date, last: date) -> Entry:
    """An entry as it may be kept. Raises Invalid by field: unknown kind, no name, days that are none or outside."""
    if entry.kind not in DayKind.values:
        raise _wrong("kind", _("Choose what these days are."))
    try:
        name = clean(entry.name, max_length=NAME_LIMIT)
    except UnsafeText:
        raise _wrong(
            "name", _("Use plain letters and at most %(limit)d characters here.") % {"limit": NAME_LIMIT}
        ) from None
    if not name:
        raise _wrong("name", _("Give these days a name."))
    if entry.ends_on < entry.starts_on:
        raise _wrong("ends_on", _("The last day lies before the first."))
    for field, on in (("starts_on", entry.starts_on), ("ends_on", entry.ends_on)):
        if not first <= on <= last:
            raise _wrong(
                field,
                _("%(day)s lies outside this school year, which goes from %(first)s to %(last)s.")
                % {"day": day(on), "first": day(first), "last": day(last)},
            )
    return Entry(entry.kind, name, entry.starts_on, entry.ends_on)


def why_not(entry: Entry, first: date, last: date) -> str:
    """Why an entry cannot be kept in a year of these days; empty when it can."""
    try:
        _checked(entry, first, last)
    except Invalid as refusal:
        return refusal.message
    return ""


def _touch(year: SchoolYear, seen: int | None, **fields: object) -> SchoolYear:
    """Take the turn on a year: whoever looked at an older version is too late."""
    hold_the_pen()
    changed = SchoolYear.objects.filter(pk=year.pk, version=year.version if seen is None else seen).update(
        version=(year.version if seen is None else seen) + 1, **fields
    )
    if not changed:
        raise Overtaken(
            _(
                "While you were reading, someone else changed this school year. Nothing you did was lost; look at it again."
            )
        )
    year.refresh_from_db()
    return year


def _plain(entry: Entry | NamedDays) -> dict[str, object]:
    return {"kind": entry.kind, "name": entry.name, "from": entry.starts_on, "to": entry.ends_on}


def _put(year: SchoolYear, entries: Iterable[Entry]) -> list[NamedDays]:
    """Write entries into a year; those that stand there already, word for word, are left as they are."""
    known = {(one.kind, one.starts_on): one for one in year.days.all()}
    made: list[NamedDays] = []
    for entry in entries:
        kept = _checked(entry, year.starts_on, year.ends_on)
        before = known.get((kept.kind, kept.starts_on))
        if before is not None:
            if (before.name, before.ends_on) == (kept.name, kept.ends_on):
                continue
            raise _wrong(
                "starts_on",
                _("“%(name)s” begins on %(day)s already, as the same kind of days. Change that entry.")
                % {"name": before.name, "day": day(before.starts_on)},
            )
        one = NamedDays(year=year, **vars(kept))
        known[kept.kind, kept.starts_on] = one
        made.append(one)
    if len(known) > MOST_ENTRIES:
        raise Invalid(_("A school year has at most %(most)d entries.") % {"most": MOST_ENTRIES})
    NamedDays.objects.bulk_create(made)
    return made


@transaction.atomic
def add_year(starts_on: date, ends_on: date, *, by: Person | None, entries: Sequence[Entry] = ()) -> SchoolYear:
    """Enter a school year from its first day to its last, with what is known of it. All of it or nothing.

    Raises NotAllowed, and Invalid: a year that overlaps another, an entry that cannot be.
    """
    _need(by)
    hold_the_pen()
    label = _check_year(starts_on, ends_on)
    try:
        with transaction.atomic():
            year = SchoolYear.objects.create(label=label, starts_on=starts_on, ends_on=ends_on)
    except IntegrityError:
        raise Overtaken(_("Someone else has just entered this school year.")) from None
    made = _put(year, entries)
    record(
        by,
        "schoolyear:add",
        year,
        role=_role(by),
        after={"from": starts_on, "to": ends_on, "days": [_plain(one) for one in made]},
    )
    return year


@transaction.atomic
def change_year(
    year: SchoolYear, starts_on: date, ends_on: date, *, by: Person | None, seen: int | None = None
) -> SchoolYear:
    """Move the first or the last day of a school year. Raises Invalid while an entry would lie outside."""
    _need(by)
    label = _check_year(starts_on, ends_on, but=year)
    outside = year.days.exclude(starts_on__gte=starts_on, ends_on__lte=ends_on)
    names = [one.name for one in outside[:5]]
    if names:
        raise _wrong(
            "starts_on" if outside[0].starts_on < starts_on else "ends_on",
            _("These entries would lie outside: %(names)s. Change or remove them first.") % {"names": ", ".join(names)},
        )
    before = {"from": year.starts_on, "to": year.ends_on}
    _touch(year, seen, label=label, starts_on=starts_on, ends_on=ends_on)
    record(by, "schoolyear:change", year, role=_role(by), before=before, after={"from": starts_on, "to": ends_on})
    return year


@transaction.atomic
def remove_year(year: SchoolYear, *, by: Person | None, seen: int | None = None) -> None:
    """Take a school year out with everything in it. Deadlines in it count Monday to Friday from then on."""
    _need(by)
    _touch(year, seen)
    days = [_plain(one) for one in year.days.all()]
    record(
        by, "schoolyear:remove", year, role=_role(by), before={"from": year.starts_on, "to": year.ends_on, "days": days}
    )
    year.delete()


@transaction.atomic
def add_days(
    year: SchoolYear, entries: Sequence[Entry], *, by: Person | None, seen: int | None = None
) -> list[NamedDays]:
    """Enter named days of a school year, all of them or none. What stands there already is left as it is.

    Returns the new ones. Raises NotAllowed, Overtaken, Invalid by field.
    """
    _need(by)
    _touch(year, seen)
    made = _put(year, entries)
    record(
        by, "schoolyear:add_days", year, role=_role(by), after={"days": [_plain(one) for one in made]},
        note=ngettext("%(n)d entry", "%(n)d entries", len(made)) % {"n": len(made)}
        if len(made) != 1 else f"{made[0].name}",
    )  # fmt: skip
    return made


@transaction.atomic
def change_days(days: NamedDays, entry: Entry, *, by: Person | None, seen: int | None = None) -> NamedDays:
    """Give named days another kind, name or dates."""
    _need(by)
    year = days.year
    kept = _checked(entry, year.starts_on, year.ends_on)
    before = _plain(days)
    _touch(year, seen)
    if year.days.exclude(pk=days.pk).filter(kind=kept.kind, starts_on=kept.starts_on).exists():
        raise _wrong("starts_on", _("Another entry of this kind begins on that day already."))
    if not NamedDays.objects.filter(pk=days.pk).update(**vars(kept)):
        raise Overtaken(_("Someone else has just removed these days."))
    days.refresh_from_db()
    record(by, "schoolyear:change_days", year, role=_role(by), before=before, after=_plain(days), note=days.name)
    return days


@transaction.atomic
def remove_days(days: NamedDays, *, by: Person | None, seen: int | None = None) -> None:
    """Take named days out of their school year."""
    _need(by)
    year = days.year
    _touch(year, seen)
    if not NamedDays.objects.filter(pk=days.pk).exists():
        raise Overtaken(_("Someone else has just removed these days."))
    record(by, "schoolyear:remove_days", year, role=_role(by), before=_plain(days), note=days.name)
    days.delete()
