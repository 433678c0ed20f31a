"""What stands on a person's desk of cases, decisions and appeals."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.cases.queries import to_do_by, waiting_appeals, waiting_cases
from rostrum.cases.states import CaseState
from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.web.shapes import DeskCard

SHOWN = 20  # of each; the list of cases has them all


def cards(person: Person) -> list[DeskCard]:
    """What waits for this person to act, oldest first. In a number of queries that does not grow."""
    return [*_appeals(person), *_cases(person), *_tasks(person)]


def _appeals(person: Person) -> list[DeskCard]:
    return [
        DeskCard(
            title=_("Appeal: %(name)s") % {"name": row.appeal.decision.account.name},
            lines=[
                _("%(who)s appealed decision %(ref)s. You had no part in it before: you decide.")
                % {"who": row.appeal.lodged_by.name, "ref": row.appeal.decision.ref}
                if row.act == "decide"
                else _("Nobody who may decide it is left. Name a person who had no part in it before.")
            ],
            since=row.appeal.lodged_at,
            url=reverse("web:appeal" if row.act == "decide" else "web:appeal_name", args=[row.appeal.pk]),
            button=_("Read and decide") if row.act == "decide" else _("Name who decides"), icon="scale",
        )
        for row in waiting_appeals(person)[:SHOWN]
    ]  # fmt: skip


def _cases(person: Person) -> list[DeskCard]:
    return [
        DeskCard(
            title=_("Case %(ref)s: %(name)s") % {"ref": one.ref, "name": one.account.name},
            lines=[
                _("It was passed to you. Decide on it, or give it back.")
                if one.state == CaseState.ESCALATED
                else _("Decide, talk with its manager, or close it."),
                *([_("%(name)s looks into it.") % {"name": one.looking_by.name}]
                  if one.looking_by and one.looking_by_id != person.pk else []),
            ],
            since=one.moved_at, url=reverse("web:case", args=[one.pk]), button=_("Open the case"), icon="folder",
            due=one.due_on, late=one.due_on is not None and one.due_on < clock.today(),
        )
        for one in waiting_cases(person, SHOWN)
    ]  # fmt: skip


def _tasks(person: Person) -> list[DeskCard]:
    """What decisions order of accounts that the person looks after."""
    return [
        DeskCard(
            title=_("To be done: %(name)s") % {"name": one.account.name},
            lines=[one.to_do, _("Decision %(ref)s of %(day)s.") % {"ref": one.ref, "day": timezone.localdate(one.decided_at)}],
            since=one.decided_at, url=reverse("web:decision", args=[one.pk]), button=_("Open the decision"), icon="gavel",
            due=one.do_by, late=one.do_by is not None and one.do_by < clock.today(),
        )
        for one in to_do_by(person)[:SHOWN]
    ]  # fmt: skip
