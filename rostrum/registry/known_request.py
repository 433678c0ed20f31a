"""The request behind an account that exists already: made by the claim, in the name of who looks after it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid
from rostrum.people.models import Person
from rostrum.policies.queries import cite, form, in_force
from rostrum.registry import answers as reading
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.models import AccountRequest
from rostrum.registry.states import RequestState


def answers_for(known: KnownAccount, manager: Person) -> reading.Raw:
    """What is known, as the answers of Form 193-1 would say it. What nobody knows stays open."""
    definition = form(in_force(), "request")
    said = {
        "unit": [known.unit.code], "entity_kind": [known.unit.kind], "existing": ["existing"],
        "platform": [known.platform], "name": [known.name or known.handle or known.unit.name],
        "handle": [known.address], "mailbox": [known.mailbox] if known.mailbox else [],
        "primary_manager": [manager.email],
    }  # fmt: skip
    typed = {reading.key_for(definition, bind): value for bind, value in said.items() if value}
    return reading.keep(definition, typed)


def request_for(known: KnownAccount, manager: Person, by: Person) -> AccountRequest:
    """A request that stands where a sent one stands, marked retroactive; the log says who made it and for whom.

    The account exists, so the questions that come before making one are not asked. Raises Invalid when someone has
    asked for the same handle already.
    """
    edition, now = in_force(), clock.now()
    definition = form(edition, "request")
    try:
        with transaction.atomic():
            request = AccountRequest.objects.create(
                edition=edition, form_edition=definition.edition, requester=manager, unit=known.unit,
                entity_kind=known.unit.kind, platform=known.platform,
                name=(known.name or known.handle or known.unit.name)[:120], handle=known.handle,
                handle_key=known.handle_key, mailbox=known.mailbox, answers=answers_for(known, manager),
                state=RequestState.SUBMITTED, retroactive=True, started_at=now, saved_at=now, submitted_at=now,
                moved_at=now,
            )  # fmt: skip
    except IntegrityError:
        message = _("Someone has already asked for this account. Look under Requests.")
        raise Invalid(message, fields={"answer": [message]}) from None
    request.ref = f"{now.year}-{request.pk:04d}"
    AccountRequest.objects.filter(pk=request.pk).update(ref=request.ref)
    record(
        by, "accountrequest:retroactive", request, citations=cite(["1.2", "3.1"]), label=manager.name,
        after={"state": request.state, "known": known.pk, "address": known.address},
    )  # fmt: skip
    return request
