"""Writes label_quality.json: out-of-sample probabilities of linear discriminants, and what cleanlab makes of them.

Needs numpy, scipy and cleanlab (made with cleanlab 2.9.0).
"""

import json
import pathlib
from typing import Any

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from scipy.optimize import minimize_scalar

CLASSES, FOLDS, WIDTH = 5, 4, 12


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True))


def discriminants(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """GDA-CLIP's W [D, C] and b [C]."""
    means = np.stack([x[y == c].mean(0) for c in range(CLASSES)])
    scatter = (x - means[y]).T @ (x - means[y])
    inverse = x.shape[1] * np.linalg.inv(scatter + np.trace(scatter) / (len(x) - 1) * np.eye(x.shape[1]))
    weights = inverse @ means.T
    return weights, np.log(1 / CLASSES) - 0.5 * np.einsum("cd,dc->c", means, weights)


def probabilities(x: np.ndarray, y: np.ndarray, folds: np.ndarray) -> np.ndarray:
    logits = np.zeros((len(x), CLASSES))
    for fold in range(FOLDS):
        weights, bias = discriminants(x[folds != fold], y[folds != fold])
        logits[folds == fold] = x[folds == fold] @ weights + bias

    def loss(exponent: float) -> float:
        return float(-np.log(softmax(10**exponent * logits)[np.arange(len(y)), y]).mean())

    best = minimize_scalar(loss, bounds=(-4, 2), method="bounded", options={"xatol": 1e-6})
    return softmax(10**best.x * logits)


def case(seed: int, rows: int, noise: float) -> dict[str, Any]:
    generator = np.random.default_rng(seed)
    truth = np.arange(rows) % CLASSES
    centers = generator.normal(size=(CLASSES, WIDTH))
    x = centers[truth] + noise * generator.normal(size=(rows, WIDTH)) + 1
    x = (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)
    y = truth.copy()
    y[::11] = (y[::11] + 1 + generator.integers(0, CLASSES - 1, len(y[::11]))) % CLASSES
    folds = generator.permutation(rows) % FOLDS
    p = np.round(probabilities(x.astype(np.float64), y, folds), 6).astype(np.float32)
    scores = get_label_quality_scores(y, p, method="self_confidence", adjust_pred_probs=False)
    return {
        "features": [float(f"{v:.9g}") for v in x.ravel()],
        "labels": y.tolist(),
        "folds": folds.tolist(),
        "probabilities": [float(f"{v:.9g}") for v in p.ravel()],
        "ranking": np.argsort(scores, kind="stable").tolist(),
        "issues": np.flatnonzero(find_label_issues(y, p, filter_by="confident_learning", n_jobs=1)).tolist(),
    }


if __name__ == "__main__":
    cases = [case(1, 120, 0.6), case(2, 90, 1.2)]
    for entry in cases:
        print(len(entry["issues"]), "issues of", len(entry["labels"]))
    path = pathlib.Path(__file__).parent / "label_quality.json"
    path.write_text(json.dumps({"cases": cases}) + "\n")
