"""What the account's record page shows of checking a text before it is posted, and the rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.shapes import Act, Panel


def panels(person: Person, account: Account) -> list[Panel]:
    """The sections of the record page that this area adds for this reader."""
    return []


def acts(person: Person, account: Account) -> list[Act]:
    """A text for this account can be checked by anyone who sees the account, while it lives."""
    if account.state not in LIVE:
        return []
    return [Act(_("Check a text for it"), f"{reverse('web:check')}?account={account.public_id}", "zoom-check")]


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The rows whose acts belong into the account's history."""
    return ()
