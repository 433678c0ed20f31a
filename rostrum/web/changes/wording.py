"""How a change is told on its pages: who says yes and who has, both records of a merge, what follows from it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rostrum.core.dates import day
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Turn
from rostrum.policies.rolewords import keeper
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_queries import ChangeTurns, led, outsiders
from rostrum.registry.change_states import OPEN_CHANGES, ChangeState
from rostrum.registry.closing_queries import open_closing
from rostrum.registry.models import Account
from rostrum.registry.platforms import label_of
from rostrum.registry.queries import accounts_visible_to
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.requests.wording import picture


def title_of(it: AccountChange) -> str:
    """What a change is called: "Change: Rendell Park School Choir", "Merge: Choir into Band"."""
    if it.into is not None:
        return _("Merge: %(name)s into %(into)s") % {"name": it.account.name, "into": it.into.name}
    return _("Change: %(name)s") % {"name": it.account.name}


def _names(turn: Turn) -> str:
    return ", ".join(one.name for one in turn.people)


def yeses(it: AccountChange, turns: ChangeTurns) -> list[dict[str, Any]]:
    """Each yes that a change takes, in order: whose it is, who gave it when, or of whom it is asked now or later."""
    places = Places([it.unit, *([it.gives] if it.gives else [])])

    def yes(label: str, by: Person | None, at: Any, state: str, turn: Turn) -> dict[str, Any]:
        asked = it.state == state
        if by is not None:
            badge, words = {"tone": "good", "word": _("Agreed")}, f"{by.name}, {day(at)}"
        elif it.state not in OPEN_CHANGES:
            badge, words = {"tone": "over", "word": _("Not given")}, ""
        else:
            badge = {"tone": "act", "word": _("Asked now")} if asked else {"tone": "over", "word": _("Asked later")}
            words = _names(turn) or _("Nobody holds the role today.")
        return {"label": label, "badge": badge, "words": words}

    rows: list[dict[str, Any]] = []
    if it.gives is not None:
        label = _("%(place)s, which gives it") % {"place": places.of(it.gives)}
        rows.append(yes(label, it.given_by, it.given_at, ChangeState.OFFERED, turns.agreers(it.gives, {it.proposed_by_id})))
    label = _("%(place)s, which gets it") % {"place": places.of(it.unit)} if it.gives is not None else places.of(it.unit)
    rows.append(yes(label, it.agreed_by, it.agreed_at, ChangeState.PROPOSED, turns.agreers(it.unit, {it.proposed_by_id})))
    approved = it.decided_by if it.state == ChangeState.APPROVED else None
    rows.append(yes(capfirst(keeper()), approved, it.decided_at, ChangeState.AGREED, turns.approvers(it)))
    return rows


def newcomers(it: AccountChange) -> dict[str, Any] | None:
    """Who looks after an account without belonging to the school that takes it over, and what that means for them."""
    people = outsiders(it) if it.into_id is None else []
    if not people:
        return None
    school = Unit.objects.get(pk=led(it.unit))
    return {"people": people, "school": school.name}


def record_of(account: Account, reads: bool) -> dict[str, Any]:
    """One record of a merge as it stands beside the other. The names of its managers only for who may read it."""
    named = account.registration.designations.filter(accepted_at__isnull=False, released_at=None)
    facts = [
        {"label": _("Platform"), "value": label_of(account.platform)},
        {"label": _("Address"), "value": account.address, "url": account.address},
        {"label": _("Handle"), "value": account.handle},
        {"label": _("Speaks for"), "value": Places([account.unit]).of(account.unit)},
        {"label": _("Official since"), "value": day(account.official_since)},
    ]
    if reads:
        people = ", ".join(one.person.name for one in named.select_related("person").order_by("kind", "pk"))
        facts.append({"label": _("Looked after by"), "value": people or _("Nobody")})
    return {
        "it": account, "icon": picture(account.platform), "badge": standing_badge(account.state), "facts": facts,
        "url": reverse("web:account" if reads else "directory:account", args=[account.public_id]),
    }  # fmt: skip


def both_records(account: Account, into: Account, reader: Person, done: bool = False) -> dict[str, Any]:
    """Both records of a merge side by side, what follows when it is approved, and what people do by hand."""
    mine = set(accounts_visible_to(reader).filter(pk__in=[account.pk, into.pk]).values_list("pk", flat=True))
    said = {"name": account.name, "into": into.name}
    follows = [
        _("%(name)s is retired. Its page in the directory stays and leads to %(into)s.") % said,
        _("Whoever asks about one of its addresses reads that it is now part of %(into)s.") % said,
        _("Those who look after either account are told. Nobody becomes a content manager of %(into)s by it.") % said,
        _("Its closing checklist is owed: access, a copy, its name and what the public reads."),
    ]
    by_hand = [
        _("Say in a last post on %(name)s where people find %(into)s, and keep it on top.") % said,
        _("Put the address of %(into)s into the profile of %(name)s.") % said,
        _("Ask those who follow %(name)s to follow %(into)s. No platform moves them for you.") % said,
        _("Keep its name parked, so that nobody else can take it."),
    ]
    owed = open_closing(account) if done and account.pk in mine else None
    return {
        "done": done, "checklist": reverse("web:closing", args=[owed.pk]) if owed is not None else "",
        "sides": [record_of(account, account.pk in mine), {**record_of(into, into.pk in mine), "stays": True}],
        "follows": follows, "by_hand": by_hand,
    }  # fmt: skip
