"""Whose decision requests wait for: worked out on light rows, however many there are, and fetched only where shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from rostrum.core.reading import once
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, division, roles_of
from rostrum.policies.models import Edition
from rostrum.policies.queries import content, in_force
from rostrum.registry.approval import roles_of_step
from rostrum.registry.models import AccountRequest, Designation, Registration
from rostrum.registry.states import RegistrationState, RequestState
from rostrum.registry.statewords import in_own_words
from rostrum.registry.turns import AT_THE_UNIT, UPWARD, Turns

# Said so that a database goes by the state first; that each has a unit is a constraint's business.
WAITING = Q(state__in=[RequestState.SUBMITTED, RequestState.ENDORSED, RequestState.APPROVED]) & (
    ~Q(state=RequestState.APPROVED) | Q(registration__state=RegistrationState.SENT)
)


class InTurn(NamedTuple):
    """One request whose decision waits for a person: which, and at what step.

    `ready` is false for a Registration Form that too few managers have accepted: it cannot be confirmed yet.
    """

    pk: int
    state: str
    retroactive: bool
    ready: bool


def requests() -> QuerySet[AccountRequest]:
    """All requests with the rows that every page about them needs."""
    return (
        AccountRequest.objects.select_related(
            "unit", "requester", "endorsed_by", "approved_by", "edition__procedure", "registration"
        )
        .defer("edition__source")  # 70 kB in every row, and read once in each process anyway
        .prefetch_related("registration__designations__person")
    )


def fetched(numbers: Iterable[int], *, deciders: bool = True) -> list[AccountRequest]:
    """The requests with these ids, in the same order; without `deciders`, those who said yes are not fetched with them."""
    numbers, found = list(numbers), requests()
    if not deciders:
        found = found.select_related(None).select_related("unit", "requester", "edition__procedure", "registration")
    rows = {row.pk: row for row in found.filter(pk__in=numbers)} if numbers else {}
    return [rows[pk] for pk in numbers if pk in rows]


def deciding(person: Person) -> list[AccountRequest]:
    """Requests whose decision waits for this person today, oldest first."""
    return fetched(one.pk for one in in_turn(person))


def in_turn(person: Person) -> list[InTurn]:
    """What waits for this person's decision today, oldest first. A few queries and no models, however much it is."""
    return once(("in turn", person.pk), lambda: _in_turn(person)) if roles_of(person) else []


def _in_turn(person: Person) -> list[InTurn]:
    found = list(_rows())
    editions = _editions({row.edition for row in found})
    steps = _steps(editions.values())
    held = roles_of(person)
    rows = [row for row in found if not held.isdisjoint(steps[row.edition, row.state].sought)]
    if not rows:
        return []
    units = _units(rows, steps)
    roster = Roster(units.values())
    alike: dict[tuple[Any, ...], _Row] = {}
    keys = [_key(row, steps[row.edition, row.state], roster) for row in rows]
    for key, row in zip(keys, rows, strict=True):
        alike.setdefault(key, row)
    standing = {key: _standing_for(row, units, editions) for key, row in alike.items()}
    turns = Turns(standing.values(), roster)
    mine = {key for key, request in standing.items() if _is_mine(person, request, turns)}
    waiting = [row for row, key in zip(rows, keys, strict=True) if key in mine]
    ready = _accepted_by(turns.managers_min) if any(row.state == RequestState.APPROVED for row in waiting) else set()
    return [
        InTurn(row.pk, row.state, bool(row.retroactive), row.state != RequestState.APPROVED or row.pk in ready)
        for row in waiting
    ]


class _Row(NamedTuple):
    """What a turn needs of a request: numbers and a word, which no database has to convert. There may be thousands."""

    pk: int
    state: str
    requester: int
    endorsed_by: int | None
    unit: int
    edition: int
    steps_given: int
    retroactive: int


def _rows() -> Iterable[_Row]:
    return map(
        _Row._make,
        AccountRequest.objects.filter(WAITING)
        .order_by(Coalesce("registration__sent_at", "moved_at"), "pk")
        .values_list("pk", "state", "requester", "endorsed_by", "unit", "edition", "steps_given",
                     Cast("retroactive", IntegerField())),
    )  # fmt: skip


def _accepted_by(least: int) -> set[int]:
    """Ids of the requests whose sent Registration Form at least so many managers who are here have accepted."""
    if not least:
        return set(Registration.objects.filter(state=RegistrationState.SENT).values_list("request", flat=True))
    standing = Designation.objects.filter(
        registration__state=RegistrationState.SENT, accepted_at__isnull=False, released_at=None, person__is_active=True
    )
    by_form = standing.order_by().values("registration__request").annotate(n=Count("pk")).filter(n__gte=least)
    return set(by_form.values_list("registration__request", flat=True))


def _editions(numbers: set[int]) -> dict[int, Edition]:
    """The editions of some requests; the one in force is known already on most pages."""
    if not numbers:
        return {}
    now = in_force()
    older = numbers - {now.pk}
    found = Edition.objects.select_related("procedure").defer("source").in_bulk(older) if older else {}
    return {**found, now.pk: now}


class _Step(NamedTuple):
    """Which roles may give the step at which a request is, and which are sought where nobody of them is left.

    `own`: each request of the edition stands for itself.
    """

    roles: frozenset[str]
    sought: frozenset[str]
    own: bool


def _steps(editions: Iterable[Edition]) -> dict[tuple[int, str], _Step]:
    """The step of a request, by its edition and state. Where an edition names its own steps: the roles of any of them."""
    found: dict[tuple[int, str], _Step] = {}
    for edition in editions:
        steps = content(edition).approval.steps
        roles = [roles_of_step(one) for one in steps]
        own = in_own_words(steps)
        whole = frozenset().union(*roles)
        for state in (RequestState.SUBMITTED, RequestState.ENDORSED, RequestState.APPROVED):
            at = whole if own else roles[0] if state == RequestState.SUBMITTED else roles[-1]
            found[edition.pk, state.value] = _Step(at, at | UPWARD, own)
    return found


def _units(rows: Iterable[_Row], steps: Mapping[tuple[int, str], _Step]) -> dict[int, Unit]:
    """Where the steps are sought, by the unit's id; 0 is the division, where those are sought that no unit gives."""
    at_unit = {key for key, step in steps.items() if step.own or step.roles & AT_THE_UNIT}
    numbers = {row.unit for row in rows if (row.edition, row.state) in at_unit}
    found = {one.pk: one for one in Unit.objects.filter(pk__in=numbers)} if numbers else {}
    root = division()
    return found | ({0: root} if root is not None else {})


def _key(row: _Row, step: _Step, roster: Roster) -> tuple[Any, ...]:
    """What requests have in common whose turn is the same: the step, where it is sought, the people kept apart.

    Who cannot give the step anyway keeps nobody apart. Where an edition names its own steps, each stands for itself.
    """
    if step.own:
        return (row.pk,)
    who = roster.holding(step.sought)
    asked = row.requester if row.requester in who else None
    endorsed = row.endorsed_by if row.endorsed_by in who else None
    return row.state, row.edition, row.unit if step.roles & AT_THE_UNIT else 0, asked, endorsed


def _standing_for(row: _Row, units: dict[int, Unit], editions: dict[int, Edition]) -> AccountRequest:
    """A request as far as a turn needs it."""
    return AccountRequest(
        pk=row.pk, state=row.state, steps_given=row.steps_given, unit=units.get(row.unit) or units[0],
        edition=editions[row.edition], requester_id=row.requester, endorsed_by_id=row.endorsed_by,
    )  # fmt: skip


def _is_mine(person: Person, request: AccountRequest, turns: Turns) -> bool:
    turn = turns.endorsers(request) if request.state == RequestState.SUBMITTED else turns.approvers(request)
    return any(one.pk == person.pk for one in turn.people)
