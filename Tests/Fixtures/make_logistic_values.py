"""Writes logistic_values.json: what scikit-learn's logistic regression makes of some features of very different scales.

Needs numpy and scikit-learn (made with 1.9.1). `newton-cholesky` goes to the exact optimum for every C.
"""

import json
import pathlib
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

PENALTIES = [1e6, 1e4, 1e2, 1.0, 1e-2, 1e-4, 1e-6]


def features(
    generator: np.random.Generator, centres: np.ndarray, scales: np.ndarray, mean: np.ndarray, rows: int
) -> tuple[np.ndarray, np.ndarray]:
    labels = np.arange(rows) % len(centres)
    x = mean + scales * (centres[labels] + generator.normal(size=(rows, len(scales))))
    return np.round(x, 4).astype(np.float32).astype(np.float64), labels


def case(name: str, seed: int, rows: int, width: int, classes: int) -> dict[str, Any]:
    generator = np.random.default_rng(seed)
    scales = 4.0 / (1 + np.arange(width))
    mean, centres = generator.normal(size=width) * 3, generator.normal(size=(classes, width)) * 0.7
    x, y = features(generator, centres, scales, mean, rows)
    queries, _ = features(generator, centres, scales, mean, 120)
    fits = []
    for c in PENALTIES:
        fit = LogisticRegression(C=c, solver="newton-cholesky", tol=1e-12, max_iter=10000).fit(x, y)
        z = x @ fit.coef_.T + fit.intercept_
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        p[np.arange(rows), y] -= 1
        slope = np.abs(fit.coef_ / (c * rows) + p.T @ x / rows).max()
        assert slope < 1e-10, (name, c, slope)
        z = queries @ fit.coef_.T + fit.intercept_
        top = np.sort(z, 1)
        close = ((top[:, -1] - top[:, -2]) / np.abs(z).max(1)).min()
        print(name, c, "slope", slope, "closest call", close, "largest weight", np.abs(fit.coef_).max())
        entry = {"c": c, "predictions": fit.predict(queries).tolist()}
        if c in (1e2, 1.0, 1e-2):
            entry["weights"] = [float(f"{v:.8g}") for v in fit.coef_.ravel()]
            entry["bias"] = [float(f"{v:.8g}") for v in fit.intercept_]
        fits.append(entry)
    return {
        "name": name,
        "rows": rows,
        "width": width,
        "classCount": classes,
        "features": [float(f"{v:.6g}") for v in x.ravel()],
        "labels": y.tolist(),
        "queries": [float(f"{v:.6g}") for v in queries.ravel()],
        "fits": fits,
    }


if __name__ == "__main__":
    cases = [case("more rows than columns", 1, 90, 12, 5), case("fewer rows than columns", 2, 20, 40, 4)]
    pathlib.Path(__file__).with_name("logistic_values.json").write_text(json.dumps(cases) + "\n")
