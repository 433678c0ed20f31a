"""The checks against posts marked by hand: `python -m benchmarks.checks FOLDER`, on data that is not ours to publish.

FOLDER holds `schoolposts_dev.jsonl` (text, spans as [type, start, end]) and `schoolposts_dev_roster.json`. A finding
meets a span of its type when they overlap by half of both. Told for each type: found, wrong, missed; then F1, how many
spans are exact, alarms in posts that hold nothing, and posts a second on one core.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from rostrum.checks import Engine, read_roster

TYPES = frozenset(
    {"BIRTHDATE", "CREDIT_CARD", "NAME", "ADDRESS", "POSTAL", "EMAIL", "PHONE", "HEALTH_AB", "HEALTH_SK", "STUDENT_NO",
     "PLATE", "SIN"}
)  # fmt: skip


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Shared letters over all letters of two spans."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0.0


def measure(folder: Path) -> dict[str, Any]:
    """Every post checked once, in this process."""
    students, division = read_roster(json.loads((folder / "schoolposts_dev_roster.json").read_text()))
    start = time.perf_counter()
    engine = Engine(students, division)
    built = time.perf_counter() - start
    posts = [json.loads(line) for line in (folder / "schoolposts_dev.jsonl").read_text().splitlines()]
    start = time.perf_counter()
    answers = [engine.check(post["text"]) for post in posts]
    took = time.perf_counter() - start
    met, wrong, missed, alarms, exact, clean = Counter[str](), Counter[str](), Counter[str](), 0, 0, 0
    for post, findings in zip(posts, answers, strict=True):
        left = [(kind, (begin, end)) for kind, begin, end, *_rest in post["spans"]]
        clean += not left
        alarms += not left and any(one.rule.severity != "note" for one in findings)
        for one in findings:
            if one.rule.type not in TYPES or one.start is None or one.end is None:
                continue
            here = (one.start, one.end)
            same = next((span for span in left if span[0] == one.rule.type and overlap(span[1], here) >= 0.5), None)
            if same is None:
                wrong[one.rule.type] += 1
                continue
            left.remove(same)
            met[one.rule.type] += 1
            exact += same[1] == here
        missed.update(kind for kind, _span in left)
    hits, over, under = met.total(), wrong.total(), missed.total()
    return {
        "posts": len(posts), "per_second": round(len(posts) / took), "build_s": round(built, 2),
        "f1": round(2 * hits / (2 * hits + over + under), 4), "exact": round(exact / max(hits, 1), 4),
        "clean": clean, "alarms_in_clean": alarms,
        "types": {kind: {"met": met[kind], "wrong": wrong[kind], "missed": missed[kind]} for kind in sorted(TYPES)},
    }  # fmt: skip


def main() -> int:
    """Prints one JSON document."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.checks", description=__doc__)
    options.add_argument("folder", type=Path)
    json.dump(measure(options.parse_args().folder), sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
