"""The checks against their peers, in one run on one core: `python -m benchmarks.checks`.

Every round times each system on the same posts, one after the other, so that what disturbs the machine disturbs all of
them; told are medians, and ratios of each round. No speed is told unless the engine's answers were those of the slow
reference in this run. A peer that is not installed is a row that says so. `--data FOLDER` reads posts marked by hand
(schoolposts_dev.jsonl, its roster, davidson_a_2000.csv, surge_toxicity_a.csv and the like) instead of inventing some,
and tells accuracy too; `--assert` ends with exit code 1 where a floor is missed. One line for each figure:
name, value, unit, how many.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.checks_bars import missed, page
from benchmarks.checks_posts import posts, students
from benchmarks.checks_reference import Reference
from rostrum.checks import Division, Engine, Finding, read_roster, read_students

PEER_PYTHON = Path(os.environ.get("BENCH_PYTHON", "build/bench/bin/python"))
CONDUCT = frozenset({"HARASSMENT", "PROFANITY", "THREAT"})
SHARED = ("NAME", "PHONE", "EMAIL", "POSTAL", "SIN", "CREDIT_CARD")
TYPES = (*SHARED, "ADDRESS", "BIRTHDATE", "HEALTH_AB", "HEALTH_SK", "STUDENT_NO", "PLATE")
UNSEEN = Path(__file__).with_name("checks_unseen.json")
TURN = 0.3  # seconds of one turn; the peer's four hundred posts take a quarter of a second
WARM = 500  # texts of each turn before the clock starts
BUILD = """
import gc, json, sys, time
from benchmarks.checks_bars import missed, page
from benchmarks.checks_posts import students
from rostrum.checks import Engine, read_students
from rostrum.checks.scorer import own_scorer
def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
Engine(read_students(students(50))), own_scorer()
rows = students(int(sys.argv[1]))
gc.collect()
before, began = held(), time.process_time()
engine = Engine(read_students(rows))
took = time.process_time() - began
gc.collect()
print(json.dumps([took, held() - before]))
"""
DIVISION = Division(public_phones=["780-555-0110"], domains=["lpsd.example.ca"])
Told: dict[str, float] = {}
Lines: list[str] = []


def tell(name: str, value: float | str, unit: str = "", count: int = 0) -> None:
    """One figure, one line."""
    if isinstance(value, float | int):
        Told[name] = float(value)
        value = f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    line = f"{name:42} {value:>12} {unit} {count or ''}".rstrip()
    Lines.append(line)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Peers:
    """The process of the peers; every method answers None where there is none."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        if PEER_PYTHON.is_file():
            worker = Path(__file__).with_name("checks_peers.py")
            self._process = subprocess.Popen(  # noqa: S603 - our own file
                [str(PEER_PYTHON), str(worker)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )

    def __call__(self, **asked: Any) -> dict[str, Any] | None:
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            return None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"missing": "gone"}')
        return None if "missing" in answer else answer

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait(30)


def timed(engine: Engine, texts: list[str]) -> float:
    """Seconds for all texts, once warm: a turn begins with a core that has just worked for somebody else.

    All of them again and again for as long as a turn of the peer takes: two thousand posts alone are done in a
    fortieth of a second, and whatever else the machine does in such a moment would be told as ours.
    """
    for _ in engine.check_many(texts[:WARM]):
        pass
    start, times, took = time.process_time(), 0, 0.0
    while took < TURN:
        for _ in engine.check_many(texts):
            pass
        times, took = times + 1, time.process_time() - start
    return took / times


def same_as_slow(engine: Engine, slow: Reference, texts: list[str]) -> int:
    """How many texts get other answers than the slow reference gives."""
    wrong = 0
    for text, many in zip(texts, engine.check_many(texts), strict=True):
        told = [(one.rule.id, one.start, one.end) for one in engine.check(text)]
        wrong += told != slow.check(text) or told != [(one.rule.id, one.start, one.end) for one in many]
    return wrong


def built(names: int) -> tuple[float, float] | None:
    """Seconds and megabytes that an engine with so many students takes, in a fresh process; None where none is told."""
    if not Path("/proc/self/statm").is_file():
        return None
    done = subprocess.run([sys.executable, "-c", BUILD, str(names)], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    took, grown = json.loads(done.stdout)
    return took, grown


def incomplete(findings: list[Finding], text: str) -> int:
    """How many findings lack a rule, a clause, a place inside the text, words or advice."""
    return sum(
        not (
            one.rule.id and one.rule.clauses and one.start is not None and one.end is not None
            and 0 <= one.start < one.end <= len(text) and one.rule.message.en and one.rule.message.fr
            and one.rule.advice.en and one.rule.advice.fr
        )
        for one in findings
    )  # fmt: skip


def speed(school: list[str], chat: list[str], rows: list[dict[str, Any]], division: Division, rounds: int) -> bool:
    """Times everything in turns. False where the answers were not those of the slow reference."""
    few, many = read_students(rows[:1000]), read_students(rows)
    engine = Engine(many, division)
    plain, small = Engine(many, division, scorer=None), Engine(few, division, scorer=None)
    wrong = same_as_slow(Engine(few, division), Reference(few, division), [*school[:250], *chat[:250]])
    tell("answers.unlike-slow", wrong, "posts", 500)
    if wrong:
        sys.stdout.write("No speed is told: the engine does not answer as the slow reference does.\n")
        return False
    gc.collect()
    gc.freeze()  # as `rostrum check` does: what was built stays, so nobody need look through it again
    if fresh := built(len(rows)):
        tell("build.100k", fresh[0], "s", len(rows))
        tell("memory.100k", fresh[1], "MB", len(rows))
    answers = [(text, engine.check(text)) for text in (*school, *chat)]
    lacking, all_ = sum(incomplete(each, text) for text, each in answers), sum(len(each) for _, each in answers)
    tell("findings.complete", 100 * (1 - lacking / max(1, all_)), "%", all_)
    peers = Peers()
    listed = [[row["first"], row["last"]] for row in rows]
    timed_peers = ("presidio", "presidio-ner", "alt-profanity", "alt-profanity-whole")
    names = {name: peers(load=name, names=[], **{"as": name}) for name in timed_peers}
    asked_for = {"presidio": 400, "presidio-ner": 100}  # texts of one round; the quick ones get them all
    denied = peers(load="presidio", names=listed, **{"as": "denied"})
    for name, answer in names.items():
        tell(f"peer.{name}", answer["version"] if answer else "not installed")
    mixed = [text for pair in zip(school, chat, strict=False) for text in pair]
    kept: dict[str, list[float]] = {}
    for _ in range(rounds):
        for kind, texts in (("school", school), ("mixed", mixed)):
            ours = {"": plain, ".with-scorer": engine, ".1k": small}
            rate = {mark: len(texts) / timed(one, texts) for mark, one in ours.items()}
            for mark, value in rate.items():
                kept.setdefault(f"speed.{kind}{mark}", []).append(value)
            kept.setdefault("loss.1k-100k", []).append(100 * (1 - rate[""] / rate[".1k"]))
            for name in names:
                some = texts[: asked_for.get(name, len(texts))]
                answer = peers(run=name, texts=some) if names[name] else None
                if answer:
                    theirs = len(some) / answer["took"]
                    kept.setdefault(f"speed.{kind}.{name}", []).append(theirs)
                    for mark in ("", ".with-scorer"):
                        kept.setdefault(f"ratio.{kind}.{name}{mark}", []).append(rate[mark] / theirs)
            answer = peers(run="denied", texts=texts[:2]) if denied else None
            if answer:
                kept.setdefault("ratio.deny-list", []).append(rate[""] / (2 / answer["took"]))
    peers.close()
    for name, values in sorted(kept.items()):
        unit = "posts/s" if name.startswith("speed") else "%" if name.startswith("loss") else "times"
        tell(name, statistics.median(values), f"{unit} ({min(values):,.4g} to {max(values):,.4g})", len(values))
    took = []
    for text in mixed[:4000]:
        start = time.process_time()
        engine.check(text)
        took.append((time.process_time() - start) * 1e6)
    tell("single.p50", statistics.median(took), "us", len(took))
    tell("single.p99", statistics.quantiles(took, n=100)[98], "us", len(took))
    return True


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Shared letters over all letters of two spans."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0.0


def spans_of(findings: list[Finding]) -> list[tuple[str, int, int]]:
    """Findings as (type, start, end)."""
    return [(f.rule.type, f.start, f.end) for f in findings if f.start is not None and f.end is not None]


def matched(
    wanted: list[list[tuple[str, int, int]]], said: list[list[tuple[str, int, int]]], types: tuple[str, ...]
) -> dict[str, Counter[str]]:
    """How many spans were met, wrong and missed, by type; a span is met by one of its type that overlaps by half."""
    count: dict[str, Counter[str]] = {"met": Counter(), "wrong": Counter(), "missed": Counter()}
    for gold, found in zip(wanted, said, strict=True):
        left = [span for span in gold if span[0] in types]
        for kind, start, end in found:
            if kind not in types:
                continue
            hit = next((s for s in left if s[0] == kind and overlap(s[1:], (start, end)) >= 0.5), None)
            count["wrong" if hit is None else "met"][kind] += 1
            if hit is not None:
                left.remove(hit)
        count["missed"].update(span[0] for span in left)
    return count


def f1(count: dict[str, Counter[str]]) -> float:
    """Micro F1 of such counts."""
    met, wrong, missed = (count[key].total() for key in ("met", "wrong", "missed"))
    return 2 * met / max(1, 2 * met + wrong + missed)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file; none where the file is missing."""
    if path.is_file():
        with path.open(newline="", encoding="utf-8") as source:
            yield from csv.DictReader(source)


def accuracy(folder: Path, marked: list[dict[str, Any]], roster: dict[str, Any]) -> None:
    """What is found in posts marked by hand, beside the peers, and in the sets of hurtful comments that are there."""
    people, division = read_roster(roster)
    engine = Engine(people, division)
    peers = Peers()
    texts = [post["text"] for post in marked]
    wanted = [[(kind, start, end) for kind, start, end, *_ in post["spans"]] for post in marked]
    answers = list(engine.check_many(texts))
    said = [spans_of(each) for each in answers]
    counts = matched(wanted, said, TYPES)
    tell("f1.12", f1(counts), "", len(texts))
    shared = f1(matched(wanted, said, SHARED))
    tell("f1.shared", shared, "", len(texts))
    for kind in TYPES:
        figures = [counts[key][kind] for key in ("met", "wrong", "missed")]
        tell(f"spans.{kind}", f"{figures[0]}/{figures[1]}/{figures[2]}", "met/wrong/missed")
    ids = [
        sum(counts[key][kind] for kind in ("SIN", "CREDIT_CARD", "HEALTH_AB", "HEALTH_SK")) for key in ("met", "missed")
    ]
    tell("recall.identifiers", ids[0] / max(1, sum(ids)), "", sum(ids))
    clean = [each for each, gold in zip(answers, wanted, strict=True) if not gold]
    alarmed = sum(any(f.rule.severity != "note" for f in each) for each in clean)
    tell("alerts.clean", 1000 * alarmed / max(1, len(clean)), "per 1,000", len(clean))
    rude = sum(any(f.rule.type in CONDUCT for f in each) for each in clean)
    tell("false.school", rude / max(1, len(clean)), "", len(clean))
    no_consent = [[row["first"], row["last"]] for row in roster["roster"] if not row.get("consent")]
    if peers(load="presidio", names=no_consent, **{"as": "presidio"}):
        theirs = presidio_best(peers, texts, wanted, division)
        tell("f1.shared.presidio", theirs, "", len(texts))
        tell("f1.shared.over-presidio", shared / theirs, "times")
    synth = folder / "presidio_synth_dataset_v2.json"
    if synth.is_file():
        given = json.loads(synth.read_text("utf-8"))
        kinds = {"PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL", "CREDIT_CARD": "CREDIT_CARD"}
        gold = [
            [
                (kinds[span["entity_type"]], span["start_position"], span["end_position"])
                for span in one["spans"]
                if span["entity_type"] in kinds
            ]
            for one in given
        ]
        full = [one["full_text"] for one in given]
        plain = Engine(scorer=None)
        types = tuple(kinds.values())
        ours = f1(matched(gold, [spans_of(each) for each in plain.check_many(full)], types))
        tell("f1.synth", ours, "all phones of the world", len(full))
        if peers(load="presidio", names=[], **{"as": "presidio"}):
            best = presidio_best(peers, full, gold, Division(), types)
            tell("f1.synth.presidio", best, "", len(full))
            tell("f1.synth.over-presidio", ours / best, "times")
    hurtful(folder, engine, peers)
    peers.close()


def presidio_best(
    peers: Peers,
    texts: list[str],
    wanted: list[list[tuple[str, int, int]]],
    division: Division,
    types: tuple[str, ...] = SHARED,
) -> float:
    """Presidio's F1 at the threshold that serves it best; what the division makes public is taken out for it."""
    found: list[list[list[Any]]] = []
    waiting = iter(texts)
    while batch := list(islice(waiting, 500)):
        found += (peers(ask="presidio", texts=batch) or {"found": []})["found"]

    def private(text: str, start: int, end: int) -> bool:
        words = text[start:end]
        ten = "".join(filter(str.isdigit, words))[-10:]
        return ten not in division.public_phones and not division.owns(words.partition("@")[2].lower())

    return max(
        f1(matched(wanted, [[(k, s, e) for k, s, e, score in each if score >= least and private(text, s, e)]
                            for text, each in zip(texts, found, strict=True)], types))
        for least in (0, 0.3, 0.4, 0.5, 0.6)
    )  # fmt: skip


def hurtful(folder: Path, engine: Engine, peers: Peers) -> None:
    """Harassment: the model was trained on files of these names, so these figures are of texts that it has seen."""

    def held_in(files: str, text: str, label: str, yes: str) -> list[tuple[str, bool]]:
        return [(row[text], row[label] == yes) for path in sorted(folder.glob(files)) for row in rows_of(path)]

    harmless = held_in("xstest*.csv", "prompt", "label", "safe")
    sets = {
        "comments": held_in("surge_toxicity*.csv", "text", "is_toxic", "Toxic"),
        "tweets": [(text, not neither) for text, neither in held_in("davidson*.csv", "text", "cls", "2")],
        "hatecheck": held_in("hatecheck*.csv", "test_case", "label_gold", "hateful"),
        "xstest": [(text, False) for text, safe in harmless if safe],
    }
    alt = peers(load="alt-profanity", names=[], **{"as": "alt-profanity"})
    for name, held in sets.items():
        if not held:
            continue
        texts, labels = [text for text, _ in held], [label for _, label in held]
        ours = [any(f.rule.type in CONDUCT for f in each) for each in engine.check_many(texts)]
        theirs = (
            [bool(one) for one in (peers(ask="alt-profanity", texts=texts) or {"found": []})["found"]] if alt else []
        )
        for who, said in (("", ours), (".alt-profanity", theirs)):
            if not said:
                continue
            right = sum(a and b for a, b in zip(said, labels, strict=True))
            precision, recall = right / max(1, sum(said)), right / max(1, sum(labels))
            passed = sum(not a and not b for a, b in zip(said, labels, strict=True)) / max(1, len(labels) - sum(labels))
            if name == "xstest":
                tell(f"false.xstest{who}", 1 - passed, "", len(texts))
                continue
            tell(f"precision.{name}{who}", precision, "", len(texts))
            tell(f"f1.{name}{who}", 2 * precision * recall / max(1e-9, precision + recall), "", len(texts))
            tell(f"balanced.{name}{who}", (recall + passed) / 2, "", len(texts))
        if theirs and name == "comments":
            tell(
                "f1.comments.over-alt-profanity",
                Told["f1.comments"] / Told["f1.comments.alt-profanity"],
                "times, in-sample",
            )
    if UNSEEN.is_file():
        for name, value in json.loads(UNSEEN.read_text("utf-8")).items():
            tell(f"unseen.{name}", value, "five folds")
        if "f1.comments.alt-profanity" in Told:
            ratio = Told["unseen.f1.comments"] / Told["f1.comments.alt-profanity"]
            tell("unseen.f1.comments.over-alt-profanity", ratio, "times, five folds")


def run(asked: argparse.Namespace) -> int:
    """Measures, and tells where a floor is missed."""
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    tell("machine", platform.processor() or platform.machine(), f"core {core}, load {os.getloadavg()[0]:.1f}")
    tell("rules", Engine().fingerprint)
    school, chat, rows, division = (
        posts(asked.posts, "school"),
        posts(asked.posts, "chat"),
        students(asked.names),
        DIVISION,
    )
    if asked.data:
        path = sorted(asked.data.glob("schoolposts*.jsonl"))[0]
        marked = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        roster = json.loads(path.with_name(path.stem + "_roster.json").read_text("utf-8"))
        school = [post["text"] for post in marked][: asked.posts]
        chat = [r["text"] for f in sorted(asked.data.glob("davidson*.csv")) for r in rows_of(f)][: asked.posts] or chat
        rows = [*roster["roster"], *rows][: asked.names]
        division = read_roster(roster)[1]
        accuracy(asked.data, marked, roster)
    if not speed(school, chat, rows, division, asked.rounds):
        return 1
    short = missed(Told)
    for bar in short:
        sys.stdout.write(f"floor missed: {bar.figure} is {Told[bar.figure]:.4g}, wanted {bar.floor:g}\n")
    if asked.report:
        asked.report.write_text(page(Told, Lines), "utf-8")
    if asked.json:
        asked.json.write_text(json.dumps(Told, indent=2) + "\n", "utf-8")
    return 1 if short and getattr(asked, "assert") else 0


def main() -> int:
    """Reads the options and runs."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.checks", description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--posts", type=int, default=2000)
    options.add_argument("--names", type=int, default=100_000)
    options.add_argument("--data", type=Path)
    options.add_argument("--json", type=Path)
    options.add_argument("--report", type=Path, help="write the figures as a page")
    options.add_argument("--assert", action="store_true", help="end with 1 where a floor is missed")
    return run(options.parse_args())


if __name__ == "__main__":
    sys.exit(main())
