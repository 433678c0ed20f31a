"""What others may ask about requests: mine, those I may see, those that wait for me, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.people.queries import Turn, may, roles_of, seen_units
from rostrum.policies.queries import setting, settings_states, text
from rostrum.registry import approval
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
from rostrum.workflow.moves import Move


def requests() -> QuerySet[AccountRequest]:
    """All requests with the rows that every page about them needs."""
    return (
        AccountRequest.objects.select_related(
            "unit", "requester", "endorsed_by", "approved_by", "edition__procedure", "registration"
        )
        .defer("edition__source")  # 70 kB in every row, and read once in each process anyway
        .prefetch_related("registration__designations__person")
    )


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
    return [] if not roles_of(person) else [r.pk for r in deciding(person)]


def deciding(person: Person) -> list[AccountRequest]:
    """Requests whose decision waits for this person today, oldest first. Three queries, however many there are."""
    if not roles_of(person):
        return []
    open_now = list(
        requests()
        .filter(
            Q(state__in=[RequestState.SUBMITTED, RequestState.ENDORSED])
            | Q(state=RequestState.APPROVED, registration__state=RegistrationState.SENT)
        )
        .order_by("moved_at", "pk")
    )
    turns = Turns(open_now)
    out = []
    for request in open_now:
        turn = turns.of(request, registration_of(request))
        if turn and any(p.pk == person.pk for p in turn.people):
            out.append(request)
    return out


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


def due_on(since: datetime, key: str, days_of: Callable[[str], object] = setting) -> date | None:
    """The day by which something is due, by a setting in days; None where the division set none."""
    days = days_of(key) if key else None
    return timezone.localdate(since) + timedelta(days=days) if isinstance(days, int) and days > 0 else None


def days_key(request: AccountRequest) -> str:
    """The setting that says how many days a request may stay where it is; empty where none does.

    Each step of approval names its own; registering has one for all.
    """
    step = approval.current(request)
    if step is not None:
        return step.days_setting or ""
    return "registration_days" if request.state == RequestState.APPROVED else ""


def waiting_for(person: Person) -> list[Waiting]:
    """Everything that waits for a person, oldest first. More of it costs no more queries."""
    out: list[Waiting] = []
    states = {state.setting.key: state.value for state in settings_states()}
    days, turns = states.get, Turns([])
    for request in deciding(person):
        if request.state in {RequestState.SUBMITTED, RequestState.ENDORSED}:
            act = "endorse" if request.state == RequestState.SUBMITTED else "approve"
            due = due_on(request.moved_at, days_key(request), days)
            out.append(Waiting(act, request, request.moved_at, due))
        else:
            registration = registration_of(request)
            if registration and ready_to_confirm(registration, turns):
                since = registration.sent_at or request.moved_at
                out.append(Waiting("confirm", request, since, due_on(since, "confirmation_days", days)))
    asked = Designation.objects.filter(
        person=person,
        accepted_at=None,
        declined_at=None,
        released_at=None,
        registration__state__in=[RegistrationState.SENT, RegistrationState.CONFIRMED],
    ).select_related("registration__request__unit", "registration__request__requester")
    for designation in asked:
        since = designation.named_at
        out.append(
            Waiting(
                "accept", designation.registration.request, since, due_on(since, "designation_days", days), designation
            )
        )
    mine = requests().filter(
        requester=person, state__in=[RequestState.RETURNED, RequestState.APPROVED, RequestState.DRAFT]
    )
    for request in mine:
        if request.state == RequestState.RETURNED:
            out.append(Waiting("change", request, request.moved_at, None))
        elif request.state == RequestState.DRAFT:
            out.append(Waiting("finish", request, request.saved_at, None))
        else:
            registration = registration_of(request)
            if registration and registration.state in {RegistrationState.DRAFT, RegistrationState.RETURNED}:
                out.append(
                    Waiting("register", request, request.moved_at, due_on(request.moved_at, "registration_days", days))
                )
    return sorted(out, key=lambda w: w.since)


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
                    "Nobody holds the role that must decide. Communications or your system administrator has to "
                    "appoint someone or name a stand-in."
                ),
                turn,
            )
        word = _("Waiting for %(names)s") % {"names": _names(turn.people)}
        return Status(word, "moving", _after_this(request), turn)
    if state == RequestState.APPROVED:
        if _nobody_registers(request, registration):
            word = _("Approved, but %(name)s has left") % {"name": request.requester.short_name}
            return Status(word, "stop", _("Nobody is left to register the account. Communications is told of it."))
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
        return _("When it is endorsed, Communications decides.")
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
    limit = (now or clock.now()) - timedelta(days=days)
    return unregistered().filter(approved_at__lt=limit).exclude(registration__state=RegistrationState.SENT)
