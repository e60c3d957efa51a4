"""The trained methods whose classifier is one vector a class. Each function returns what its JSON file holds."""

from typing import Any

import numpy as np
import torch

import features
from training import (
    BATCH,
    SCALE,
    batches,
    cross_entropy,
    dassl_rates,
    exact,
    finished,
    fit,
    logit_gradient,
    normalized,
    norms,
    parameter,
    steps_an_epoch,
    tangent,
    tensor,
    warmed_cosine_rates,
)


def task_res(data: features.Features) -> dict[str, Any]:
    """u = t0 + a·R, t = norm(u), z = 100·f·tᵀ."""
    settings: dict[str, Any] = {
        "a": 0.5,
        "optimizer": "Adam",
        "learning_rate": 2e-3,
        "eps": 1e-8,
        "coupled_weight_decay": 5e-4,
        "schedule": "dassl",
        "epochs": 12,
        "batch_size": BATCH,
        "base": "t0",
    }
    train, labels, base, a = tensor(data.train), torch.tensor(data.labels), tensor(data.raw_texts), settings["a"]
    residual = parameter(np.zeros_like(data.raw_texts))

    def logits(f: torch.Tensor) -> torch.Tensor:
        return SCALE * f @ normalized(base + a * residual).T

    def loss(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        return {"cross_entropy": cross_entropy(logits(train[rows, view]), labels[rows])}

    def gradients(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        f, u = train[rows, view], base + a * residual
        dt = SCALE * logit_gradient(logits(f), labels[rows]).T @ f
        return {"residual": a * tangent(dt, normalized(u), u)}

    parameters = {"residual": residual}
    optimizer = torch.optim.Adam([residual], lr=1, weight_decay=5e-4)
    rates = dassl_rates(2e-3, 12, steps_an_epoch(len(train)))
    run = fit(parameters, optimizer, rates, batches(data.orders, 12), loss, gradients)
    return finished(data, run, logits, settings=settings)


def clap(data: features.Features, constrained: bool = True) -> dict[str, Any]:
    """z = 100·f·norm(w)ᵀ, L = CE + (1/C)·Σ_c λ_c·‖w_c − t0_c‖²; without the penalty this is ZS-LP."""
    settings: dict[str, Any] = {
        "optimizer": "SGD",
        "learning_rate": 0.1,
        "momentum": 0.9,
        "weight_decay": 0,
        "schedule": "dassl",
        "epochs": 12,
        "batch_size": BATCH,
        "base": "t0",
        "lambda": "mean probability of the own class by 100·f·norm(t0)ᵀ over all augmented views",
    }
    train, labels, base = tensor(data.train), torch.tensor(data.labels), tensor(data.raw_texts)
    rows, row_labels = data.augmented()
    likely = torch.softmax(SCALE * tensor(rows) @ normalized(base).T, dim=1)
    weights = torch.stack([likely[row_labels == c, c].mean() for c in range(features.CLASSES)])
    if not constrained:
        weights = torch.zeros_like(weights)
        settings["lambda"] = "zero"
    prototypes = parameter(data.raw_texts)

    def logits(f: torch.Tensor) -> torch.Tensor:
        return SCALE * f @ normalized(prototypes).T

    def loss(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        terms = {"cross_entropy": cross_entropy(logits(train[rows, view]), labels[rows])}
        if constrained:
            terms["penalty"] = (weights * ((prototypes - base) ** 2).sum(dim=1)).mean()
        return terms

    def gradients(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        f = train[rows, view]
        dp = SCALE * logit_gradient(logits(f), labels[rows]).T @ f
        pull = 2 * weights[:, None] * (prototypes - base) / features.CLASSES
        return {"prototypes": tangent(dp, normalized(prototypes), prototypes) + pull}

    parameters = {"prototypes": prototypes}
    optimizer = torch.optim.SGD([prototypes], lr=1, momentum=0.9)
    rates = dassl_rates(0.1, 12, steps_an_epoch(len(train)))
    run = fit(parameters, optimizer, rates, batches(data.orders, 12), loss, gradients)
    return finished(data, run, logits, settings=settings, **{"lambda": weights.numpy()})


def zs_lp(data: features.Features) -> dict[str, Any]:
    return clap(data, constrained=False)


def lp_plus_plus(data: features.Features) -> dict[str, Any]:
    """z = f·Wᵀ + b + α∘(f·Tᵀ) on the whole batch."""
    settings: dict[str, Any] = {
        "view": 1,
        "iterations": 60,
        "momentum": 0.9,
        "bias": "starts at zero",
        "weight": "starts at the sum of a class's rows",
        "alpha_update": "at iterations 10, 20, ... (from 1), after the other step, by gradients of before it",
        "choice": "the last iteration with the best validation accuracy",
    }
    return {
        "settings": settings,
        "accumulated": lp_plus_plus_run(data, settings, True),
        "fresh": lp_plus_plus_run(data, settings, False),
    }


def lp_plus_plus_run(data: features.Features, settings: dict[str, Any], accumulate: bool) -> dict[str, Any]:
    f, labels, texts = tensor(data.train[:, settings["view"]]), torch.tensor(data.labels), tensor(data.texts)
    similarity, count = f @ texts.T, len(data.labels)
    own = torch.stack([similarity[labels == c, c].mean() for c in range(features.CLASSES)]).mean().item()
    weight = parameter(data.one_hot.T @ data.train[:, settings["view"]])
    bias, alpha = parameter(np.zeros(features.CLASSES)), parameter(np.full(features.CLASSES, 250 * own))
    rate = 4 * count / torch.linalg.eigvalsh(f.T @ f)[-1].item()
    alpha_rate = count / (4 * (similarity**2).sum(dim=0).max().item())
    optimizer = torch.optim.SGD([weight, bias], lr=rate, momentum=settings["momentum"])

    def logits(rows: torch.Tensor) -> torch.Tensor:
        return rows @ weight.T + bias + alpha * (rows @ texts.T)

    losses, alphas, accuracies, gathered = [], [], [], torch.zeros_like(alpha)
    for iteration in range(1, settings["iterations"] + 1):
        optimizer.zero_grad()
        alpha.grad = None
        z = logits(f)
        loss = cross_entropy(z, labels)
        loss.backward()
        g = logit_gradient(z.detach(), labels)
        closed = ((weight, g.T @ f), (bias, g.sum(dim=0)), (alpha, (g * similarity).sum(dim=0)))
        for p, d in closed:
            assert (p.grad - d).abs().max() < 1e-10 * (p.grad.abs().max() + 1e-9)
        gathered = gathered + alpha.grad if accumulate else alpha.grad
        optimizer.step()
        losses.append(loss.item())
        with torch.no_grad():
            if iteration % 10 == 0:
                alpha -= alpha_rate * gathered
                alphas.append(alpha.tolist())
            accuracies.append(data.accuracy(logits(tensor(data.val)).numpy()))
            if accuracies[-1] == max(accuracies):
                chosen, chosen_logits = iteration, logits(tensor(data.test)).numpy()
    run = {
        "losses": losses,
        "alphas": alphas,
        "val_accuracies": accuracies,
        "norms": norms({"weight": weight, "bias": bias}),
        "chosen_iteration": chosen,
        "chosen_test_accuracy": data.accuracy(chosen_logits),
    }
    return finished(data, run, logits, learning_rate=rate, alpha_rate=alpha_rate, initial_alpha=250 * own)


def graph_rows(nodes: np.ndarray) -> np.ndarray:
    """Row 0 of D^-½(A)D^-½ times the raw nodes: A = max(cos, 0) + I."""
    directions = features.unit(nodes)
    edges = np.maximum(directions @ directions.T, 0) + np.eye(len(nodes))
    degrees = edges.sum(axis=1) ** -0.5
    return (edges[0] * degrees[0] * degrees) @ nodes


def graph_adapter(data: features.Features) -> dict[str, Any]:
    """u = η·t0 + (1−η)·¼Σ_q(0.7·tanh(n_q·W_t + b_t) + 0.3·tanh(m_q·W_i + b_i)), t = norm(u), z = 100·f·tᵀ."""
    settings: dict[str, Any] = {
        "eta": 0.7,
        "text_share": 0.7,
        "blocks": 4,
        "optimizer": "Adam",
        "learning_rate": 1e-3,
        "eps": 1e-8,
        "coupled_weight_decay": 5e-4,
        "schedule": "dassl",
        "epochs": 12,
        "batch_size": BATCH,
        "base": "t0",
        "nodes": "t0 of the class, then the raw means of all classes c with c mod 4 = q, its own included",
    }
    random, classes, width = np.random.default_rng(9), features.CLASSES, features.WIDTH
    raw_images = data.raw["train"][:, 1:].mean(axis=1)
    images = np.stack([raw_images[data.labels == c].mean(axis=0) for c in range(classes)])
    share, blocks, eta = {"text": 0.7, "image": 0.3}, settings["blocks"], settings["eta"]

    def neighbours(means: np.ndarray) -> torch.Tensor:
        return tensor(
            np.array(
                [
                    [graph_rows(np.vstack([data.raw_texts[c], means[q::blocks]])) for q in range(blocks)]
                    for c in range(classes)
                ]
            )
        )  # [C,q,D]

    nodes = {"text": neighbours(data.raw_texts), "image": neighbours(images)}
    starts = {name: exact(random.uniform(-1, 1, size=(width, width)) / np.sqrt(width)) for name in nodes}
    weights = {name: parameter(start) for name, start in starts.items()}
    biases = {name: parameter(np.zeros((classes, width))) for name in nodes}
    train, labels, base = tensor(data.train), torch.tensor(data.labels), tensor(data.raw_texts)

    def outputs(name: str) -> torch.Tensor:
        return torch.tanh(nodes[name] @ weights[name] + biases[name][:, None, :])

    def mixed() -> torch.Tensor:
        return eta * base + (1 - eta) * sum(share[name] * outputs(name).mean(dim=1) for name in nodes)

    def logits(f: torch.Tensor) -> torch.Tensor:
        return SCALE * f @ normalized(mixed()).T

    def loss(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        return {"cross_entropy": cross_entropy(logits(train[rows, view]), labels[rows])}

    def gradients(view: int, rows: np.ndarray) -> dict[str, torch.Tensor]:
        f, u = train[rows, view], mixed()
        closed: dict[str, torch.Tensor] = {}
        du = tangent(SCALE * logit_gradient(logits(f), labels[rows]).T @ f, normalized(u), u)
        for name, node in nodes.items():
            d = (1 - eta) * share[name] / blocks * du[:, None, :] * (1 - outputs(name) ** 2)
            closed[f"{name}_weight"] = torch.einsum("cqi,cqj->ij", node, d)
            closed[f"{name}_bias"] = d.sum(dim=1)
        return closed

    parameters = {
        f"{name}_{kind}": tensors[name] for name in nodes for kind, tensors in (("weight", weights), ("bias", biases))
    }
    optimizer = torch.optim.Adam(parameters.values(), lr=1, weight_decay=5e-4)
    rates = dassl_rates(1e-3, 12, steps_an_epoch(len(train)))
    run = fit(parameters, optimizer, rates, batches(data.orders, 12), loss, gradients)
    return finished(
        data, run, logits, settings=settings, initial={f"{name}_weight": start for name, start in starts.items()}
    )


def cross_modal(data: features.Features) -> dict[str, Any]:
    """z = 100·x·Wᵀ, where x are image rows and prompt rows; W starts at the class texts."""
    settings: dict[str, Any] = {
        "optimizer": "AdamW",
        "learning_rate": 1e-3,
        "eps": 1e-8,
        "weight_decay": 0.01,
        "schedule": "warmed cosine",
        "warm_up_steps": 50,
        "warm_up_rate": 1e-5,
        "epochs": 20,
        "batch_size": BATCH,
        "text_batch_size": BATCH,
        "rates": "1e-5 at step 0; rate·i/50 at steps i = 1..49; then rate/2·(1+cos(π(i−50)/steps))",
    }
    prompts, steps = data.prompts.reshape(-1, features.WIDTH), 20 * steps_an_epoch(len(data.labels))
    random = np.random.default_rng(11)
    drawn = np.concatenate([random.permutation(len(prompts)) for _ in range(-(-steps * BATCH // len(prompts)))])
    text_batches = drawn[: steps * BATCH].reshape(steps, BATCH)
    train, labels = tensor(data.train), torch.tensor(data.labels)
    weight = parameter(data.texts)

    def logits(f: torch.Tensor) -> torch.Tensor:
        return SCALE * f @ weight.T

    def batch(view: int, rows: np.ndarray, text_rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        return (
            torch.cat([train[rows, view], tensor(prompts[text_rows])]),
            torch.cat([labels[rows], torch.tensor(text_rows // features.PROMPTS)]),
        )

    def loss(*step: Any) -> dict[str, torch.Tensor]:
        x, y = batch(*step)
        return {"cross_entropy": cross_entropy(logits(x), y)}

    def gradients(*step: Any) -> dict[str, torch.Tensor]:
        x, y = batch(*step)
        return {"weight": SCALE * logit_gradient(logits(x), y).T @ x}

    parameters = {"weight": weight}
    optimizer = torch.optim.AdamW([weight], lr=1, eps=1e-8, weight_decay=0.01)
    both = [(view, rows, text) for (view, rows), text in zip(batches(data.orders, 20), text_batches, strict=True)]
    run = fit(parameters, optimizer, warmed_cosine_rates(1e-3, steps), both, loss, gradients)
    return finished(data, run, logits, settings=settings, text_batches=text_batches)
