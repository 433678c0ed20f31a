"""What must agree between the tables of a procedure file; each check yields a place and a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from django.utils.translation import gettext as _

from rostrum.policies.formchecks import check_forms, repeated
from rostrum.policies.graduatedchecks import check_graduated
from rostrum.policies.locate import Path
from rostrum.policies.reviewchecks import check_review
from rostrum.policies.schema import LANGUAGES, Document, Setting

Finding = tuple[Path, str]
# The AP 193 clauses that acts are done under: every procedure must say where it carries them.
NEEDED = ("1.2", "1.3", "1.6", "1.7", "3.1", "3.2", "3.4")
OTHER_PROCEDURE = re.compile(r"^[A-Z]{2,8} \d+[A-Za-z0-9.-]*$")


def crosscheck(document: Document) -> list[Finding]:
    """Everything in a well-formed document that contradicts itself, in no particular order."""
    found: list[Finding] = []
    for check in (_head, _doubles, _clauses, _citations, _steps, _names, _platforms, _settings, check_graduated,
                  check_forms, check_review):  # fmt: skip
        found.extend(check(document))
    return found


def guess(word: str, known: Iterable[str]) -> str:
    """A hint after an unknown word: the nearest known one, where one is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return " " + _("Did you mean “%(word)s”?") % {"word": near[0]} if near else ""


def _head(document: Document) -> Iterator[Finding]:
    for language in LANGUAGES:
        if language not in document.procedure.languages:
            yield (
                ("procedure", "languages"),
                _("Every procedure speaks English and French: list “%(language)s” too.")
                % {"language": language},
            )


def _doubles(document: Document) -> Iterator[Finding]:
    for table, field in (
        ("roles", "key"), ("laws", "key"), ("parts", "number"), ("clauses", "number"),
        ("entity_kinds", "key"), ("platforms", "key"), ("settings", "key"),
    ):  # fmt: skip
        rows = getattr(document, table)
        yield from repeated(((table, at, field), getattr(row, field)) for at, row in enumerate(rows))
    steps, rules = document.approval.steps, document.naming.rules
    yield from repeated((("approval", "steps", at, "key"), step.key) for at, step in enumerate(steps))
    yield from repeated((("naming", "rules", at, "key"), rule.key) for at, rule in enumerate(rules))


def _clauses(document: Document) -> Iterator[Finding]:
    numbers = {clause.number for clause in document.clauses}
    laws = {law.key for law in document.laws}
    parts = {part.number for part in document.parts}
    for at, clause in enumerate(document.clauses):
        if parts and clause.part not in parts:
            yield (
                ("clauses", at, "number"),
                _("Clause %(number)s has no part: add [[parts]] with number “%(part)s”.")
                % {"number": clause.number, "part": clause.part},
            )
        for index, target in enumerate(clause.refers_to):
            place = ("clauses", at, "refers_to", index)
            if target == clause.number:
                yield place, _("Clause %(number)s refers to itself.") % {"number": clause.number}
            elif target not in numbers | laws and not OTHER_PROCEDURE.match(target):
                yield (
                    place,
                    _("Clause %(number)s refers to “%(target)s”, which is no clause or law of this file.")
                    % {"number": clause.number, "target": target}
                    + guess(target, numbers | laws),
                )
        if clause.scope == "personal_use" and clause.kind != "guidance":
            yield (
                ("clauses", at, "kind"),
                _(
                    "A clause on personal use can only be guidance: Rostrum never observes a personal"
                    " account."
                ),
            )
        if (clause.carried == "guidance") != (clause.kind == "guidance"):
            yield (
                ("clauses", at, "carried"),
                _("Guidance is carried as “guidance”, and nothing else is. This clause is “%(kind)s”.")
                % {"kind": clause.kind},
            )
    for at, law in enumerate(document.laws):
        if law.same_as is not None and law.same_as not in laws - {law.key}:
            yield (
                ("laws", at, "same_as"),
                _("“%(law)s” is not another law of this file.") % {"law": law.same_as}
                + guess(law.same_as, laws),
            )


def _citing(document: Document) -> Iterator[tuple[Path, str]]:
    """Every place that names a clause of this same file."""
    approval, naming = document.approval, document.naming
    for base, numbers in ((("approval", "cites"), approval.cites), (("naming", "cites"), naming.cites)):
        yield from (((*base, at), number) for at, number in enumerate(numbers))
    for row, step in enumerate(approval.steps):
        yield from ((("approval", "steps", row, "cites", at), number) for at, number in enumerate(step.cites))
    for row, kind in enumerate(document.entity_kinds):
        yield from ((("entity_kinds", row, "cites", at), number) for at, number in enumerate(kind.cites))
    for row, setting in enumerate(document.settings):
        yield ("settings", row, "clause"), setting.clause
    if document.graduated is not None:
        yield from ((("graduated", "cites", at), number) for at, number in enumerate(document.graduated.cites))
        for row, rung in enumerate(document.graduated.steps):
            yield from ((("graduated", "steps", row, "clauses", at), n) for at, n in enumerate(rung.clauses))
    for row, form in enumerate(document.forms):
        yield ("forms", row, "clause"), form.clause
        yield from (
            (("forms", row, "known", at, "clause"), known.clause) for at, known in enumerate(form.known)
        )
        for part, section in enumerate(form.sections):
            for at, field in enumerate(section.fields):
                yield ("forms", row, "sections", part, "fields", at, "clause"), field.clause
    if document.review is not None:
        for at, question in enumerate(document.review.questions):
            yield ("review", "questions", at, "clause"), question.clause
    for number, own in document.equivalents.items():
        if own:
            yield ("equivalents", number), own


def _citations(document: Document) -> Iterator[Finding]:
    numbers = [clause.number for clause in document.clauses]
    for place, number in _citing(document):
        if number not in numbers:
            yield (
                place,
                _("There is no clause %(number)s in this file.") % {"number": number}
                + guess(number, numbers),
            )
    own_words = document.procedure.key == "ap-193"
    for number in NEEDED:
        if number not in document.equivalents and not (own_words and number in numbers):
            yield (
                ("equivalents",) if not own_words else ("clauses",),
                _(
                    "Nothing here says which clause does what AP 193 %(number)s does. Add it under"
                    " [equivalents], or an empty text where this procedure has no such clause."
                )
                % {"number": number},
            )


def _steps(document: Document) -> Iterator[Finding]:
    roles = {role.key for role in document.roles}
    kinds = {kind.key for kind in document.entity_kinds}
    settings = {setting.key for setting in document.settings}
    earlier = {"requester"}

    def known(place: Path, role: str | None) -> Iterator[Finding]:
        if role is not None and role not in roles:
            yield place, _("“%(role)s” is not a role of this file.") % {"role": role} + guess(role, roles)

    if len(document.approval.steps) < 2:
        yield (
            ("approval", "steps"),
            _(
                "An approval needs at least two steps: somebody endorses the request, and somebody else gives"
                " the last yes."
            ),
        )
    for at, step in enumerate(document.approval.steps):
        base: Path = ("approval", "steps", at)
        if (step.role is None) == (not step.role_by_kind):
            yield base, _("A step names either one role or role_by_kind, and not both.")
        yield from known((*base, "role"), step.role)
        yield from known((*base, "role_outside_school"), step.role_outside_school)
        for kind, role in step.role_by_kind.items():
            if kind not in kinds:
                yield (
                    (*base, "role_by_kind", kind),
                    _("“%(kind)s” is not a kind of unit of this file.") % {"kind": kind} + guess(kind, kinds),
                )
            yield from known((*base, "role_by_kind", kind), role)
        for kind in sorted(kinds - set(step.role_by_kind or kinds)):
            yield (*base, "role_by_kind"), _("Nobody decides this step for “%(kind)s”.") % {"kind": kind}
        for index, other in enumerate(step.apart_from):
            if other not in earlier:
                yield (
                    (*base, "apart_from", index),
                    _("“%(other)s” is neither the requester nor an earlier step.") % {"other": other}
                    + guess(other, earlier),
                )
        if step.days_setting is not None and step.days_setting not in settings:
            yield (
                (*base, "days_setting"),
                _("“%(key)s” is not a setting of this file.") % {"key": step.days_setting}
                + guess(step.days_setting, settings),
            )
        earlier.add(step.key)


def _names(document: Document) -> Iterator[Finding]:
    rules = {rule.key for rule in document.naming.rules}
    kinds = {kind.key for kind in document.entity_kinds}
    for at, kind in enumerate(document.entity_kinds):
        if kind.name_rule not in rules:
            yield (
                ("entity_kinds", at, "name_rule"),
                _("“%(rule)s” is not a naming rule of this file.") % {"rule": kind.name_rule}
                + guess(kind.name_rule, rules),
            )
    for at, exempt in enumerate(document.naming.exempt_kinds):
        if exempt not in kinds:
            yield (
                ("naming", "exempt_kinds", at),
                _("“%(kind)s” is not a kind of unit of this file.") % {"kind": exempt} + guess(exempt, kinds),
            )


def _platforms(document: Document) -> Iterator[Finding]:
    rows = list(enumerate(document.platforms))
    yield from repeated(
        (("platforms", at, "hosts", index), host)
        for at, platform in rows
        for index, host in enumerate(platform.hosts)
    )
    for at, platform in rows:
        if platform.status in {"refused", "retired"} and platform.note is None:
            yield (
                ("platforms", at, "status"),
                _("A platform that is %(status)s needs a note that says why.") % {"status": platform.status},
            )


def _settings(document: Document) -> Iterator[Finding]:
    for at, setting in enumerate(document.settings):
        base: Path = ("settings", at)
        if setting.type == "number" and setting.unit is None:
            yield base, _("A number needs a unit: days, school_days, years, people, accounts or percent.")
        if (setting.type == "choice") != bool(setting.options):
            yield base, _("A choice has options, and nothing else has.")
        yield from repeated(((*base, "options", i, "value"), o.value) for i, o in enumerate(setting.options))
        if setting.minimum is not None and setting.maximum is not None and setting.minimum > setting.maximum:
            yield (*base, "minimum"), _("The minimum is above the maximum.")
        if (setting.value is None) != (setting.source is None):
            yield (
                base,
                _("A value needs a source (procedure or reading), and a setting without a value has none."),
            )
        if setting.value is not None and (wrong := wrong_value(setting, setting.value)):
            yield (*base, "value"), wrong


def wrong_value(setting: Setting, value: object) -> str:
    """Why a value can't be one of this setting, in a sentence; empty where it can."""
    if setting.type == "yesno":
        return "" if isinstance(value, bool) else _("This is answered with true or false.")
    if setting.type == "choice":
        values = [option.value for option in setting.options]
        if isinstance(value, str) and value in values:
            return ""
        return _("Choose one of: %(values)s.") % {"values": ", ".join(values)}
    if not isinstance(value, int) or isinstance(value, bool):
        return _("This is a whole number.")
    if setting.minimum is not None and value < setting.minimum:
        return _("The least is %(number)d.") % {"number": setting.minimum}
    if setting.maximum is not None and value > setting.maximum:
        return _("The most is %(number)d.") % {"number": setting.maximum}
    return ""
