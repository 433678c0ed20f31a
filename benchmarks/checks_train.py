"""Trains the scorer of `rostrum.checks`: `python -m benchmarks.checks_train DATA [--write FILE]` (docs/checks-model.md).

DATA is a folder with davidson_a_2000.csv, surge_toxicity_a.csv, hatecheck_odd.csv, xstest_odd.csv and
schoolposts_dev.jsonl; none of it is shipped. Beside it stand our own sentences, checks_examples.txt. Needs
scikit-learn, which Rostrum itself does not. Prints what five folds say of texts they have not seen before anything is
written; templates of HateCheck never stand on both sides of a fold.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from rostrum.checks import Engine
from rostrum.checks.engine import _has_conduct
from rostrum.checks.folding import fold
from rostrum.checks.scorer import BITS, EVIDENCE, PAIRS, Scorer, padded, runs

FOLDS = 5
OWN = Path(__file__).with_name("checks_examples.txt")
# How much one text of a set counts. Comments of the open web are closest to what people write under a post.
HEAVY = {"davidson": 0.8, "surge": 8.0, "hatecheck": 3.0, "xstest": 6.0, "school": 0.5, "own": 1.5}
# What the benchmark tells of the folds: a figure, the set, and which of `counted`.
TOLD = (
    ("precision.comments", "surge", 0), ("f1.comments", "surge", 2), ("balanced.hatecheck", "hatecheck", 3),
    ("f1.tweets", "davidson", 2), ("false.xstest", "xstest", 4),
)  # fmt: skip
Rows = list[tuple[str, str, int, str]]


def rows(folder: Path) -> Rows:
    """(set, text, label, group) of every example."""
    found: Rows = []
    with (folder / "davidson_a_2000.csv").open(newline="") as source:
        found += [("davidson", r["text"], int(r["cls"] != "2"), f"d{n}") for n, r in enumerate(csv.DictReader(source))]
    with (folder / "surge_toxicity_a.csv").open(newline="") as source:
        found += [
            ("surge", r["text"], int(r["is_toxic"] == "Toxic"), f"s{n}") for n, r in enumerate(csv.DictReader(source))
        ]
    with (folder / "hatecheck_odd.csv").open(newline="") as source:
        found += [
            ("hatecheck", r["test_case"], int(r["label_gold"] == "hateful"), f"h{r['templ_id']}")
            for r in csv.DictReader(source)
        ]
    with (folder / "xstest_odd.csv").open(newline="") as source:
        found += [("xstest", r["prompt"], 0, f"x{r['id']}") for r in csv.DictReader(source) if r["label"] == "safe"]
    with (folder / "schoolposts_dev.jsonl").open() as source:
        found += [("school", json.loads(line)["text"], 0, f"p{n}") for n, line in enumerate(source)]
    for n, line in enumerate(OWN.read_text("utf-8").splitlines()):
        if line[:2] in {"+ ", "- "}:
            found.append(("own", line[2:].strip(), int(line[0] == "+"), f"o{n}"))
    return found


def matrix(texts: list[bytes]) -> Any:
    """The pairs and fours of each text as a sparse matrix, scaled as the scorer scales them."""
    from scipy.sparse import csr_matrix

    columns, values, starts = [], [], [0]
    for text in texts:
        part = padded(text)
        pairs, fours = runs(part + b"\0\0\0", len(part))
        places = np.concatenate((pairs[:-1].astype(np.int64), fours[:-3].astype(np.int64) + PAIRS))
        columns.append(places)
        values.append(np.full(len(places), 1 / np.sqrt(len(part) + EVIDENCE)))
        starts.append(starts[-1] + len(places))
    shape = (len(texts), PAIRS + (1 << BITS))
    made = csr_matrix((np.concatenate(values), np.concatenate(columns), np.array(starts)), shape=shape)
    made.sum_duplicates()
    return made


def fit(features: Any, labels: Any, weight: Any, strength: float) -> tuple[Any, float]:
    """Weights and bias of a logistic regression over features scaled by how much each tells (Wang and Manning, 2012)."""
    from scipy.sparse import diags
    from sklearn.linear_model import LogisticRegression

    there = (features > 0).multiply(weight[:, None]).tocsr()
    yes, no = (np.asarray(there[labels == label].sum(0)).ravel() + 1 for label in (1, 0))
    tells = np.abs(np.log((yes / yes.sum()) / (no / no.sum())))
    seen = np.asarray((features > 0).sum(0)).ravel() > 0
    tells = np.where(seen, tells / tells[seen].mean(), 0)
    model = LogisticRegression(C=strength, max_iter=400, solver="liblinear", random_state=0)
    model.fit(features @ diags(tells), labels, sample_weight=weight)
    return model.coef_[0] * tells, float(model.intercept_[0])


def quantised(weights: Any, bias: float, threshold: float) -> Scorer:
    """The model in whole numbers of one byte."""
    scale = float(np.quantile(np.abs(weights[weights != 0]), 0.9985) / 127)
    whole = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    return Scorer(whole[:PAIRS], whole[PAIRS:], scale, bias, threshold)


def counted(labels: Any, said: Any) -> tuple[float, float, float, float, float]:
    """Precision, recall, F1, balanced accuracy, and false alarms."""
    right = int((labels & said).sum())
    precision, recall = right / max(1, int(said.sum())), right / max(1, int(labels.sum()))
    passed = float((1 - said)[labels == 0].mean()) if (labels == 0).any() else float("nan")
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    balanced = (recall + passed) / 2
    return precision, recall, f1, balanced, 1 - passed


def figures(name: str, labels: Any, said: Any) -> str:
    """The same in one line."""
    precision, recall, f1, balanced, false = counted(labels, said)
    return f"{name:10} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  balanced {balanced:.3f}  false {false:.4f}"


def main() -> int:
    """Trains, says how good it is on texts it has not seen, and writes the model if asked to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--write", type=Path)
    options.add_argument("--strength", type=float, default=0.5)
    options.add_argument("--threshold", type=float, default=0.65)
    options.add_argument("--json", type=Path, help="write what the folds say at the threshold, for the benchmark")
    options.add_argument("--seeds", type=int, default=2, help="how often the folds are drawn again")
    asked = options.parse_args()
    examples = rows(asked.data)
    sets = np.array([example[0] for example in examples])
    labels = np.array([example[2] for example in examples])
    folded = [fold(example[1]).data for example in examples]
    groups = sorted({example[3] for example in examples})
    features = matrix(folded)
    weight = np.array([HEAVY[name] for name in sets])
    engine = Engine(scorer=None)
    ruled = np.array([int(_has_conduct(engine.check(example[1]))) for example in examples])
    unseen: defaultdict[str, list[float]] = defaultdict(list)
    for seed in range(asked.seeds):
        np.random.default_rng(5 + seed).shuffle(groups)
        fold_of = {group: n % FOLDS for n, group in enumerate(groups)}
        folds = np.array([fold_of[example[3]] for example in examples])
        scores = np.zeros(len(examples))
        for n in range(FOLDS):
            weights, bias = fit(features[folds != n], labels[folds != n], weight[folds != n], asked.strength)
            held = np.flatnonzero(folds == n)
            scores[held] = quantised(weights, bias, 0).score_many([folded[place] for place in held])
        for threshold in sorted({0.25, 0.5, 0.75, 1.0, 1.25, asked.threshold}):
            print(f"threshold {threshold}, folds drawn {seed + 1}")  # noqa: T201 - a command-line tool
            for name in HEAVY:
                here = sets == name
                said = ((scores >= threshold) | (ruled == 1)).astype(int)
                print("  ", figures(name, labels[here], said[here]))  # noqa: T201 - a command-line tool
        for figure, name, which in TOLD:
            here = sets == name
            unseen[figure].append(
                counted(labels[here], ((scores >= asked.threshold) | (ruled == 1)).astype(int)[here])[which]
            )
    if asked.json:
        means = {figure: round(float(np.mean(values)), 4) for figure, values in unseen.items()}
        asked.json.write_text(json.dumps(means, indent=2) + "\n", "utf-8")
    for name in HEAVY:
        here = sets == name
        print("rules ", figures(name, labels[here], ruled[here]))  # noqa: T201 - a command-line tool
    if asked.write:
        weights, bias = fit(features, labels, weight, asked.strength)
        model = quantised(weights, bias, asked.threshold)
        np.savez_compressed(
            asked.write,
            pairs=model._pairs,
            fours=model._fours,
            scale=model._scale,
            bias=model._bias,
            threshold=asked.threshold,
        )
        print(f"{asked.write}: {asked.write.stat().st_size:,} bytes")  # noqa: T201 - a command-line tool
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
