"""What the account's record page shows of resets of its access: the last one, what asks for one, what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.keys.actions import may_raise
from rostrum.keys.campaigns import of_account
from rostrum.keys.due import next_due, period_days
from rostrum.keys.models import Reset, ResetCall
from rostrum.keys.queries import last_reset, open_calls, open_reset
from rostrum.keys.states import ALARMS, Trigger
from rostrum.keys.stating import may_make
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.keys.wording import asked_line, call_badge, due_line, reset_badge
from rostrum.web.shapes import Act, Panel


def panels(person: Person, account: Account) -> list[Panel]:
    """The last reset and by whom, what asks for one now, when the next falls due; a warning where there is an alarm."""
    last, calls, live = last_reset(account), open_calls(account), account.state in LIVE
    waiting = open_reset(account)
    alarm = next((one for one in calls if one.is_alarm), None) if live else None
    context = {
        "last": last, "waiting": waiting, "waiting_badge": reset_badge(waiting) if waiting else None,
        "next_due": next_due(last.made_at if last else account.official_since, period_days()) if live else None,
        "calls": [
            {"it": one, "asked": asked_line(one), "due": due_line(one), "badge": call_badge(one)}
            for one in (calls if live else ())
        ],
    }  # fmt: skip
    warning = _("%(what)s. The access is to be reset now.") % {"what": alarm.get_trigger_display()} if alarm else ""
    link = reverse("web:reset_call", args=[alarm.pk]) if alarm else ""
    words = _("See what is asked") if alarm else ""
    return [Panel("web/keys/panel.html", context, order=30, warning=warning, link=link, link_words=words)]


def acts(person: Person, account: Account) -> list[Act]:
    """State a reset, raise an alarm, ask for a reset: as far as this reader may, on a live account."""
    if account.state not in LIVE:
        return []
    found = []
    if may_make(person, account):
        waiting = open_reset(account)
        if waiting is None:
            url = reverse("web:reset_make", args=[account.public_id])
            found.append(Act(_("State a reset"), url, "key", primary=bool(open_calls(account))))
        else:
            found.append(Act(_("See the statement about a reset"), reverse("web:reset", args=[waiting.pk]), "key"))
    if any(may_raise(person, account, one) for one in (*ALARMS, Trigger.AD_HOC.value)):
        url = reverse("web:reset_ask", args=[account.public_id])
        found.append(Act(_("Somebody else may get in"), url, "alert-triangle"))
    return found


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The statements, calls and campaigns whose acts belong into the account's history."""
    return (
        Reset.objects.filter(account=account),
        ResetCall.objects.filter(account=account),
        of_account(account),
    )
