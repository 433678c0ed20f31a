"""Trains the scorer of `rostrum.checks` and writes model.npz: `python -m benchmarks.checks_train DATA [--write FILE]`.

DATA is a folder with davidson_a_2000.csv, surge_toxicity_a.csv, hatecheck_odd.csv, xstest_odd.csv and
schoolposts_dev.jsonl (see docs/checks.md); none of it is shipped. Needs scikit-learn, which Rostrum itself does not.
Prints what five folds say before anything is written; templates of HateCheck never stand on both sides of a fold.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from rostrum.checks import Engine
from rostrum.checks.engine import _has_conduct
from rostrum.checks.folding import fold
from rostrum.checks.scorer import BITS, Scorer, padded, runs

FOLDS = 5


def rows(folder: Path) -> list[tuple[str, str, int, str]]:
    """(set, text, label, group) of every example."""
    found: list[tuple[str, str, int, str]] = []
    with (folder / "davidson_a_2000.csv").open(newline="") as source:
        found += [("davidson", r["text"], int(r["cls"] != "2"), f"d{n}") for n, r in enumerate(csv.DictReader(source))]
    with (folder / "surge_toxicity_a.csv").open(newline="") as source:
        found += [("surge", r["text"], int(r["is_toxic"] == "Toxic"), f"s{n}") for n, r in enumerate(csv.DictReader(source))]
    with (folder / "hatecheck_odd.csv").open(newline="") as source:
        found += [("hatecheck", r["test_case"], int(r["label_gold"] == "hateful"), f"h{r['templ_id']}")
                  for r in csv.DictReader(source)]  # fmt: skip
    with (folder / "xstest_odd.csv").open(newline="") as source:
        found += [("xstest", r["prompt"], 0, f"x{r['id']}") for r in csv.DictReader(source) if r["label"] == "safe"]
    with (folder / "schoolposts_dev.jsonl").open() as source:
        found += [("school", json.loads(line)["text"], 0, f"p{n}") for n, line in enumerate(source)]
    return found


def matrix(texts: list[bytes]) -> Any:
    """The runs of each text as a sparse matrix, scaled as the scorer scales them."""
    from scipy.sparse import csr_matrix

    columns, values, starts = [], [], [0]
    for text in texts:
        part = padded(text)
        places = np.concatenate(runs(part))
        columns.append(places)
        values.append(np.full(len(places), 1 / np.sqrt(len(part))))
        starts.append(starts[-1] + len(places))
    shape = (len(texts), 1 << BITS)
    made = csr_matrix((np.concatenate(values), np.concatenate(columns), np.array(starts)), shape=shape)
    made.sum_duplicates()
    return made


def fit(features: Any, labels: Any, weight: Any, strength: float) -> tuple[Any, float]:
    """Weights and bias of a logistic regression."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=400, solver="liblinear")
    model.fit(features, labels, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def quantised(weights: Any, bias: float, threshold: float) -> Scorer:
    """The model in whole numbers of one byte."""
    top = np.quantile(np.abs(weights[weights != 0]), 0.9995)
    scale = float(top / 127)
    return Scorer(np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale, bias, threshold)


def figures(name: str, labels: Any, said: Any) -> str:
    """Precision, recall, F1 and balanced accuracy in one line."""
    right = int((labels & said).sum())
    precision, recall = right / max(1, int(said.sum())), right / max(1, int(labels.sum()))
    passed = float((1 - said)[labels == 0].mean()) if (labels == 0).any() else float("nan")
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    balanced = (recall + passed) / 2
    return f"{name:10} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  balanced {balanced:.3f}  false {1 - passed:.4f}"


def main() -> int:
    """Trains, says how good it is on texts it has not seen, and writes the model if asked to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--write", type=Path)
    options.add_argument("--strength", type=float, default=8.0)
    options.add_argument("--threshold", type=float, default=0.6)
    asked = options.parse_args()
    examples = rows(asked.data)
    sets = np.array([example[0] for example in examples])
    labels = np.array([example[2] for example in examples])
    folded = [fold(example[1]).data for example in examples]
    groups = sorted({example[3] for example in examples})
    np.random.default_rng(5).shuffle(groups)
    fold_of = {group: n % FOLDS for n, group in enumerate(groups)}
    folds = np.array([fold_of[example[3]] for example in examples])
    features = matrix(folded)
    heavy = {"davidson": 0.5, "surge": 2.5, "hatecheck": 1.0, "xstest": 3.0, "school": 0.5}
    weight = np.array([heavy[name] for name in sets])
    scores = np.zeros(len(examples))
    for n in range(FOLDS):
        weights, bias = fit(features[folds != n], labels[folds != n], weight[folds != n], asked.strength)
        model = quantised(weights, bias, 0)
        held = np.flatnonzero(folds == n)
        scores[held] = model.score_many([folded[place] for place in held])
    engine = Engine(scorer=None)
    ruled = np.array([int(_has_conduct(engine.check(example[1]))) for example in examples])
    for threshold in (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, asked.threshold):
        print(f"threshold {threshold}")  # noqa: T201 - a command-line tool
        for name in heavy:
            here = sets == name
            said = ((scores >= threshold) | (ruled == 1)).astype(int)
            print("  ", figures(name, labels[here], said[here]))  # noqa: T201 - a command-line tool
    for name in heavy:
        here = sets == name
        print("rules ", figures(name, labels[here], ruled[here]))  # noqa: T201 - a command-line tool
    if asked.write:
        weights, bias = fit(features, labels, weight, asked.strength)
        model = quantised(weights, bias, asked.threshold)
        np.savez_compressed(
            asked.write, weights=model._weights, scale=model._scale, bias=model._bias, threshold=asked.threshold
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
