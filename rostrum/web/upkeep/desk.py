"""What stands on a person's desk of certification, last posts, quiet accounts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.upkeep.models import Fact
from rostrum.upkeep.queries import corrections_to_settle, proposals_to_decide, waiting_for
from rostrum.web.shapes import DeskCard

SHOWN = 5  # things put right one by one; beyond that one card leads to all


def cards(person: Person) -> list[DeskCard]:
    """What waits for this person to act, oldest first. In a number of queries that does not grow."""
    return [*_to_certify(person), *_to_settle(person), *_to_decide(person)]


def _to_certify(person: Person) -> list[DeskCard]:
    waiting, today = waiting_for(person), clock.today()
    if not waiting:
        return []
    due = next((one.due_on for one in waiting if one.due_on is not None), None)
    names = ", ".join(one.account.name for one in waiting[:4]) + ("…" if len(waiting) > 4 else "")
    one = len(waiting) == 1
    title = ngettext("Certify %(count)d account", "Certify %(count)d accounts", len(waiting)) % {"count": len(waiting)}
    url = reverse("web:certification_answer", args=[waiting[0].pk]) if one else reverse("web:certify_mine", args=[person.pk])
    return [
        DeskCard(title=title, lines=[_("Still ours, still right: %(names)s") % {"names": names}],
                 since=min(one.opened_at for one in waiting), url=url, button=_("Look at them") if not one else _("Look at it"),
                 icon="rosette-discount-check", due=due, late=due is not None and due < today)
    ]  # fmt: skip


def _to_settle(person: Person) -> list[DeskCard]:
    found = list(corrections_to_settle(person).select_related(None).select_related("account", "noted_by")[: SHOWN + 1])
    labels = dict(Fact.choices)
    return [
        DeskCard(
            title=_("Put right: %(fact)s of %(name)s") % {"fact": labels[one.fact], "name": one.account.name},
            lines=[_("%(who)s says it should be: %(should)s") % {"who": one.noted_by.name, "should": one.should_be[:120]}],
            since=one.noted_at, url=reverse("web:certification", args=[one.certification_id]), button=_("Look at it"),
            icon="pencil",
        )
        for one in found[:SHOWN]
    ]  # fmt: skip


def _to_decide(person: Person) -> list[DeskCard]:
    found = proposals_to_decide(person)
    count = found.count()
    if not count:
        return []
    since = found.values_list("proposed_at", flat=True)[0]
    title = ngettext("Decide: suspend %(count)d account or not", "Decide: suspend %(count)d accounts or not", count)
    return [
        DeskCard(title=title % {"count": count},
                 lines=[_("Not certified in time. The division’s rule proposes it; nothing happens by itself.")],
                 since=since, url=reverse("web:suspension_proposals"), button=_("Decide"), icon="ban")
    ]  # fmt: skip
