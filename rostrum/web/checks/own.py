"""Rules of the division's own: written, tried on past posts, put into use, switched off. Safe patterns only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.archive.queries import newest_texts
from rostrum.audit.queries import history_many
from rostrum.checks.marking import pieces
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.monitoring import owning
from rostrum.monitoring.models import SEVERITIES, OwnRule, OwnRuleKind, OwnRuleState
from rostrum.monitoring.own import fingerprint_of, rule_id
from rostrum.monitoring.queries import exactness
from rostrum.people.queries import may
from rostrum.policies.queries import current, text
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.checks.past import texts_of
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import timeline
from rostrum.web.submitting import answer, place, refuse_unknown, sent

KEPT_MOST = 20_000
TONES = {OwnRuleState.DRAFT: "act", OwnRuleState.LIVE: "good", OwnRuleState.OFF: "over"}


def need(request: StaffRequest) -> None:
    """Only for those who keep the rules."""
    if not may(request.user, "rule:own"):
        raise NotAllowed(
            _("Only those who keep the rules can write rules of the division’s own."), url=reverse("web:rules")
        )


def badge(own: OwnRule) -> dict[str, str]:
    """The state of a rule as a badge."""
    return {"tone": TONES[OwnRuleState(own.state)], "word": str(own.get_state_display())}


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of own rules."""
    return [(_("Rules"), reverse("web:rules")), (_("Rules of our own"), reverse("web:own_rules")), *more]


class RuleForm(forms.Form):
    """What a rule looks for, what it says, which clause it serves."""

    use_required_attribute = False
    title = forms.CharField(
        label=gettext_lazy("What it is called"), max_length=500, strip=False,
        help_text=gettext_lazy("Short, as it stands beside a post: “Name of the rink sponsor”."),
        error_messages={"required": gettext_lazy("Give the rule a name.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("How it says what it looks for"), choices=OwnRuleKind.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy("Words are found whatever their capitals and accents. Patterns are for those who know RE2."),
        error_messages={"required": gettext_lazy("Choose words or a pattern.")},
    )  # fmt: skip
    looks_for = forms.CharField(
        label=gettext_lazy("What it looks for"), max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One word or phrase a line. Never the name of a student: names belong with consents."),
        error_messages={"required": gettext_lazy("Write at least one word or phrase.")},
    )  # fmt: skip
    clause = forms.ChoiceField(
        label=gettext_lazy("Clause that it serves"),
        error_messages={"required": gettext_lazy("Choose the clause that the rule serves.")},
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=gettext_lazy("How serious"), choices=SEVERITIES, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how serious it is.")},
    )  # fmt: skip
    advice = forms.CharField(
        label=gettext_lazy("What to do"), max_length=2000, strip=False,
        help_text=gettext_lazy("One sentence for whoever wrote the post."),
        error_messages={"required": gettext_lazy("Say what whoever wrote the post is to do.")},
    )  # fmt: skip

    def __init__(self, data: Any, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["clause"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", _("Choose")),
                *((one.number, f"{one.number} {text(one.title)}") for one in current().clauses),
            ]


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Every rule of the division's own, those in use first."""
    need(request)
    found = list(OwnRule.objects.select_related("made_by"))
    exact = exactness([rule_id(one) for one in found]) if found else {}
    order = {OwnRuleState.LIVE: 0, OwnRuleState.DRAFT: 1, OwnRuleState.OFF: 2}
    found.sort(key=lambda one: (order[OwnRuleState(one.state)], one.title.casefold()))
    rows = [{"it": one, "badge": badge(one), "exact": exact.get(rule_id(one))} for one in found]
    return render(request, "web/checks/own_list.html", {"rows": rows, "crumbs": crumbs()[:1]})


def _form(
    request: StaffRequest, form: RuleForm, act: Callable[[], str], title: str, back: str, seen: str
) -> HttpResponse:
    context = {"title": title, "back": back, "seen": seen, "crumbs": crumbs()}
    try:
        return answer(request, form, act, "web/checks/own_form.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        refusal.typed = [
            (str(field.label), request.POST.get(name, "")) for name, field in form.fields.items()
            if request.POST.get(name, "").strip()
        ]  # fmt: skip
        raise


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: StaffRequest) -> HttpResponse:
    """Write a rule; it is tried on past posts next."""
    need(request)
    form = RuleForm(sent(request), {"kind": OwnRuleKind.WORDS, "severity": "review"})

    def act() -> str:
        made = owning.add(by=request.user, **form.cleaned_data)
        messages.success(request, _("Written. Try it on past posts before it looks at new ones."))
        return reverse("web:own_rule", args=[made.pk])

    return _form(request, form, act, _("Write a rule"), reverse("web:own_rules"), "")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a rule. What it looks for anew must be tried anew."""
    need(request)
    it = get_object_or_404(OwnRule, pk=pk)
    names = ("title", "kind", "looks_for", "clause", "severity", "advice")
    form = RuleForm(sent(request), {name: getattr(it, name) for name in names})
    back = reverse("web:own_rule", args=[it.pk])

    def act() -> str:
        owning.change(it, by=request.user, seen=seen_version(request.POST), **form.cleaned_data)
        messages.success(request, _("Changed."))
        return back

    seen = request.POST.get("seen", "")[:12] or str(it.version)
    return _form(request, form, act, _("Change the rule"), back, seen)


class Trial(forms.Form):
    """A file of past posts."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("File of past posts"),
        help_text=gettext_lazy(
            "A text file with one post a line, JSON Lines, or a CSV with a column “text”. At most 20 MB. It is read and "
            "forgotten."
        ),
        error_messages={"required": gettext_lazy("Choose a file of past posts.")},
    )  # fmt: skip


def _record(request: StaffRequest, it: OwnRule, form: forms.Form, trial: Any = None, status: int = 200) -> HttpResponse:
    tried = it.tried_at is not None and it.tried_fingerprint == fingerprint_of(it)
    clause = current().clause(it.clause)
    shown = [pieces(words, found) for words, found in trial.shown] if trial else []
    context = {
        "it": it, "badge": badge(it), "form": form, "tried": tried, "trial": trial, "shown": shown, "key": new_key(),
        "lines": it.looks_for.splitlines(), "clause_title": text(clause.title) if clause else "",
        "kept": bool(newest_texts(0, 1)), "exact": exactness([rule_id(it)]).get(rule_id(it)),
        "entries": timeline(history_many([it])), "crumbs": crumbs(),
    }  # fmt: skip
    return render(request, "web/checks/own_record.html", context, status=status)


@require_safe
@signed_in
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One rule: what it looks for, what its last trial found, whether it is in use."""
    need(request)
    return _record(request, get_object_or_404(OwnRule, pk=pk), Trial())


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def try_it(request: StaffRequest, pk: int) -> HttpResponse:
    """Try a rule on a file, or on the posts that are kept; the answer shows what it would have flagged."""
    need(request)
    it = get_object_or_404(OwnRule, pk=pk)
    if request.method != "POST":
        return _record(request, it, Trial())
    on_kept = request.POST.get("kept") == "1"
    form = Trial(request.POST, request.FILES)
    try:
        if on_kept:
            texts = [one.text for one in newest_texts(0, KEPT_MOST)]
        elif form.is_valid():
            texts = texts_of(form.cleaned_data["file"])
        else:
            return _record(request, it, form, status=422)
        trial = owning.try_on(it, texts, by=request.user)
    except Invalid as refusal:
        form.is_valid()
        place(form, refusal)
        return _record(request, it, form, status=422)
    return _record(request, it, Trial(), trial)


def _switch(request: StaffRequest, pk: int, on: bool) -> HttpResponse:
    need(request)
    it, back = get_object_or_404(OwnRule, pk=pk), reverse("web:own_rule", args=[pk])
    form = forms.Form(sent(request))

    def act() -> str:
        doing = owning.put_into_use if on else owning.switch_off
        doing(it, by=request.user, seen=seen_version(request.POST))
        words = (
            _("In use. All kept posts are checked again.")
            if on
            else _("Switched off. All kept posts are checked again.")
        )
        messages.success(request, words)
        return back

    try:
        if request.method == "POST":
            refuse_unknown(request, form)
            return perform(request, act)
        if on and it.state == OwnRuleState.LIVE:
            raise WrongState(_("This rule is in use already."))
        if not on and it.state != OwnRuleState.LIVE:
            raise WrongState(_("This rule is not in use."))
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise
    heading = _("Put it into use") if on else _("Switch it off")
    sentence = (
        _("You are about to let “%(rule)s” look at every post.") if on else _("You are about to switch off “%(rule)s”.")
    ) % {"rule": it.title}
    effect = (
        _("All kept posts are checked again, and every new one. What it finds waits for a look; nothing else happens.")
        if on
        else _("It finds nothing any more. What it found and nobody decided on is settled.")
    )
    context = {
        "it": it, "heading": heading, "sentence": sentence, "effect": effect, "form": form, "back": back,
        "button": heading, "tone": "primary", "told": [], "hidden": {"seen": it.version, "_key": new_key()},
        "clause": it.clause, "crumbs": crumbs((it.title, back)),
    }  # fmt: skip
    return render(request, "web/checks/own_decide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def live(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a rule into use."""
    return _switch(request, pk, True)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def off(request: StaffRequest, pk: int) -> HttpResponse:
    """Switch a rule off."""
    return _switch(request, pk, False)
