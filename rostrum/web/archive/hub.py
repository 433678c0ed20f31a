"""What the page "Reviews" shows of captured posts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.people.models import Person
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The door to kept posts. Whoever looks after an account has one too."""
    line = _("Posts of official accounts as somebody saw them, with their hashes and screenshots.")
    return [HubCard(_("Kept posts"), line, reverse("web:posts"), "camera", order=60)]
