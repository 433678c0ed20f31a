"""What others may ask about requests: mine, those I may see, those that wait for me, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.reading import once
from rostrum.core.rows import where_any
from rostrum.people.models import Person
from rostrum.people.queries import Turn, may, seen_units
from rostrum.policies.queries import content, setting, settings_states, text
from rostrum.policies.rolewords import approver, keeper
from rostrum.registry import approval
from rostrum.registry.deciding import fetched, in_turn, requests
from rostrum.registry.models import Account, AccountRequest, Designation, Registration
from rostrum.registry.states import (
    REGISTRATION_MOVES,
    REQUEST_MOVES,
    WITHDRAW,
    WITHDRAW_LEFT,
    RegistrationState,
    RequestState,
)
from rostrum.registry.turns import Turns, relations
from rostrum.schoolyear.counting import KEY as DEADLINE_DAYS
from rostrum.schoolyear.counting import Counting, counting
from rostrum.schoolyear.queries import end_of_day
from rostrum.workflow.moves import Move


def visible_to(person: Person) -> QuerySet[AccountRequest]:
    """Requests a person may read: their own, those naming them, those of units where a role lets them.

    A draft is its requester's alone until it is sent. Whoever stands in for someone sees what that role sees.
    """
    if not person.is_active:
        return requests().none()
    units = seen_units(person, "request:view")
    sent = ~Q(state=RequestState.DRAFT) & Q(submitted_at__isnull=False)
    by_role = sent if units is None else sent & Q(unit__in=units)
    named = Q(registration__designations__person=person, registration__designations__released_at=None) | Q(
        registration__access_holders__person=person, registration__access_holders__until=None
    )
    named_ids = AccountRequest.objects.filter(named).values("pk")
    return requests().filter(Q(requester=person) | by_role | Q(pk__in=named_ids) | Q(pk__in=_in_turn_ids(person)))


def _in_turn_ids(person: Person) -> list[int]:
    """Requests waiting for a person whom no role of their own would show them (a one-off stand-in is a role too)."""
    return [one.pk for one in in_turn(person)]


def registration_of(request: AccountRequest) -> Registration | None:
    """The Registration Form of a request, once it is approved."""
    try:
        return request.registration
    except Registration.DoesNotExist:
        return None


def find(person: Person, ref: str) -> AccountRequest | None:
    """A request by its number, if the person may read it."""
    return visible_to(person).filter(ref=ref).first()


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: what to do, about what, since when, by when (None: not set)."""

    act: str  # endorse, approve, confirm, accept, register, change, finish
    request: AccountRequest
    since: datetime
    due: date | None
    designation: Designation | None = None


def due_on(
    since: datetime, key: str, days_of: Callable[[str], object] = setting, counted: Counting | None = None
) -> date | None:
    """The day by which something is due, by a setting in days; None where the division set none.

    Which days are counted, the division says as well (schoolyear.counting).
    """
    days = days_of(key) if key else None
    return (counted or counting()).due(since, days).on if isinstance(days, int) and days > 0 else None


def days_key(request: AccountRequest) -> str:
    """The setting that says how many days a request may stay where it is; empty where none does.

    Each step of approval names its own; registering has one for all.
    """
    step = approval.current(request)
    if step is not None:
        return step.days_setting or ""
    return "registration_days" if request.state == RequestState.APPROVED else ""


@dataclass(frozen=True)
class Queue:
    """What waits for a person, the longest waiting first; how much it is in all, and about which requests (ids).

    `chased` are the longest waiting of all approved requests whose account is not registered, where they were asked for.
    """

    things: list[Waiting]
    count: int
    about: frozenset[int]
    chased: list[AccountRequest] = field(default_factory=list)


def waiting_for(person: Person) -> list[Waiting]:
    """Everything that waits for a person, oldest first. More of it costs no more queries."""
    return queue(person).things


def queue(person: Person, most: int | None = None, *, chased: int = 0) -> Queue:
    """What waits for a person, the oldest first: all of it, or no more than a page shows.

    With `chased`, so many of the requests whose account is to be registered are fetched along with it.
    """
    due = _Due()
    ready = [one for one in in_turn(person) if one.ready]
    late = list(unregistered().values_list("pk", flat=True)[:chased]) if chased else []
    first = [one.pk for one in ready[:most]]
    rows = {row.pk: row for row in fetched({*first, *late}, deciders=False)}
    out = [_to_decide(rows[pk], due) for pk in first if pk in rows]
    asked = Designation.objects.filter(
        person=person,
        accepted_at=None,
        declined_at=None,
        released_at=None,
        registration__state__in=[RegistrationState.SENT, RegistrationState.CONFIRMED],
    ).select_related("registration__request__unit", "registration__request__requester")
    for designation in where_any(asked):
        since, request = designation.named_at, designation.registration.request
        out.append(Waiting("accept", request, since, due.on(since, "designation_days"), designation))
    mine = requests().filter(
        requester=person, state__in=[RequestState.RETURNED, RequestState.APPROVED, RequestState.DRAFT]
    )
    out += [found for request in where_any(mine) if (found := _of_requester(request, due))]
    rest = [] if most is None else ready[most:]
    about = {one.request.pk for one in out} | {one.pk for one in rest}
    return Queue(sorted(out, key=lambda w: w.since)[:most], len(out) + len(rest), frozenset(about),
                 [rows[pk] for pk in late if pk in rows])  # fmt: skip


class _Due:
    """By when things are due, with the settings and the calendar read once."""

    def __init__(self) -> None:
        states = {state.setting.key: state.value for state in settings_states()}
        self._days, self._counted = states.get, Counting(states.get(DEADLINE_DAYS))

    def on(self, since: datetime, key: str) -> date | None:
        return due_on(since, key, self._days, self._counted)


def _to_decide(request: AccountRequest, due: _Due) -> Waiting:
    if request.state == RequestState.APPROVED:
        since = request.registration.sent_at or request.moved_at
        return Waiting("confirm", request, since, due.on(since, "confirmation_days"))
    act = "endorse" if request.state == RequestState.SUBMITTED else "approve"
    return Waiting(act, request, request.moved_at, due.on(request.moved_at, days_key(request)))


def _of_requester(request: AccountRequest, due: _Due) -> Waiting | None:
    """What a requester has to do about their own request, if anything."""
    if request.state == RequestState.RETURNED:
        return Waiting("change", request, request.moved_at, None)
    if request.state == RequestState.DRAFT:
        return Waiting("finish", request, request.saved_at, None)
    registration = registration_of(request)
    if registration and registration.state in {RegistrationState.DRAFT, RegistrationState.RETURNED}:
        return Waiting("register", request, request.moved_at, due.on(request.moved_at, "registration_days"))
    return None


def ready_to_confirm(registration: Registration, turns: Turns | None = None) -> bool:
    """Whether enough managers have accepted for Communications to confirm."""
    if registration.state != RegistrationState.SENT:
        return False
    have = sum(1 for d in registration.designations.all() if d.accepted_at and not d.released_at and d.person.is_active)
    return have >= (turns or Turns([])).managers_min


def unregistered() -> QuerySet[AccountRequest]:
    """Approved requests whose account is not registered yet, oldest first: chased, never shown as official."""
    return requests().filter(state=RequestState.APPROVED).order_by("moved_at")


def allowed_moves(person: Person, request: AccountRequest) -> list[Move]:
    """The moves on the request that this person could make now (and on its Registration Form)."""
    related = relations(person, request)
    moves = [m for m in REQUEST_MOVES if m.name not in {"lapse", "register"} and _can(person, request, m, related)]
    return [WITHDRAW_LEFT if m == WITHDRAW and "left_with" in related else m for m in moves]


def allowed_registration_moves(person: Person, registration: Registration) -> list[Move]:
    """The moves on a Registration Form that this person could make now."""
    related = relations(person, registration.request)
    return [
        m
        for m in REGISTRATION_MOVES
        if registration.state in m.sources
        and registration.request.state == RequestState.APPROVED
        and may(person, m.permission, registration.unit, related)
    ]


def _can(person: Person, request: AccountRequest, move: Move, related: frozenset[str]) -> bool:
    if request.state not in move.sources:
        return False
    if move.name in {"return", "decline"}:
        related = related & {"endorser" if request.state == RequestState.SUBMITTED else "approver"}
    return may(person, move.permission, request.unit, related)


@dataclass(frozen=True)
class Status:
    """A request's status in words, with its tone (moving, good, act, stop, over) and what comes next."""

    word: str
    tone: str
    next_step: str
    turn: Turn | None = None


def _names(people: Sequence[Person]) -> str:
    return ", ".join(p.short_name for p in people)


def status_of(request: AccountRequest, reader: Person | None = None, turns: Turns | None = None) -> Status:
    """Where a request is, with whom, and what comes next, in the active language."""
    registration = registration_of(request)
    turns = turns or Turns([request])
    turn = turns.of(request, registration)
    mine = reader is not None and reader.pk == request.requester_id
    state = request.state
    if state == RequestState.DRAFT:
        return Status(_("Draft"), "act" if mine else "moving", _("Finish the form and send it."))
    if state == RequestState.RETURNED:
        word = _("Returned to you") if mine else _("Returned to %(name)s") % {"name": request.requester.short_name}
        return Status(word, "act", _("Read the comment, change the form and send it again."))
    if state in {RequestState.SUBMITTED, RequestState.ENDORSED}:
        if turn is None or not turn.people:
            return Status(
                _("Waiting: nobody holds the role"),
                "stop",
                _(
                    "Nobody holds the role that must decide. Now %(keeper)s or your system administrator has "
                    "to appoint someone or name a stand-in."
                )
                % {"keeper": keeper()},
                turn,
            )
        word = _("Waiting for %(names)s") % {"names": _names(turn.people)}
        return Status(word, "moving", _after_this(request), turn)
    if state == RequestState.APPROVED:
        if _nobody_registers(request, registration):
            word = _("Approved, but %(name)s has left") % {"name": request.requester.short_name}
            told = _("Nobody is left to register the account. This was told to %(keeper)s.") % {"keeper": keeper()}
            return Status(word, "stop", told)
        return _status_approved(registration, turn, mine, turns)
    if state == RequestState.REGISTERED:
        return Status(_("Official"), "good", _("The account is in the directory."))
    if state == RequestState.DECLINED:
        return Status(_("Declined"), "stop", _("The request has ended. The account must not be used for the school."))
    if state == RequestState.LAPSED:
        return Status(
            _("Lapsed"), "over", _("Nobody registered the account in time. Start a new request if you still want it.")
        )
    return Status(_("Withdrawn"), "over", _("The request has ended."))


def _after_this(request: AccountRequest) -> str:
    """What follows the yes that a request waits for; by the edition's words where it names more than two steps."""
    step, after = approval.current(request), approval.following(request)
    if step is not None and approval.in_own_words(request):
        now = text(step.label)
        if after is not None:
            return _("The step now is “%(now)s”. Then comes “%(after)s”.") % {"now": now, "after": text(after.label)}
        return _("The last step is “%(now)s”. Then the person who asked registers the account.") % {"now": now}
    if request.state == RequestState.SUBMITTED:
        return _("When it is endorsed, %(approver)s decides.") % {"approver": approver(content(request.edition))}
    return _("When it is approved, the person who asked registers the account.")


def _nobody_registers(request: AccountRequest, registration: Registration | None) -> bool:
    """Whether the Registration Form is still to be sent, and whoever would send it has left."""
    return not request.requester.is_active and (registration is None or registration.state != RegistrationState.SENT)


def _status_approved(registration: Registration | None, turn: Turn | None, mine: bool, turns: Turns) -> Status:
    if registration is None or registration.state in {RegistrationState.DRAFT, RegistrationState.DROPPED}:
        word = _("Approved, register it now") if mine else _("Approved, not registered yet")
        return Status(word, "act", _("It is not official before its Registration Form is confirmed."))
    if registration.state == RegistrationState.RETURNED:
        word = _("Returned to you") if mine else _("Registration returned")
        return Status(word, "act", _("Change the Registration Form and send it again."))
    if not ready_to_confirm(registration, turns):
        asked = [
            d.person
            for d in registration.designations.all()
            if d.person.is_active and not (d.accepted_at or d.declined_at or d.released_at)
        ]
        names = _names(asked)
        word = _("Waiting for %(names)s") % {"names": names} if names else _("Waiting for a content manager")
        return Status(
            word,
            "moving" if names else "act",
            _("A content manager has to accept. Then the registration is confirmed."),
            turn,
        )
    names = _names(turn.people) if turn else ""
    word = _("Waiting for %(names)s") % {"names": names} if names else _("Waiting to be confirmed")
    return Status(word, "moving", _("When it is confirmed, the account is official."), turn)


def detour_words(turn: Turn) -> list[str]:
    """Why it is these people's turn, when it is not whom one would expect: vacancies, absences, own requests."""
    out = []
    for code, first, second in turn.detours:
        if code == "vacant":
            out.append(_("%(unit)s has nobody in this role today, so it goes to the next level up.") % {"unit": first})
        elif code == "away":
            out.append(_("%(name)s of %(unit)s is away and nobody stands in.") % {"name": second, "unit": first})
        elif code == "stand_in":
            out.append(_("%(stand_in)s stands in for %(name)s.") % {"stand_in": second, "name": first})
        elif code == "own_request":
            said = _("%(name)s asked for this account or has decided on it already, so someone else decides now.")
            out.append(said % {"name": second})
    return out


def accounts_visible_to(person: Person) -> QuerySet[Account]:
    """Accounts whose full record a person may read: by role at the unit, or by having a part in it."""
    if not person.is_active:
        return Account.objects.none()
    units = seen_units(person, "account:view")
    base = Account.objects.select_related("unit", "registration__request__requester")
    if units is None:
        return base
    return base.filter(
        Q(unit__in=units)
        | Q(registration__request__requester=person)
        | Q(
            pk__in=Account.objects.filter(
                registration__designations__person=person, registration__designations__released_at=None
            ).values("pk")
        )
        | Q(
            pk__in=Account.objects.filter(
                registration__access_holders__person=person, registration__access_holders__until=None
            ).values("pk")
        )
    )


def has_posts(person: Person) -> bool:
    """Whether a person was named content manager of anything and not released. Who was not looks after nothing."""
    return once(("posts", person.pk), Designation.objects.filter(person=person, released_at=None).exists)


def managed_by(person: Person) -> QuerySet[Account]:
    """Accounts that a person looks after (accepted and still standing)."""
    return (
        Account.objects.filter(
            registration__designations__person=person,
            registration__designations__accepted_at__isnull=False,
            registration__designations__released_at=None,
        )
        .select_related("unit")
        .distinct()
    )


def overdue_lapse(now: datetime | None = None) -> QuerySet[AccountRequest]:
    """Approved requests whose time to register has run out; none while the division has set no period."""
    days = setting("lapse_days")
    if not isinstance(days, int) or days <= 0:
        return requests().none()
    counted, at = counting(), now or clock.now()
    limit = at - timedelta(days=days)
    if counted.mode:  # a whole day: the last one of those whose time was over yesterday
        limit = end_of_day(counted.back(timezone.localdate(at) - timedelta(days=1), days))
    return unregistered().filter(approved_at__lt=limit).exclude(registration__state=RegistrationState.SENT)
