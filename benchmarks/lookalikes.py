"""False alarms of the look-alike scorer: 10,000 invented school names, each honest. `python -m benchmarks.lookalikes`.

Every name is turned into the handle that a school would take. Two different schools whose handles the scorer would
warn of are one false alarm, unless the handles read the same to a hurried eye: that is a true one, whoever has them.
Nothing random: the same names every time. Also the time of one question against all of them, in memory.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from itertools import product
from typing import Any

from rostrum.core.text import fold
from rostrum.registry import lookalike

FIRST = [
    "Aspen", "Barr", "Birch", "Bishop", "Blackfoot", "Bluebell", "Bow", "Buffalo", "Calder", "Cardinal",
    "Carlton", "Cedar", "Centennial", "Chief", "Churchill", "Clearwater", "Colony", "Cottonwood", "Coyote",
    "Crescent", "Crowfoot", "Dawson", "Deer", "Dogwood", "Dover", "Eagle", "Eastview", "Elm", "Evergreen",
    "Fairview", "Falcon", "Forest", "Garden", "Glen", "Grandin", "Greenwood", "Hamilton", "Harbour", "Harvest",
    "Hawthorn", "Heritage", "Hillcrest", "Holy", "Hudson", "Jack", "Juniper", "Kemp", "Kensington", "King",
    "Laird", "Lakeview", "Laurier", "Legacy", "Lincoln", "Lloyd", "Macdonald", "Maple", "Marion", "Meadow",
    "Mountain", "Northgate", "Norquay", "Oak", "Orchard", "Osler", "Park", "Parkland", "Pembina", "Pine",
    "Pioneer", "Poplar", "Prairie", "Queen", "Rendell", "Ridge", "Riverside", "Rosedale", "Roundhill", "Saddle",
    "Sherwood", "Silver", "Spruce", "Stanley", "Stirling", "Sunrise", "Tamarack", "Thornhill", "Timber",
    "Valleyview", "Victoria", "Westgate", "Willow", "Winston", "Woodland", "Yarrow",
]  # fmt: skip
SECOND = [
    "Bay", "Bend", "Brook", "Centre", "Creek", "Crossing", "Field", "Gardens", "Grove", "Heights", "Hill",
    "Hollow", "Lake", "Landing", "Lane", "Meadows", "Park", "Place", "Point", "Ridge", "River", "Springs",
    "Trail", "Valley", "View", "Village", "Woods",
]  # fmt: skip
KIND = ("School", "Elementary", "Community School", "Middle School")


def names(count: int) -> list[str]:
    """That many different school names, the same ones every time."""
    every = [f"{a} {b} {kind}" for kind, b, a in product(KIND, SECOND, FIRST) if a != b]
    if count > len(every):
        raise ValueError(f"Only {len(every)} names can be made.")
    step = next(n for n in range(len(every) * 618 // 1000, len(every)) if _coprime(n, len(every)))
    return [every[n * step % len(every)] for n in range(count)]


def _coprime(one: int, other: int) -> bool:
    while other:
        one, other = other, one % other
    return one == 1


def handle_of(name: str, style: int) -> str:
    """How a school writes its name as a handle."""
    words = re.findall(r"[a-z]+", fold(name))
    short = {"school": "", "elementary": "elem", "community": "comm", "middle": "ms"}
    return (
        "".join(words),
        "_".join(words),
        "".join(short.get(word, word) for word in words),
    )[style]


def measure(count: int) -> dict[str, Any]:
    """How many pairs were looked at and reported, of which kinds, with examples; milliseconds of one question."""
    handles = {handle_of(name, n % 3): name for n, name in enumerate(names(count))}
    index: dict[str, list[str]] = defaultdict(list)
    for handle in handles:
        for key in lookalike.search_keys(handle):
            index[key].append(handle)
    alarms: dict[tuple[str, str], str] = {}
    slowest, total = 0.0, 0.0
    for handle in handles:
        start = time.perf_counter()
        close = {other for key in lookalike.search_keys(handle) for other in index[key]} - {handle}
        judged = [(other, found) for other in close if (found := lookalike.explain(handle, other))]
        spent = time.perf_counter() - start
        slowest, total = max(slowest, spent), total + spent
        for other, found in judged:
            pair = (min(handle, other), max(handle, other))
            alarms[pair] = found.kind
    wrong = {pair: kind for pair, kind in alarms.items()
             if lookalike.identity_key(pair[0]) != lookalike.identity_key(pair[1])}  # fmt: skip
    examples: dict[str, list[str]] = defaultdict(list)
    for pair, kind in sorted(wrong.items()):
        if len(examples[kind]) < 3:
            examples[kind].append(" / ".join(pair))
    touched = {handle for pair in wrong for handle in pair}
    return {
        "schools": len(handles), "pairs": len(handles) * (len(handles) - 1) // 2, "same": len(alarms) - len(wrong),
        "reported": len(wrong), "touched": len(touched), "kinds": dict(Counter(wrong.values())), "examples": examples,
        "ms": round(total / len(handles) * 1e3, 3), "slowest_ms": round(slowest * 1e3, 2),
    }  # fmt: skip


def main() -> int:
    """Prints one JSON document."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.lookalikes", description=__doc__)
    options.add_argument("--schools", type=int, default=10_000)
    json.dump(measure(options.parse_args().schools), sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
