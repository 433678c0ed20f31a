"""Appeals: lodging one, the letters side by side for whoever decides, naming that person, the decision on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history_many
from rostrum.cases import appealing
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.appealing import Attachment
from rostrum.cases.deciding import effect_stays
from rostrum.cases.parties import Parties, acted, appeal_relations, decision_relations, nobody_words
from rostrum.cases.queries import allowed_appeal, appeal_of, appealable, counting, find_case, last_day_passed
from rostrum.cases.states import APPEAL_MOVES, VARY, WITHDRAW, AppealState
from rostrum.core import evidence
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people.models import Appointment, Person
from rostrum.people.queries import active_people, in_force, may
from rostrum.policies.rolewords import worded
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import standing_badge
from rostrum.web.cases.access import kept_file, pointing_to, the_appeal, the_decision
from rostrum.web.cases.acting import ActPage, act_page, over
from rostrum.web.cases.forms import AppealForm, NameForm
from rostrum.web.cases.wording import (
    ICONS,
    appeal_badge,
    appeal_by_words,
    decision_badge,
    no_student,
    sections_of,
    strike_words,
)
from rostrum.web.cases.writing import beginning, ruling_form, ruling_of, suggested
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import timeline
from rostrum.web.submitting import ALWAYS, answer, place, sent

MOVES = {move.name: move for move in APPEAL_MOVES}
SENTENCES = {
    "uphold": gettext_lazy("You are about to let decision %(ref)s stand: %(name)s."),
    "overturn": gettext_lazy("You are about to overturn decision %(ref)s: %(name)s."),
    "withdraw": gettext_lazy("You are about to withdraw the appeal against decision %(ref)s: %(name)s."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def lodge(request: StaffRequest, pk: int) -> HttpResponse:
    """Appeal a decision, with reasons and attachments (AP 193 1.5)."""
    it = the_decision(request.user, pk)
    back = reverse("web:decision", args=[it.pk])
    form = AppealForm(sent(request), request.FILES or None)

    def act() -> str:
        files = []
        for upload in form.cleaned_data["attached"][: appealing.MOST_FILES + 1]:
            digest, kind = evidence.keep(upload, field="attached", kinds=evidence.DOCUMENTS)
            files.append(Attachment(digest, kind, upload.name[:200] if upload.name.isprintable() else ""))
        made = appealing.lodge(
            it, by=request.user, reasons=form.cleaned_data["reasons"], files=files, seen=seen_version(request.POST)
        )
        messages.success(request, _("Your appeal is lodged. Somebody who had no part in it before decides."))
        return reverse("web:appeal", args=[made.pk])

    with pointing_to(it, back, [(_("Why the decision should be different"), request.POST.get("reasons", ""))]):
        if request.method != "POST" and not appealable(request.user, it):
            _say_why_not(request.user, it)
        lang, sections = sections_of(it.letter)
        context: dict[str, Any] = {
            "it": it, "badge": decision_badge(it), "back": back, "sections": sections, "lang": lang,
            "seen": request.POST.get("seen", "")[:12] or it.version, "appeal_by": appeal_by_words(it),
            "stays": effect_stays(), "no_student": no_student(),
        }  # fmt: skip
        return answer(request, form, act, "web/cases/lodge.html", context)


def _say_why_not(me: Person, it: Any) -> None:
    """Not this person (NotAllowed), or not any more (WrongState): asked before anything is typed."""
    if not may(me, "appeals:lodge", it.unit, decision_relations(me, it)):
        raise NotAllowed(_("Only those who look after this account or lead its school can appeal this decision."))
    earlier = appeal_of(it)
    if it.final:
        raise WrongState(_("This decision was made on appeal. There is no second appeal."))
    if earlier is not None:
        raise WrongState(
            _("This decision was appealed already. There is one appeal for each decision."),
            url=reverse("web:appeal", args=[earlier.pk]),
        )
    if last_day_passed(it):
        raise WrongState(
            _("It is too late: the last day to appeal this decision was %(day)s.") % {"day": day(it.appeal_until)},
            way_forward=_("Whoever decided can still replace the decision: write to them."),
        )
    raise WrongState(_("This decision is no longer in force. There is nothing to appeal any more."))


def _acts(me: Person, it: Appeal) -> list[dict[str, Any]]:
    acts = []
    for move in allowed_appeal(me, it):
        page = (
            reverse("web:appeal_vary", args=[it.pk])
            if move is VARY
            else reverse("web:appeal_move", args=[it.pk, move.name])
        )
        acts.append({"label": move.label, "url": page, "icon": ICONS[move.name], "danger": move.tone == "danger",
                     "effect": move.effect})  # fmt: skip
    if it.state == AppealState.LODGED and may(me, "appeals:name", it.unit):
        acts.append(
            {"label": _("Name who decides"), "url": reverse("web:appeal_name", args=[it.pk]), "icon": "user-check",
             "effect": _("Somebody else decides in your place. Naming decides nothing.")}
        )  # fmt: skip
    return acts


@require_safe
@signed_in
def appeal(request: StaffRequest, pk: int) -> HttpResponse:
    """An appeal: for whoever decides, the decision and the reasons side by side; for everyone else, where it is."""
    me, it = request.user, the_appeal(request.user, pk)
    decision = it.decision
    parties, apart = Parties([decision.account]), acted([it])[it.pk]
    mine = appeal_relations(me, it, parties, apart)
    lang, sections = sections_of(decision.letter, request.GET.get("lang", ""))
    _lang, answered = sections_of(it.letter, lang) if it.letter else ("", [])
    waits = it.state == AppealState.LODGED
    strikes = [one for one in counting([decision.account_id]) if one.decision_id != decision.pk]
    context: dict[str, Any] = {
        "it": it, "decision": decision, "badge": appeal_badge(it), "lang": lang, "other": "fr" if lang == "en" else "en",
        "sections": sections, "answered": answered, "acts": _acts(me, it), "decides": waits and "appeal_decider" in mine,
        "waiting": ", ".join(one.name for one in parties.appeal_deciders(it, apart).people) if waits else "",
        "nobody": nobody_words(it, parties, apart) if waits else "",
        "files": list(it.files.all()), "evidence": [one for one in decision.evidence.all() if one.file_hash],
        "standing": standing_badge(decision.account.state), "strikes": [(one, strike_words(one)) for one in strikes],
        "reads_case": find_case(me, decision.case_id) is not None,
        "entries": timeline(history_many([it, decision])),
    }  # fmt: skip
    return render(request, "web/cases/appeal.html", context)


@require_safe
@signed_in
def file(request: StaffRequest, pk: int, number: int) -> HttpResponseBase:
    """An attachment of an appeal, for whoever may read the appeal."""
    it = the_appeal(request.user, pk)
    one = it.files.filter(pk=number).first() if number < 2**63 else None
    if one is None:
        raise Http404
    return kept_file(one.file_hash, one.file_type, f"{it.decision.ref}-appeal-{one.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def name(request: StaffRequest, pk: int) -> HttpResponse:
    """The Director names who decides an appeal: somebody with a role here who had no part in the matter before."""
    it, me = the_appeal(request.user, pk), request.user
    apart, back = acted([it])[it.pk], reverse("web:appeal", args=[it.pk])
    roles = Appointment.objects.filter(in_force()).values("person")
    people = [one for one in active_people().filter(pk__in=roles).order_by("name") if one.pk not in apart]
    form = NameForm(sent(request), people)

    def check() -> None:
        if not may(me, "appeals:name", it.unit):
            raise NotAllowed(worded(_("Only {director} names who decides an appeal.")))
        if it.state != AppealState.LODGED:
            raise over(it)

    def act(seen: int | None) -> str:
        chosen = next(one for one in people if str(one.pk) == form.cleaned_data["person"])
        appealing.name_decider(it, by=me, person=chosen, reason=form.cleaned_data["reason"], seen=seen)
        messages.success(request, _("%(name)s decides, and has been told.") % {"name": chosen.name})
        return back

    page = ActPage(
        it, "web/cases/appeal_act.html", back, heading=_("Name who decides"), badge=appeal_badge(it), clause="1.5",
        sentence=_("You are about to name who decides the appeal against decision %(ref)s: %(name)s.")
        % {"ref": it.decision.ref, "name": it.decision.account.name},
        effect=_("The person is told and can read both letters. Naming decides nothing."),
        button=_("Name this person"), check=check, always=True,
    )  # fmt: skip
    return act_page(request, page, form, act, [(_("Why"), request.POST.get("reason", ""))])


def _check_may(me: Person, it: Appeal, move: Any) -> None:
    """Say no before anything is typed: not this person, or not in this state."""
    if it.state != AppealState.LODGED:
        raise over(it)
    if move not in allowed_appeal(me, it):
        if move is WITHDRAW:
            raise NotAllowed(_("Only whoever lodged an appeal can withdraw it."))
        parties, apart = Parties([it.decision.account]), acted([it])[it.pk]
        names = ", ".join(one.name for one in parties.appeal_deciders(it, apart).people)
        raise NotAllowed(
            nobody_words(it, parties, apart)
            or _(
                "This appeal is not yours to decide. Somebody who had no part in it before decides; it is waiting for "
                "%(names)s."
            )
            % {"names": names}
        )


def _told(it: Appeal, me: Person) -> list[str]:
    """Who gets the letter of what is decided."""
    people = [it.lodged_by, *it.decision.told.all(), it.first_decider, it.decision.case.opened_by]
    return list(dict.fromkeys(one.name for one in people if one.pk != me.pk and one.is_active))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Let a decision stand, overturn it, or withdraw the appeal (AP 193 1.5)."""
    it, me = the_appeal(request.user, pk), request.user
    wanted = MOVES.get(move)
    if wanted is None or move not in SENTENCES:
        raise Http404
    form = Reason(sent(request))
    form.fields["reason"].required = wanted.reason_required
    form.fields["reason"].label = _("Your reasons") if wanted.reason_required else _("A comment")
    form.fields["reason"].help_text = _("Everyone it concerns reads this as you write it. Name no student.")
    back, reason = reverse("web:appeal", args=[it.pk]), request.POST.get("reason", "")

    def act(seen: int | None) -> str:
        appealing.ACTS[move](it, by=me, reason=reason, seen=seen)
        messages.success(request, str(wanted.done))
        return back

    page = ActPage(
        it, "web/cases/appeal_act.html", back, heading=wanted.label, badge=appeal_badge(it), clause=wanted.cites[0],
        sentence=SENTENCES[move] % {"ref": it.decision.ref, "name": it.decision.account.name}, effect=wanted.effect,
        button=wanted.label, check=lambda: _check_may(me, it, wanted),
        tone="danger" if wanted.tone == "danger" else "primary", told=_told(it, me),
    )  # fmt: skip
    return act_page(request, page, form, act, [(_("Your reasons"), reason)])


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def vary(request: StaffRequest, pk: int) -> HttpResponse:
    """Another decision in the place of the first: the same form, beginning with what the first one said."""
    it = the_appeal(request.user, pk)
    case, back = it.decision.case, reverse("web:appeal", args=[it.pk])
    initial = beginning(case, it.decision)
    form = ruling_form(sent(request), case, initial=initial)
    why = Reason(sent(request))
    why.fields["reason"].label = _("Why the decision is changed")
    why.fields["reason"].help_text = _("Everyone it concerns reads this as you write it. Name no student.")
    status, seen = 200, str(it.version)

    def act() -> str:
        appealing.vary(
            it,
            by=request.user,
            reason=why.cleaned_data["reason"],
            ruling=ruling_of(form),
            seen=seen_version(request.POST),
        )
        messages.success(request, str(VARY.done))
        return back

    typed = [(_("Your reasons"), request.POST.get("reason", "")), (_("What happened"), request.POST.get("facts", ""))]
    with pointing_to(it, back, typed):
        if request.method != "POST":
            _check_may(request.user, it, VARY)
        else:
            _refuse_unknown_of(request, form, why)
            seen, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid() & why.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    mine = {name: said for name, said in refusal.fields.items() if name == "reason"}
                    rest = {name: said for name, said in refusal.fields.items() if name != "reason"}
                    if mine:
                        place(why, Invalid(refusal.message, fields=mine))
                    if rest or not mine:
                        place(form, Invalid(refusal.message, fields=rest))
    lang, sections = sections_of(it.decision.letter)
    context: dict[str, Any] = {
        "it": it, "badge": appeal_badge(it), "form": form, "why": why, "forms": [form, why], "back": back,
        "sections": sections, "lang": lang, "suggested": suggested(case), "told": _told(it, request.user),
        "no_student": no_student(), "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/cases/vary.html", context, status=status)


def _refuse_unknown_of(request: StaffRequest, *forms: Any) -> None:
    """Raise Invalid when what was sent holds a field that none of the forms has."""
    known = {name for form in forms for name in form.fields}
    unknown = sorted(set(request.POST) - known - ALWAYS)
    if unknown:
        raise Invalid(_("This form has no such fields: %(names)s.") % {"names": ", ".join(n[:40] for n in unknown[:5])})
