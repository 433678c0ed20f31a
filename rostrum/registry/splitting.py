"""A part of a live account becomes an account of its own: asked for anew on Form 193-1, tied to where it came from."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, Overtaken, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite, form, in_force
from rostrum.registry import actions
from rostrum.registry import answers as reading
from rostrum.registry import change_notices as N
from rostrum.registry.change_models import AccountSplit
from rostrum.registry.change_queries import may_propose
from rostrum.registry.models import Account, AccountRequest
from rostrum.registry.states import EDITABLE, LIVE, OPEN
from rostrum.workflow.moves import clean_reason

SPLIT_CITES = ("1.3", "3.1", "3.2")


def prefilled(account: Account) -> reading.Raw:
    """Form 193-1 as the live record would fill it in. The new account needs a name and an address of its own."""
    managers = [
        one.person.email
        for one in account.registration.designations.filter(
            accepted_at__isnull=False, released_at=None, person__is_active=True
        ).select_related("person").order_by("kind", "pk")
    ]  # fmt: skip
    known = {
        "unit": account.unit.code, "entity_kind": account.entity_kind, "platform": account.platform,
        "mailbox": account.mailbox, "purpose": account.purpose,
        "primary_manager": managers[0] if managers else "", "second_manager": managers[1] if len(managers) > 1 else "",
    }  # fmt: skip
    fields = {item.binds or item.key: item.key for item in reading.fields_of(form(in_force(), actions.FORM))}
    return {fields[bind]: [value] for bind, value in known.items() if bind in fields and value}


@transaction.atomic
def split(account: Account, *, by: Person, reason: str, seen: int | None = None) -> AccountRequest:
    """Start Form 193-1 for a part of a live account, filled in from its record and tied to it.

    The account itself keeps its name, address and standing; what of that is to be different is a change of its own.
    The new one takes its two yeses and its registration like any other. Source: AP 193 1.3, 3.1, 3.2. Raises
    NotAllowed, WrongState (retired; one of theirs is on its way), Overtaken, Invalid (no reason).
    """
    hold_the_pen()
    if not may_propose(by, account) or not may(by, "request:create"):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can split it."))
    account.refresh_from_db()
    if seen is not None and seen != account.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. A new account is asked for with Form 193-1."))
    why = clean_reason(reason, required=True)
    unfinished = AccountSplit.objects.filter(account=account, by=by, request__state__in=OPEN | EDITABLE)
    mine = unfinished.select_related("request").first()
    if mine is not None:
        raise WrongState(
            _("You have asked for a part of this account already (request %(ref)s). Go on with that one.")
            % {"ref": mine.request.ref}
        )
    request = actions.draft(by, prefilled(account))
    AccountSplit.objects.create(account=account, request=request, reason=why, by=by, at=clock.now())
    record(
        by, "account:split", account, citations=cite(SPLIT_CITES), note=why, label=str(request.ref),
        after={"request": request.ref},
    )  # fmt: skip
    N.tell_of_split(account, request, by, why)
    return request


def splits(account: Account) -> QuerySet[AccountSplit]:
    """What was split from an account, newest first, with the request and what became of it."""
    return account.splits.select_related("request__unit", "request__registration__account", "by")


def split_from(request: AccountRequest) -> AccountSplit | None:
    """Of which account a request asks for a part; None for any other request."""
    return AccountSplit.objects.filter(request=request).select_related("account__unit").first()
