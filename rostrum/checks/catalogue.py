"""The catalogue of rules: every rule with its clauses, words and examples, as plain values for a page or a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rostrum.checks.rule import Language, Rule

_MARK: Final = re.compile(r"\[\[(.+?)\]\](?!\])", re.S)
_KINDS: Final = (("person", "Identifiers"), ("place", "Addresses"), ("student", "Students"), ("words", "Words"),
                 ("conduct", "Conduct"), ("account", "Accounts"))  # fmt: skip
HEADING: Final = dict(_KINDS)


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and the places in it that the rule finds: none for near misses and traps."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()

    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is found: for showing the found ones marked."""
        made, at = [], 0
        for start, end in self.spans:
            made += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [piece for piece in (*made, (self.text[at:], False)) if piece[0]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as a reader sees it."""

    id: str
    kind: str
    type: str
    clauses: tuple[str, ...]
    effect: str
    severity: str
    title: str
    message: str
    advice: str
    hits: tuple[Example, ...]
    misses: tuple[Example, ...]
    traps: tuple[Example, ...]


def example(marked: str) -> Example:
    """An example of a rule's file: [[ ]] stand around what must be found."""
    text, spans, at = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[at : found.start()]
        spans.append((len(text), len(text) + len(found[1])))
        text += found[1]
        at = found.end()
    return Example(text + marked[at:], tuple(spans))


def catalogue(rules: Iterable[Rule], language: Language = "en") -> list[Entry]:
    """The rules as entries, in their order, with words in one language."""
    return [
        Entry(
            id=rule.id, kind=rule.id.partition(".")[0], type=rule.type, clauses=rule.clauses, effect=rule.effect,
            severity=rule.severity, title=rule.title.in_(language), message=rule.message.in_(language),
            advice=rule.advice.in_(language), hits=tuple(map(example, rule.hits)),
            misses=tuple(map(example, rule.misses)), traps=tuple(map(example, rule.traps)),
        )
        for rule in rules
    ]  # fmt: skip


def _shown(one: Example) -> str:
    """An example as a list item of Markdown, what is found in bold."""
    words = "".join(f"**{escaped(text)}**" if found else escaped(text) for text, found in one.pieces())
    return f"  - {words}"


def escaped(text: str) -> str:
    """A text that Markdown leaves as it is."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text.replace("\n", " "))


def as_markdown(rules: Sequence[Rule], more_rows: Sequence[str] = (), more: Sequence[str] = ()) -> str:
    """The catalogue as a page of docs/: both languages, each rule with hits, near misses and traps.

    `more_rows` and `more` are the lines of rules that look at something else than texts.
    """
    lines = [
        "# The rules of the checks", "",
        "Written by `python -m rostrum.monitoring.rules.showing`; a test holds it to the rules. What a rule finds is in bold.",
        "*Decides*: a fact was found; *suggests*: words were. No rule acts. Every example here is a test. This page holds",
        "hurtful words.", "",
        f"{len(rules) + len(more_rows)} rules:", "",
        "| Rule | Finds | Type | AP 193 | Effect | Severity |", "|---|---|---|---|---|---|",
        *(
            f"| [`{rule.id}`](#{re.sub('[^a-z0-9_-]', '', rule.id)}) | {rule.title.en} | {rule.type} "
            f"| {', '.join(rule.clauses)} | {rule.effect} | {rule.severity} |"
            for rule in rules
        ),
        *more_rows,
    ]  # fmt: skip
    kind = ""
    for entry, french in zip(catalogue(rules), catalogue(rules, "fr"), strict=True):
        if entry.kind != kind:
            kind = entry.kind
            lines += ["", f"## {HEADING.get(kind, kind)}"]
        lines += [
            "", f"### {entry.id}", "",
            f"**{escaped(entry.title)}** · *{escaped(french.title)}* · {entry.type} · AP 193 {', '.join(entry.clauses)} · "
            f"{entry.effect} · {entry.severity}", "",
            f"{escaped(entry.message)} {escaped(entry.advice)}", "",
            f"*{escaped(french.message)} {escaped(french.advice)}*", "",
            "- Found:", *map(_shown, entry.hits),
            "- Near misses, which this rule leaves alone:", *map(_shown, entry.misses),
            "- Traps, in which no rule finds anything:", *map(_shown, entry.traps),
        ]  # fmt: skip
    return "\n".join([*lines, *more]) + "\n"
