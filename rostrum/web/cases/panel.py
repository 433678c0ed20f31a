"""What the account's record page shows of cases, decisions and appeals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision
from rostrum.cases.parties import Parties
from rostrum.cases.queries import (
    appeal_of,
    appealable_among,
    counting,
    decisions,
    decisions_visible_to,
    may_open,
    open_case,
    talks_of,
    visible_to,
)
from rostrum.cases.states import OPEN_CASES, AppealState, DecisionState
from rostrum.core.dates import day
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.cases.wording import appeal_badge, case_badge, decision_badge, measures_words, strike_words
from rostrum.web.shapes import Act, Panel

SHOWN = 5


def panels(person: Person, account: Account) -> list[Panel]:
    """What was decided about the account, the warnings that count today and until when, an appeal that runs.

    That a case is open is said to everyone who may read the account: nothing is kept secret from those who look after
    it. What it rests on is for those who may read the case.
    """
    running = open_case(account)
    made = list(decisions_visible_to(person).filter(account=account).order_by("-pk"))
    files = list(visible_to(person).filter(account=account).order_by("-pk")[:SHOWN])
    strikes = list(counting([account.pk]))
    talks = talks_of(person, account)
    if not (running or made or files or strikes or talks):
        return []
    readable = {one.pk for one in files}
    context: dict[str, Any] = {
        "running": running if running and running.pk not in readable else None,
        "cases": [{"it": one, "badge": case_badge(one)} for one in files if one.state in OPEN_CASES or not made],
        "decisions": [_shown(one) for one in made[:SHOWN]], "more": len(made) > SHOWN,
        "strikes": [(one, strike_words(one)) for one in strikes], "talks": talks,
    }  # fmt: skip
    to_do = next((one for one in made if _waits(one)), None)
    found = [Panel("web/cases/_panel.html", context, order=30)]
    if to_do is not None and to_do.do_by is not None:
        found.append(
            Panel(
                "",
                warning=_("Decision %(ref)s orders something that is to be done by %(day)s.")
                % {"ref": to_do.ref, "day": day(to_do.do_by)},
                link=reverse("web:decision", args=[to_do.pk]),
                link_words=_("Open the decision"),
                order=1,
            )
        )
    return found


def _waits(one: Decision) -> bool:
    appeal = appeal_of(one)
    stayed = appeal is not None and appeal.stayed and appeal.state == AppealState.LODGED
    return one.state == DecisionState.STANDS and one.do_by is not None and one.done_at is None and not stayed


def _shown(one: Decision) -> dict[str, Any]:
    appeal = appeal_of(one)
    return {
        "it": one, "badge": decision_badge(one), "words": measures_words(one.measures), "appeal": appeal,
        "appeal_badge": appeal_badge(appeal) if appeal else None,
    }  # fmt: skip


def acts(person: Person, account: Account) -> list[Act]:
    """What this reader may do here now, for the menu of the record page."""
    found: list[Act] = []
    parties = Parties([account])
    running = open_case(account)
    if account.state in LIVE and running is None and may_open(person, account, parties):
        found.append(Act(_("Open a case"), reverse("web:case_new", args=[account.public_id]), icon="folder-plus"))
    elif running is not None and visible_to(person).filter(pk=running.pk).exists():
        found.append(
            Act(
                _("Open the case %(ref)s") % {"ref": running.ref}, reverse("web:case", args=[running.pk]), icon="folder"
            )
        )
    standing = decisions().filter(account=account, state=DecisionState.STANDS).order_by("-pk")
    for one in appealable_among(person, account, standing, parties)[:SHOWN]:
        url = reverse("web:appeal_new", args=[one.pk])
        found.append(Act(_("Appeal decision %(ref)s") % {"ref": one.ref}, url, icon="scale"))
    return found


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The rows whose acts belong into the account's history: its decisions and appeals.

    Not its cases: why one was opened and what it rests on is not for everyone who reads the account. That something is
    open the register's own mark says.
    """
    return [
        Decision.objects.filter(account=account),
        Appeal.objects.filter(decision__account=account),
    ]
