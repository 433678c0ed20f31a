"""One case: why, what it rests on, who looks into it, what was decided; and the acts on it before a decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.audit.queries import history_many
from rostrum.cases import opening
from rostrum.cases.models import Case
from rostrum.cases.opening import Talk, not_yours
from rostrum.cases.parties import Parties, case_relations, managers
from rostrum.cases.queries import allowed_case, appeal_of, counting, decisions, talk_of
from rostrum.cases.states import CASE_MOVES, CLOSE_CASE, OPEN_CASES
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded_lazy
from rostrum.registry.platforms import account_for, label_of
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.cases.access import pointing_to, the_case
from rostrum.web.cases.acting import ActPage, act_page, over
from rostrum.web.cases.forms import AssignForm, CloseForm
from rostrum.web.cases.opening import adds
from rostrum.web.cases.wording import (
    ICONS,
    appeal_badge,
    case_badge,
    closing_of,
    decision_badge,
    evidence_rows,
    measures_words,
    strike_words,
)
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import sent

MOVES = {move.name: move for move in CASE_MOVES}
SENTENCES = {
    "escalate": worded_lazy(gettext_lazy("You are about to pass case %(ref)s to {director}: %(name)s.")),
    "hand_back": worded_lazy(gettext_lazy("You are about to give case %(ref)s back to {keeper}: %(name)s.")),
    "close": gettext_lazy("You are about to close case %(ref)s without a decision: %(name)s."),
}
ACTS = {"escalate": opening.escalate, "hand_back": opening.hand_back}


def _decisions(it: Case) -> list[dict[str, Any]]:
    """What was decided in a case, newest first, each with the appeal against it."""
    rows = []
    for one in decisions().filter(case=it).order_by("-pk"):
        appeal = appeal_of(one)
        rows.append({
            "one": one, "badge": decision_badge(one), "words": measures_words(one.measures), "appeal": appeal,
            "appeal_badge": appeal_badge(appeal) if appeal else None,
        })  # fmt: skip
    return rows


def _acts(request: StaffRequest, it: Case, parties: Parties) -> list[dict[str, Any]]:
    """The acts of a case's page, the one that moves it on first."""
    acts = []
    for move in allowed_case(request.user, it, parties):
        page = "web:case_decide" if move.name in {"decide", "supersede"} else "web:case_move"
        args = [it.pk] if page == "web:case_decide" else [it.pk, move.name]
        acts.append({
            "label": move.label, "url": reverse(page, args=args), "icon": ICONS[move.name],
            "danger": move.tone == "danger", "primary": move.tone == "primary",
        })  # fmt: skip
    open_now = it.state in OPEN_CASES
    if open_now and adds(request, it):
        url = reverse("web:case_evidence", args=[it.pk])
        acts.append({"label": _("Add what it rests on"), "url": url, "icon": "paperclip"})
    mine = case_relations(request.user, it, parties)
    own = request.user.pk in parties.own(it.account)
    if open_now and not own and may(request.user, "cases:assign", it.unit, mine):
        url = reverse("web:case_assign", args=[it.pk])
        acts.append({"label": _("Give it to somebody"), "url": url, "icon": "user-share"})
    return acts


@require_safe
@signed_in
def case(request: StaffRequest, pk: int) -> HttpResponse:
    """A case as it stands, for whoever may read it."""
    me, it = request.user, the_case(request.user, pk)
    parties = Parties([it.account])
    made = _decisions(it)
    acts = _acts(request, it, parties)
    mine = case_relations(me, it, parties)
    place_ = Places([it.account.unit]).of(it.account.unit)
    strikes = [one for one in counting([it.account_id]) if one.decision.case_id != it.pk]
    deciders = parties.deciders(it).people if it.state in OPEN_CASES else ()
    context: dict[str, Any] = {
        "it": it, "badge": case_badge(it), "icon": picture(it.account.platform),
        "called": account_for(it.account.platform, label_of(it.account.platform), place_),
        "standing": standing_badge(it.account.state),
        "primary": next((one for one in acts if one.get("primary")), None),
        "more": [one for one in acts if not one.get("primary")],
        "evidence": evidence_rows(it.evidence.select_related("added_by"), me, it),
        "waiting": ", ".join(one.name for one in deciders), "open": it.state in OPEN_CASES,
        "nobody": it.state in OPEN_CASES and not deciders,
        "decides": "case_decider" in mine and it.state in OPEN_CASES,
        "looks": it.looking_by_id == me.pk, "key": new_key(), "made": made,
        "writing": [d.author.name for d in it.drafts.select_related("author") if d.author_id != me.pk],
        "strikes": [(one, strike_words(one)) for one in strikes],
        "talk": talk_of(me, it), "closing": closing_of(me, it.account) if any(row["one"].closes for row in made) else None,
        "entries": timeline(history_many([it, *(row["one"] for row in made),
                                          *(row["appeal"] for row in made if row["appeal"])])),
    }  # fmt: skip
    return render(request, "web/cases/case.html", context)


@require_POST
@signed_in
def look(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that one looks into a case now; or that one no longer does. A sign for the others, not a lock."""
    it = the_case(request.user, pk)
    back = reverse("web:case", args=[it.pk])
    leaves = request.POST.get("leave") == "1"

    def act() -> str:
        (opening.leave if leaves else opening.look)(it, by=request.user)
        said = (
            _("The others no longer see that you look into it.")
            if leaves
            else _("The others see that you look into it.")
        )
        messages.success(request, said)
        return back

    with pointing_to(it, back):
        return perform(request, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    """Give an open case to one of those who may decide it."""
    it, me = the_case(request.user, pk), request.user
    parties = Parties([it.account])
    people = list(parties.deciders(it).people)
    form, back = AssignForm(sent(request), people), reverse("web:case", args=[it.pk])

    def check() -> None:
        mine = case_relations(me, it, parties)
        if me.pk in parties.own(it.account) or not may(me, "cases:assign", it.unit, mine):
            raise NotAllowed(not_yours(it, parties))
        if it.state not in OPEN_CASES:
            raise over(it)

    def act(seen: int | None) -> str:
        to = next(one for one in people if str(one.pk) == form.cleaned_data["to"])
        opening.assign(it, by=me, to=to, seen=seen)
        messages.success(request, _("%(name)s has been asked.") % {"name": to.name})
        return back

    page = ActPage(
        it, "web/cases/act.html", back, heading=_("Give the case to somebody"), badge=case_badge(it), clause="1.10",
        sentence=_("You are about to ask somebody to look into case %(ref)s: %(name)s.")
        % {"ref": it.ref, "name": it.account.name},
        effect=_("The person is told. Whoever may decide it still may."), button=_("Ask them"), check=check, always=True,
    )  # fmt: skip
    return act_page(request, page, form, act)


def _talkers(it: Case, me: Person) -> list[Person]:
    """With whom a guidance talk may have been held: who looks after the account, who leads its school."""
    people = [*managers(it.account), it.account.registration.request.requester]
    people += list(Parties([it.account]).administrators(it.account).people)
    return list({one.pk: one for one in people if one.is_active and one.pk != me.pk}.values())


def _told(it: Case, name: str, me: Person) -> list[str]:
    """Who gets a notice of a move."""
    people: list[Person] = [it.opened_by]
    if name in {"escalate", "hand_back"}:
        state = MOVES[name].target
        people = list(
            Parties([it.account]).deciders(Case(account=it.account, opened_by=it.opened_by, state=state)).people
        )
    return list(dict.fromkeys(one.name for one in people if one.pk != me.pk and one.is_active))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Pass a case to the Director, give it back, or close it without a decision (AP 193 1.5, 1.10)."""
    it, me = the_case(request.user, pk), request.user
    wanted = MOVES.get(move)
    if wanted is None or move not in SENTENCES:
        raise Http404
    closing = move == CLOSE_CASE.name
    people = _talkers(it, me) if closing else []
    form = CloseForm(sent(request), people) if closing else Reason(sent(request))
    if not closing:
        form.fields["reason"].help_text = _("Whoever decides next reads this, and it stays in the case's history.")
    back, reason = reverse("web:case", args=[it.pk]), request.POST.get("reason", "")

    def check() -> None:
        if it.state not in wanted.sources:
            raise WrongState(
                _("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                % {"state": it.get_state_display()}
            )
        if wanted not in allowed_case(me, it):
            raise NotAllowed(not_yours(it, Parties([it.account])))

    def act(seen: int | None) -> str:
        if closing:
            _close(it, form, people, by=me, seen=seen)
        else:
            ACTS[move](it, by=me, reason=reason, seen=seen)
        messages.success(request, str(wanted.done))
        return back

    page = ActPage(
        it, "web/cases/act.html", back, heading=wanted.label, badge=case_badge(it), clause=wanted.cites[0],
        sentence=SENTENCES[move] % {"ref": it.ref, "name": it.account.name}, effect=wanted.effect, button=wanted.label,
        check=check, tone="danger" if wanted.tone == "danger" else "primary", told=_told(it, move, me),
    )  # fmt: skip
    typed = [(_("Why"), reason), (_("Note of the talk"), request.POST.get("words", ""))]
    return act_page(request, page, form, act, typed)


def _close(it: Case, form: Any, people: list[Person], *, by: Person, seen: int | None) -> None:
    """Close a case as the form says; the talk goes with it only where that is how it ended."""
    data, talk = form.cleaned_data, None
    if data["ending"] == "talk":
        other = next((one for one in people if str(one.pk) == data["held_with"]), None)
        if other is None or data["held_on"] is None:
            said: dict[str, list[str]] = {}
            if other is None:
                said["held_with"] = [_("Choose the person with whom you talked.")]
            if data["held_on"] is None:
                said["held_on"] = [_("Say on which day the talk was.")]
            raise Invalid(_("A talk was on a day, with a person."), fields=said)
        talk = Talk(data["held_on"], other, data["words"])
    opening.close_case(it, by=by, reason=data["reason"], ending=data["ending"], talk=talk, seen=seen)


@require_safe
@signed_in
def talk(request: StaffRequest, pk: int) -> HttpResponse:
    """The note of a guidance talk, for the two who talked; nobody else finds anything here."""
    it = Case.objects.select_related("account__unit").filter(pk=pk).first() if pk < 2**63 else None
    note = talk_of(request.user, it) if it is not None else None
    if it is None or note is None:
        raise Http404
    return render(request, "web/cases/talk.html", {"it": it, "note": note})
