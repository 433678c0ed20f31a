"""Letters in full, in English and French: of a decision, and of what was decided on an appeal. Kept as they were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from rostrum.cases.decision_models import Measure
from rostrum.cases.rulings import Checked
from rostrum.cases.sources import label_of
from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.policies.graduated import graduated
from rostrum.policies.models import Clause
from rostrum.policies.queries import content, in_force, text
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.platforms import label_of as platform_label
from rostrum.schoolyear.words import long_day

Section = list[Any]  # [heading, [paragraph, ...]], as it is kept in a row
Letter = dict[str, list[Section]]
LANGUAGES = (("en", "en-ca"), ("fr", "fr-ca"))


def in_both(make: Callable[[], list[Section]]) -> Letter:
    """What `make` writes, in both languages."""
    found: Letter = {}
    for short, language in LANGUAGES:
        with override(language):
            found[short] = make()
    return found


def written_day(on: date) -> str:
    """A day in a letter always says its year: the letter is kept, and read years later."""
    return long_day(on, today=date.min)


def paragraphs(words: str) -> list[str]:
    """A text as its paragraphs."""
    return [line.strip() for line in words.split("\n") if line.strip()]


def role_words(role: str) -> str:
    """What a role is called here; nothing for a capacity that is no role."""
    known = content(in_force()).role(role)
    return text(known.label) if known else ""


def signature(by: Person, role: str, on: date) -> str:
    """Who signs, in which role, when."""
    called = role_words(role)
    who = f"{by.name}, {called}" if called else by.name
    return _("%(who)s, %(day)s") % {"who": who, "day": written_day(on)}


def clause_words(clause: Clause) -> str:
    """A clause as a letter quotes it: number, edition, title and text, in the active language."""
    edition = clause.edition
    french = (get_language() or "en").startswith("fr")
    return _("%(procedure)s, %(number)s (edition %(edition)s), %(title)s: %(text)s") % {
        "procedure": text(content(edition).procedure.short),
        "number": clause.number,
        "edition": edition.label,
        "title": clause.title_fr if french else clause.title_en,
        "text": clause.text_fr if french else clause.text_en,
    }


def measure_words(said: Checked, strike_until: date | None) -> list[str]:
    """What is decided, a sentence or two for each measure."""
    day = written_day(said.do_by) if said.do_by else ""
    until = said.suspended_until
    sentences = {
        Measure.GUIDANCE: _("No measure is taken. This letter is guidance; it leaves no warning."),
        Measure.WARNING: _("The account gets a warning.") + " " + counts_words(strike_until),
        Measure.CONTENT: _("Content is taken down or changed by %(day)s. What exactly stands below.") % {"day": day},
        Measure.TRAINING: _("Training is done by %(day)s. What exactly stands below.") % {"day": day},
        Measure.ACCESS: _("Access to the account is restricted by %(day)s. How stands below.") % {"day": day},
        Measure.SUSPEND: _(
            "The official mark of the account is suspended until %(day)s. On that day a person is asked to restore it; "
            "it does not come back by itself."
        )
        % {"day": written_day(until)}
        if until
        else _(
            "The official mark of the account is suspended until what stands below is done and a person has restored it."
        ),
        Measure.CLOSE: _(
            "The account is closed. The public directory shows it as retired. Its closing checklist is to be completed: who "
            "is told, what is kept, who had the keys, what becomes of the name, what the public reads."
        ),
    }
    return [str(sentences[Measure(one)]) for one in said.measures]


def counts_words(until: date | None) -> str:
    """Until when a warning counts; says plainly where nobody set an end."""
    if until is None:
        return _("It counts without an end: neither the procedure nor the division has set one.")
    return _("It counts until %(day)s.") % {"day": written_day(until)}


def appeal_words(appeal_until: date | None, *, stays: bool, deciders: Iterable[str], final: bool) -> list[str]:
    """How to appeal, by which day, who decides, and whether the decision holds meanwhile."""
    if final:
        return [_("This was decided on appeal, by somebody who had no part in it before. There is no second appeal.")]
    if appeal_until is None:
        first = _("You can appeal this once. Neither the procedure nor the division has set a last day for it.")
    else:
        first = _("You can appeal this once, until the end of %(day)s.") % {"day": written_day(appeal_until)}
    names = ", ".join(deciders)
    who = (
        _("Somebody who had no part in it decides: %(names)s.") % {"names": names}
        if names
        else worded(_("Somebody who had no part in it decides. {director} names that person."))
    )
    holds = (
        _("While an appeal runs, what was decided does not hold.")
        if stays
        else _("While an appeal runs, what was decided holds.")
    )
    return [
        first,
        _("Open this decision in Rostrum, choose “Appeal this decision”, and say why. You can add pictures or a PDF."),
        f"{who} {holds}",
    ]


def severity_words(key: str) -> str:
    """What a severity is called by whoever wrote the graduated actions down."""
    table = graduated().table
    known = table.severity(key) if table and key else None
    return text(known.label) if known else ""


def decision_letter(
    said: Checked, account: Account, *, ref: str, by: Person, role: str, strike_until: date | None,
    appeal_until: date | None, stays: bool, deciders: Iterable[str], replaces: str = "", final: bool = False,
) -> Letter:  # fmt: skip
    """The whole letter of a decision. `ref` is its number, or what stands in its place before it is sent."""
    names = list(deciders)

    def make() -> list[Section]:
        decided = measure_words(said, strike_until)
        if said.severity:
            decided.insert(0, _("How grave: %(severity)s.") % {"severity": severity_words(said.severity)})
        decided.append(_("This takes effect on %(day)s.") % {"day": written_day(said.effective_on)})
        if replaces:
            decided.append(_("It takes the place of decision %(ref)s.") % {"ref": replaces})
        sections: list[Section] = [
            [
                _("Decision %(ref)s") % {"ref": ref},
                [
                    _("On the account “%(name)s” (%(platform)s, %(address)s) of %(unit)s.")
                    % {
                        "name": account.name,
                        "platform": platform_label(account.platform),
                        "address": account.address,
                        "unit": account.unit.name,
                    }
                ],
            ],
            [_("What is decided"), decided],
            [_("What happened"), paragraphs(said.facts)],
            [_("What the procedure says"), [clause_words(one) for one in said.clauses]],
            [_("What this rests on"), [f"{label_of(one.kind)}: {one.words}" for one in said.evidence]],
        ]
        if said.to_do:
            tasks = paragraphs(said.to_do)
            if said.do_by:
                tasks.append(_("By %(day)s.") % {"day": written_day(said.do_by)})
            sections.append([_("What you do"), tasks])
        else:
            sections.append([_("What you do"), [_("Nothing more is asked of you.")]])
        sections.append(
            [_("If you do not agree"), appeal_words(appeal_until, stays=stays, deciders=names, final=final)]
        )
        sections.append([_("Signed"), [signature(by, role, clock.today())]])
        return sections

    return in_both(make)


def appeal_letter(
    outcome: str, answer: str, account: Account, *, ref: str, by: Person, role: str, restored: bool, still: Iterable[str],
) -> Letter:  # fmt: skip
    """The letter of what was decided on an appeal, with the reasons. A changed decision has its own letter as well."""
    kept = list(still)

    def make() -> list[Section]:
        sentences = {
            "upheld": [_("Decision %(ref)s stands as it was written.") % {"ref": ref}],
            "varied": [
                _("Decision %(ref)s is changed. The new decision takes its place and has its own letter.")
                % {"ref": ref}
            ],
            "overturned": [
                _("Decision %(ref)s is overturned.") % {"ref": ref},
                _("Its warning and its measures are wiped from the account's standing. They stay in the log."),
            ],
        }[outcome]
        if restored:
            sentences.append(_("The account is official again from now on."))
        if kept:
            sentences.append(
                ngettext(
                    "The account stays as it is for another reason: %(why)s",
                    "The account stays as it is for other reasons: %(why)s",
                    len(kept),
                )
                % {"why": " ".join(kept)}
            )
        return [
            [
                _("Appeal against decision %(ref)s") % {"ref": ref},
                [
                    _("On the account “%(name)s” (%(platform)s) of %(unit)s.")
                    % {"name": account.name, "platform": platform_label(account.platform), "unit": account.unit.name}
                ],
            ],
            [_("What is decided"), sentences],
            [_("Why"), paragraphs(answer)],
            [_("What comes next"), [_("This ends the matter: there is one appeal for each decision.")]],
            [_("Signed"), [signature(by, role, clock.today())]],
        ]

    return in_both(make)
