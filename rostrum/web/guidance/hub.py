"""What the page "Reviews" shows of the reading of the procedure."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core.dates import day
from rostrum.guidance.queries import acknowledgement, gate_is_set
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import in_force
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The reading itself for everybody, and who has read it for those who lead."""
    edition, given = in_force(), acknowledgement(person)
    line = (
        _("You said on %(day)s that you have read edition %(label)s.")
        % {"day": day(given.given_at), "label": edition.label}
        if given
        else _("The clauses of edition %(label)s on one page.") % {"label": edition.label}
    )
    asked = gate_is_set() and given is None
    found = [
        HubCard(
            _("Read the procedure"), line, reverse("web:guidance_read"), "book-2",
            state=_("Read") if given else _("To be read") if asked else "", tone="good" if given else "act", order=90,
        )
    ]  # fmt: skip
    if may(person, "acknowledgement:view"):
        found.append(
            HubCard(
                _("Who has read the procedure"), _("The content managers of your units, person by person."),
                reverse("web:guidance_readers"), "users", order=91,
            )
        )  # fmt: skip
    return found
