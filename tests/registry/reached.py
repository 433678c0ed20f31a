"""A request, a registration and an account in every state, each reached by the acts that people do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rostrum.registry import actions, registering
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.standing import change_standing
from rostrum.registry.states import RegistrationState, RequestState, Standing
from tests.cast import (
    Cast,
    approved,
    drafted,
    endorsed,
    official,
    sent_registration,
    submitted,
    typed_registration,
)


def filled(cast: Cast, **changes: object) -> Registration:
    """An approved request's Registration Form, complete and not sent."""
    registration = Registration.objects.get(request=approved(cast))
    return registering.save(
        registration, typed_registration(registration, cast, **changes), by=registration.request.requester
    )


def accepted_registration(cast: Cast) -> Registration:
    """A sent Registration Form that every named manager has accepted."""
    registration = sent_registration(cast)
    for designation in registration.designations.filter(accepted_at=None):
        registering.answer_designation(designation, by=designation.person, accept=True)
    return registration


REQUESTS: dict[str, Callable[[Cast], AccountRequest]] = {
    "draft": drafted,
    "submitted": submitted,
    "endorsed": endorsed,
    "approved": approved,
    "registered": lambda c: official(c).registration.request,
    "returned": lambda c: actions.return_to_requester(submitted(c), by=c.principal, reason="Name the class."),
    "declined": lambda c: actions.decline(submitted(c), by=c.principal, reason="We have one already."),
    "withdrawn": lambda c: actions.withdraw(submitted(c), by=c.teacher),
    "lapsed": lambda c: actions.lapse(approved(c)),
}
REGISTRATIONS: dict[str, Callable[[Cast], Registration]] = {
    "draft": filled,
    "sent": accepted_registration,
    "returned": lambda c: registering.send_back(sent_registration(c), by=c.communications, reason="Which vault?"),
    "confirmed": lambda c: official(c).registration,
    "dropped": lambda c: Registration.objects.get(request=actions.withdraw(sent_registration(c).request, by=c.teacher)),
}
ACCOUNTS: dict[str, Callable[[Cast], Account]] = {
    "recognised": official,
    "review": lambda c: change_standing(official(c), "review", by=c.communications, reason="Yearly look."),
    "suspended": lambda c: change_standing(official(c), "suspend", by=c.communications, reason="Odd posts."),
    "retired": lambda c: change_standing(official(c), "close", by=c.communications, reason="The class is over."),
}
assert set(REQUESTS) == set(RequestState.values)
assert set(REGISTRATIONS) == set(RegistrationState.values)
assert set(ACCOUNTS) == set(Standing.values)


@dataclass
class Reached:
    """The cast, and the numbers of things built so far by kind and state."""

    cast: Cast
    built: dict[tuple[type[Any], str], int] = field(default_factory=dict)

    def build_all(self) -> None:
        """Reach every state of every kind, once."""
        if self.built:
            return
        for kind, builders in ((AccountRequest, REQUESTS), (Registration, REGISTRATIONS), (Account, ACCOUNTS)):
            for state, builder in builders.items():
                thing = builder(self.cast)
                thing.refresh_from_db()
                assert thing.state == state
                self.built[kind, state] = thing.pk

    def request(self, state: str) -> AccountRequest:
        """A request in a state, freshly read."""
        return AccountRequest.objects.get(pk=self.built[AccountRequest, state])

    def registration(self, state: str) -> Registration:
        """A registration in a state, freshly read."""
        return Registration.objects.get(pk=self.built[Registration, state])

    def account(self, state: str) -> Account:
        """An account in a standing, freshly read."""
        return Account.objects.get(pk=self.built[Account, state])
