"""What a group of helpers may be called: a word for a group, never anybody's name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nicknames import name_triplets

from rostrum.checks.listed import own_nicknames, plain_words
from rostrum.core.text import fold, tokens

# A label names a group by one of these words, in English or French.
_GROUPS = """
association annuaire band board broadcast cast choir circle class classe club clubs cohort comite committee conseil corps
council course cours crew crews editor editors eleves equipe escouade executive finissants grade grads group groups groupe
harmonie helpers house journal journalistes leadership media ministry newspaper orchestra panel paper photographers
photographes program programme radio redaction reporters squad staff student students studio team teams troupe union
yearbook
"""
GROUP_WORDS = frozenset(_GROUPS.split())
MOST_WORDS = 7
_OWNED = re.compile(r"(\w+)[’']s\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]\w*")
# Names that the public list of nicknames does not hold, and that schools know well.
_KNOWN_WELL = """
ava olivia sophia sofia mia isla luna aria chloe zoe zoey nora hazel liam noah ethan lucas logan mason jayden aiden aidan
owen wyatt carter hunter levi asher ezra kai mohammed muhammad mohamed ahmed ali fatima aisha amir priya arjun harpreet
gurpreet jasleen simran wei ming yuki juan carlos mateo diego lea emile felix leo hugo theo jade alice rosalie charlotte
florence juliette gabriel raphael nathan thomas samuel
"""
_MORE = frozenset(_KNOWN_WELL.split())


def _given_names() -> frozenset[str]:
    found = {fold(name) for one in name_triplets() for name in (one.name1, one.name2)}
    found |= {fold(name) for pair in own_nicknames() for name in pair}
    return frozenset(found | _MORE)


GIVEN_NAMES = _given_names()


def names_somebody(label: str, known: Iterable[str] = ()) -> bool:
    """Whether a label could name a person rather than a group.

    A group's label holds a word for a group ("team", "council"). It holds no comma and no address, nothing that belongs
    to somebody ("Emma's team"), no given name, and beyond its first word no capital except in the names of our own
    units (`known`) and in words for groups. What cannot be told apart is taken for a name: another label is easily found.
    """
    words = _WORD.findall(label)
    ours = GROUP_WORDS | {word for name in known for word in tokens(name)}
    folded = [fold(word) for word in words]
    if not words or len(words) > MOST_WORDS or any(sign in label for sign in ",;@/\\|"):
        return True
    if not any(word in GROUP_WORDS for word in folded):
        return True
    if any(fold(owner) not in ours for owner in _OWNED.findall(label)):
        return True
    if any(word in GIVEN_NAMES - ours and word not in plain_words() for word in folded):
        return True
    return any(word[0].isupper() and fold(word) not in ours for word in words[1:])
