"""Without the wheels of re2 and daachorse: the same answers, from Python alone; a division's patterns are refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rostrum.checks import own_rules
from rostrum.checks.catalogue import example
from rostrum.checks.slowly import Finder
from tests.checks.sample import engine
from tests.checks.test_posts import POSTS, read

ROOT = Path(__file__).parents[2]
TEXTS = [
    *(read(line)[0] for line in POSTS),
    *(example(text).text for rule in own_rules() for text in (*rule.hits, *rule.misses, *rule.traps)),
    "", "\ud800 306-967-3058", "😀 Еmmа Lаrssоn", "  Em\u200dma   Larsson  ",
]  # fmt: skip
ALONE = """
import json, sys
sys.modules["re2"] = sys.modules["daachorse"] = None
from rostrum.checks import RuleError, safe_pattern
from rostrum.checks.patterns import QUICK
from tests.checks.sample import engine
assert not QUICK
try:
    safe_pattern("a+")
except RuleError as refused:
    assert "google-re2" in str(refused)
else:
    raise AssertionError
checks = engine()
for found in checks.check_many(json.load(sys.stdin)):
    print(json.dumps([(one.rule.id, one.start, one.end) for one in found]))
"""


def test_python_alone_gives_the_same_answers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE], input=json.dumps(TEXTS), capture_output=True, text=True, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = [[tuple(one) for one in json.loads(line)] for line in done.stdout.splitlines()]
    assert said == [[(one.rule.id, one.start, one.end) for one in found] for found in engine().check_many(TEXTS)]


@given(st.lists(st.text("abc", min_size=4, max_size=7), max_size=12, unique=True), st.text("abc ", max_size=60))
def test_the_slow_finder_answers_as_the_quick_one(words: list[str], text: str) -> None:
    from daachorse import DoubleArrayAhoCorasick

    given = [word.encode() for word in words]
    quick = DoubleArrayAhoCorasick(given).find_overlapping(text.encode()) if given else []
    assert Finder(given).find_overlapping(text.encode()) == quick
