"""One statement about a reset: what was said, who must confirm it, and the decisions on it."""

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
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.keys.models import Reset
from rostrum.keys.queries import allowed, maker_is_here, open_calls, witnesses
from rostrum.keys.states import RESET_MOVES, RETURN, WITHDRAW, ResetState
from rostrum.keys.stating import ACTS, maker_has_left, may_make
from rostrum.people.models import Person
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.keys.access import forget_secrets, pointing_to, the_reset, unlogged
from rostrum.web.keys.wording import part_rows, reset_badge
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import answer, sent
from rostrum.workflow.moves import Move

ICONS = {"confirm": "circle-check", "return": "arrow-back-up", "restate": "pencil", "withdraw": "x"}
MOVES = {move.name: move for move in RESET_MOVES if move.name in ACTS}
SENTENCES = {
    "confirm": gettext_lazy("You are about to confirm that the access was reset: %(name)s."),
    "return": gettext_lazy("You are about to return this statement to whoever made it: %(name)s."),
    "withdraw": gettext_lazy("You are about to withdraw this statement: %(name)s."),
}


@require_safe
@signed_in
def reset(request: StaffRequest, pk: int) -> HttpResponse:
    """A statement as it stands: part by part, by whom, confirmed by whom, what it answers."""
    it = the_reset(request.user, pk)
    acts = [
        {"label": m.label, "url": _url(it, m), "danger": m.tone == "danger", "icon": ICONS[m.name],
         "primary": m.tone == "primary"}
        for m in allowed(request.user, it)
    ]  # fmt: skip
    made = it.state == ResetState.MADE
    away = None if maker_is_here(it) else next((one for one in acts if one["label"] == WITHDRAW.label), None)
    answers = list(it.answers.order_by("asked_at"))
    context: dict[str, Any] = {
        "it": it, "badge": reset_badge(it), "icon": picture(it.account.platform), "rows": part_rows(it),
        "place": Places([it.unit]).of(it.unit), "primary": next((one for one in acts if one["primary"]), None),
        "more": [one for one in acts if not one["primary"]], "made": made,
        "waiting": ", ".join(one.name for one in witnesses(it)) if made else "",
        "answers": answers or ([c for c in open_calls(it.account) if c.since <= it.made_at] if made else []),
        "entries": timeline(history(it)), "away": away,
    }  # fmt: skip
    return render(request, "web/keys/reset.html", context)


def _url(it: Reset, move: Move) -> str:
    if move.name == "restate":
        return reverse("web:reset_again", args=[it.pk])
    return reverse("web:reset_move", args=[it.pk, move.name])


def _told(it: Reset, name: str, me: Person) -> list[str]:
    people = [it.made_by] if name == "return" else [it.made_by, *witnesses(it)]
    return list(dict.fromkeys(one.name for one in people if one.pk != me.pk and one.is_active))


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Confirm a reset as the second person, return it, or withdraw it (AP 193 3.4)."""
    it = the_reset(request.user, pk)
    wanted = MOVES.get(move)
    if wanted is None:
        raise Http404
    form = Reason(sent(request))
    form.fields["reason"].required = wanted.reason_required
    form.fields["reason"].label = _("Why") if wanted.reason_required else _("A comment")
    form.fields["reason"].help_text = _("Everyone who looks after the account reads this. Never write a password here.")
    back = reverse("web:reset", args=[it.pk])

    def act() -> str:
        ACTS[move](it, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST))
        messages.success(request, str(wanted.done))
        if wanted is WITHDRAW and it.made_by_id != request.user.pk and may_make(request.user, it.account):
            return reverse("web:reset_make", args=[it.account.public_id])  # whoever clears it away states their own
        return back

    with pointing_to(back, (_("Why"), request.POST.get("reason", ""))):
        if request.method != "POST" and wanted not in allowed(request.user, it):
            _say_no(it, wanted)
        context = {
            "account": it.account, "heading": wanted.label, "badge": reset_badge(it), "back": back,
            "rows": part_rows(it), "sentence": SENTENCES[move] % {"name": it.account.name}, "effect": wanted.effect,
            "clause": "3.4", "button": wanted.label, "tone": "danger" if wanted.tone == "danger" else "primary",
            "told": _told(it, move, request.user),
            "hidden": {"seen": request.POST.get("seen", "")[:12] or str(it.version), "_key": new_key()},
        }  # fmt: skip
        response = answer(request, form, act, "web/keys/decide.html", context)
    if response.status_code == 422:
        forget_secrets(form)
        response = render(request, "web/keys/decide.html", {**context, "form": form}, status=422)
    return response


def _say_no(it: Reset, wanted: Move) -> None:
    """Not in this state (WrongState), or not this person (NotAllowed)."""
    if it.state not in wanted.sources:
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": it.get_state_display()})  # fmt: skip
    if wanted is RETURN and not maker_is_here(it):
        raise WrongState(maker_has_left(it))
    if wanted is WITHDRAW:
        raise NotAllowed(_("Only %(name)s can do this.") % {"name": it.made_by.name})
    raise NotAllowed(_("This is not yours to confirm. It is waiting for %(names)s.")
                     % {"names": ", ".join(one.name for one in witnesses(it)) or "-"})  # fmt: skip
