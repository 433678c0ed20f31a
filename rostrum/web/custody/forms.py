"""The short forms of custody. They shape input; the acts decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.custody.models import TieKind
from rostrum.web.people.forms import DayField, PersonField


class Reason(forms.Form):
    """A comment that others read."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("A comment"), widget=forms.Textarea(attrs={"rows": 3}), strip=False, required=False,
        max_length=20_000, help_text=gettext_lazy("Everyone who has a part in it reads this as you write it."),
        error_messages={"required": gettext_lazy("Say why, so that the other person knows what to do.")},
    )  # fmt: skip


class Who(Reason):
    """Somebody who is named, and a word to them."""

    person = PersonField(
        label=gettext_lazy("Who"),
        help_text=gettext_lazy("Write a name or a work e-mail. They look after it once they have accepted."),
        error_messages={"required": gettext_lazy("Name somebody who works or volunteers here.")},
    )
    field_order = ("person", "reason")


class Access(forms.Form):
    """Who can get in, and what they may do there."""

    use_required_attribute = False
    person = PersonField(
        label=gettext_lazy("Who"), required=False,
        help_text=gettext_lazy("A name or a work e-mail of somebody who works or volunteers here."),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Or a firm or a tool"), required=False, max_length=400, strip=False,
        help_text=gettext_lazy("For example a publishing tool. Never a student: groups of helpers have their own form."),
    )  # fmt: skip
    platform_role = forms.ChoiceField(
        label=gettext_lazy("What they may do on the platform"),
        error_messages={"required": gettext_lazy("Choose what they may do on the platform.")},
    )

    def __init__(self, data: Any, roles: dict[str, str]) -> None:
        super().__init__(data)
        offer(self, roles)

    def clean(self) -> dict[str, Any]:
        """One of the two, never both."""
        data = super().clean() or {}
        if "person" in data and bool(data.get("person")) == bool((data.get("name") or "").strip()):
            self.add_error("person", _("Name a person, or a firm or tool: one of the two."))
        return data


def offer(form: forms.Form, roles: dict[str, str], *, required: bool = True) -> None:
    """Give a form's field `platform_role` what the Registration Form offers."""
    field = form.fields["platform_role"]
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", _("Choose one") if required else _("No access")), *roles.items()]
        field.required = required and bool(roles)


class AccessRole(forms.Form):
    """Another role on the platform."""

    use_required_attribute = False
    platform_role = forms.ChoiceField(label=gettext_lazy("What they may do on the platform"))

    def __init__(self, data: Any, roles: dict[str, str], now: str) -> None:
        super().__init__(data, initial={"platform_role": now})
        offer(self, roles)


class TieForm(forms.Form):
    """A person, and what ties them to the account."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("What"), choices=TieKind.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what ties them to the account.")},
    )  # fmt: skip
    person = PersonField(
        label=gettext_lazy("Who"), help_text=gettext_lazy("Write a name or a work e-mail."),
        error_messages={"required": gettext_lazy("Name somebody who works or volunteers here.")},
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Which app, or which kind of recovery"), required=False, max_length=400, strip=False,
        help_text=gettext_lazy("The name or the kind only, for example “business manager” or “work phone”."),
    )  # fmt: skip


class Helpers(forms.Form):
    """A group that helps: its label, how many, the adult who answers, what the group may do on the platform."""

    use_required_attribute = False
    label = forms.CharField(
        label=gettext_lazy("What the group is called"), max_length=400, strip=False,
        help_text=gettext_lazy("For example: yearbook team, student council. Nobody's name is ever kept here."),
        error_messages={"required": gettext_lazy("Write what the group is called.")},
    )  # fmt: skip
    size = forms.IntegerField(label=gettext_lazy("How many"), required=False,
                              widget=forms.TextInput(attrs={"inputmode": "numeric"}),
                              error_messages={"invalid": gettext_lazy("Write a whole number.")})  # fmt: skip
    adult = PersonField(
        label=gettext_lazy("The adult who answers for it"), help_text=gettext_lazy("Write a name or a work e-mail."),
        error_messages={"required": gettext_lazy("Name the adult who answers for the group.")},
    )  # fmt: skip
    platform_role = forms.ChoiceField(
        label=gettext_lazy("What the group may do on the platform"), required=False,
        help_text=gettext_lazy("Leave it at “No access” where an adult posts what the group prepares."),
    )  # fmt: skip

    def __init__(self, data: Any, roles: dict[str, str], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, roles, required=False)


class Mailbox(forms.Form):
    """The work e-mail that the account uses."""

    use_required_attribute = False
    mailbox = forms.CharField(
        label=gettext_lazy("Work e-mail of the account"), max_length=400, strip=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("A shared mailbox stays with the school when people move on (1.6)."),
        error_messages={"required": gettext_lazy("Write the work e-mail that the account uses now.")},
    )  # fmt: skip


class Confirmation(forms.Form):
    """What a manager who stays confirms of one account: only what is open and can be confirmed now."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("A comment"), widget=forms.Textarea(attrs={"rows": 2}), strip=False, required=False,
        max_length=20_000,
    )  # fmt: skip

    def __init__(self, data: Any, labels: dict[str, str]) -> None:
        super().__init__(data)
        self.fields["steps"] = forms.MultipleChoiceField(
            label=_("What do you confirm?"), choices=list(labels.items()), widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Tick what you confirm. What is confirmed already needs no tick."),
                "invalid_choice": _("This cannot be confirmed now. Look at it again."),
            },
        )  # fmt: skip
        self.order_fields(["steps", "reason"])


class LastDay(forms.Form):
    """A last day still to come."""

    use_required_attribute = False
    on = DayField(label=gettext_lazy("Last day"),
                  error_messages={"required": gettext_lazy("Choose their last day.")})  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Note for the log"), max_length=300, required=False,
                             help_text=gettext_lazy("Write nothing private: whoever reads the log reads it."))  # fmt: skip
