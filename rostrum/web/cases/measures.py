"""Graduated actions on a page: what holds and whose it is; the division's own, written down and taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.cases.decision_models import Measure
from rostrum.cases.rulings import citable
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people.models import Person, Role
from rostrum.people.queries import may, roles_of
from rostrum.policies.graduated import KEY, GraduatedState, graduated, set_graduated
from rostrum.policies.queries import setting_history, text
from rostrum.policies.rolewords import worded
from rostrum.policies.schema import Graduated
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.cases.wording import measures_words
from rostrum.web.procedure.forms import ReasonForm
from rostrum.web.submitting import place, sent

SEVERITIES, STEPS = 5, 12  # rows that the form offers; a file may hold more


def _need(person: Person) -> None:
    if not may(person, "procedure:set"):
        raise NotAllowed(
            _("Your role does not let you write down the division's graduated actions."),
            way_forward=worded(_("{keeper} or your system administrator can.")), url=reverse("web:graduated"),
        )  # fmt: skip


def _role(person: Person) -> str:
    return next((role for role in (Role.COMMUNICATIONS, Role.SYSADMIN) if role in roles_of(person)), "")


def said(state: GraduatedState) -> str:
    """Whose table holds now, in words. A choice of the division is never the procedure's word."""
    if state.source == "procedure":
        return _("The procedure says so.")
    if state.source == "division" and state.chosen is not None:
        return _("Written down by the division on %(day)s, by %(name)s. The procedure sets nothing here.") % {
            "day": day(state.chosen.set_at), "name": state.chosen.set_by_name,
        }  # fmt: skip
    return _("Not set by the procedure.")


def _rows(table: Graduated) -> list[dict[str, Any]]:
    rows = []
    for severity in table.severities:
        steps = [
            {
                "nth": ngettext("First time", "Time number %(n)d", one.occurrence) % {"n": one.occurrence},
                "within": ngettext("within %(n)d day", "within %(n)d days", one.within_days) % {"n": one.within_days}
                if one.within_days else "",
                "clauses": one.clauses, "measures": measures_words(one.measures), "note": text(one.note),
            }
            for one in sorted(table.steps, key=lambda step: (step.occurrence, step.clauses))
            if one.severity == severity.key
        ]  # fmt: skip
        counts = severity.counts_days
        rows.append({
            "label": text(severity.label), "help": text(severity.help), "steps": steps,
            "counts": ngettext("A warning counts for %(n)d day.", "A warning counts for %(n)d days.", counts) % {"n": counts}
            if counts else "",
        })  # fmt: skip
    return rows


@require_safe
@signed_in
def table(request: StaffRequest) -> HttpResponse:
    """What was written down for which breach, and whose word it is; anyone signed in may read it."""
    state = graduated()
    history = [
        {"at": row.set_at, "tone": "over" if row.value is None else "good", "note": row.reason,
         "words": (_("%(name)s took them back.") if row.value is None else _("%(name)s wrote them down."))
         % {"name": row.set_by_name}}
        for row in reversed(setting_history(KEY))
    ]  # fmt: skip
    context = {
        "state": state, "says": said(state), "rows": _rows(state.table) if state.table else [],
        "cites": state.table.cites if state.table else (), "note": text(state.table.note) if state.table else "",
        "because": state.chosen.reason if state.chosen is not None and state.source == "division" else "",
        "may_set": may(request.user, "procedure:set"), "own": state.source == "division", "history": history,
    }  # fmt: skip
    return render(request, "web/cases/measures.html", context)


class SeverityForm(forms.Form):
    """One severity in both languages, and how long a warning for it counts."""

    use_required_attribute = False
    en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=100)
    fr = forms.CharField(label=gettext_lazy("Name in French"), required=False, max_length=100)
    counts_days = forms.IntegerField(
        label=gettext_lazy("Days that a warning counts"), required=False, min_value=1, max_value=3650
    )


class StepForm(forms.Form):
    """What is written down for the nth breach of a severity within so many days, under any or some clauses."""

    use_required_attribute = False
    severity = forms.ChoiceField(label=gettext_lazy("For which"), required=False)
    occurrence = forms.IntegerField(label=gettext_lazy("Which time"), required=False, min_value=1, max_value=20)
    within_days = forms.IntegerField(label=gettext_lazy("Within days"), required=False, min_value=1, max_value=3650)
    clauses = forms.MultipleChoiceField(
        label=gettext_lazy("Only under these clauses"), required=False, widget=forms.SelectMultiple(attrs={"size": 3})
    )
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("What is suggested"), required=False, choices=Measure.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("severity", [("", "–"), *names]),
            ("clauses", [(c.number, c.number) for c in citable()]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


class Sheet:
    """The whole table as a form: a few rows of severities and of steps, empty ones ignored. Works without scripts."""

    def __init__(self, data: QueryDict | None, own: Graduated | None) -> None:
        rows = list(own.severities) if own else []
        self.severities = [
            SeverityForm(
                data, prefix=f"s{n}",
                initial={"en": rows[n].label.en, "fr": rows[n].label.fr, "counts_days": rows[n].counts_days}
                if n < len(rows) else None,
            )
            for n in range(SEVERITIES)
        ]  # fmt: skip
        free = (key for n in range(1, 99) if (key := f"severity_{n}") not in {row.key for row in rows})
        self.keys = [rows[n].key if n < len(rows) else next(free) for n in range(SEVERITIES)]
        steps = list(own.steps) if own else []
        names = [(f"s{n}", _("Severity %(n)d") % {"n": n + 1}) for n in range(SEVERITIES)]
        place_of = {row.key: f"s{n}" for n, row in enumerate(rows)}
        self.steps = [
            StepForm(
                data, prefix=f"t{n}", names=names,
                initial={
                    "severity": place_of.get(steps[n].severity, ""), "occurrence": steps[n].occurrence,
                    "within_days": steps[n].within_days, "clauses": list(steps[n].clauses),
                    "measures": list(steps[n].measures),
                } if n < len(steps) else None,
            )
            for n in range(STEPS)
        ]  # fmt: skip
        self.reason = ReasonForm(data)

    @property
    def forms(self) -> list[forms.Form]:
        """Every part, for the summary of problems."""
        return [*self.severities, *self.steps, self.reason]

    def is_valid(self) -> bool:
        """Whether every part can be read by itself."""
        valid = [one.is_valid() for one in self.forms]  # each of them, so that every problem is shown at once
        return all(valid)

    def value(self) -> dict[str, Any]:
        """The table as a procedure's file would hold it. Raises Invalid for a half-filled row."""
        severities: list[dict[str, Any]] = []
        used: dict[str, str] = {}
        for n, one in enumerate(self.severities):
            en, fr = one.cleaned_data["en"].strip(), one.cleaned_data["fr"].strip()
            if not en and not fr:
                continue
            if not (en and fr):
                one.add_error("fr" if en else "en", _("Write it in both languages."))
                continue
            used[f"s{n}"] = self.keys[n]
            row: dict[str, Any] = {"key": self.keys[n], "label": {"en": en, "fr": fr}}
            severities.append(row | ({"counts_days": days} if (days := one.cleaned_data["counts_days"]) else {}))
        steps: list[dict[str, Any]] = []
        for step in self.steps:
            data = step.cleaned_data
            if not (data["severity"] or data["occurrence"] or data["measures"]):
                continue
            if not (data["severity"] in used and data["occurrence"] and data["measures"]):
                step.add_error("severity", _("A row names a severity from above, which time, and what is suggested."))
                continue
            row = {
                "severity": used[data["severity"]], "occurrence": data["occurrence"], "clauses": data["clauses"],
                "measures": data["measures"],
            }  # fmt: skip
            steps.append(row | ({"within_days": days} if (days := data["within_days"]) else {}))
        if any(one.errors for one in self.forms):
            raise Invalid(_("Some rows are not complete."))
        return {"cites": ["1.5"], "severities": severities, "steps": steps}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: StaffRequest) -> HttpResponse:
    """Write down the division's own graduated actions. They suggest to whoever decides and never act."""
    _need(request.user)
    state = graduated()
    sheet = Sheet(sent(request), state.table)
    status, problem = 200, ""
    back = reverse("web:graduated")

    def act() -> str:
        set_graduated(
            sheet.value(), by=request.user, by_name=request.user.name, reason=sheet.reason.cleaned_data["reason"],
            role=_role(request.user),
        )  # fmt: skip
        messages.success(request, _("It is written down, from now on. Decisions already made stay as they are."))
        return back

    if request.method == "POST":
        status = 422
        if sheet.is_valid():
            try:
                return perform(request, act)
            except Invalid as refusal:
                problem = " ".join(refusal.fields.get("table", [])) or ("" if refusal.fields else refusal.message)
                place(sheet.reason, Invalid(problem, fields={}) if problem else refusal)
    context = {
        "sheet": sheet, "forms": sheet.forms, "back": back, "key": new_key(), "says": said(state),
        "more": bool(state.table and (len(state.table.severities) > SEVERITIES or len(state.table.steps) > STEPS)),
    }  # fmt: skip
    return render(request, "web/cases/measures_change.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def clear(request: StaffRequest) -> HttpResponse:
    """Take the division's own graduated actions back, so that the procedure's word, or nothing, holds again."""
    _need(request.user)
    back = reverse("web:graduated")
    if graduated().source != "division":
        raise WrongState(_("The division has written nothing down here, so there is nothing to take back."), url=back)
    form, status = ReasonForm(sent(request)), 200

    def act() -> str:
        set_graduated(
            None,
            by=request.user,
            by_name=request.user.name,
            reason=form.cleaned_data["reason"],
            role=_role(request.user),
        )
        messages.success(request, _("The division's graduated actions are taken back."))
        return back

    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return perform(request, act)
            except Invalid as refusal:
                place(form, refusal)
    context = {
        "heading": _("Take the graduated actions back"), "form": form, "back": back,
        "sentence": _("You are about to take back what the division wrote down."),
        "effect": _("Whoever decides gets no suggestion any more. Decisions already made stay as they are."),
        "clause": "1.5", "told": [], "button": _("Take them back"), "tone": "danger", "hidden": {"_key": new_key()},
    }  # fmt: skip
    return render(request, "web/cases/measures_clear.html", context, status=status)
