"""The fields of a form that is data, as HTML: platforms with pictures, rows of people, grouped units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from rostrum.people.models import Person, Unit
from rostrum.people.queries import open_units
from rostrum.policies.queries import text
from rostrum.web.requests.wording import OWN_PLACES, picture

ROWS_AT_LEAST = 2
PEOPLE_LIST = "people-list"  # the id of the page's <datalist> of people


class PlatformWidget(forms.RadioSelect):
    """Radio cards, each with the platform's picture."""

    option_template_name = "web/requests/platform_option.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """A radio button that knows its picture."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["picture"] = picture(str(value))
        return option


class PersonsWidget(forms.Widget):
    """Rows of a person and, where asked, what the person may do. They come and go without scripts."""

    template_name = "web/requests/persons.html"
    use_fieldset = True

    def __init__(self, roles: Sequence[tuple[str, str]], attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs or {}))
        self.roles = roles

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:
        """The typed (person, role) pairs, blank rows included."""
        people, roles = data.getlist(name), data.getlist(f"{name}__role")
        return [(typed, roles[n] if n < len(roles) else "") for n, typed in enumerate(people)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """One row per person typed, and always room for another."""
        context = super().get_context(name, None, attrs)
        rows = list(value or [])
        rows += [("", "")] * (ROWS_AT_LEAST - len(rows))
        base = context["widget"]["attrs"].get("id", name)
        context["widget"]["rows"] = [
            {
                "number": n + 1,
                "person": person,
                "role": role,
                "remove": f"{name}:{n}",
                "id": base if n == 0 else f"{base}_{n}",
                "label": _("Person %(number)d") % {"number": n + 1},
            }
            for n, (person, role) in enumerate(rows)
        ]
        context["widget"]["roles"] = self.roles
        context["widget"]["suggest"] = suggest_url()
        context["widget"]["many"] = len(rows) > 1
        return context


def suggest_url() -> str:
    """Where the names of people are suggested from; empty where this installation has no such page."""
    try:
        return reverse("web:people_suggest")
    except NoReverseMatch:
        return ""


def person_attrs() -> dict[str, str]:
    """What a field for a person carries: the page's list of people, and where to ask for more."""
    attrs = {"list": PEOPLE_LIST, "autocomplete": "off", "spellcheck": "false"}
    if suggest_url():
        attrs["data-suggest"] = suggest_url()
    return attrs


def unit_choices() -> list[tuple[str, Any]]:
    """Every open unit by its code, under its school or department, the school itself first. One query."""
    units = list(open_units().order_by("path"))
    known = {unit.pk: unit for unit in units}

    def home(unit: Unit) -> Unit:
        above = (known[pk] for pk in unit.ancestor_ids if pk in known)
        return next((place for place in above if place.kind in OWN_PLACES), unit)

    groups: dict[int, tuple[Unit, list[Unit]]] = {}
    for unit in units:
        place = home(unit)
        groups.setdefault(place.pk, (place, []))[1].append(unit)
    choices: list[tuple[str, Any]] = [("", _("Choose one"))]
    for place, members in sorted(
        groups.values(), key=lambda g: (g[0].kind != "school", g[0].name.casefold())
    ):
        members.sort(key=lambda u: (u.pk != place.pk, u.name.casefold()))
        choices.append(
            (
                place.name,
                [
                    (u.code, _("%(unit)s (all of it)") % {"unit": u.name} if u.pk == place.pk else u.name)
                    for u in members
                ],
            )
        )
    return choices


def near_people(person: Person) -> list[str]:
    """A few people to choose from before anything is typed: the person, and colleagues of the same unit."""
    near = (
        Person.objects.filter(is_active=True, home_unit=person.home_unit_id) if person.home_unit_id else None
    )
    others = list(near.exclude(pk=person.pk).order_by("name")[:20]) if near is not None else []
    return [written(one) for one in [person, *others]]


def written(person: Person) -> str:
    """ "Name <address>", as a field for a person reads it."""
    return f"{person.name} <{person.email}>"


def field_for(item: Any, edition: object = "") -> forms.Field:
    """The form field of one question of an edition. Its answer is judged by the register, not here."""
    options = [(option.value, text(option.label)) for option in item.options]
    widgets: dict[str, Any] = {
        "text": lambda: forms.TextInput(attrs={"autocomplete": "off"}),
        "longtext": lambda: forms.Textarea(attrs={"rows": 4}),
        "email": lambda: forms.EmailInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "email"}
        ),
        "url": lambda: forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
        "handle": lambda: forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
        "date": lambda: forms.TextInput(attrs={"type": "date"}),
        "number": lambda: forms.TextInput(attrs={"inputmode": "numeric"}),
        "attest": lambda: forms.CheckboxInput(attrs={"value": "yes"}),
        "yesno": lambda: forms.RadioSelect(choices=[("yes", _("Yes")), ("no", _("No"))]),
        "choice": lambda: forms.RadioSelect(choices=options),
        "multichoice": lambda: forms.CheckboxSelectMultiple(choices=options),
        "platform": lambda: PlatformWidget(choices=options),
        "unit": lambda: forms.Select(choices=unit_choices()),
        "person": lambda: forms.TextInput(attrs=person_attrs()),
        "persons": lambda: PersonsWidget(options, attrs=person_attrs()),
    }
    field = forms.Field(
        label=text(item.label),
        help_text=text(item.help),
        required=item.required,
        widget=widgets[item.type](),
    )
    clause = f"{edition}#{item.clause}" if item.clause else ""
    field.clause = clause  # type: ignore[attr-defined]  # read by the kit: the link "Why we ask" under the field
    return field
