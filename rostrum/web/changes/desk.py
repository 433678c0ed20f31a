"""What of the proposed changes stands on a person's desk: those that wait for their yes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.people.models import Person
from rostrum.registry.change_notices import PART_WORDS
from rostrum.registry.change_queries import parts, waiting_for
from rostrum.registry.change_states import ChangeState


def cards(person: Person) -> list[dict[str, Any]]:
    """One line for each change that the person must decide on, oldest first: what changes, and the way to it."""
    return [
        {
            "title": one.account.name,
            "lines": [f"{PART_WORDS[part]}: {old} → {new}" for part, old, new in parts(one)],
            "since": one.moved_at,
            "url": reverse("web:account_change", args=[one.pk]),
            "button": _("Approve or not") if one.state == ChangeState.AGREED else _("Agree or not"),
        }
        for one in waiting_for(person)
    ]
