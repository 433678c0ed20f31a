"""What the account's record page shows of the reading of the procedure and its acknowledgement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.web.shapes import Act, Panel


def panels(person: Person, account: Account) -> list[Panel]:
    """The sections of the record page that this area adds for this reader."""
    return []


def acts(person: Person, account: Account) -> list[Act]:
    """What this reader may do here now, for the menu of the record page."""
    return []


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The rows whose acts belong into the account's history."""
    return ()
