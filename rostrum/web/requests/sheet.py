"""One step of a form that is data: a Django form that shows answers as typed, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from rostrum.policies.queries import text
from rostrum.registry.answers import Raw, fields_of, shown
from rostrum.web.requests.widgets import field_for

CONTROLS = frozenset({"csrfmiddlewaretoken", "_key", "seen", "_go", "_add", "_remove"})
BOXES = frozenset({"attest", "multichoice", "choice", "yesno", "platform"})


class Sheet(forms.Form):
    """The fields of one section, filled with what was typed. The register says what is wrong."""

    use_required_attribute = False

    def __init__(
        self,
        definition: Any,
        section: Any,
        typed: Raw,
        problems: Mapping[str, str],
        general: Iterable[str] = (),
        edition: object = "",
    ) -> None:
        super().__init__(MultiValueDict({key: list(values) for key, values in typed.items()}))
        self._problems, self._general = problems, list(general)
        for item in asked(definition, section, typed):
            field = self.fields[item.key] = field_for(item, edition)
            condition(definition, section, item, field)

    def full_clean(self) -> None:
        """Take over the register's findings instead of judging anew."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        for key, message in self._problems.items():
            if key in self.fields:
                self._errors[key] = self.error_class([message])
        if self._general:
            self._errors[NON_FIELD_ERRORS] = self.error_class(self._general, error_class="nonfield")


def asked(definition: Any, section: Any, typed: Raw) -> list[Any]:
    """The fields of a section that the page shows.

    A field that depends on an answer of another step is left out once that answer is given and differs.
    """
    return [
        item
        for item in section.fields
        if item.show_when is None
        or _here(section, item)
        or shown(item, typed)
        or not any(v.strip() for v in typed.get(item.show_when.field, []))
    ]


def _here(section: Any, item: Any) -> bool:
    return any(other.key == item.show_when.field for other in section.fields)


def condition(definition: Any, section: Any, item: Any, field: forms.Field) -> None:
    """Say when a field applies, and let the script show and hide it where the answer is on the same page."""
    rule = item.show_when
    if rule is None:
        return
    other = next(one for one in fields_of(definition) if one.key == rule.field)
    answer = next((text(o.label) for o in other.options if o.value == rule.equals), rule.equals)
    only = _("Answer this only if you chose “%(answer)s” under “%(question)s”") % {
        "answer": answer,
        "question": text(other.label),
    }
    field.help_text = f"{only}. {field.help_text}"
    if _here(section, item):
        field.widget.attrs["data_show_when"] = f"{rule.field}={rule.equals}"


def posted(section: Any, data: QueryDict) -> dict[str, list[str]]:
    """What a step's form sent, names that are no field of it included: the register refuses those.

    A box that is not ticked sends nothing, so what a section asks by boxes counts as answered with nothing.
    """
    raw = {name: values for name, values in data.lists() if name not in CONTROLS}
    for item in section.fields:
        if item.type in BOXES and item.key not in raw:
            raw[item.key] = []
    return raw


def with_rows(raw: dict[str, list[str]], add: str, remove: str) -> dict[str, list[str]]:
    """The same answers with a blank row more, or one row less, in a list of people."""
    raw = {key: list(values) for key, values in raw.items()}
    if add in raw:
        raw[add].append("")
        if f"{add}__role" in raw:
            raw[f"{add}__role"].append("")
    key, _colon, number = remove.partition(":")
    if key in raw and number.isascii() and number.isdigit():
        for name in (key, f"{key}__role"):
            if name in raw and int(number) < len(raw[name]):
                del raw[name][int(number)]
    return raw


def differences(section: Any, mine: Raw, theirs: Raw) -> list[Any]:
    """Fields of a section that two versions answer differently; blanks do not count."""

    def answers(raw: Raw, item: Any) -> list[list[str]]:
        return [
            [v.replace("\r\n", "\n").strip() for v in raw.get(name, []) if v.strip()]
            for name in (item.key, f"{item.key}__role")
        ]

    return [
        item for item in section.fields if item.key in mine and answers(mine, item) != answers(theirs, item)
    ]


def touched(definition: Any, section: Any, answers: Raw) -> bool:
    """Whether a step was saved before: then every field that it shows has an answer, if only an empty one."""
    items: Sequence[Any] = asked(definition, section, answers)
    return bool(items) and all(item.key in answers for item in items)
