"""How exact each rule is, as people decided; and what the division decides about a rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core.errors import NotAllowed, Refusal
from rostrum.monitoring import tuning
from rostrum.monitoring.catalogue import every_rule, words_for
from rostrum.monitoring.models import SEVERITIES, CheckRound, RuleChoice
from rostrum.monitoring.queries import Exactness, exactness
from rostrum.monitoring.scanning import choices
from rostrum.people.queries import may
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.findings.wording import LEVELS
from rostrum.web.submitting import answer, sent


def need(request: StaffRequest) -> None:
    """Only for those who read findings."""
    if not may(request.user, "finding:view"):
        raise NotAllowed(_("How exact rules are is for those who decide on findings."), url=reverse("web:today"))


def _badge(rule: Any, choice: RuleChoice | None) -> dict[str, str]:
    if choice is not None and choice.silenced:
        return {"tone": "over", "word": _("Silenced"), "icon": "bell-off"}
    severity = choice.severity if choice is not None and choice.severity else rule.severity
    tone, icon = LEVELS[severity]
    return {"tone": tone, "word": str(dict(SEVERITIES)[severity]), **icon}


@require_safe
@signed_in
def rules(request: StaffRequest) -> HttpResponse:
    """Every rule with what people decided on its findings. The worst first, where there is enough to judge by."""
    need(request)
    known, chosen = exactness(), choices()
    rows: list[dict[str, Any]] = []
    for one in every_rule():
        exact = known.get(one.id) or Exactness(one.id, 0, 0, 0)
        rows.append({"rule": one, "exact": exact, "badge": _badge(one, chosen.get(one.id)), "tuned": one.id in chosen})
    rows.sort(key=lambda row: (not row["exact"].sure, row["exact"].share if row["exact"].sure else 0, -row["exact"].open,
                               row["rule"].title))  # fmt: skip
    context = {"rows": rows, "round": CheckRound.objects.first(), "may_tune": may(request.user, "rule:tune")}
    return render(request, "web/findings/rules.html", context)


class Tune(forms.Form):
    """What the division decides about a rule, and why."""

    use_required_attribute = False
    what = forms.ChoiceField(
        label=gettext_lazy("What this rule is here"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how serious it is, or silence it.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), strip=False, max_length=20_000,
        help_text=gettext_lazy("It stands beside the rule, with your name and the day."),
        error_messages={"required": gettext_lazy("Say why, so that others can follow it.")},
    )  # fmt: skip

    def __init__(self, data: Any, tuned: bool, initial: str) -> None:
        super().__init__(data, initial={"what": initial})
        field = self.fields["what"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                *SEVERITIES, ("silence", _("Silenced: it finds nothing here")),
                *([("restore", _("As it came: the division decides nothing about it"))] if tuned else []),
            ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rule(request: StaffRequest, rule_id: str) -> HttpResponse:
    """One rule: how exact it is, what was decided about it when, and, for those who keep the rules, the form."""
    need(request)
    words = words_for([rule_id])[rule_id]
    if words.of == "gone":
        raise Http404
    standing = choices().get(rule_id)
    may_tune, back = may(request.user, "rule:tune"), reverse("web:finding_rules")
    initial = "silence" if standing and standing.silenced else (standing.severity if standing else "") or words.severity
    form = Tune(sent(request), standing is not None, initial)

    def act() -> str:
        what, why = form.cleaned_data["what"], form.cleaned_data["reason"]
        if what == "restore":
            tuning.restore(rule_id, by=request.user, reason=why)
        else:
            silenced = what == "silence"
            tuning.choose(rule_id, by=request.user, silenced=silenced, severity="" if silenced else what, reason=why)
        of_accounts = words.of == "account"
        again = _("Done. All accounts are looked at again.") if of_accounts else _("Done. All kept posts are checked again.")
        messages.success(request, again)
        return reverse("web:finding_rule", args=[rule_id])

    context = {
        "rule": words, "badge": _badge(words, standing),
        "exact": exactness([rule_id]).get(rule_id) or Exactness(rule_id, 0, 0, 0),
        "past": RuleChoice.objects.filter(rule=rule_id).select_related("by"), "may_tune": may_tune, "back": back,
        "crumbs": [(_("Findings"), reverse("web:findings")), (_("How exact rules are"), back)],
    }  # fmt: skip
    try:
        if request.method == "POST" and not may_tune:
            raise NotAllowed(_("Only those who keep the rules can change them."))
        return answer(request, form, act, "web/findings/rule.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or reverse("web:finding_rule", args=[rule_id])
        raise
