"""Owns the name check of AP 193 1.3: a name says which school, program, club or association it speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rostrum.registry import namewords
from rostrum.registry.namewords import Seen

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


_LONGEST = 500  # characters of a name that are looked at; no platform shows as many


@dataclass(frozen=True, slots=True)
class NamingRules:
    """What an edition says about names.

    `initials` and `division_names` stand for the whole division; `generic_words` name nobody ("news");
    `exempt_kinds` are the kinds of entity that may speak for all of it (the division's own accounts).
    """

    initials: tuple[str, ...] = ()
    division_names: tuple[str, ...] = ()
    generic_words: tuple[str, ...] = ()
    exempt_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameFinding:
    """One thing a person should look at. `severity` is "flag" (a person decides) or "hint" (advice)."""

    code: str
    message: Words
    span: tuple[int, int] | None
    severity: Literal["flag", "hint"]


def check_name(
    name: str, *, rules: NamingRules, unit_names: Sequence[str], entity_kind: str = ""
) -> list[NameFinding]:
    """Return what a person should look at in a name; an empty list when nothing stands out.

    Nothing is ever blocked. A name is flagged when it uses the division's initials or name, in any
    spelling or script, and names no unit beside it ("bare_division" alone, "generalised_division" with
    general words), and when a word mixes look-alike letters of two alphabets ("mixed_letters"). A hint
    says that none of `unit_names` can be recognised ("unit_not_named"). Source: AP 193 1.3.
    """
    name = name[:_LONGEST]
    findings: list[NameFinding] = []
    mixed = namewords.mixes_alphabets(name)
    if mixed:
        findings.append(NameFinding("mixed_letters", _MIXED, mixed, "flag"))
    if entity_kind and entity_kind in rules.exempt_kinds:
        return findings
    generic = namewords.generic_words(rules.generic_words)
    seen = namewords.see(name)
    spans = _division_spans(seen, rules)
    words = namewords.words_of(_without(name, [seen.span(*span) for span in spans]))
    # Disguised letters count as the letters they show, so a second reading of the rest is taken from those.
    shown = namewords.words_of(_without(seen.text, spans))
    units = [unit for each in unit_names if (unit := _unit(each, rules))]
    named = any(
        namewords.names_unit(each, *unit)
        for each in (words, shown, namewords.words_of(name))
        for unit in units
    )
    if spans and not named and not namewords.distinctive(shown, generic):
        found = _bare(name, seen, spans[0], alone=not shown or _only_endings(shown))
        return [*findings, found]
    if units and not named and name.strip():
        findings.append(NameFinding("unit_not_named", _not_named(unit_names), None, "hint"))
    return findings


_MIXED = _(
    "One word of this name mixes look-alike letters of two alphabets, or hides a mark that does not show. "
    "Type it again by hand; readers and search cannot tell the difference (AP 193 1.3)."
)


def _bare(name: str, seen: Seen, span: tuple[int, int], *, alone: bool) -> NameFinding:
    """The finding for a name that speaks for the whole division."""
    place = seen.span(*span)
    part = name[place[0] : place[1]]
    if alone:
        message = format_lazy(
            _(
                "“{part}” alone can pass for the whole division. Add the school, program, club or "
                "association that this account speaks for (AP 193 1.3). A person will look at "
                "this name."
            ),
            part=part,
        )
        return NameFinding("bare_division", message, place, "flag")
    message = format_lazy(
        _(
            "“{part}” with general words only can pass for the whole division. Add the school, program, club "
            "or association that this account speaks for (AP 193 1.3). A person will look at this name."
        ),
        part=part,
    )
    return NameFinding("generalised_division", message, place, "flag")


def _not_named(unit_names: Sequence[str]) -> Words:
    """The hint that names the unit that readers would look for."""
    return format_lazy(
        _(
            "This name does not seem to say who it speaks for. Readers look for “{unit}” or a short form "
            "of it (AP 193 1.3)."
        ),
        unit=unit_names[0],
    )


def _only_endings(words: list[str]) -> bool:
    """lpsd.ca and lpsd_ca are the initials alone."""
    return all(word in {"ca", "com", "org", "net", "www", "https", "http"} for word in words)


def _division_spans(seen: Seen, rules: NamingRules) -> list[tuple[int, int]]:
    """Where the name uses the division's initials or names, longest first where they overlap."""
    found = [span for initials in rules.initials for span in namewords.initials_at(seen, initials)]
    found += [span for phrase in rules.division_names for span in namewords.phrase_at(seen, phrase)]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0] - span[1], span[0])):
        if all(end <= other_start or start >= other_end for other_start, other_end in kept):
            kept.append((start, end))
    return sorted(kept)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with the stretches replaced by blanks."""
    out = text
    for start, end in sorted(spans, reverse=True):
        out = f"{out[:start]} {out[end:]}"
    return out


@lru_cache(maxsize=4096)
def _unit(name: str, rules: NamingRules) -> tuple[list[str], str] | None:
    """A unit's telling words and its initials; a unit without any (Grade 4) is not looked for.

    Kept: a night's round of rules asks it for the units above every account.
    """
    seen = namewords.see(name)
    rest = _without(name, [seen.span(*span) for span in _division_spans(seen, rules)])
    words = namewords.distinctive(namewords.words_of(rest), namewords.generic_words(rules.generic_words))
    return (words, namewords.acronym(rest)) if words else None
