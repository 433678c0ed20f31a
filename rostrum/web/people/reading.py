"""What the pages of people and units read: roles on a day, what someone touches, the tree as a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import NotAllowed
from rostrum.core.text import fold
from rostrum.people.models import Appointment, Person, StandIn, Unit
from rostrum.people.queries import in_force, may
from rostrum.policies.rolewords import keeper
from rostrum.registry.directory import listed
from rostrum.registry.models import AccessHolder, Account, AccountRequest, Designation, Registration
from rostrum.registry.queries import accounts_visible_to, visible_to
from rostrum.registry.states import OVER, RegistrationState, RequestState, Standing

SHOWN = 12
TONES: dict[str, str] = {
    RequestState.DRAFT: "draft",
    RequestState.RETURNED: "act",
    RequestState.APPROVED: "act",
    RequestState.REGISTERED: "good",
    RequestState.DECLINED: "stop",
    RequestState.WITHDRAWN: "over",
    RequestState.LAPSED: "over",
    Standing.RECOGNISED: "good",
    Standing.REVIEW: "act",
    Standing.SUSPENDED: "stop",
}


def need(person: Person, permission: str, unit: Unit | None = None) -> None:
    """Raise NotAllowed unless the person may do this here: a form that ends in a no helps nobody."""
    if not may(person, permission, unit):
        raise NotAllowed(
            _("Your role does not let you do this here."),
            way_forward=_("Ask your system administrator, or %(keeper)s, to do it.") % {"keeper": keeper()},
        )


def get_unit(pk: int) -> Unit:
    """A unit by its number, or 404."""
    return get_object_or_404(Unit.objects.select_related("parent"), pk=pk)


def get_person(pk: int) -> Person:
    """A person by their number, or 404."""
    return get_object_or_404(Person.objects.select_related("home_unit"), pk=pk)


def away_today(appointments: Iterable[Appointment]) -> dict[int, StandIn]:
    """The absence of today for each of these appointments that has one."""
    today = clock.today()
    found = StandIn.objects.filter(
        appointment__in=list(appointments), cancelled_at=None, starts_on__lte=today, ends_on__gte=today
    ).select_related("person")
    return {stand.appointment_id: stand for stand in found}


@dataclass
class Held:
    """One appointment as a page shows it."""

    appointment: Appointment
    when: str
    state: str  # now, later, over
    away: StandIn | None = None
    may_end: bool = False


def tone_of(thing: AccountRequest | Account) -> str:
    """The colour and shape of a request's or an account's state."""
    return TONES.get(thing.state, "moving")


def badges(requests: Iterable[AccountRequest]) -> list[dict[str, Any]]:
    """Requests, each with the tone of its state."""
    return [{"request": one, "tone": tone_of(one)} for one in requests]


def span(starts: date, ends: date | None) -> str:
    """Days from and until, in words."""
    today = clock.today()
    if ends is None:
        if starts > today:
            return _("from %(day)s") % {"day": day(starts)}
        return _("since %(day)s") % {"day": day(starts)}
    if starts == ends:
        return _("on %(day)s") % {"day": day(starts)}
    return _("%(first)s to %(last)s") % {"first": day(starts), "last": day(ends)}


def held(appointments: Iterable[Appointment], reader: Person) -> list[Held]:
    """Appointments with their days in words, absences, and whether the reader may end them."""
    rows = list(appointments)
    away, today = away_today(rows), clock.today()
    out = []
    for one in rows:
        over = one.ends_on is not None and one.ends_on < today
        state = "over" if over else "later" if one.starts_on > today else "now"
        out.append(
            Held(
                one,
                span(one.starts_on, one.ends_on),
                state,
                away.get(one.pk),
                may_end=not over and may(reader, "appointment:manage", one.unit),
            )
        )
    return out


def holders_at(units: Sequence[Unit]) -> QuerySet[Appointment]:
    """Who holds a role today at these units."""
    return (
        Appointment.objects.filter(in_force(), unit__in=units, person__is_active=True)
        .select_related("person", "unit")
        .order_by("unit__path", "role", "person__name")
    )


@dataclass
class Touched:
    """One account, or request on its way to one, that a person has a part in."""

    name: str
    unit: str
    part: str
    public_id: str = ""
    ref: str = ""
    state: str = ""
    tone: str = "moving"
    alone: bool = False


@dataclass
class Parts:
    """Everything that hangs on a person: accounts they manage or can get into, and requests on their way."""

    touched: list[Touched] = field(default_factory=list)
    requests: list[AccountRequest] = field(default_factory=list)


def parts_of(person: Person, reader: Person | None = None) -> Parts:
    """What a person has a part in today. With a reader: only what that reader may see."""
    designations = Designation.objects.filter(person=person, released_at=None, declined_at=None).exclude(
        registration__state=RegistrationState.DROPPED
    )
    access = AccessHolder.objects.filter(person=person, until=None)
    wide = ("registration__request__unit", "registration__account")
    found: dict[int, Touched] = {}
    managers = Counter[int]()
    rows: list[tuple[Any, str]] = [
        *(
            (
                one,
                _("content manager") if one.accepted_at else _("named content manager, has not answered yet"),
            )
            for one in designations.select_related(*wide)
        ),
        *((one, _("can sign in to it")) for one in access.select_related(*wide)),
    ]
    for row in (
        Designation.objects.filter(
            registration__in={one.registration_id for one, _part in rows},
            accepted_at__isnull=False,
            released_at=None,
            person__is_active=True,
        )
        .values("registration")
        .annotate(n=Count("pk"))
    ):
        managers[row["registration"]] = row["n"]
    seen_accounts, seen_requests = _seen(reader, [one.registration for one, _part in rows])
    for one, part in rows:
        registration = one.registration
        account: Account | None = getattr(registration, "account", None)
        request = registration.request
        if account is not None and account.state == Standing.RETIRED:
            continue
        if seen_accounts is not None and account is not None and account.pk not in seen_accounts:
            continue
        if seen_requests is not None and account is None and request.pk not in seen_requests:
            continue
        known = found.get(registration.pk)
        if known:
            known.part = _("%(first)s; %(second)s") % {"first": known.part, "second": part}
            continue
        alone = (
            isinstance(one, Designation) and one.accepted_at is not None and managers[registration.pk] <= 1
        )
        found[registration.pk] = Touched(
            name=account.name if account else request.name,
            unit=request.unit.name if request.unit else "",
            part=part,
            public_id=account.public_id if account else "",
            ref=request.ref or "",
            state=account.get_state_display() if account else request.get_state_display(),
            alone=alone,
            tone=tone_of(account or request),
        )
    mine = visible_to(reader) if reader is not None else AccountRequest.objects.select_related("unit", "edition")
    requests = list(mine.filter(requester=person).order_by("-moved_at"))
    return Parts(sorted(found.values(), key=lambda one: fold(one.name)), requests)


def _seen(
    reader: Person | None, registrations: list[Registration]
) -> tuple[set[int] | None, set[int] | None]:
    """Ids of the accounts and requests behind these registrations that a reader may see; no reader: all."""
    if reader is None:
        return None, None
    accounts = accounts_visible_to(reader).filter(registration__in=registrations).values_list("pk", flat=True)
    requests = visible_to(reader).filter(registration__in=registrations).values_list("pk", flat=True)
    return set(accounts), set(requests)


def still_open(requests: Iterable[AccountRequest]) -> list[AccountRequest]:
    """Requests that were sent and have not ended. A draft is its requester's alone."""
    return [one for one in requests if one.state not in OVER and one.submitted_at is not None]


@dataclass
class Node:
    """One line of the tree of units: whether a list opens before it, how many close after it."""

    unit: Unit
    opens: bool = False
    closes: list[int] = field(default_factory=list)
    accounts: int = 0


def as_list(units: Sequence[Unit], accounts: Counter[int]) -> list[Node]:
    """A forest as lines to draw, each unit under its parent, by name."""
    children: dict[int | None, list[Unit]] = {}
    known = {unit.pk for unit in units}
    for unit in sorted(units, key=lambda one: fold(one.name)):
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    lines: list[Node] = []

    def draw(parent: int | None) -> None:
        members = children.get(parent, [])
        for number, unit in enumerate(members):
            line = Node(unit, opens=number == 0, accounts=accounts[unit.pk])
            lines.append(line)
            draw(unit.pk)
        if members:
            lines[-1].closes.append(1)

    draw(None)
    return lines


def accounts_per_unit(units: Sequence[Unit] | None = None) -> Counter[int]:
    """How many accounts in the directory each unit has (each of these, or all), retired ones left out."""
    accounts = listed().exclude(state=Standing.RETIRED)
    if units is not None:
        accounts = accounts.filter(unit__in=units)
    rows = accounts.order_by().values("unit").annotate(n=Count("pk"))
    return Counter({row["unit"]: row["n"] for row in rows})


def open_today() -> Q:
    """The condition that a unit is open today."""
    return Q(closed_on=None) | Q(closed_on__gt=clock.today())
