"""How an act reads in a timeline: each package registers one whole sentence per act."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Sentence = str | Promise

_WORDS: dict[str, Sentence] = {}


def register_words(words: Mapping[str, Sentence]) -> None:
    """Adds sentences such as `{"request:endorse": gettext_lazy("{who}, {role}, endorsed the request.")}`.

    Placeholders: {who}, {role}, {subject} (what was acted on), {note}, {before}, {after}. The words "{who},
    {role}," lose the role by themselves where the event has none. The same act may not be given two different
    sentences.
    """
    for act, words_ in words.items():
        known = _WORDS.setdefault(act, words_)
        if known is not words_ and str(known) != str(words_):
            raise ValueError(f"The act {act} already has another sentence.")


class _Values(dict[str, str]):
    """Values for a sentence; one that the event lacks reads as nothing rather than failing a whole page."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(act: str, **values: str) -> str:
    """The act in words, in the reader's language; the act's own name when nobody registered words for it."""
    if act not in _WORDS:
        return act
    words = str(_WORDS[act])
    if not values.get("role"):
        words = words.replace("{who}, {role},", "{who}")
    return words.format_map(_Values(values))


def known_acts() -> list[tuple[str, str]]:
    """Every act that has words, with the sentence for "someone", for the filter of the log screen."""
    return sorted((act, sentence(act, who=_("Someone"))) for act in _WORDS)


register_words(
    {
        "event:redact": gettext_lazy("{who}, {role}, removed personal details from this history."),
        "job:retry": gettext_lazy("{who}, {role}, started the stopped job {subject} again."),
    }
)
