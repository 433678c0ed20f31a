"""What must agree inside the forms of a procedure file; no form may ever ask for a password."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator

from django.utils.translation import gettext as _

from rostrum.policies.locate import Path
from rostrum.policies.schema import Document, Form, FormField

Finding = tuple[Path, str]
# Columns without which a request cannot be decided, or a registration not confirmed.
ESSENTIAL = {
    "request": ("unit", "entity_kind", "platform", "name", "purpose", "primary_manager"),
    "registration": ("address", "mailbox", "managers"),
}
SECRET_KEYS = frozenset(
    {
        "password",
        "passwords",
        "passwd",
        "pwd",
        "passcode",
        "passphrase",
        "secret",
        "secrets",
        "pin",
        "token",
        "credential",
        "credentials",
        "mdp",
    }
)
SECRET_LABEL = re.compile(
    r"\b(passwords?|passcodes?|passphrases?|pins?|mots? de passe|phrases? secrètes?)\b", re.IGNORECASE
)
WITH_CHOICES = frozenset({"choice", "multichoice"})
WITH_LENGTH = frozenset({"text", "longtext", "handle", "url", "email"})


def check_forms(document: Document) -> Iterator[Finding]:
    """What is wrong with the forms: doubles, missing answers, secrets, conditions that can't come true."""
    yield from repeated((("forms", at, "key"), form.key) for at, form in enumerate(document.forms))
    yield from repeated((("forms", at, "use"), form.use) for at, form in enumerate(document.forms))
    for use in ESSENTIAL:
        if use not in {form.use for form in document.forms}:
            yield ("forms",), _("There is no form with use “%(use)s”.") % {"use": use}
    for at, form in enumerate(document.forms):
        yield from _form(document, form, ("forms", at))


def repeated(values: Iterable[tuple[Path, Hashable]]) -> Iterator[Finding]:
    """The second and later places of a value that may stand only once."""
    seen: set[Hashable] = set()
    for path, value in values:
        if value in seen:
            yield path, _("“%(value)s” is here twice; each may stand once.") % {"value": value}
        seen.add(value)


def _form(document: Document, form: Form, base: Path) -> Iterator[Finding]:
    placed: list[tuple[Path, FormField]] = [
        ((*base, "sections", part, "fields", at), field)
        for part, section in enumerate(form.sections)
        for at, field in enumerate(section.fields)
    ]
    yield from repeated(
        ((*base, "sections", at, "key"), section.key) for at, section in enumerate(form.sections)
    )
    yield from repeated(((*path, "key"), field.key) for path, field in placed)
    yield from repeated(((*path, "binds"), field.binds) for path, field in placed if field.binds)
    for column in ESSENTIAL[form.use]:
        if column not in {field.binds for _path, field in placed}:
            yield (
                base,
                _("No field of form %(form)s fills “%(column)s”, and Rostrum needs it.")
                % {"form": form.key, "column": column},
            )
    earlier: dict[str, FormField] = {}
    for path, field in placed:
        yield from _secret(path, field)
        yield from _answers(path, field)
        yield from _condition(document, path, field, earlier)
        earlier[field.key] = field


def _secret(path: Path, field: FormField) -> Iterator[Finding]:
    if SECRET_KEYS & set(field.key.split("_")) or SECRET_KEYS & set((field.binds or "").split("_")):
        yield (*path, "key"), _("A form never asks for a password or another secret. Remove this field.")
    for language, label in (("en", field.label.en), ("fr", field.label.fr)):
        if SECRET_LABEL.search(label):
            yield (
                (*path, "label", language),
                _("A form never asks for a password or another secret. Remove this field."),
            )


def _answers(path: Path, field: FormField) -> Iterator[Finding]:
    offered = bool(field.options) or field.options_from is not None
    if field.type in WITH_CHOICES and not offered:
        yield path, _("The choice “%(field)s” offers no answers: add options.") % {"field": field.key}
    if field.options and field.options_from:
        yield path, _("The choice “%(field)s” has options and options_from; keep one.") % {"field": field.key}
    if offered and field.type not in WITH_CHOICES | {"persons"}:
        yield (
            (*path, "type"),
            _("Only a choice or a list of persons has options; this is “%(type)s”.") % {"type": field.type},
        )
    if field.type in WITH_LENGTH and field.max_length is None:
        yield path, _("The text field “%(field)s” needs a max_length.") % {"field": field.key}
    if field.max_length is not None and field.type not in WITH_LENGTH:
        yield (*path, "max_length"), _("Only a text field has a max_length.")
    yield from repeated(
        ((*path, "options", at, "value"), option.value) for at, option in enumerate(field.options)
    )


def _condition(
    document: Document, path: Path, field: FormField, earlier: dict[str, FormField]
) -> Iterator[Finding]:
    when = field.show_when
    if when is None:
        return
    asked = earlier.get(when.field)
    if asked is None:
        yield (
            (*path, "show_when", "field"),
            _("“%(field)s” is not a field that this form asks earlier.") % {"field": when.field},
        )
        return
    answers = {"yes", "no"} if asked.type == "yesno" else {o.value for o in document.options_of(asked)}
    if when.equals not in answers:
        yield (
            (*path, "show_when", "equals"),
            _("“%(answer)s” is not an answer of “%(field)s”.") % {"answer": when.equals, "field": when.field},
        )
