"""What each leaver leaves behind: accounts, access, requests of theirs, decisions waiting for them, roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from rostrum.core import clock
from rostrum.custody.queries import managers_of
from rostrum.custody.touches import TOUCHES, touches_of
from rostrum.people.models import Appointment, Person
from rostrum.registry.deciding import deciding
from rostrum.registry.models import AccessHolder, AccountRequest, Designation, Registration
from rostrum.registry.states import OVER, RegistrationState

MANAGES = frozenset({"primary", "second"})


@dataclass(frozen=True)
class LeftAccount:
    """An account that a leaver touches. `alone`: nobody else who is here looks after it."""

    name: str
    public_id: str
    part: str
    alone: bool


@dataclass
class Leaving:
    """All that one leaver leaves behind."""

    accounts: list[LeftAccount] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.accounts or self.requests or self.waiting or self.roles)


def left_behind(people: Collection[int]) -> dict[int, Leaving]:
    """What each of these people has a part in today, in a handful of queries for all of them."""
    found = {pk: Leaving() for pk in people}
    _accounts(found)
    for request in AccountRequest.objects.filter(requester__in=people, submitted_at__isnull=False).exclude(
        state__in=OVER
    ):
        found[request.requester_id].requests.append(f"{request.ref} {request.name}".strip())
    today = clock.today()
    holders = Appointment.objects.filter(person__in=people).exclude(ends_on__lt=today).select_related("unit", "person")
    deciders: dict[int, Person] = {}
    for one in holders:
        found[one.person_id].roles.append(f"{one.get_role_display()}, {one.unit.name}")
        deciders[one.person_id] = one.person
    for pk, person in deciders.items():
        found[pk].waiting += [f"{request.ref} {request.name}".strip() for request in deciding(person)]
    return found


def _accounts(found: dict[int, Leaving]) -> None:
    """Live accounts in every way that custody knows (ties and helpers too), and accounts still being registered."""
    touched = touches_of(found)
    hands = managers_of([one.account for many in touched.values() for one in many])
    for person, many in touched.items():
        for one in many:
            stays = any(manager.person_id not in found for manager in hands[one.account.pk])
            found[person].accounts.append(
                LeftAccount(
                    name=one.account.name, public_id=one.account.public_id, part=", ".join(one.words),
                    alone=bool(MANAGES.intersection(one.parts)) and not stays,
                )
            )  # fmt: skip
    _registering(found)


def _registering(found: dict[int, Leaving]) -> None:
    """Accounts that are approved and not official yet."""
    coming = {"registration__account": None}
    named = Designation.objects.filter(**coming, person__in=found, released_at=None, declined_at=None).exclude(
        registration__state=RegistrationState.DROPPED
    )
    access = AccessHolder.objects.filter(**coming, person__in=found, until=None)
    parts: dict[tuple[int, int], set[str]] = {}
    registrations: dict[int, Registration] = {}
    for one in named.select_related("registration__request"):
        registrations[one.registration_id] = one.registration
        part = one.kind if one.accepted_at else "named"
        parts.setdefault((one.person_id, one.registration_id), set()).add(part)
    for holder in access.select_related("registration__request"):
        registrations[holder.registration_id] = holder.registration
        parts.setdefault((holder.person_id or 0, holder.registration_id), set()).add("access")
    others = Designation.objects.filter(
        registration__in=registrations, accepted_at__isnull=False, released_at=None, person__is_active=True
    ).exclude(person__in=found)
    stays = set(others.values_list("registration", flat=True))
    for (person, pk), ways in parts.items():
        words = [str(TOUCHES[way]) for way in TOUCHES if way in ways]
        alone = bool(MANAGES.intersection(ways)) and pk not in stays
        left = LeftAccount(registrations[pk].request.name, "", ", ".join(words), alone)
        found[person].accounts.append(left)
