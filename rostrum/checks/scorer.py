"""How hurtful a text reads: a linear model over hashed runs of letters, small enough to ship and quick enough for all.

The weights come from `python -m benchmarks.checks_train`; docs/checks.md is their data card. The score only suggests.
All sums are of whole numbers, so that a text has one score, alone or among a thousand others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SHORTEST: Final = 2
LONGEST: Final = 5
BITS: Final = 18
WINDOW: Final = 48  # bytes of the stretch that is shown
AT_MOST: Final = 20_000  # bytes of one text that are scored; the rest of a longer one cannot change the sense much
_STEP: Final = np.uint32(0x9E3779B1)
_TURN: Final = np.uint32(0x85EBCA6B)


def runs(joined: bytes) -> list[NDArray[np.uint32]]:
    """For each length of run, the place in the table of weights of the run that begins at each byte."""
    data = np.frombuffer(joined, dtype=np.uint8).astype(np.uint32)
    found = []
    mixed = data * _STEP + np.uint32(1)
    for length in range(SHORTEST, LONGEST + 1):
        if len(data) < length:
            found.append(np.zeros(0, dtype=np.uint32))
            continue
        mixed = (mixed[: len(data) - length + 1] ^ data[length - 1 :]) * _STEP
        mixed ^= mixed >> np.uint32(15)
        found.append((mixed * _TURN) >> np.uint32(32 - BITS))
    return found


def padded(text: bytes) -> bytes:
    """A text as it is scored: a blank on both sides, so that the first and last word look like others."""
    return b" " + text[:AT_MOST] + b" "


class Scorer:
    """A linear model over the runs of 2 to 5 bytes of a folded text."""

    def __init__(self, weights: NDArray[np.int8], scale: float, bias: float, threshold: float) -> None:
        self._weights, self._scale, self._bias = weights, scale, bias
        self.threshold = threshold

    def score(self, data: bytes) -> float:
        """The score of one folded text: at `threshold` and above it is worth a look."""
        return float(self.score_many([data])[0])

    def score_many(self, texts: Sequence[bytes]) -> NDArray[np.float64]:
        """The scores of many folded texts."""
        if not texts:
            return np.zeros(0)
        parts = [padded(text) for text in texts]
        sizes = np.array([len(part) for part in parts])
        ends = np.cumsum(sizes)
        starts = ends - sizes
        totals = np.zeros(len(parts), dtype=np.int64)
        for length, places in enumerate(runs(b"".join(parts)), start=SHORTEST):
            sums = np.zeros(len(places) + 1, dtype=np.int64)
            np.cumsum(self._weights[places], dtype=np.int64, out=sums[1:])
            last = np.maximum(ends - length + 1, starts)  # runs that reach into the next text are left out
            totals += sums[np.minimum(last, len(places))] - sums[np.minimum(starts, len(places))]
        scores: NDArray[np.float64] = totals * self._scale / np.sqrt(sizes) + self._bias
        return scores

    def window(self, data: bytes) -> tuple[int, int]:
        """Where the most hurtful stretch of a folded text stands: whole words of it."""
        data = data[:AT_MOST]
        if len(data) <= WINDOW:
            return 0, len(data)
        weight = np.zeros(len(data) + 1, dtype=np.int64)
        for places in runs(data):
            weight[: len(places)] += self._weights[places]
        sums = np.concatenate(([0], np.cumsum(weight)))
        best = int(np.argmax(sums[WINDOW:] - sums[:-WINDOW]))
        start = data.rfind(b" ", 0, best + 1) + 1 if best else 0
        end = data.find(b" ", best + WINDOW)
        return min(start, best), min(len(data), best + WINDOW + 24) if end < 0 or end > best + WINDOW + 24 else end


@cache
def own_scorer() -> Scorer | None:
    """The model that comes with Rostrum; None where it is missing."""
    found = resources.files("rostrum.checks") / "model.npz"
    if not found.is_file():
        return None
    with resources.as_file(found) as path, np.load(path, allow_pickle=False) as held:
        values: dict[str, Any] = dict(held)
    return Scorer(values["weights"], *(float(values[name]) for name in ("scale", "bias", "threshold")))
