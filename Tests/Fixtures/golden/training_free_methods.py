"""The methods that solve or search instead of stepping. Each function returns what its JSON file holds."""

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import scipy.optimize
import scipy.special
from sklearn.linear_model import LogisticRegression

import features
from features import unit

SCALE = 100


def first_best(
    data: features.Features, candidates: Iterable[np.ndarray], tolerance: float
) -> tuple[int, float, list[float]]:
    """The index and accuracy of the first (value, validation logits) with the best accuracy, and all accuracies.

    The choice must not hang on rounding: it stays the same if every item within `tolerance` of a tie (as a share of the
    largest logit) is counted for or against a candidate.
    """
    rows, items = np.arange(len(data.val_labels)), len(data.val_labels)
    most, best, certain = 0, -1, 0
    accuracies: list[float] = []
    possible: list[int] = []
    for index, logits in enumerate(candidates):
        others = logits.copy()
        others[rows, data.val_labels] = -np.inf
        margin = logits[rows, data.val_labels] - others.max(axis=1)
        near = tolerance * np.abs(logits).max()
        right = int((margin > 0).sum())
        accuracies.append(100 * right / items)
        possible.append(int((margin > -near).sum()))
        if right > most:
            most, best, certain = right, index, int((margin > near).sum())
    assert certain == most and max(possible[:best], default=0) < most and max(possible) <= most, (
        "a choice hangs on rounding"
    )
    return best, 100 * most / items, accuracies


def zero_shot(data: features.Features) -> dict[str, Any]:
    """z = 100·f·Tᵀ."""
    val, test = (SCALE * f @ data.texts.T for f in (data.val, data.test))
    assert 55 <= data.accuracy(test) <= 65
    return {
        "settings": {},
        "texts": data.texts,
        "raw_texts": data.raw_texts,
        "keys": data.keys,
        "logits": test,
        "val_accuracy": data.accuracy(val),
        "test_accuracy": data.accuracy(test),
    }


def gaussian_classifier(rows: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """W [D,C] and b [C] of linear discriminants with one shrunken covariance."""
    means = np.stack([rows[labels == c].mean(axis=0) for c in range(features.CLASSES)])
    centred = rows - means[labels]
    covariance = np.cov(centred.T)
    width = rows.shape[1]
    precision = width * np.linalg.inv((len(rows) - 1) * covariance + np.trace(covariance) * np.eye(width))
    return precision @ means.T, -np.log(features.CLASSES) - 0.5 * np.einsum("cd,de,ce->c", means, precision, means)


def gda(data: features.Features) -> dict[str, Any]:
    """z = 100·f·Tᵀ + α(f·W + b)."""
    alphas = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]
    weight, bias = gaussian_classifier(*data.augmented())

    def logits(f: np.ndarray, alpha: float) -> np.ndarray:
        return SCALE * f @ data.texts.T + alpha * (f @ weight + bias)

    best, accuracy, accuracies = first_best(data, (logits(data.val, a) for a in alphas), 1e-5)
    test = [logits(data.test, a) for a in alphas]
    return {
        "settings": {"alphas": alphas, "rows": "all augmented views"},
        "weight": weight,
        "bias": bias,
        "val_accuracies": accuracies,
        "chosen_alpha": alphas[best],
        "val_accuracy": accuracy,
        "test_accuracies": [data.accuracy(z) for z in test],
        "test_accuracy": data.accuracy(test[best]),
        "logits": test,
    }


def proker(data: features.Features) -> dict[str, Any]:
    """z = f·Tᵀ + K(f,X)·A, A = (K/λ + I)⁻¹(Y − X·Tᵀ), K = exp(−β(1 − cos))."""
    beta, (rows, labels) = 2, data.augmented()
    runs = []
    for strength in (0.05, 0.5):
        kernel = np.exp(-beta * (1 - rows @ rows.T))
        residual = np.eye(features.CLASSES)[labels] - rows @ data.texts.T
        solution = np.linalg.solve(kernel / strength + np.eye(len(rows)), residual)
        other = strength * np.linalg.solve(kernel + strength * np.eye(len(rows)), residual)
        assert np.allclose(solution, other, rtol=1e-9, atol=1e-12)
        val, test = (f @ data.texts.T + np.exp(-beta * (1 - f @ rows.T)) @ solution for f in (data.val, data.test))
        runs.append(
            {
                "beta": beta,
                "lambda": strength,
                "coefficients_norm": np.linalg.norm(solution),
                "logits": test,
                "val_accuracy": data.accuracy(val),
                "test_accuracy": data.accuracy(test),
            }
        )
    return {"settings": {"rows": "all augmented views, item by item", "logit_scale": 1}, "runs": runs}


def matching(data: features.Features) -> np.ndarray:
    """How well each prompt fits its class's images, [C,P]."""
    images = unit(np.stack([data.keys[data.labels == c].mean(axis=0) for c in range(features.CLASSES)]))
    return np.einsum("cd,cpd->cp", images, data.prompts)


def guided_texts(data: features.Features, scores: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray]:
    shares = scipy.special.softmax(gamma * unit(scores), axis=1)
    return shares, unit(np.einsum("cp,cpd->cd", shares, data.prompts))


def timo_candidate(
    data: features.Features, scores: np.ndarray, texts: np.ndarray, count: int, alphas: Sequence[float]
) -> list[list[np.ndarray]]:
    """The classifier with the `count` best prompts among its rows: validation and test logits for every alpha."""
    assert np.diff(np.sort(scores, axis=1), axis=1).min() > 1e-5, "the order of prompts hangs on rounding"
    order = np.argsort(-scores, axis=1, kind="stable")
    order = np.concatenate([order, order], axis=1)[:, :count]
    best_scores, best_prompts = (
        np.take_along_axis(scores, order, axis=1),
        np.take_along_axis(data.prompts, order[..., None], axis=1),
    )
    rows, labels = data.augmented()
    rows = np.vstack([(best_prompts * best_scores[..., None]).reshape(-1, features.WIDTH), rows])
    labels = np.concatenate([np.repeat(np.arange(features.CLASSES), count), labels])
    weight, bias = gaussian_classifier(rows, labels)
    return [[alpha * f @ texts.T + f @ weight + bias for alpha in alphas] for f in (data.val, data.test)]


TIMO_ALPHAS = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000, 10000]


def timo(data: features.Features) -> dict[str, Any]:
    """z = α·f·T'ᵀ + f·W + b, T' texts weighed by how well prompts fit the images, W and b from images and prompts."""
    scores = matching(data)
    shares, texts = guided_texts(data, scores, 50)
    val, test = timo_candidate(data, scores, texts, features.PROMPTS, TIMO_ALPHAS)
    best, accuracy, accuracies = first_best(data, val, 1e-5)
    return {
        "settings": {"gamma": 50, "prompts": features.PROMPTS, "alphas": TIMO_ALPHAS},
        "matching": scores,
        "shares": shares,
        "texts": texts,
        "val_accuracies": accuracies,
        "chosen_alpha": TIMO_ALPHAS[best],
        "val_accuracy": accuracy,
        "logits": test[best],
        "test_accuracy": data.accuracy(test[best]),
    }


def timo_s(data: features.Features) -> dict[str, Any]:
    """TIMO with γ chosen by the accuracy of T' alone, then the number of prompts and α together."""
    scores, gammas = matching(data), list(range(5, 101, 5))
    counts = [1 + k * (2 * features.PROMPTS - 1) // 9 for k in range(10)]
    best, _, gamma_accuracies = first_best(
        data, (data.val @ guided_texts(data, scores, gamma)[1].T for gamma in gammas), 1e-6
    )
    gamma = gammas[best]
    texts = guided_texts(data, scores, gamma)[1]
    made = [timo_candidate(data, scores, texts, count, TIMO_ALPHAS) for count in counts]
    best, accuracy, accuracies = first_best(data, [z for val, _ in made for z in val], 1e-5)
    test = made[best // len(TIMO_ALPHAS)][1][best % len(TIMO_ALPHAS)]
    return {
        "settings": {
            "gammas": gammas,
            "counts": counts,
            "alphas": TIMO_ALPHAS,
            "order": "counts outside, alphas inside, first best",
            "count_rule": "1 + floor(k(2P−1)/9), k = 0..9",
        },
        "gamma_accuracies": gamma_accuracies,
        "chosen_gamma": gamma,
        "val_accuracies": np.reshape(accuracies, (len(counts), -1)),
        "chosen_count": counts[best // len(TIMO_ALPHAS)],
        "chosen_alpha": TIMO_ALPHAS[best % len(TIMO_ALPHAS)],
        "val_accuracy": accuracy,
        "logits": test,
        "test_accuracy": data.accuracy(test),
    }


def channel_criterion(data: features.Features, weights: Sequence[float]) -> np.ndarray:
    """J: −w₀·(mean product of members, texts and keys, of different classes) + w₁·(variance of the texts)."""
    members = np.stack(
        [np.vstack([data.texts[c], data.keys[data.labels == c]]) for c in range(features.CLASSES)]
    )  # [C,S,D]
    classes, count = members.shape[:2]
    sums = members.sum(axis=1)
    between = (sums.sum(axis=0) ** 2 - (sums**2).sum(axis=0)) / (classes * (classes - 1) * count**2)
    slow = np.mean(
        [
            members[i, m] * members[j, n]
            for i in range(classes)
            for j in range(classes)
            if i != j
            for m in range(count)
            for n in range(count)
        ],
        axis=0,
    )
    assert np.allclose(between, slow, rtol=1e-10)
    return -weights[0] * between + weights[1] * data.texts.var(axis=0, ddof=1)


def ape(data: features.Features) -> dict[str, Any]:
    """z = 100·f·Tᵀ + α·Σ_{k of c} exp(−β(1 − f'·F'_k))·e^{γκ_k} on the chosen channels."""
    settings: dict[str, Any] = {
        "channels": 16,
        "weights": [0.5, 0.5],
        "beta": 5,
        "alpha": 2,
        "gamma": 0.5,
        "search_scale": [7, 7, 1],
        "search_step": [200, 20, 20],
        "loops": "beta, alpha, gamma; strictly better",
    }
    criterion = channel_criterion(data, settings["weights"])
    ordered = np.sort(criterion)[::-1]
    assert ordered[15] - ordered[16] > 1e-4, "the choice of channels hangs on rounding"
    channels = np.sort(np.argsort(-criterion, kind="stable")[: settings["channels"]])
    keys, texts = unit(data.keys[:, channels]), unit(data.texts[:, channels])
    own = scipy.special.softmax(keys @ texts.T, axis=1)[np.arange(len(keys)), data.labels]
    divergence = np.log2((1 + 1e-6) / (own + 1e-6))

    def logits(f: np.ndarray, beta: float, alpha: float, gamma: float) -> np.ndarray:
        affinity = np.exp(-beta * (1 - unit(f[:, channels]) @ keys.T))
        return SCALE * f @ data.texts.T + alpha * affinity @ (data.one_hot * np.exp(gamma * divergence)[:, None])

    (top_b, top_a, top_g), (steps_b, steps_a, steps_g) = settings["search_scale"], settings["search_step"]
    points = [
        (0.1 + i * (top_b - 0.1) / steps_b, 0.1 + j * (top_a - 0.1) / steps_a, k * top_g / steps_g)
        for i in range(steps_b)
        for j in range(steps_a)
        for k in range(steps_g)
    ]
    best, accuracy, _ = first_best(data, (logits(data.val, *point) for point in points), 2e-6)
    given, found = logits(data.test, 5, 2, 0.5), logits(data.test, *points[best])
    return {
        "settings": settings,
        "criterion": criterion,
        "chosen_channels": channels,
        "divergence": divergence,
        "logits": given,
        "val_accuracy": data.accuracy(logits(data.val, 5, 2, 0.5)),
        "test_accuracy": data.accuracy(given),
        "search": {
            "val_accuracy": accuracy,
            "test_accuracy": data.accuracy(found),
            "logits": found,
            **dict(zip(("beta", "alpha", "gamma"), points[best], strict=True)),
        },
    }


def tip_x(data: features.Features) -> dict[str, Any]:
    """z = 100·f·Tᵀ + α·exp(−β(1 − f·F_k)) − γ·φ(KL(p‖q_k)), both summed over the keys of a class."""
    settings: dict[str, Any] = {
        "beta": 5,
        "alpha": 2,
        "gamma": 1,
        "temperature": 0.5,
        "rescaling": "validation's constants for validation and test",
    }
    beta, alpha, gamma = settings["beta"], settings["alpha"], settings["gamma"]

    def log_distribution(f: np.ndarray) -> np.ndarray:
        return scipy.special.log_softmax(f @ data.texts.T / settings["temperature"], axis=1)

    def divergences(f: np.ndarray) -> np.ndarray:
        p, q = log_distribution(f)[:, None, :], log_distribution(data.keys)[None, :, :]
        return (np.exp(p) * (p - q)).sum(axis=2)

    kl, affinity = divergences(data.val), data.val @ data.keys.T
    slope = (affinity.max() - affinity.min()) / (kl.max() - kl.min())

    def logits(f: np.ndarray) -> np.ndarray:
        rescaled = affinity.min() + slope * (divergences(f) - kl.min())
        return (
            SCALE * f @ data.texts.T + (alpha * np.exp(-beta * (1 - f @ data.keys.T)) - gamma * rescaled) @ data.one_hot
        )

    val, test = logits(data.val), logits(data.test)
    return {
        "settings": settings,
        "divergence_range": [kl.min(), kl.max()],
        "affinity_range": [affinity.min(), affinity.max()],
        "divergences_norm": {"val": np.linalg.norm(kl), "test": np.linalg.norm(divergences(data.test))},
        "val_logits": val,
        "logits": test,
        "val_accuracy": data.accuracy(val),
        "test_accuracy": data.accuracy(test),
    }


def probe_gradient(
    weight: np.ndarray, bias: np.ndarray, rows: np.ndarray, one_hot: np.ndarray, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    """dW = W + C·Σ(P − Y)r, db = C·Σ(P − Y)."""
    error = strength * (scipy.special.softmax(rows @ weight.T + bias, axis=1) - one_hot)
    return weight + error.T @ rows, error.sum(axis=0)


def linear_probe(data: features.Features) -> dict[str, Any]:
    """min ½‖W‖² + C·Σ CE(r·Wᵀ + b) on raw rows of view 0, by scikit-learn."""
    rows, runs = data.raw["train"][:, 0], []
    for strength in (0.01, 1, 100):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fitted = LogisticRegression(C=strength, solver="lbfgs", tol=1e-8, max_iter=10000).fit(rows, data.labels)
        weight, bias = probe_optimum(rows, data.one_hot, strength)
        assert np.abs(fitted.coef_ - weight).max() < 1e-4 * np.abs(weight).max()
        val, test = (data.raw[part] @ fitted.coef_.T + fitted.intercept_ for part in ("val", "test"))
        optimum = {"weight_norm": np.linalg.norm(weight), "bias": bias, "logits": data.raw["test"] @ weight.T + bias}
        runs.append(
            {
                "C": strength,
                "weight_norm": np.linalg.norm(fitted.coef_),
                "bias": fitted.intercept_,
                "logits": test,
                "val_accuracy": data.accuracy(val),
                "test_accuracy": data.accuracy(test),
                "optimum": optimum,
            }
        )
    return {"settings": {"solver": "lbfgs", "tol": 1e-8, "max_iter": 10000, "rows": "raw view 0"}, "runs": runs}


def probe_optimum(rows: np.ndarray, one_hot: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """The optimum by Newton's method, for how far scikit-learn's answer is from it."""
    classes, width = one_hot.shape[1], rows.shape[1]
    extended = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.tile(np.append(np.ones(width), 0), classes)
    parameters = np.zeros((classes, width + 1))
    for _ in range(100):
        p = scipy.special.softmax(extended @ parameters.T, axis=1)
        d_weight, d_bias = probe_gradient(parameters[:, :-1], parameters[:, -1], rows, one_hot, strength)
        gradient = np.hstack([d_weight, d_bias[:, None]]).ravel()
        curvature = np.einsum("nc,cd,ni,nj->cidj", p, np.eye(classes), extended, extended) - np.einsum(
            "nc,nd,ni,nj->cidj", p, p, extended, extended
        )
        hessian = strength * curvature.reshape(len(gradient), -1) + np.diag(ridge)
        step = np.linalg.lstsq(hessian, gradient, rcond=1e-14)[0].reshape(parameters.shape)
        parameters -= step
        if np.abs(step).max() < 1e-13:
            break
    parameters[:, -1] -= parameters[:, -1].mean()
    assert np.abs(gradient).max() < 1e-9 * max(1, strength)
    return parameters[:, :-1], parameters[:, -1]
