"""What of the known accounts stands on a person's desk: schools to decide for, approvals that can be given together."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.people.models import Person
from rostrum.registry.known_queries import asked_of, claimed_in_turn, endorsed_since

TOGETHER = 2  # one alone stands among the other things that wait


def cards(person: Person) -> list[dict[str, Any]]:
    """The lines above everything else that waits: "11 accounts are said to be your school's"."""
    found = []
    for one in asked_of(person):
        found.append({
            "title": ngettext("One account is said to belong to %(unit)s", "%(count)d accounts are said to belong to %(unit)s",
                              one.count) % {"count": one.count, "unit": one.home.name},
            "line": _("Say which are yours. One page, a minute or two; nothing is official before."),
            "since": one.since, "url": reverse("web:known_decide", args=[one.home.pk]), "button": _("Decide"),
            "icon": "help-octagon",
        })  # fmt: skip
    waiting = claimed_in_turn(person)
    if len(waiting) >= TOGETHER:
        found.append({
            "title": _("%(count)d claimed accounts wait for approval") % {"count": len(waiting)},
            "line": _("Their schools said that they are theirs. Approve them together, or one by one below."),
            "since": endorsed_since(waiting[0]), "url": reverse("web:known_approve"),
            "button": _("Approve together"), "icon": "checks",
        })  # fmt: skip
    return found
