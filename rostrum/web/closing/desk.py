"""What stands on a person's desk of closing an account: the checklist, parking, merging, splitting."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.rows import where_any
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded
from rostrum.registry.closing_queries import to_renew, waiting_for
from rostrum.registry.closing_states import ClosingState
from rostrum.registry.ended import ended_suspensions
from rostrum.web.shapes import DeskCard

SHOWN = 25  # of one kind; the lists have them all


def cards(person: Person) -> list[DeskCard]:
    """What waits for this person to act, oldest first. In a number of queries that does not grow."""
    return [*_closings(person), *_names(person), *_suspended(person)]


def _closings(person: Person) -> list[DeskCard]:
    """Closings to retire, to complete, or with a checklist that is owed."""
    today = clock.today()
    words = {
        ClosingState.PREPARING.value: (
            worded(_("You started to close it. Complete the checklist, then {keeper} retires it.")), _("Go on")),
        ClosingState.READY.value: (_("Its checklist is complete. Retire it, or say what is missing."), _("Retire it or not")),
        ClosingState.OWED.value: (_("It was retired before its checklist was complete."), _("Complete the checklist")),
    }  # fmt: skip
    return [
        DeskCard(
            title=_("Closing: %(name)s") % {"name": one.account.name}, lines=[words[one.state][0]], since=one.moved_at,
            url=reverse("web:closing", args=[one.pk]), button=words[one.state][1], icon="archive",
            due=one.due_on, late=bool(one.due_on and one.due_on < today),
        )
        for one in waiting_for(person, SHOWN)
    ]  # fmt: skip


def _names(person: Person) -> list[DeskCard]:
    """Parked names whose day has come, for Communications."""
    if not may(person, "parking:give_up"):
        return []
    today = clock.today()
    return [
        DeskCard(
            title=_("Parked name: %(handle)s") % {"handle": one.account.handle},
            lines=[_("Sign in, see that nothing new stands there, and say when to look again.")], since=one.moved_at,
            url=reverse("web:parked", args=[one.pk]), button=_("Look after it"), icon="parking",
            due=one.renew_on, late=bool(one.renew_on and one.renew_on < today),
        )
        for one in where_any(to_renew(), SHOWN)
    ]  # fmt: skip


def _suspended(person: Person) -> list[DeskCard]:
    """Suspensions whose day has come, for Communications."""
    if not may(person, "account:restore"):
        return []
    today = clock.today()
    return [
        DeskCard(
            title=_("Suspended: %(name)s") % {"name": one.account.name},
            lines=[
                _("The suspension was to be looked at on %(day)s. Restore the account, or say how long it stays suspended.")
                % {"day": day(one.ends_on)},
                *([one.condition] if one.condition else []),
            ],
            since=one.since, url=reverse("web:account", args=[one.account.public_id]), button=_("Restore or extend"),
            icon="ban", due=one.ends_on, late=bool(one.ends_on and one.ends_on < today),
        )
        for one in where_any(ended_suspensions(), SHOWN)
    ]  # fmt: skip
