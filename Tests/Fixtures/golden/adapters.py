"""The trained methods that adapt keys, prototypes or embeddings. Each function returns what its JSON file holds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

import features
from training import (
    BATCH,
    SCALE,
    batches,
    cosine_rates,
    cross_entropy,
    dassl_rates,
    exact,
    finished,
    fit,
    logit_gradient,
    normalized,
    parameter,
    steps_an_epoch,
    tangent,
    tensor,
)


def channels_for_training(data: features.Features, count: int, weights: Sequence[float]) -> np.ndarray:
    """The channels with the largest −w₀S + w₁Var over the class texts alone, ascending."""
    texts, classes = data.texts, features.CLASSES
    between = (texts.sum(axis=0) ** 2 - (texts**2).sum(axis=0)) / (classes * (classes - 1))
    criterion = -weights[0] * between + weights[1] * texts.var(axis=0, ddof=1)
    ordered = np.sort(criterion)[::-1]
    assert ordered[count - 1] - ordered[count] > 1e-4, "the choice of channels hangs on rounding"
    return np.sort(np.argsort(-criterion, kind="stable")[:count])


def ape_t(data: features.Features) -> dict[str, Any]:
    """z = 100·f·(T+R↑)ᵀ + α·Σ_{k of c} r_k·exp(−β(1 − f·(F_k+R↑_c))), R on the chosen channels."""
    settings: dict[str, Any] = {
        "channels": 16,
        "weights": [0.2, 0.8],
        "criterion": "texts only",
        "alpha": 1,
        "beta": 1,
        "optimizer": "AdamW",
        "learning_rate": 1e-3,
        "eps": 1e-3,
        "weight_decay": 0.1,
        "schedule": "cosine",
        "epochs": 12,
        "batch_size": BATCH,
    }
    channels = channels_for_training(data, 16, settings["weights"])
    up = tensor(np.eye(features.WIDTH)[channels])  # [Q,D]
    train, labels, texts, keys, values = (
        tensor(data.train),
        torch.tensor(data.labels),
        tensor(data.texts),
        tensor(data.keys),
        tensor(data.one_hot),
    )
    alpha, beta = settings["alpha"], settings["beta"]
    residual, value_weights = parameter(np.zeros((features.CLASSES, 16))), parameter(np.ones(len(data.labels)))

    def affinities(f: torch.Tensor) -> torch.Tensor:
        return torch.exp(-beta * (1 - f @ (keys + (residual @ up)[labels]).T))

    def logits(f: torch.Tensor) -> torch.Tensor:
        return SCALE * f @ (texts + residual @ up).T + alpha * (affinities(f) * value_weights) @ values

    def loss(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        return {"cross_entropy": cross_entropy(logits(train[rows, view]), labels[rows])}

    def gradients(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        f = train[rows, view]
        g, a = logit_gradient(logits(f), labels[rows]), affinities(f)
        d_keys = alpha * beta * (g[:, labels] * a * value_weights).T @ f
        return {
            "residual": (SCALE * g.T @ f + values.T @ d_keys) @ up.T,
            "value_weights": alpha * (g[:, labels] * a).sum(dim=0),
        }

    parameters = {"residual": residual, "value_weights": value_weights}
    optimizer = torch.optim.AdamW([residual, value_weights], lr=1, eps=1e-3, weight_decay=0.1)
    rates = cosine_rates(1e-3, 12 * steps_an_epoch(len(train)))
    run = fit(parameters, optimizer, rates, batches(data.orders, 12), loss, gradients)
    return finished(data, run, logits, settings=settings, chosen_channels=channels)


def pseudo_labelled(data: features.Features, shots: int) -> tuple[list[np.ndarray], np.ndarray]:
    """The most confident items of each predicted class, or of the class's own probability where none is predicted."""
    probability = np.exp(SCALE * data.train[:, 0] @ data.texts.T)
    probability /= probability.sum(axis=1, keepdims=True)
    predicted, chosen = probability.argmax(axis=1), []
    for c in range(features.CLASSES):
        of_class = np.flatnonzero(predicted == c)
        if len(of_class) == 0:
            of_class = np.arange(len(predicted))
        ordered = np.sort(probability[of_class, c])[::-1]
        assert -np.diff(ordered[: shots + 1]).max(initial=-1) > 1e-5, "the order of confidence hangs on rounding"
        chosen.append(of_class[np.argsort(-probability[of_class, c], kind="stable")][:shots])
    return chosen, np.bincount(predicted, minlength=features.CLASSES)


def up_adapter(data: features.Features) -> dict[str, Any]:
    """z = 100·f·Tᵀ + α·exp(−β(1 − f·Wᵀ)), one prototype a class, trained on pseudo labels."""
    settings: dict[str, Any] = {
        "shots": 3,
        "alpha": 2,
        "beta": 2,
        "optimizer": "AdamW",
        "learning_rate": 1e-3,
        "eps": 1e-4,
        "weight_decay": 0.01,
        "schedule": "cosine",
        "epochs": 12,
        "batch_size": BATCH,
    }
    alpha, beta, epochs = settings["alpha"], settings["beta"], settings["epochs"]
    chosen, predicted = pseudo_labelled(data, settings["shots"])
    assert predicted.min() == 0 and 0 < np.sort(predicted)[1] < settings["shots"], (
        "all three kinds of class are to occur"
    )
    items = np.concatenate(chosen)
    train, texts = tensor(data.train[items]), tensor(data.texts)
    labels = torch.tensor(np.repeat(np.arange(features.CLASSES), [len(c) for c in chosen]))
    random = np.random.default_rng(13)
    orders = [random.permutation(len(items)) for _ in range(epochs)]
    weight = parameter(features.unit(np.stack([data.keys[c].mean(axis=0) for c in chosen])))

    def affinities(f: torch.Tensor) -> torch.Tensor:
        return torch.exp(-beta * (1 - f @ weight.T))

    def logits(f: torch.Tensor) -> torch.Tensor:
        return SCALE * f @ texts.T + alpha * affinities(f)

    def loss(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        return {"cross_entropy": cross_entropy(logits(train[rows, view]), labels[rows])}

    def gradients(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        f = train[rows, view]
        return {"weight": alpha * beta * (logit_gradient(logits(f), labels[rows]) * affinities(f)).T @ f}

    parameters = {"weight": weight}
    optimizer = torch.optim.AdamW([weight], lr=1, eps=1e-4, weight_decay=0.01)
    rates = cosine_rates(1e-3, epochs * steps_an_epoch(len(items)))
    run = fit(parameters, optimizer, rates, batches(orders, epochs), loss, gradients)
    return finished(
        data,
        run,
        logits,
        settings=settings,
        predicted_counts=predicted,
        chosen_items=items,
        pseudo_labels=labels.numpy(),
        orders=orders,
    )


def clip_adapter(data: features.Features) -> dict[str, Any]:
    """norm(ρ·relu(relu(x·W1ᵀ)·W2ᵀ) + (1−ρ)·x) for images, for texts, and for both at once."""
    random, width, hidden = np.random.default_rng(15), features.WIDTH, features.WIDTH // 4
    starts = {
        f"{kind}_{name}": exact(random.uniform(-1, 1, size=shape) / np.sqrt(shape[1]))
        for kind in ("image", "text")
        for name, shape in (("down", (hidden, width)), ("up", (width, hidden)))
    }
    settings: dict[str, Any] = {
        "image_ratio": 0.2,
        "text_ratio": 0.2,
        "optimizer": "SGD",
        "learning_rate": 1e-3,
        "momentum": 0.9,
        "weight_decay": 5e-4,
        "schedule": "cosine",
        "epochs": 12,
        "batch_size": BATCH,
        "text_input": "T, the class texts",
        "without_a_branch": "f or T stands for its output",
    }
    runs = {"image": ["image"], "text": ["text"], "both": ["image", "text"]}
    return {
        "settings": settings,
        "initial": starts,
        **{name: clip_adapter_run(data, starts, kinds) for name, kinds in runs.items()},
        "published": clip_adapter_run(data, starts, ["image"], published=True),
    }


def clip_adapter_run(
    data: features.Features, starts: dict[str, np.ndarray], kinds: Sequence[str], published: bool = False
) -> dict[str, Any]:
    """With a cosine from 1e-3 over all steps; as published, Dassl's schedule from 2e-3."""
    ratio = 0.2
    train, labels, texts = tensor(data.train), torch.tensor(data.labels), tensor(data.texts)
    parameters = {name: parameter(start) for name, start in starts.items() if name.split("_")[0] in kinds}

    def branch(kind: str, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Hidden values, values before the last relu, the blend, and its direction."""
        hidden = torch.relu(x @ parameters[f"{kind}_down"].T)
        raised = hidden @ parameters[f"{kind}_up"].T
        blend = ratio * torch.relu(raised) + (1 - ratio) * x
        return hidden, raised, blend, normalized(blend)

    def adapted(kind: str, x: torch.Tensor) -> torch.Tensor:
        return branch(kind, x)[3] if kind in kinds else x

    def logits(f: torch.Tensor) -> torch.Tensor:
        return SCALE * adapted("image", f) @ adapted("text", texts).T

    def branch_gradients(kind: str, x: torch.Tensor, d: torch.Tensor) -> dict[str, torch.Tensor]:
        hidden, raised, blend, direction = branch(kind, x)
        d_raised = ratio * tangent(d, direction, blend) * (raised > 0)
        d_hidden = (d_raised @ parameters[f"{kind}_up"]) * (hidden > 0)
        return {f"{kind}_down": d_hidden.T @ x, f"{kind}_up": d_raised.T @ hidden}

    def loss(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        return {"cross_entropy": cross_entropy(logits(train[rows, view]), labels[rows])}

    def gradients(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        f = train[rows, view]
        closed: dict[str, torch.Tensor] = {}
        g = SCALE * logit_gradient(logits(f), labels[rows])
        if "image" in kinds:
            closed |= branch_gradients("image", f, g @ adapted("text", texts))
        if "text" in kinds:
            closed |= branch_gradients("text", texts, g.T @ adapted("image", f))
        return closed

    with torch.no_grad():
        lengths = torch.linspace(4, 12, len(data.test), dtype=torch.float64)[:, None]
        same = (
            logits(tensor(data.test))
            - SCALE * normalized(adapted("image", tensor(data.test) * lengths)) @ adapted("text", texts).T
        )
        assert same.abs().max() < 1e-10, "lengths are not to matter"
    optimizer = torch.optim.SGD(parameters.values(), lr=1, momentum=0.9, weight_decay=5e-4)
    steps = steps_an_epoch(len(train))
    rates = dassl_rates(2e-3, 12, steps) if published else cosine_rates(1e-3, 12 * steps)
    run = fit(parameters, optimizer, rates, batches(data.orders, 12), loss, gradients)
    return finished(data, run, logits)
