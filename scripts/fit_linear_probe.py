"""Compares test accuracies of our linear probe with those of scikit-learn's: FEATURES ROWS RUNS C ..."""

import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression


def main(source: str, rows: str, runs: str, *strengths: str) -> None:
    images, labels = (np.load(f"{source}/{name}.npy") for name in ("images", "labels"))
    train, test = (np.load(f"{rows}/{part}.npy") for part in ("train", "test"))
    worst = 0.0
    for c in strengths:
        probe = LogisticRegression(C=float(c), max_iter=10000, tol=1e-6)
        probe.fit(images[train].astype(np.float64), labels[train])
        theirs = 100 * np.mean(probe.predict(images[test].astype(np.float64)) == labels[test])
        with open(f"{runs}/{c}/results.jsonl") as file:
            ours = json.loads(file.readline())["test_accuracy"]
        worst = max(worst, abs(ours - theirs))
        print(f"C {c:>6}: ours {ours:.2f}, scikit-learn {theirs:.2f}")
    if worst > 0.1:
        sys.exit(f"check-linear-probe: {worst:.2f} points apart, at most 0.1 expected")


main(*sys.argv[1:])
