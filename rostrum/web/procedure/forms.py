"""The form of one setting: shaped by what the procedure's edition says the setting is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.policies.queries import SettingState, text
from rostrum.policies.schema import Setting

MOST = 100_000


def value_field(setting: Setting) -> forms.Field:
    """The field for a setting's value, with its limits."""
    label = _("Value")
    if setting.type == "number":
        return forms.IntegerField(
            label=label,
            min_value=setting.minimum,
            max_value=MOST if setting.maximum is None else setting.maximum,
            help_text=_limits(setting),
        )
    if setting.type == "yesno":
        return forms.TypedChoiceField(
            label=label,
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda typed: typed == "yes",
            widget=forms.RadioSelect,
        )
    options = [(option.value, text(option.label)) for option in setting.options]
    return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect)


def _limits(setting: Setting) -> str:
    """The smallest and greatest number, in words with their unit."""
    sentences = {
        "days": _("Calendar days, from %(least)s to %(most)s."),
        "school_days": _("School days, from %(least)s to %(most)s."),
        "years": _("Years, from %(least)s to %(most)s."),
        "people": _("People, from %(least)s to %(most)s."),
        "accounts": _("Accounts, from %(least)s to %(most)s."),
        "percent": _("Out of a hundred, from %(least)s to %(most)s."),
    }
    sentence = sentences.get(setting.unit or "", _("From %(least)s to %(most)s."))
    return sentence % {
        "least": setting.minimum or 0,
        "most": MOST if setting.maximum is None else setting.maximum,
    }


class ReasonForm(forms.Form):
    """Why, which stands beside the value for as long as it holds."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Who decided it, and when. Everyone who opens this page reads it."),
    )


class SettingForm(ReasonForm):
    """A value and why."""

    field_order = ("value", "reason")

    def __init__(self, *args: Any, state: SettingState, **kwargs: Any) -> None:
        initial = state.value if state.source == "division" else None
        if isinstance(initial, bool):
            initial = "yes" if initial else "no"
        super().__init__(*args, **kwargs)
        self.fields["value"] = value_field(state.setting)
        self.fields["value"].initial = initial
        self.order_fields(self.field_order)
