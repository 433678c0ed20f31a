"""One change to a live account: before and after side by side, what the rules say of it, and the decisions on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.people.models import Person
from rostrum.registry import changing
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_notices import PART_WORDS, touched
from rostrum.registry.change_queries import allowed, changes, parts, readable, turns_of
from rostrum.registry.change_states import APPROVE, CHANGE_MOVES, MERGE, OPEN_CHANGES, ChangeState
from rostrum.registry.obstacles import in_the_way
from rostrum.registry.platforms import account_for, label_of
from rostrum.registry.queries import accounts_visible_to
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.changes.wording import both_records, newcomers, title_of, yeses
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import place, refuse_unknown, sent
from rostrum.workflow.moves import Move

TONES = {
    ChangeState.OFFERED.value: "act", ChangeState.PROPOSED.value: "act", ChangeState.AGREED.value: "act",
    ChangeState.APPROVED.value: "good", ChangeState.DECLINED.value: "stop", ChangeState.WITHDRAWN.value: "over",
}  # fmt: skip
MERGE_SENTENCES = {
    "give": gettext_lazy("You are about to agree, for your school, to merge %(name)s into %(into)s."),
    "agree": gettext_lazy("You are about to agree, for your school, to merge %(name)s into %(into)s."),
    "merge": gettext_lazy("You are about to merge %(name)s into %(into)s. It is retired at once."),
    "decline": gettext_lazy("You are about to decline the merge of %(name)s into %(into)s."),
    "withdraw": gettext_lazy("You are about to withdraw the merge of %(name)s into %(into)s."),
}
SENTENCES = {
    "give": gettext_lazy("You are about to agree, for your school, that it goes to another school: %(name)s."),
    "agree": gettext_lazy("You are about to agree to this change, for the school: %(name)s."),
    "approve": gettext_lazy("You are about to put this change into the register: %(name)s."),
    "decline": gettext_lazy("You are about to decline this change: %(name)s."),
    "withdraw": gettext_lazy("You are about to withdraw this change: %(name)s."),
}
ICONS = {
    "give": "thumb-up", "agree": "thumb-up", "approve": "circle-check", "merge": "arrow-merge", "decline": "x",
    "withdraw": "arrow-back-up",
}  # fmt: skip
MOVES = {move.name: move for move in CHANGE_MOVES}


def change_badge(it: AccountChange) -> dict[str, str]:
    """The state of a change as a word with a colour."""
    return {"tone": TONES.get(it.state, "over"), "word": it.get_state_display()}


def the_change(person: Person, pk: int) -> AccountChange:
    """A change that the person may read; otherwise there is nothing at this address (404)."""
    found = changes().filter(pk=pk).first() if pk < 2**63 else None
    if found is None or not readable(person, found):
        raise Http404
    return found


def rows_of(it: AccountChange) -> list[dict[str, Any]]:
    """What changes, part by part, before and after."""
    return [{"part": part, "label": PART_WORDS[part], "old": old, "new": new} for part, old, new in parts(it)]


def _findings(it: AccountChange) -> list[dict[str, str]]:
    """What the rules say of an open change, for whoever decides: 1.3, doubles, look-alikes. They stop nobody."""
    if it.state not in OPEN_CHANGES or it.into is not None:
        return []
    said = changing.notes_for(it.account, name=it.name, address=it.address, unit=it.unit)
    return [{"message": n.message, "clause": n.clause} for n in said if n.level in {"problem", "flag"}]


@require_safe
@signed_in
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """A change as it stands: what, why, who said yes so far, whose turn it is."""
    it = the_change(request.user, pk)
    acts = [
        {"label": m.label, "url": reverse("web:account_change_move", args=[it.pk, m.name]),
         "danger": m.tone == "danger", "icon": ICONS[m.name], "primary": m.tone == "primary"}
        for m in allowed(request.user, it)
    ]  # fmt: skip
    turns = turns_of(it)
    turn = turns.of(it)
    place_ = Places([it.account.unit]).of(it.account.unit)
    context: dict[str, Any] = {
        "it": it, "change_title": title_of(it), "badge": change_badge(it),
        "icon": picture(it.account.platform), "rows": rows_of(it),
        "called": account_for(it.account.platform, label_of(it.account.platform), place_),
        "primary": next((one for one in acts if one["primary"]), None),
        "more": [one for one in acts if not one["primary"]],
        "yeses": yeses(it, turns), "newcomers": newcomers(it), **_both(it, request.user),
        "findings": _findings(it), "asked": turn is not None,
        "waiting": ", ".join(one.name for one in turn.people) if turn else "",
        "reads_account": accounts_visible_to(request.user).filter(pk=it.account_id).exists(),
        "entries": timeline(history(it)),
    }  # fmt: skip
    return render(request, "web/changes/one.html", context)


def _both(it: AccountChange, reader: Person) -> dict[str, Any]:
    """Of a merge, both records side by side with what follows, and what stands in the way today."""
    if it.into is None:
        return {}
    way = in_the_way(it.account, it.into, but=it.pk) if it.state in OPEN_CHANGES else []
    done = it.state == ChangeState.APPROVED
    return {"merge": both_records(it.account, it.into, reader, done), "obstacles": way}


def _told(it: AccountChange, name: str, me: Person) -> list[str]:
    """Who gets a notice of a decision."""
    after = turns_of(it)
    if name == "agree" or (name == "give" and it.agreed_by_id):
        people = list(after.approvers(_as_agreed_by(it, me)).people)
    elif name == "give":
        people = list(after.agreers(it.unit, {it.proposed_by_id}).people)
    else:
        people = touched(it)
    return list(dict.fromkeys(one.name for one in people if one.pk != me.pk and one.is_active))


def _as_agreed_by(it: AccountChange, me: Person) -> AccountChange:
    agreed = it.agreed_by or me
    return AccountChange(account=it.account, unit=it.unit, proposed_by_id=it.proposed_by_id, agreed_by=agreed,
                         given_by=it.given_by or me)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Agree to a change, approve, decline or withdraw it (AP 193 1.3, 3.1)."""
    it = the_change(request.user, pk)
    wanted = MOVES.get(move)
    if wanted is None:
        raise Http404
    form, status, seen = Reason(sent(request)), 200, str(it.version)
    form.fields["reason"].required = wanted.reason_required
    form.fields["reason"].label = _("Why") if wanted.reason_required else _("A comment")
    form.fields["reason"].help_text = _("Everyone who had a part in it reads this as you write it.")
    back = reverse("web:account_change", args=[it.pk])
    reason = request.POST.get("reason", "")

    def act() -> str:
        changing.ACTS[move](it, by=request.user, reason=reason, seen=seen_version(request.POST))
        messages.success(request, str(wanted.done))
        return back

    try:
        if request.method == "POST":
            refuse_unknown(request, form)
            seen, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        elif wanted not in allowed(request.user, it):
            _say_no(it, wanted)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if reason.strip():
            refusal.typed = [(_("Why"), reason)]
        raise
    context = {
        "it": it, "change_title": title_of(it), **_both(it, request.user), "heading": wanted.label,
        "badge": change_badge(it), "form": form, "back": back, "rows": rows_of(it),
        "sentence": _sentence(it, move), "effect": wanted.effect, "clause": wanted.cites[0],
        "button": wanted.label, "tone": "danger" if wanted.tone == "danger" else "primary",
        "told": _told(it, move, request.user), "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/changes/decide.html", context, status=status)


def _sentence(it: AccountChange, move: str) -> str:
    """What a person is about to do, as one sentence."""
    if it.into is not None and move in MERGE_SENTENCES:
        return MERGE_SENTENCES[move] % {"name": it.account.name, "into": it.into.name}
    return SENTENCES.get(move, SENTENCES["approve"]) % {"name": it.account.name}


def _say_no(it: AccountChange, move: Move) -> None:
    """Not in this state, or not of this kind (WrongState); or not this person (NotAllowed)."""
    if it.state not in move.sources or move is (APPROVE if it.into_id else MERGE):
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": it.get_state_display()})  # fmt: skip
    turn = turns_of(it).of(it)
    raise NotAllowed(_("This change is not yours to decide. It is waiting for %(names)s.")
                     % {"names": ", ".join(one.name for one in turn.people) if turn and turn.people else "-"})  # fmt: skip
