"""What people do to one finding: decide, answer, hand on, take on, look."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from rostrum.core import evidence
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.monitoring import deciding
from rostrum.monitoring.models import Finding
from rostrum.monitoring.notices import managers
from rostrum.monitoring.queries import allowed, following
from rostrum.monitoring.states import FINDING_MOVES, Ground
from rostrum.people.models import Person
from rostrum.policies.rolewords import worded_lazy
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.findings.record import tasks_for, the_finding
from rostrum.web.findings.wording import level_badge, state_badge, words_of
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import answer, place, refuse_unknown, sent

SENTENCES = {
    "confirm": gettext_lazy("You are about to confirm this finding and ask the managers to act: %(what)s."),
    "dismiss": gettext_lazy("You are about to dismiss this finding: %(what)s."),
    "reopen": gettext_lazy("You are about to open this finding again: %(what)s."),
    "answer": gettext_lazy("You are about to say what was done: %(what)s."),
    "accept": gettext_lazy("You are about to settle this finding: %(what)s."),
    "return": gettext_lazy("You are about to ask for more: %(what)s."),
    "escalate": worded_lazy(gettext_lazy("You are about to hand this finding to {keeper}: %(what)s.")),
    "settle": gettext_lazy("You are about to close this finding without the manager: %(what)s."),
}
LABELS = {
    "answer": gettext_lazy("What was done, in a line or two"),
    "confirm": gettext_lazy("What to change (the managers read this)"),
}
ON_TO_THE_NEXT = {"confirm", "dismiss", "escalate", "accept", "return", "settle"}
TO_MANAGERS = {"confirm", "accept", "return", "settle"}


class Comment(forms.Form):
    """The words that go with an act, and what this act needs besides."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Comment"), widget=forms.Textarea(attrs={"rows": 3}), strip=False, max_length=20_000,
        required=False, help_text=gettext_lazy("Never name a student."),
        error_messages={"required": gettext_lazy("Say why, so that the other person knows what to do.")},
    )  # fmt: skip

    def __init__(self, data: Any, files: Any, finding: Finding, move: str, required: bool) -> None:
        super().__init__(data, files)
        reason = self.fields["reason"]
        reason.required = required
        reason.label = LABELS.get(move, reason.label)
        if move == "dismiss":
            self.fields["ground"] = forms.ChoiceField(
                label=_("Why"), choices=Ground.choices, widget=forms.RadioSelect,
                error_messages={"required": _("Choose why it is dismissed.")},
            )  # fmt: skip
            self.order_fields(["ground", "reason"])
        if move == "confirm":
            self.fields["task"] = forms.ChoiceField(
                label=_("What the managers are to do"), choices=tasks_for(finding), widget=forms.RadioSelect,
                error_messages={"required": _("Choose what the manager is to do.")},
            )  # fmt: skip
        if move in {"confirm", "return"}:
            day = deciding.due_day()
            self.fields["due_on"] = forms.DateField(
                label=_("By which day"), required=False, widget=forms.DateInput(attrs={"type": "date"}), initial=day,
                help_text="" if day else _("Not set by the procedure. Leave it empty for no day."),
                error_messages={"invalid": _("Write the date as year-month-day, for example 2026-11-30.")},
            )  # fmt: skip
            self.order_fields(["task", "reason", "due_on"])
        if move == "answer":
            self.fields["proof"] = forms.FileField(
                label=_("Screenshot"), required=False, help_text=_("PNG or JPEG, at most 5 MB."),
                widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
            )  # fmt: skip


def _given(form: Comment, move: str) -> dict[str, Any]:
    data = form.cleaned_data
    given: dict[str, Any] = {"reason": data["reason"]}
    if move == "dismiss":
        given["ground"] = data["ground"]
    if move == "confirm":
        given["task"] = data["task"]
    if move in {"confirm", "return"}:
        chosen: date | None = data["due_on"]
        given["due_on"] = chosen
    if move == "answer" and data["proof"]:
        given["proof"] = evidence.keep(data["proof"], field="proof")
    return given


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """One act on one finding. Sent from the finding's own screen, or from the page that this shows."""
    it = the_finding(request.user, pk)
    wanted = next((one for one in FINDING_MOVES if one.name == move and move in deciding.ACTS), None)
    if wanted is None:
        raise Http404
    back = reverse("web:finding", args=[it.pk])
    form = Comment(sent(request), request.FILES or None, it, move, wanted.reason_required)
    status, seen = 200, str(it.version)

    def act() -> str:
        ahead = following(request.user, it) if move in ON_TO_THE_NEXT else None
        deciding.ACTS[move](it, by=request.user, seen=seen_version(request.POST), **_given(form, move))
        if move != "dismiss":
            messages.success(request, str(wanted.done))
        if ahead is not None:
            return f"{reverse('web:finding', args=[ahead.pk])}?done={it.pk}"
        if move in {"reopen", "answer"}:
            return back
        return f"{reverse('web:findings')}?done={it.pk}"

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
            _say_no(it, wanted.sources)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(_("Comment"), request.POST["reason"])]
        raise
    words = words_of(it)
    context: dict[str, Any] = {
        "it": it, "heading": wanted.label, "badge": state_badge(it), "level": level_badge(it), "form": form,
        "sentence": SENTENCES[move] % {"what": f"{words.title} – {it.account.name}"}, "effect": wanted.effect,
        "clause": wanted.cites[0], "button": wanted.label, "tone": "primary", "back": back,
        "told": [one.name for one in managers(it) if one.pk != request.user.pk] if move in TO_MANAGERS else [],
        "hidden": {"seen": seen, "_key": new_key()}, "upload": move == "answer",
        "crumbs": [(_("Findings"), reverse("web:findings")), (words.title, back)],
    }  # fmt: skip
    return render(request, "web/findings/decide.html", context, status=status)


def _say_no(it: Finding, sources: frozenset[str]) -> None:
    if it.state not in sources:
        raise WrongState(
            _("This cannot be done now: it is “%(state)s”. Here it is as it stands.") % {"state": it.get_state_display()}
        )
    raise NotAllowed(_("This finding is not yours to decide."))


@require_POST
@signed_in
def look(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that the reader is looking at it, so that two do not do the same work. A glance is no act."""
    it = the_finding(request.user, pk)
    if any(one.name != "answer" for one in allowed(request.user, it)):
        deciding.look(it, by=request.user)
    return HttpResponse(status=204)


class Giving(forms.Form):
    """To whom a finding is given."""

    use_required_attribute = False
    to = forms.ChoiceField(label=gettext_lazy("Who takes it on"), required=False)

    def __init__(self, data: Any, people: list[Person], initial: str) -> None:
        super().__init__(data, initial={"to": initial})
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Nobody")), *((str(one.pk), one.name) for one in people)]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a finding on, give it to somebody who decides on such, or let it go."""
    it = the_finding(request.user, pk)
    back = reverse("web:finding", args=[it.pk])
    people = deciding.deciders(it)
    form = Giving(sent(request), people, str(it.assigned_to_id or request.user.pk))

    def act() -> str:
        to = next((one for one in people if str(one.pk) == form.cleaned_data["to"]), None)
        deciding.assign(it, by=request.user, to=to)
        words = _("%(name)s has it now.") % {"name": to.name} if to else _("Nobody has it now.")
        messages.success(request, words)
        return back

    context = {"title": _("Who takes it on"), "button": _("Give it"), "back": back, "it": it,
               "crumbs": [(_("Findings"), reverse("web:findings")), (words_of(it).title, back)]}  # fmt: skip
    try:
        if request.method != "POST" and request.user.pk not in {one.pk for one in people}:
            raise NotAllowed(_("Only those who decide on findings here can take them on or give them away."))
        return answer(request, form, act, "web/findings/assign.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise
