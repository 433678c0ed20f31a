"""What the page "Reviews" shows of checking a text before it is posted, and the rules."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.people.models import Person
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The doors that this person may open, each with what there is to do behind it."""
    return [
        HubCard(
            _("Check a text before posting"),
            _("Paste a caption or a post: see what to change, and why. Nothing is kept."),
            reverse("web:check"), "zoom-check", order=10,
        )
    ]  # fmt: skip
