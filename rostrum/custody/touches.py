"""In which ways a person touches an account: as its manager, with access, as its contact, or for its helpers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.custody.models import AccountTie, HelperGroup
from rostrum.custody.queries import STANDING
from rostrum.people.models import Person
from rostrum.registry.models import AccessHolder, Account, Designation
from rostrum.registry.states import LIVE

# Every way of touching an account, in the order in which pages say them.
TOUCHES: dict[str, Promise] = {
    "primary": _("content manager"),
    "second": _("second content manager"),
    "named": _("named content manager, has not answered"),
    "access": _("can get in"),
    "answers": _("supervising administrator"),
    "recovery": _("recovery contact"),
    "mailbox": _("it uses their own mailbox"),
    "app_owner": _("owner of a connected app or page"),
    "helpers": _("answers for a group of helpers"),
}


@dataclass
class Touch:
    """One account and every way in which one person touches it."""

    account: Account
    parts: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The ways, in the reader's language."""
        return [str(TOUCHES[part]) for part in self.parts]


def touches_of(people: Collection[int]) -> dict[int, list[Touch]]:
    """Every live account that each of these people touches, by name, in six queries for all of them."""
    parts: dict[tuple[int, int], set[str]] = {}

    def note(person: int, registration: int, part: str) -> None:
        parts.setdefault((person, registration), set()).add(part)

    live = {"registration__account__state__in": LIVE}
    for who, registration, kind, accepted in Designation.objects.filter(
        STANDING, person__in=people, **live
    ).values_list("person_id", "registration_id", "kind", "accepted_at"):
        note(who, registration, kind if accepted else "named")
    holding = AccessHolder.objects.filter(person__in=people, until=None, **live)
    for holder, registration in holding.values_list("person_id", "registration_id"):
        note(holder or 0, registration, "access")
    tied = AccountTie.objects.filter(person__in=people, until=None, account__state__in=LIVE)
    for who, registration, kind in tied.values_list("person_id", "account__registration_id", "kind"):
        note(who, registration, kind)
    helped = HelperGroup.objects.filter(adult__in=people, until=None, account__state__in=LIVE)
    for who, registration in helped.values_list("adult_id", "account__registration_id"):
        note(who, registration, "helpers")
    _own_mailboxes(people, note)
    rows = Account.objects.filter(registration__in={registration for _who, registration in parts})
    accounts = {one.registration_id: one for one in rows.select_related("unit", "registration")}
    found: dict[int, list[Touch]] = {pk: [] for pk in people}
    for (who, registration), ways in parts.items():
        found[who].append(Touch(accounts[registration], [one for one in TOUCHES if one in ways]))
    return {who: sorted(many, key=lambda one: (one.account.name, one.account.pk)) for who, many in found.items()}


def _own_mailboxes(people: Collection[int], note: Callable[[int, int, str], None]) -> None:
    """Accounts whose work e-mail is somebody's own mailbox: it dies with their sign-in (AP 193 1.6)."""
    addresses = {email.lower(): pk for pk, email in Person.objects.filter(pk__in=people).values_list("pk", "email")}
    found = Account.objects.filter(state__in=LIVE).annotate(box=Lower("mailbox")).filter(box__in=addresses)
    for box, registration in found.values_list("box", "registration_id"):
        note(addresses[box], registration, "mailbox")
