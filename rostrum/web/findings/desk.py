"""What stands on a person's desk of findings: what a manager is asked to do, and how many wait for a look."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.core.rows import where_any
from rostrum.monitoring.catalogue import words_for
from rostrum.monitoring.queries import asked_of, judges, to_judge
from rostrum.people.models import Person
from rostrum.web.shapes import DeskCard

SHOWN = 5


def cards(person: Person) -> list[DeskCard]:
    """One card for each thing that a manager is asked to mend; one for the whole queue of those who decide."""
    found = where_any(asked_of(person), SHOWN)
    words = words_for(one.rule for one in found)
    out = [
        DeskCard(
            title=one.account.name,
            lines=[words[one.rule].title, str(one.get_task_display()), *([one.comment] if one.comment else [])],
            since=one.moved_at, url=reverse("web:finding", args=[one.pk]), button=_("See and answer"), icon="alert-triangle",
            due=one.due_on, late=bool(one.due_on and one.due_on < clock.today()),
        )
        for one in found
    ]  # fmt: skip
    if judges(person):
        line = to_judge(person)
        oldest = line.order_by("found_at").values_list("found_at", flat=True).first()
        if oldest is not None:
            count = line.count()
            worst = line.values_list("pk", flat=True)[0]
            out.append(
                DeskCard(
                    title=ngettext("One finding waits for a look", "%(count)d findings wait for a look", count)
                    % {"count": count},
                    lines=[_("Worst first. Each is a key away from done.")], since=oldest,
                    url=reverse("web:finding", args=[worst]), button=_("Start"),
                    icon="list-search",
                )
            )  # fmt: skip
    return out
