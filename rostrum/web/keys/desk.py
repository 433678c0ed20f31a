"""What of resets stands on a person's desk: calls to answer, statements to confirm, alarms to keep an eye on."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.rows import where_any
from rostrum.keys.models import Reset, ResetCall
from rostrum.keys.queries import alarms_for, calls_waiting_for, resets_sent_back_to, resets_waiting_for
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.platforms import Names
from rostrum.web.keys.wording import asked_line
from rostrum.web.shapes import DeskCard

MOST = 10  # of a kind; the rest is one line that leads to the list


def cards(person: Person) -> list[DeskCard]:
    """What waits for this person to act, oldest first. In a number of queries that does not grow."""
    calls = where_any(_narrow(calls_waiting_for(person)), 4 * MOST)
    mine, names = {one.account_id for one in calls}, Names()
    alarms = []
    if may(person, "keys:ask"):
        alarms = list(_narrow(alarms_for(person)).exclude(account__in=mine)[:MOST])
    by_account = list(_by_account(calls).values())
    found = [*(_alarm(one, names) for one in alarms), *(_call(many, names) for many in by_account[:MOST])]
    if len(by_account) > MOST:
        found.append(_more(by_account[MOST:]))
    found += [_confirm(one, names) for one in resets_waiting_for(person)[:MOST]]
    return found + [_back(one, names) for one in where_any(resets_sent_back_to(person), MOST)]


def _narrow(calls: QuerySet[ResetCall]) -> QuerySet[ResetCall]:
    """Of the rows around a call what its card says: the account, who asked. A record's page needs four times as much."""
    return calls.select_related(None).select_related("account", "asked_by")


def _by_account(calls: list[ResetCall]) -> dict[int, list[ResetCall]]:
    """One card for each account: one reset answers all that is asked for it."""
    found: dict[int, list[ResetCall]] = {}
    for one in calls:
        found.setdefault(one.account_id, []).append(one)
    return found


def _call(calls: list[ResetCall], names: Names) -> DeskCard:
    days = [one.due_on for one in calls if one.due_on is not None]
    return DeskCard(
        title=_("Reset the access: %(name)s") % {"name": names.of(calls[0].account)},
        lines=[str(one.get_trigger_display()) for one in calls],
        since=min(one.asked_at for one in calls),
        url=reverse("web:reset_call", args=[calls[0].pk]),
        button=_("See what is asked"),
        icon="alert-triangle" if any(one.is_alarm for one in calls) else "key",
        due=min(days) if days else None,
        late=any(one.late(clock.today()) for one in calls),
    )


def _more(rest: list[list[ResetCall]]) -> DeskCard:
    calls = [one for many in rest for one in many]
    return DeskCard(
        title=_("More accounts whose access is to be reset"),
        lines=[_("They are in the list, the most pressing first.")],
        since=min(one.asked_at for one in calls),
        url=reverse("web:resets") + "?whose=mine",
        button=_("See them"),
        icon="key",
        late=any(one.late(clock.today()) for one in calls),
    )


def _alarm(it: ResetCall, names: Names) -> DeskCard:
    """An alarm that somebody else must answer, for whoever leads the school and for Communications."""
    return DeskCard(
        title=_("%(what)s: %(name)s") % {"what": it.get_trigger_display(), "name": names.of(it.account)},
        lines=[asked_line(it), it.note] if it.note else [asked_line(it)],
        since=it.asked_at,
        url=reverse("web:reset_call", args=[it.pk]),
        button=_("See what is asked"),
        icon="alert-triangle",
        due=it.due_on,
        late=it.late(clock.today()),
    )


def _confirm(it: Reset, names: Names) -> DeskCard:
    return DeskCard(
        title=_("Confirm a reset: %(name)s") % {"name": names.of(it.account)},
        lines=[_("%(who)s states that the access was reset.") % {"who": it.made_by.name}],
        since=it.made_at,
        url=reverse("web:reset", args=[it.pk]),
        button=_("Confirm or return it"),
        icon="key",
    )


def _back(it: Reset, names: Names) -> DeskCard:
    return DeskCard(
        title=_("Returned to you: the reset of %(name)s") % {"name": names.of(it.account)},
        lines=[it.last_comment],
        since=it.made_at,
        url=reverse("web:reset", args=[it.pk]),
        button=_("Put it right"),
        icon="key",
    )
