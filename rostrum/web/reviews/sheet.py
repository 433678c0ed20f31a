"""The checklist as a form: one question after the other, what is asked of one that is not in order, its pictures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.core.secretive import looks_secret
from rostrum.policies.queries import text
from rostrum.reviews.checklist import Checklist
from rostrum.reviews.models import Review, ReviewAnswer
from rostrum.reviews.reviewing import Said
from rostrum.reviews.states import Answer
from rostrum.schoolyear.words import by_words

PARTS = ("answer", "note", "found", "fix", "severity", "due_on", "clause")
LONG = 20_000  # a field takes more than is kept, so that nothing typed is cut off in silence


class Sheet(forms.Form):
    """Every question of a checklist with what belongs to it. Filled from what is kept; nothing in it is required."""

    use_required_attribute = False

    def __init__(self, data: Any, items: Checklist, kept: dict[str, ReviewAnswer], today: date) -> None:
        super().__init__(data, initial=_initial(items, kept))
        self.items = items
        severities = [(one.key, text(one.label)) for one in items.items.severities]
        self.day_help = _day_help(items, today)
        for question in items.items.questions:
            key = question.key
            self.fields[f"answer-{key}"] = forms.ChoiceField(
                label=text(question.question), required=False, widget=forms.RadioSelect, help_text=text(question.help),
                choices=[(one, Answer(one).label) for one in question.answers],
            )  # fmt: skip
            self.fields[f"note-{key}"] = _text(gettext_lazy("A word about it"), rows=0)
            self.fields[f"found-{key}"] = _text(
                gettext_lazy("What you saw"), gettext_lazy("Say which post or part. Never name a student."), rows=2
            )
            self.fields[f"fix-{key}"] = _text(gettext_lazy("What is to be done"), rows=2)
            self.fields[f"severity-{key}"] = forms.ChoiceField(
                label=gettext_lazy("How grave it is"), required=False, choices=[("", _("Choose")), *severities]
            )
            self.fields[f"due_on-{key}"] = forms.DateField(
                label=gettext_lazy("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
                error_messages={"invalid": gettext_lazy("Write the day as in 2026-09-30.")},
            )  # fmt: skip
            self.fields[f"clause-{key}"] = forms.ChoiceField(
                label=gettext_lazy("Clause"), required=False, choices=items.clauses()
            )
        for bound in self:  # a checklist in which every label says "(optional)" tells nobody anything
            bound.field.required = True

    def questions(self) -> list[dict[str, Any]]:
        """The fields of each question together, for the page."""
        return [
            {"it": one, "words": text(one.question),
             **{part: self[f"{part}-{one.key}"] for part in PARTS}}
            for one in self.items.items.questions
        ]  # fmt: skip

    def said(self) -> dict[str, Said]:
        """What was typed, question by question; a day that is no day is left out (`wrong_days` names it)."""
        return {
            one.key: Said(**{part: self._typed(part, one.key) for part in PARTS}) for one in self.items.items.questions
        }

    def _typed(self, part: str, key: str) -> Any:
        raw = self.data.get(f"{part}-{key}", "")
        if part != "due_on":
            return str(raw)
        try:
            return self.fields[f"due_on-{key}"].to_python(raw)
        except forms.ValidationError:
            return None

    def wrong_days(self) -> dict[str, list[str]]:
        """Days that cannot be read, by field."""
        found = {}
        for one in self.items.items.questions:
            name = f"due_on-{one.key}"
            try:
                self.fields[name].to_python(self.data.get(name, ""))
            except forms.ValidationError:
                found[name] = [_("Write the day as in 2026-09-30.")]
        return found

    def show_problems(self, problems: dict[str, list[str]]) -> None:
        """Put what is missing or cannot be kept beside the fields. Something like a password is shown to nobody again."""
        self.cleaned_data = {}
        self._errors = forms.utils.ErrorDict()
        if self.is_bound:
            data = QueryDict(mutable=True)
            data.update(self.data)
            for name in list(data):
                if looks_secret(str(data[name])):
                    data[name] = ""
            self.data = data
        for name, messages in problems.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


def _text(label: Any, help_text: Any = "", *, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, required=False, max_length=LONG, strip=False, widget=widget, help_text=help_text
    )


def _day_help(items: Checklist, today: date) -> str:
    """What an empty day means: the division's own days for each severity, or that it set none."""
    days = items.due_days(today)
    set_ones = [
        f"{text(one.label)}: {by_words(on, today=today)}"
        for one in items.items.severities
        if (on := days[one.key]) is not None
    ]
    if not set_ones:
        return _("Leave it empty for no day: the division has set none.")
    return _("Leave it empty for the division’s own day: %(days)s.") % {"days": "; ".join(set_ones)}


def _initial(items: Checklist, kept: dict[str, ReviewAnswer]) -> dict[str, Any]:
    """What is kept; where nothing is, what the checklist suggests for a finding."""
    found: dict[str, Any] = {}
    for question in items.items.questions:
        one = kept.get(question.key)
        found[f"fix-{question.key}"] = one.fix if one and (one.fix or one.answer) else text(question.fix)
        severity = one.severity if one else ""
        found[f"severity-{question.key}"] = severity or (question.severity or "" if not one or not one.answer else "")
        found[f"clause-{question.key}"] = one.clause if one else question.clause
        if one is not None:
            found |= {
                f"answer-{question.key}": one.answer, f"note-{question.key}": one.note,
                f"found-{question.key}": one.found, f"due_on-{question.key}": one.due_on,
            }  # fmt: skip
    return found


def kept_answers(review: Review) -> dict[str, ReviewAnswer]:
    """What is kept of a review, by question."""
    return {one.question: one for one in review.answers.all()}
