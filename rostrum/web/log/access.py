"""Who may open the log, the letters and the background work."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rostrum.core.errors import NotAllowed
from rostrum.people.models import Person
from rostrum.people.queries import may


def need(person: Person, permission: str) -> None:
    """Raise NotAllowed unless some role of the person grants the permission."""
    if not may(person, permission):
        raise NotAllowed(
            _("Your role does not let you read this."),
            way_forward=_("Each account and each request shows its own history to whoever may see it."),
        )
