"""Today: what waits for the reader, with the act itself one click away, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rostrum.audit.queries import HistoryEntry
from rostrum.audit.queries import search as search_log
from rostrum.core import clock
from rostrum.core.rows import where_any
from rostrum.hooks.queries import in_trouble
from rostrum.notices.queries import troubled
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import text
from rostrum.registry import approval
from rostrum.registry.deciding import requests
from rostrum.registry.models import AccountRequest
from rostrum.registry.queries import (
    Queue,
    Status,
    Waiting,
    managed_by,
    queue,
    status_of,
)
from rostrum.registry.states import OPEN
from rostrum.registry.turns import Turns
from rostrum.schoolyear.counting import assumed_note, counting
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.archive import desk as archive_desk
from rostrum.web.calendar import desk as calendar_desk
from rostrum.web.cases import desk as cases_desk
from rostrum.web.changes.desk import cards as change_cards
from rostrum.web.checks import desk as checks_desk
from rostrum.web.closing import desk as closing_desk
from rostrum.web.custody import desk as custody_desk
from rostrum.web.findings import desk as findings_desk
from rostrum.web.guidance import desk as guidance_desk
from rostrum.web.keys import desk as keys_desk
from rostrum.web.known.desk import cards as known_cards
from rostrum.web.orders import desk as orders_desk
from rostrum.web.requests.wording import Titles, picture, timeline
from rostrum.web.reviews import desk as reviews_desk
from rostrum.web.upkeep import desk as upkeep_desk

SHOWN = 8
MOST = 25  # things that wait: the rest is counted, and one click away
BY_THE_CLOCK = {"finding:open", "finding:vanish"}  # a night brings many, and they have a queue of their own
AREAS = (
    guidance_desk, keys_desk, custody_desk, upkeep_desk, reviews_desk, orders_desk, closing_desk, cases_desk,
    archive_desk, findings_desk, calendar_desk, checks_desk,
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What an act asks of the reader in one line, what its button says, and the page that it opens."""

    line: Promise | str
    button: Promise | str
    page: str
    args: tuple[str, ...] = ()


ASKED = {
    "endorse": Asked(
        _("Endorse it, or say what must change."), _("Endorse"), "web:request_move", ("endorse",)
    ),
    "approve": Asked(
        _("Approve it, or say what must change."), _("Approve"), "web:request_move", ("approve",)
    ),
    "confirm": Asked(
        _("Confirm the Registration Form. It makes the account official."),
        _("Confirm"),
        "web:registration_move",
        ("confirm",),
    ),
    "accept": Asked(
        _("You were named content manager. Accept or decline."), _("Accept or decline"), "web:designation"
    ),
    "register": Asked(
        _("Approved. Make the account and fill in the Registration Form."),
        _("Register it"),
        "web:registration_form",
    ),
    "change": Asked(
        _("Returned to you. Read the comment, change the form and send it again."),
        _("Change it"),
        "web:request_form",
    ),
    "finish": Asked(_("Your draft. Finish the form and send it."), _("Finish it"), "web:request_form"),
}


@dataclass(frozen=True)
class Card:
    """One thing in a queue of the desk."""

    title: str
    url: str
    icon: str
    line: str
    about: str
    since: datetime
    due: date | None = None
    late: bool = False
    comment: str = ""
    button: Promise | str = ""
    act_url: str = ""
    other_url: str = ""
    status: Status | None = None


def _place(page: str, ref: str | None, args: Iterable[str] = ()) -> str:
    return reverse(page, args=[ref or "", *args])


def _about(request: AccountRequest) -> str:
    """The name asked for and who asks: what tells two requests for one classroom apart."""
    if not request.name:
        return gettext("Asked by %(who)s") % {"who": request.requester.name}
    return gettext("“%(name)s”, asked by %(who)s") % {"name": request.name, "who": request.requester.name}


def waiting_card(item: Waiting, titles: Titles, today: date) -> Card:
    """A card for one thing that waits, with the button that opens the act's own page."""
    request, asked = item.request, ASKED[item.act]
    comment = ""
    if item.act in {"change", "approve"} or (item.act == "endorse" and request.steps_given):
        comment = request.last_comment
    elif item.act == "register" and hasattr(request, "registration"):
        comment = request.registration.last_comment
    line, button = asked.line, asked.button
    step = approval.current(request) if item.act in {"endorse", "approve"} else None
    if step and approval.in_own_words(request):
        line = gettext("The step is “%(step)s”. Say yes, or say what must change.") % {"step": text(step.label)}
        button = text(step.verb)
    return Card(
        title=titles.of(request),
        url=_place("web:request", request.ref),
        icon=picture(request.platform),
        line=str(line),
        about=_about(request),
        since=item.since,
        due=item.due,
        late=bool(item.due and item.due < today),
        comment=comment,
        button=button,
        act_url=_place(asked.page, request.ref, asked.args),
        other_url=_place("web:request_move", request.ref, ["return"])
        if item.act in {"endorse", "approve"}
        else "",
    )


def _status_card(request: AccountRequest, reader: Person, titles: Titles, turns: Turns) -> Card:
    status = status_of(request, reader, turns)
    return Card(
        title=titles.of(request),
        url=_place("web:request", request.ref),
        icon=picture(request.platform),
        line=status.next_step,
        about=request.name,
        since=request.moved_at,
        status=status,
    )


def _on_their_way(person: Person, line: Queue) -> list[AccountRequest]:
    """The reader's own requests that wait for somebody else."""
    mine = requests().filter(requester=person, state__in=OPEN).order_by("moved_at", "pk")
    return [r for r in where_any(mine) if r.pk not in line.about]


def _assumed(dues: Iterable[date | None]) -> str:
    """A sentence where a deadline rests on Monday to Friday, because no school year is entered for it."""
    days = [one for one in dues if one is not None]
    counted = counting() if days else None
    return assumed_note() if counted and any(counted.assumed(one) for one in days) else ""


def _by_people() -> list[HistoryEntry]:
    """The newest entries of the log, without what a night's round of rules writes."""
    return [one for one in search_log(size=6 * SHOWN).entries if one.act not in BY_THE_CLOCK][:SHOWN]


@require_safe
@signed_in
def today(request: StaffRequest) -> HttpResponse:
    """The first page after sign-in. The number of queries does not grow with what waits."""
    me = request.user
    line = queue(me, MOST, chased=SHOWN + 1 if may(me, "account:review") else 0)
    waiting, chased = line.things, line.chased
    mine = _on_their_way(me, line)
    looked_after = managed_by(me).order_by("name", "pk")
    accounts = list(looked_after[: SHOWN + 1])
    shown = [*(w.request for w in waiting), *mine, *chased]
    titles, turns, now = Titles(shown), Turns(shown), clock.today()
    places = Places(account.unit for account in accounts)
    context: dict[str, Any] = {
        "waiting_left": line.count - len(waiting),
        "waiting": [waiting_card(item, titles, now) for item in waiting],
        "assumed": _assumed([item.due for item in waiting]),
        "no_limit": any(w.due is None and w.act in {"endorse", "approve", "confirm"} for w in waiting),
        "mine": [_status_card(one, me, titles, turns) for one in mine[:SHOWN]],
        "more_mine": len(mine) > SHOWN,
        "chased": [_status_card(one, me, titles, turns) for one in chased[:SHOWN]],
        "more_chased": len(chased) > SHOWN,
        "accounts": [
            {
                "account": a,
                "icon": picture(a.platform),
                "place": places.of(a.unit),
                "badge": standing_badge(a.state),
            }
            for a in accounts[:SHOWN]
        ],
        "more_accounts": len(accounts) > SHOWN,
        # What failed for good first, as the index has it: by day alone, all letters that ever went out would be read.
        "troubled": list(troubled().order_by("mail", "-owed_at")[:SHOWN]) if may(me, "mail:read") else [],
        "hooks": in_trouble()[:SHOWN] if may(me, "hook:manage") else [],
        "recent": timeline(_by_people()) if may(me, "log:read") else [],
    }
    context["known"] = known_cards(me)
    context["changes"] = change_cards(me)
    more = sorted(
        (card for area in AREAS for card in area.cards(me)), key=lambda card: (card.due is None, card.due, card.since)
    )
    context["urgent"] = [card for card in more if card.urgent]
    calm = [card for card in more if not card.urgent]
    context["more_cards"], context["cards_left"] = calm[:MOST], len(calm[MOST:])
    context["waiting_count"] = line.count
    context["may_hold"] = may(me, "hold:place")
    count = line.count + len(context["known"]) + len(context["changes"]) + len(more)
    context["waiting_words"] = ngettext(
        "One thing waits for you.", "%(count)d things wait for you, oldest first.", count
    ) % {"count": count}
    context["nothing"] = not (count or mine or accounts or chased)
    return render(request, "web/desk/today.html", context)
