"""The rules over accounts as a reader sees them: the facts of each example in words, and their part of the catalogue. Pure.

`python -m rostrum.monitoring.rules.showing` writes docs/checks-rules.md: the rules over texts, then those over accounts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import date
from typing import Final

from rostrum.checks import own_rules
from rostrum.checks.catalogue import as_markdown, escaped
from rostrum.checks.rule import Words
from rostrum.monitoring.rules.accounts import EXAMPLE_DAY, FINE, RULES, AccountFacts, AccountRule

_MAILBOXES: Final = {
    "personal": Words("the mailbox is a personal one", "la boîte est une boîte personnelle"),
    "foreign": Words("the mailbox is of another organization", "la boîte est celle d’un autre organisme"),
}
_FR: Final = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
              "décembre")  # fmt: skip


def _day(day: date) -> Words:
    french = f"{'1er' if day.day == 1 else day.day} {_FR[day.month - 1]} {day.year}"
    return Words(f"{day:%B} {day.day}, {day.year}", french)


def _dated(day: date | None, en: str, fr: str) -> Words | None:
    return None if day is None else Words(en.format(_day(day).en), fr.format(_day(day).fr))


def _managers(facts: AccountFacts) -> Words | None:
    if facts.managers == FINE.managers and facts.warn_below == FINE.warn_below:
        return None
    count = {0: Words("nobody looks after it", "personne ne s’en occupe"),
             1: Words("one content manager", "une seule personne gestionnaire")}.get(
        facts.managers, Words(f"{facts.managers} content managers", f"{facts.managers} gestionnaires de contenu"))  # fmt: skip
    if facts.warn_below is None:
        return Words(
            f"{count.en}, and the division asks for no number", f"{count.fr}, et la division n’exige aucun nombre"
        )
    wanted = facts.warn_below
    return Words(
        f"{count.en} where the division asks for {wanted}", f"{count.fr} là où la division en demande {wanted}"
    )


def _yes_no(value: bool | None, no: Words, unasked: Words) -> Words | None:
    return None if value else unasked if value is None else no


def in_words(facts: AccountFacts) -> Words:
    """The facts of an example, those that are as they should be left out."""
    said = (
        _managers(facts),
        Words("the name uses the division’s initials and names no school", "le nom emploie le sigle sans nommer d’école")
        if facts.generic_name else None,
        _MAILBOXES.get(facts.mailbox_code),
        _dated(facts.last_post, "last post on {}", "dernière publication le {}"),
        _dated(facts.alive_since, "official since {}, nothing posted since", "officiel depuis le {}, rien publié depuis"),
        _dated(facts.quiet_before, "quiet from {} back", "silencieux si c’est le {} ou avant"),
        Words("paused", "en pause") if facts.paused else None,
        _dated(facts.reset_due, "a reset was due on {}", "une réinitialisation était due le {}"),
        _dated(facts.certification_due, "a certification was due on {}", "une attestation était due le {}"),
        Words("a manager said that the name on the profile is another one",
              "une personne gestionnaire a indiqué que le nom du profil est différent") if facts.drift else None,
        _yes_no(facts.notice_link, Words("the profile has no link to the directory", "le profil ne renvoie pas au répertoire"),
                Words("this edition’s form does not ask about the link", "le formulaire de cette version ne le demande pas")),
        _yes_no(facts.privacy_attested,
                Words("nobody said what the privacy settings are", "personne n’a indiqué les paramètres de confidentialité"),
                Words("this edition’s form does not ask about privacy settings",
                      "le formulaire de cette version ne demande pas ces paramètres")),
        Words("one manager has not read the edition in force", "une personne gestionnaire n’a pas lu la version en vigueur")
        if facts.unread else None,
    )  # fmt: skip
    kept = [one for one in said if one is not None] or [Words("everything is in order", "tout est en ordre")]
    day = _day(EXAMPLE_DAY)
    return Words(
        f"On {day.en}: {'; '.join(one.en for one in kept)}.", f"Le {day.fr} : {'; '.join(one.fr for one in kept)}."
    )


def rule_of(name: str) -> AccountRule | None:
    """The rule over accounts of this name."""
    return next((rule for rule in RULES if rule.id == name), None)


def _shown(examples: Iterable[AccountFacts]) -> list[str]:
    told = [in_words(facts) for facts in examples]
    return [f"  - {escaped(one.en)} · *{escaped(one.fr)}*" for one in told]


def _section(rule: AccountRule) -> list[str]:
    return [
        "", f"### {rule.id}", "",
        f"**{escaped(rule.title.en)}** · *{escaped(rule.title.fr)}* · ACCOUNT · AP 193 {', '.join(rule.clauses)} · decides · "
        f"{rule.severity}", "",
        f"{escaped(rule.message.en)} {escaped(rule.advice.en)}", "",
        f"*{escaped(rule.message.fr)} {escaped(rule.advice.fr)}*", "",
        "- Found:", *_shown(rule.hits),
        "- Near misses, which this rule leaves alone:", *_shown(rule.misses),
        "- Traps, which look alike and are none:", *_shown(rule.traps),
    ]  # fmt: skip


def page() -> str:
    """The whole catalogue as a page of docs/."""
    rows = [
        f"| [`{rule.id}`](#{re.sub('[^a-z0-9_-]', '', rule.id)}) | {rule.title.en} | ACCOUNT "
        f"| {', '.join(rule.clauses)} | decides | {rule.severity} |"
        for rule in RULES
    ]
    head = ["", "## Facts of accounts", "", "These look at what is known of an account, every night; no text is read."]
    return as_markdown(own_rules(), rows, [*head, *(line for rule in RULES for line in _section(rule))])


if __name__ == "__main__":
    sys.stdout.write(page())
