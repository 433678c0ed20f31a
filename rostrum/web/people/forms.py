"""The short forms of units, persons, appointments and stand-ins. They shape input; the acts decide."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.core import clock
from rostrum.core.text import fold
from rostrum.people.models import Person, PersonKind, Role, Unit, UnitKind
from rostrum.people.queries import active_people, by_email, open_units, people_named

IN_BRACKETS = re.compile(r"<([^<>\s]+)>\s*$")
TOP_KINDS = frozenset({UnitKind.DIVISION.value, UnitKind.SCHOOL.value, UnitKind.DEPARTMENT.value})
Choices = list[tuple[Any, Any]]


def written(person: Person) -> str:
    """A person as a field shows and reads them: "Ana Petrova <a.petrova@lpsd.ca>"."""
    return f"{person.name} <{person.email}>"


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class PersonField(forms.CharField):
    """An active person by "Name <address>", by work e-mail, or by a name that only one person has."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "list": "people-list",
            "data-suggest": reverse_lazy("web:people_suggest"),
            "autocomplete": "off",
            "spellcheck": "false",
        }
        super().__init__(max_length=400, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Person | None:
        """The person meant; a ValidationError that says how to name them otherwise."""
        typed = str(super().clean(value))
        if not typed:
            return None
        named = IN_BRACKETS.search(typed)
        address = named.group(1) if named else typed if "@" in typed else ""
        if address:
            person = by_email(address)
            if person is None:
                raise forms.ValidationError(
                    _("Nobody here has this work e-mail. Check it, or write the name.")
                )
            return person
        found = people_named(typed, active_people())
        if len(found) == 1:
            return Person.objects.get(pk=found[0])
        if not found:
            raise forms.ValidationError(_("Nobody here has this name. Check it, or write the work e-mail."))
        names = ", ".join(written(person) for person in Person.objects.filter(pk__in=found[:3]))
        raise forms.ValidationError(
            _("More than one person fits, for example %(names)s. Write the work e-mail.") % {"names": names}
        )


class UnitField(forms.ChoiceField):
    """One open unit, under its school. Reads as a Unit."""

    def __init__(self, *, units: list[Unit], **kwargs: Any) -> None:
        self.units = {str(unit.pk): unit for unit in units}
        super().__init__(choices=unit_choices(units, blank=not kwargs.get("required", True)), **kwargs)

    def clean(self, value: Any) -> Unit | None:
        """The unit chosen."""
        return self.units.get(str(super().clean(value)))


def unit_choices(units: list[Unit], *, blank: bool) -> Choices:
    """Units to choose from: the division's own first, then each school with what lies beneath it."""
    known = {unit.pk: unit for unit in units}
    groups: dict[int, tuple[Unit, list[Unit]]] = {}
    for unit in units:
        above = [known[pk] for pk in unit.ancestor_ids if pk in known]
        home = next((one for one in above if one.kind in TOP_KINDS), above[-1])
        groups.setdefault(home.pk, (home, []))[1].append(unit)
    choices: Choices = [("", _("None") if blank else _("Choose one"))]
    for home, members in sorted(
        groups.values(), key=lambda group: (group[0].path.count("/"), fold(group[0].name))
    ):
        if len(members) == 1:
            choices.append((str(members[0].pk), members[0].name))
            continue
        members.sort(key=lambda one: (one.pk != home.pk, fold(one.name)))
        choices.append((home.name, [(str(one.pk), one.name) for one in members]))
    return choices


def _open_units(also: Unit | None = None) -> list[Unit]:
    units = list(open_units().order_by("path"))
    if also is not None and all(unit.pk != also.pk for unit in units):
        units.append(also)
    return units


class ContactFields(forms.Form):
    """A unit's name and how the public reaches it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    street = forms.CharField(
        label=gettext_lazy("Street address"), max_length=120, required=False,
        help_text=gettext_lazy("For example 5017 46 Street. The public sees it, and a post may name it."),
    )  # fmt: skip
    town = forms.CharField(label=gettext_lazy("Town"), max_length=80, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=gettext_lazy("The office's number. The public sees it."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("The office's address, not a person's. The public sees it."),
    )
    website = forms.URLField(
        label=gettext_lazy("Website"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Starts with https://"),
    )


class NewUnitForm(ContactFields):
    """A unit to add, and where in the tree."""

    field_order = ("parent", "kind", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"),
            help_text=_("What an account of this unit would speak for."),
            choices=[("", _("Choose one")), *((v, w) for v, w in UnitKind.choices if v != UnitKind.DIVISION)],
        )
        self.fields["parent"] = UnitField(units=_open_units(), label=_("Belongs to"))
        self.order_fields(self.field_order)


class CloseForm(forms.Form):
    """The last day of a unit."""

    on = DayField(
        label=gettext_lazy("Closed from"), help_text=gettext_lazy("The first day on which it is closed.")
    )


class PersonForm(forms.Form):
    """A person's entry."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    title = forms.CharField(
        label=gettext_lazy("Position"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: Grade 4 teacher."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Works here as"), choices=PersonKind.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, home: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [one for one in _open_units(home) if one.kind in TOP_KINDS or one == home]
        self.fields["home_unit"] = UnitField(units=units, label=_("School or department"), required=False)


class NewPersonForm(PersonForm):
    """A person to add: the work e-mail is who they are here and cannot change."""

    field_order = ("name", "email", "title", "kind", "home_unit", "language")

    email = forms.EmailField(
        label=gettext_lazy("Work e-mail"),
        max_length=254,
        help_text=gettext_lazy("They sign in with it. It cannot be changed later."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of their letters"),
        choices=[("en-ca", "English"), ("fr-ca", "Français")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].clause = "1.6"  # type: ignore[attr-defined]  # read by the kit's field template
        self.order_fields(self.field_order)


class DepartureForm(forms.Form):
    """The last day of a person, and a word about it."""

    on = DayField(label=gettext_lazy("Last day"))
    reason = forms.CharField(
        label=gettext_lazy("Note for the log"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Write nothing private: whoever reads the log reads it."),
    )


class AppointForm(forms.Form):
    """A role at a unit, from a day and perhaps until one."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[("", gettext_lazy("Choose one")), *Role.choices]
    )
    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave empty until further notice."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example: acting until the post is filled."),
    )
    field_order = ("role", "unit", "starts_on", "ends_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(units=_open_units(), label=_("At"))
        self.order_fields(self.field_order)


class EndForm(forms.Form):
    """The last day of an appointment, and why."""

    on = DayField(label=gettext_lazy("Last day"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


class StandInForm(forms.Form):
    """Who is away in which role, from when until when, why, and who acts meanwhile."""

    starts_on = DayField(label=gettext_lazy("First day away"))
    ends_on = DayField(label=gettext_lazy("Last day away"))
    person = PersonField(
        label=gettext_lazy("Who stands in"),
        required=False,
        help_text=gettext_lazy(
            "A name or work e-mail. Leave empty if nobody does: requests then go to the next level up."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("One word is enough, for example: leave. Write nothing private."),
    )
    field_order = ("appointment", "starts_on", "ends_on", "person", "reason")

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["appointment"] = forms.ChoiceField(
            label=_("Role"),
            choices=choices,
            widget=forms.RadioSelect if len(choices) < 6 else forms.Select,
        )
        self.order_fields(self.field_order)


class PeopleFilter(forms.Form):
    """Search and filters of the list of people."""

    q = forms.CharField(
        label=gettext_lazy("Name, e-mail or position"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), required=False, choices=[("", gettext_lazy("Any")), *Role.choices]
    )
    here = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("Here today")),
            ("left", gettext_lazy("Left")),
            ("all", gettext_lazy("Everyone")),
        ],
    )
    field_order = ("q", "role", "unit", "here")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [one for one in _open_units() if one.kind in TOP_KINDS]
        unit = UnitField(units=units, label=_("School or department"), required=False)
        unit.choices = [("", _("Any")), *unit_choices(units, blank=True)[1:]]
        self.fields["unit"] = unit
        self.order_fields(self.field_order)


class UnitFilter(forms.Form):
    """Search and filters of the tree of units."""

    q = forms.CharField(
        label=gettext_lazy("Name or town"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("Any")), *UnitKind.choices]
    )
    closed = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[("", gettext_lazy("Open today")), ("yes", gettext_lazy("Closed ones too"))],
    )


def today() -> dict[str, Any]:
    """The day that most forms start from."""
    return {"on": clock.today(), "starts_on": clock.today()}
