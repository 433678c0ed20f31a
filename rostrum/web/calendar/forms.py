"""The short forms of the school calendar. They shape input; the acts decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rostrum.schoolyear.actions import NAME_LIMIT, Entry
from rostrum.schoolyear.models import DayKind


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": _("Choose a day."),
            "invalid": _("Write the day as year-month-day, for example 2026-09-01."),
        }
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), error_messages=messages,
            input_formats=["%Y-%m-%d"], **kwargs,
        )  # fmt: skip


class YearForm(forms.Form):
    """The first and the last day of a school year."""

    use_required_attribute = False
    starts_on = DayField(label=_("First day of the school year"), help_text=_("The first day for students."))
    ends_on = DayField(
        label=_("Last day of the school year"),
        help_text=_("Holidays, breaks and terms are entered next. Days after the last one are summer: no school."),
    )


class DaysForm(forms.Form):
    """Named days: what they are, what they are called, from when until when."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("What these days are"), choices=[*DayKind.choices], widget=forms.RadioSelect,
        help_text=_("Terms and exams are school days. Holidays, breaks and staff days are not."),
        error_messages={"required": _("Choose what these days are.")},
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), max_length=NAME_LIMIT * 4, help_text=_("As people call it: “Winter break”, “Staff meeting”."),
        error_messages={"required": _("Give these days a name.")},
    )  # fmt: skip
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day (optional)"), required=False, help_text=_("Leave empty for a single day."))

    def entry(self) -> Entry:
        """What was typed, as the act takes it."""
        data = self.cleaned_data
        first: date = data["starts_on"]
        return Entry(data["kind"], data["name"], first, data["ends_on"] or first)
