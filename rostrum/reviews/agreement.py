"""How far two reviewers agree: per question and over all, in numbers and in words. Pure: it reads no rows.

Percent agreement counts how often both gave the same answer. Cohen's kappa says how much of it is more than chance
would give by how often each uses each answer (Cohen, 1960); it needs enough pairs, and answers that vary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

ENOUGH = 20  # pairs of answers below which kappa says more about luck than about people
Pair = tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """How far two reviewers agree on some answers. `kappa` is None where too few answers, or no variety, allow none."""

    pairs: int
    same: int
    by_chance: float
    kappa: float | None

    @property
    def percent(self) -> int:
        """How often both gave the same answer, out of a hundred."""
        return round(100 * self.same / self.pairs) if self.pairs else 0

    @property
    def words(self) -> str:
        """The same for somebody who does not know what kappa is."""
        if not self.pairs:
            return _("Nobody has answered this twice yet.")
        said = _("They gave the same answer %(same)d times out of %(pairs)d (%(percent)d%%).") % {
            "same": self.same, "pairs": self.pairs, "percent": self.percent,
        }  # fmt: skip
        if self.kappa is None:
            return said + " " + self._why_not()
        return said + " " + _("By chance alone it would be about %(chance)d. %(judged)s (Cohen’s kappa %(kappa).2f).") % {
            "chance": round(self.by_chance), "judged": _judged(self.kappa), "kappa": self.kappa,
        }  # fmt: skip

    def _why_not(self) -> str:
        if self.pairs < ENOUGH:
            return _("That is too little to say more: from %(enough)d answers on, chance is taken into account.") % {
                "enough": ENOUGH
            }
        return _("Both nearly always gave the same one answer, so nothing can be said about chance.")


def _judged(kappa: float) -> str:
    """The usual words for a kappa (Landis and Koch, 1977), in fewer steps."""
    if kappa < 0.2:
        return _("They hardly agree more than by chance: talk about what the question means")
    if kappa < 0.6:
        return _("They agree somewhat more than by chance")
    return _("They agree well")


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """How far the first and the second answers of each pair agree."""
    rows: Sequence[Pair] = list(pairs)
    n, same = len(rows), sum(one == other for one, other in rows)
    first, second = Counter(one for one, _other in rows), Counter(other for _one, other in rows)
    by_chance = sum(first[answer] * second[answer] for answer in first) / n if n else 0.0
    kappa = (same - by_chance) / (n - by_chance) if n >= ENOUGH and n - by_chance > 1e-9 else None
    return Agreement(n, same, by_chance, kappa)
