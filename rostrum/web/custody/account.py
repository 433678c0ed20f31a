"""One account and its people: who manages it and since when, who can get in, who answers, who helps, what is open."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.custody import queries as Q
from rostrum.custody.departure_queries import open_items
from rostrum.custody.leaders import Leaders
from rostrum.guidance.queries import gate_is_set, read_at
from rostrum.people.models import Person
from rostrum.registry.models import Account, Designation, DesignationKind
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import answer_badge, the_account
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.custody.wording import crumbs_of, hands_badge, may_here
from rostrum.web.requests.wording import picture


def _manager_rows(me: Person, account: Account, all_: list[Designation]) -> list[dict[str, Any]]:
    """Each designation that stands, with its badge, what the reader may do about it, and what is amiss."""
    standing = [one for one in all_ if one.released_at is None and one.declined_at is None]
    asked = {one.given_by_id: one for one in Q.open_hand_overs(account)}
    taking = {one.taken_by_id for one in asked.values()}
    leaves = Q.leaving_on(one.person_id for one in standing)
    read = read_at([one.person_id for one in standing]) if gate_is_set() else None
    names, releases = may_here(me, "manager:name", account), may_here(me, "manager:release", account)
    rows = []
    for one in standing:
        living = one.accepted_at is not None and one.person.is_active
        own = one.person_id == me.pk
        row: dict[str, Any] = {
            "one": one, "badge": answer_badge(one), "leaves_on": leaves.get(one.person_id), "living": living,
            "left": not one.person.is_active, "unread": read is not None and living and one.person_id not in read,
            "hand_over": asked.get(one.pk), "acts": [],
        }  # fmt: skip
        if own and one.accepted_at is None:
            row["acts"].append((_("Accept or decline"), reverse("web:custody_answer", args=[one.pk])))
        if one.accepted_at and names and (own or releases) and one.pk not in asked:
            row["acts"].append((_("Hand over"), reverse("web:custody_hand_over", args=[one.pk])))
        if living and names and one.kind != DesignationKind.PRIMARY:
            row["acts"].append((_("Make first"), reverse("web:custody_first", args=[one.pk])))
        if (releases or own or (names and one.accepted_at is None)) and one.pk not in asked and one.pk not in taking:
            row["acts"].append((_("Step down") if own else _("Release"), reverse("web:custody_release", args=[one.pk])))
        rows.append(row)
    return rows


@require_safe
@signed_in
def people(request: StaffRequest, public_id: str) -> HttpResponse:
    """Everyone who has a part in an account, and every act on it that the reader may do."""
    it, me = the_account(request.user, public_id), request.user
    hands = Q.hands_of([it])[it.pk]
    every = Q.designations(it)
    roles, holders = Q.platform_roles(it), Q.holders(it)
    answers = Q.supervising(it)
    managing = {one.person_id for one in every if one.accepted_at and not one.released_at and one.person.is_active}
    context: dict[str, Any] = {
        "it": it, "place": Places([it.unit]).of(it.unit), "icon": picture(it.platform), "badge": standing_badge(it.state),
        "crumbs": crumbs_of(it, deep=False), "rows": _manager_rows(me, it, every),
        "before": [one for one in every if one.released_at or one.declined_at],
        "manage": hands_badge(hands.managers), "get_in": hands_badge(hands.get_in), "hands": hands,
        "short": hands.managers < Q.managers_wanted(), "shortage": Q.shortage(it),
        "holders": [
            {"one": one, "role": roles.get(one.platform_role, one.platform_role),
             "left": one.person is not None and not one.person.is_active, "manages": one.person_id in managing}
            for one in holders if one.until is None
        ],
        "former": [one for one in holders if one.until is not None],
        "ties": [one for one in Q.ties(it) if one.kind != "answers"], "answers": answers,
        "answers_tie": next((one for one in Q.ties(it) if one.kind == "answers"), None),
        "leaders": Leaders([it.unit]).of(it.unit) if answers is None else (),
        "groups": [{"one": one, "role": roles.get(one.platform_role, "")} for one in Q.helper_groups(it)],
        "hand_overs": Q.open_hand_overs(it), "open_items": open_items([it])[it.pk],
        "names": may_here(me, "manager:name", it), "keeps": may_here(me, "access:keep", it),
        "most": Q.managers_max(), "gate": gate_is_set(),
    }  # fmt: skip
    return render(request, "web/custody/account.html", context)
