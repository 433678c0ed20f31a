"""Putting facts of a live account right that need no two yeses: its purpose, its work e-mail, where the password is kept."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen
from rostrum.core.errors import Invalid, Overtaken, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.registry.checks import mailbox_notes
from rostrum.registry.models import Account, Registration
from rostrum.registry.search import search_text
from rostrum.registry.states import LIVE

LIMITS = {"purpose": 2000, "mailbox": 254, "custody": 200}


def checked(field: str, value: str) -> str:
    """A fact as it may be written. Raises Invalid for the field `should_be`: a personal mailbox (1.6), a secret (3.4)."""
    try:
        text = clean(value, multiline=field == "purpose", max_length=LIMITS[field])
    except UnsafeText:
        raise _wrong(_("Write it in plain text of at most %(limit)d characters.") % {"limit": LIMITS[field]}) from None
    if not text:
        raise _wrong(_("This cannot be empty."))
    if field == "mailbox":
        text = text.lower()
        problem = next((note for note in mailbox_notes(text) if note.level == "problem"), None)
        if problem is not None:
            raise _wrong(str(problem.message))
    if field == "custody" and looks_secret(text):
        raise _wrong(
            _("This looks like a password. Name only the place where it is kept, for example “Office vault, entry 14”.")
        )
    return text


def _wrong(message: str) -> Invalid:
    return Invalid(message, fields={"should_be": [message]})


@transaction.atomic
def write_fact(account: Account, field: str, value: str) -> str:
    """Write one checked fact into the register; returns what it was before. Part of an act that says who and why.

    Raises Invalid, WrongState for a retired account, Overtaken when somebody was faster.
    """
    hold_the_pen()
    text = checked(field, value)
    account.refresh_from_db()
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. What it was called stays as it was."))
    registration = account.registration
    if field == "custody":
        before = registration.custody
        Registration.objects.filter(pk=registration.pk).update(custody=text)
        registration.custody = text
        return before
    before = str(getattr(account, field))
    version = account.version
    setattr(account, field, text)
    changed = Account.objects.filter(pk=account.pk, version=version).update(
        **{field: text}, search_text=search_text(account), version=version + 1
    )
    if not changed:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    account.version = version + 1
    return before
