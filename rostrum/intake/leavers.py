"""What each leaver leaves behind: accounts, access, requests of theirs, decisions waiting for them, roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.people.models import Appointment, Person
from rostrum.registry.models import AccessHolder, AccountRequest, Designation
from rostrum.registry.queries import deciding
from rostrum.registry.states import OVER, RegistrationState, Standing


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
    wide = ("registration__request", "registration__account")
    named = Designation.objects.filter(person__in=found, released_at=None, declined_at=None).exclude(
        registration__state=RegistrationState.DROPPED
    )
    access = AccessHolder.objects.filter(person__in=found, until=None)
    rows = [(one, _("content manager"), one.accepted_at is not None) for one in named.select_related(*wide)]
    rows += [(one, _("can sign in to it"), False) for one in access.select_related(*wide)]  # type: ignore[misc]
    managers = Counter[int]()
    others = (
        Designation.objects.filter(
            registration__in={one.registration_id for one, _part, _manages in rows},
            accepted_at__isnull=False, released_at=None, person__is_active=True,
        )
        .exclude(person__in=found)
        .values("registration")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    for row in others:
        managers[row["registration"]] = row["n"]
    parts: dict[tuple[int, int], list[str]] = {}
    alone: dict[tuple[int, int], bool] = {}
    registrations = {}
    for one, part, manages in rows:
        account = getattr(one.registration, "account", None)
        if one.person_id is None or (account is not None and account.state == Standing.RETIRED):
            continue
        key = (one.person_id, one.registration_id)
        registrations[one.registration_id] = one.registration
        parts.setdefault(key, []).append(part)
        alone[key] = alone.get(key, False) or (manages and not managers[one.registration_id])
    for (person, registration_id), said in parts.items():
        registration = registrations[registration_id]
        account = getattr(registration, "account", None)
        found[person].accounts.append(
            LeftAccount(
                name=account.name if account else registration.request.name,
                public_id=account.public_id if account else "",
                part=", ".join(dict.fromkeys(said)),
                alone=alone[(person, registration_id)],
            )
        )
