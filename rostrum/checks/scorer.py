"""How hurtful a text reads: a linear model over pairs and fours of letters, small enough to ship, quick enough for all.

The weights come from `python -m benchmarks.checks_train`; docs/checks-model.md is their data card. The score only
suggests. All sums are of whole numbers, so that a text has one score, alone or among a thousand others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

PAIRS: Final = 1 << 16  # a weight for every pair of bytes
BITS: Final = 18  # and for every four bytes one of 2 ** BITS
WINDOW: Final = 48  # bytes of the stretch that is shown
AT_MOST: Final = 20_000  # bytes of one text that are scored; the rest of a longer one cannot change the sense much
EVIDENCE: Final = 32  # bytes that every text is taken to have besides: a very short one must say more to be suspected
FILE: Final = "model.npz"
_PAIR: Final = np.dtype("<u2")
_FOUR: Final = np.dtype("<u4")
_STEP: Final = (1,)  # what begins at every byte, not only at every second or fourth
_TURN: Final = np.uint32(0x9E3779B1)
_SHIFT: Final = np.uint32(32 - BITS)

_total: Final = np.add.reduce


def padded(text: bytes) -> bytes:
    """A text as it is scored: a blank on both sides, so that the first and last word look like others."""
    return b" " + text[:AT_MOST] + b" "


def runs(joined: bytes, size: int) -> tuple[NDArray[np.uint16], NDArray[np.uint32]]:
    """For each of the first `size` bytes, the places of the weights of the pair and of the four that begin there."""
    pairs: NDArray[np.uint16] = np.ndarray((size,), _PAIR, joined, 0, _STEP)
    fours: NDArray[np.uint32] = np.ndarray((size,), _FOUR, joined, 0, _STEP)
    return pairs, (fours * _TURN) >> _SHIFT


class Read(NamedTuple):
    """Texts that were read together: a score for each, a weight for each byte, and where each text begins in them."""

    scores: NDArray[np.float64]
    weights: NDArray[np.int16]
    starts: NDArray[np.int64]


class Scorer:
    """A linear model over the pairs and fours of bytes of a folded text."""

    def __init__(
        self, pairs: NDArray[np.int8], fours: NDArray[np.int8], scale: float, bias: float, threshold: float
    ) -> None:
        self._pairs, self._fours, self._scale, self._bias = pairs, fours, scale, bias
        self.threshold = threshold

    def __repr__(self) -> str:
        """A mark of the model: equal marks score equally."""
        held = hashlib.sha256(self._pairs.tobytes() + self._fours.tobytes()).hexdigest()[:16]
        return f"Scorer({held}, {self._scale}, {self._bias}, {self.threshold})"

    def _weights(self, parts: Sequence[bytes], ends: NDArray[np.int64]) -> NDArray[np.int16]:
        """For each byte of all parts the weight of what begins there; what reaches into the next part has none."""
        pairs, fours = runs(b"".join((*parts, b"\0\0\0")), int(ends[-1]))
        weight = self._pairs.take(pairs).astype(np.int16)
        more = self._fours.take(fours)
        weight[ends - 1] = 0
        for reach in (1, 2, 3):
            more[ends - reach] = 0
        weight += more
        return weight

    def score(self, data: bytes) -> float:
        """The score of one folded text: at `threshold` and above it is worth a look."""
        part = padded(data)
        size = len(part)
        pairs = np.ndarray((size - 1,), _PAIR, part, 0, _STEP)
        total = int(_total(self._pairs.take(pairs), dtype=np.int64))
        if size > 3:
            fours = np.ndarray((size - 3,), _FOUR, part, 0, _STEP)
            total += int(_total(self._fours.take((fours * _TURN) >> _SHIFT), dtype=np.int64))
        length: float = (size + EVIDENCE) ** 0.5
        return total * self._scale / length + self._bias

    def score_many(self, texts: Sequence[bytes]) -> NDArray[np.float64]:
        """The scores of many folded texts."""
        return self.read(texts).scores

    def read(self, texts: Sequence[bytes]) -> Read:
        """The scores of many folded texts, with the weights that made them."""
        if not texts:
            return Read(np.zeros(0), np.zeros(0, np.int16), np.zeros(0, np.int64))
        parts = list(map(padded, texts))
        sizes = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
        ends = np.cumsum(sizes)
        weights, starts = self._weights(parts, ends), ends - sizes
        totals = np.add.reduceat(weights, starts, dtype=np.int64)
        scores: NDArray[np.float64] = totals * self._scale / np.sqrt(sizes + EVIDENCE) + self._bias
        return Read(scores, weights, starts)

    def window(self, data: bytes, read: Read | None = None, place: int = 0) -> tuple[int, int]:
        """Where the most hurtful stretch of a folded text stands: whole words of it.

        `read` and `place` spare the weights a second reading, where the text was read among others.
        """
        data = data[:AT_MOST]
        if len(data) <= WINDOW:
            return 0, len(data)
        held = self.read([data]) if read is None else read
        first = int(held.starts[place]) + 1  # behind the blank that every text gets
        sums = np.cumsum(held.weights[first : first + len(data)], dtype=np.int64)
        ahead = sums[WINDOW - 1 :].copy()
        ahead[1:] -= sums[:-WINDOW]
        best = int(ahead.argmax())
        start = data.rfind(b" ", 0, best + 1) + 1 if best else 0
        end = data.find(b" ", best + WINDOW)
        return min(start, best), min(len(data), best + WINDOW + 24) if end < 0 or end > best + WINDOW + 24 else end


@cache
def own_scorer() -> Scorer | None:
    """The model that comes with Rostrum, read when it is first wanted; None where it is missing."""
    found = resources.files("rostrum.checks") / FILE
    if not found.is_file():
        return None
    with found.open("rb") as source, np.load(source, allow_pickle=False) as held:
        values: dict[str, Any] = dict(held)
    return Scorer(values["pairs"], values["fours"], *(float(values[name]) for name in ("scale", "bias", "threshold")))
