"""Turning a notice into words: for the page, for a letter in text and HTML, for the daily letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from rostrum.core.dates import when
from rostrum.notices.kinds import KINDS
from rostrum.notices.models import Notice
from rostrum.people.models import Person


@dataclass(frozen=True)
class Letter:
    """A letter ready to hand over: one line of subject, the same content as text and as HTML.

    `kept` is the text as the record of letters may hold it, without a link that only the reader may have.
    """

    subject: str
    text: str
    html: str
    kept: str


@dataclass(frozen=True)
class Words:
    """A notice in words, in the language active at the time.

    `letter` is a whole letter (a decision, say) as sections of a heading and paragraphs; most notices have none.
    """

    subject: str
    lead: str
    next_step: str
    why: str
    link: str
    url: str
    comment: str
    facts: list[tuple[str, str]]
    clauses: list[str]
    letter: list[tuple[str, list[str]]] = field(default_factory=list)


def _one_line(text: str, limit: int = 200) -> str:
    """A subject line: no line breaks (header injection), not endless."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _localised(context: dict[str, Any], lang: str) -> dict[str, Any]:
    """Pick the reader's language from values given as {"en": …, "fr": …}."""
    short = "fr" if lang.startswith("fr") else "en"
    return {k: (v.get(short, "") if isinstance(v, dict) and "en" in v else v) for k, v in context.items()}


def _clause_words(citation: str) -> str:
    """A citation as a person reads it: "ap-193@2015-09#3.1" is "AP 193, 3.1 (edition 2015-09)"."""
    whole, _hash, number = citation.partition("#")
    procedure, _at, edition = whole.partition("@")
    if not (procedure and edition and number):
        return citation
    return _("%(procedure)s, %(number)s (edition %(edition)s)") % {
        "procedure": procedure.upper().replace("-", " "), "number": number, "edition": edition,
    }  # fmt: skip


def path_of(notice: Notice) -> str:
    """The page that the notice's one link opens."""
    return reverse(KINDS[notice.kind].route, args=[notice.about_ref])


def words(notice: Notice, lang: str, link: str = "") -> Words:
    """A notice in words in a language; `link` is the path that its letter opens where that is a secret one."""
    kind = KINDS[notice.kind]
    context = _localised(notice.context, lang)
    with override(lang):
        short = "fr" if lang.startswith("fr") else "en"
        facts = [
            (label[short], value[short] if isinstance(value, dict) else str(value))
            for label, value in context.get("facts", [])
        ]
        if context.get("due"):
            facts.append((_("Due"), context["due"]))
        return Words(
            subject=_one_line(str(kind.subject) % context),
            lead=str(kind.lead) % context,
            next_step=str(kind.next_step) % context,
            why=str(kind.why) % context,
            link=str(kind.link) % context,
            url=settings.SITE_URL + (link or path_of(notice)),
            comment=context.get("comment", ""),
            facts=facts,
            clauses=[_clause_words(one) for one in context.get("clauses", [])],
            letter=[(heading, list(paragraphs)) for heading, paragraphs in context.get("letter") or []],
        )


def letter(notice: Notice) -> Letter:
    """The letter of one notice, in its reader's language. No student is ever named: no notice knows one."""
    lang = notice.person.language
    secret = KINDS[notice.kind].secret
    said = words(notice, lang, secret(notice.person) if secret else "")
    with override(lang):
        context = {"words": said, "person": notice.person, "site": settings.SITE_NAME,
                   "preferences_url": settings.SITE_URL + reverse("web:preferences"), "language": lang}
        text = render_to_string("notices/letter.txt", context).strip() + "\n"
        kept = text.replace(said.url, _("(The link is left out here: it is for the reader only.)")) if secret else text
        return Letter(said.subject, text, render_to_string("notices/letter.html", context), kept)


def digest(person: Person, notices: Sequence[Notice]) -> Letter:
    """The daily letter: everything that asked nothing of the reader since the last one."""
    lang = person.language
    with override(lang):
        count = len(notices)
        subject = ngettext(
            "%(count)d thing happened with your accounts",
            "%(count)d things happened with your accounts",
            count,
        ) % {"count": count}
        entries = [
            {"words": words(n, lang), "at": when(n.owed_at)} for n in notices
        ]
        context = {"entries": entries, "person": person, "site": settings.SITE_NAME, "subject": subject,
                   "preferences_url": settings.SITE_URL + reverse("web:preferences"), "language": lang}
        text = render_to_string("notices/digest.txt", context).strip() + "\n"
        return Letter(subject, text, render_to_string("notices/digest.html", context), text)
