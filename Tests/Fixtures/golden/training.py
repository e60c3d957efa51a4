"""Training by autograd in float64; every step's gradients are compared with closed forms written by hand."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import torch

import features

SCALE, BATCH = 100, 8


def tensor(array: Any) -> torch.Tensor:
    return torch.tensor(array, dtype=torch.float64)


def normalized(rows: torch.Tensor) -> torch.Tensor:
    return rows / rows.norm(dim=-1, keepdim=True)


def tangent(d: torch.Tensor, direction: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """The gradient of rows v from that of directions v/‖v‖."""
    return (d - (d * direction).sum(-1, keepdim=True) * direction) / rows.norm(dim=-1, keepdim=True)


def cross_entropy(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(logits, labels)


def logit_gradient(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """∂CE/∂z = (softmax(z) − onehot(y))/B."""
    return (torch.softmax(logits, dim=1) - torch.eye(logits.shape[1], dtype=logits.dtype)[labels]) / len(labels)


def cosine_rates(rate: float, steps: int) -> list[float]:
    """½η(1+cos(πt/T)) at step t of T."""
    return [0.5 * rate * (1 + math.cos(math.pi * t / steps)) for t in range(steps)]


def dassl_rates(rate: float, epochs: int, steps_an_epoch: int) -> list[float]:
    """A whole epoch at a time: 1e-5 in epoch 0, then ½η(1+cos(π(e−1)/E))."""
    return [
        1e-5 if e == 0 else 0.5 * rate * (1 + math.cos(math.pi * (e - 1) / epochs))
        for e in range(epochs)
        for _ in range(steps_an_epoch)
    ]


def warmed_cosine_rates(rate: float, steps: int, warm_up: int = 50, least: float = 1e-5) -> list[float]:
    """1e-5 at step 0, η·i/50 at steps 1 to 49, then ½η(1+cos(π(i−50)/T)), T all steps: it ends above zero."""
    return [
        (
            least
            if i == 0
            else rate * i / warm_up
            if i < warm_up
            else 0.5 * rate * (1 + math.cos(math.pi * (i - warm_up) / steps))
        )
        for i in range(steps)
    ]


def batches(orders: Sequence[np.ndarray], epochs: int) -> Iterator[tuple[int, list[int]]]:
    """(view, rows) of every step; the last batch of an epoch may be smaller."""
    for epoch in range(epochs):
        for start in range(0, len(orders[epoch]), BATCH):
            yield 1 + epoch % (features.VIEWS - 1), list(orders[epoch][start : start + BATCH])


def fit(
    parameters: dict[str, torch.Tensor],
    optimizer: torch.optim.Optimizer,
    rates: Sequence[float],
    steps: Iterable[Any],
    loss: Callable[..., dict[str, torch.Tensor]],
    gradients: Callable[..., dict[str, torch.Tensor]],
) -> dict[str, Any]:
    """Fits the tensors in `parameters`; returns every step's loss, its terms if there are several, and tensors' norms.

    `loss` gives the terms of a step by name, `gradients` the closed form for every parameter by name.
    """
    losses: list[float] = []
    parts: dict[str, list[float]] = {}
    starts = {name: parameter.detach().clone() for name, parameter in parameters.items()}
    for rate, step in zip(rates, steps, strict=True):
        terms = loss(*step)
        total = sum(terms.values())
        optimizer.zero_grad()
        total.backward()
        with torch.no_grad():
            closed = gradients(*step)
        for name, parameter in parameters.items():
            scale = parameter.grad.abs().max() + 1e-9
            assert (parameter.grad - closed[name]).abs().max() < 1e-10 * scale, (
                f"closed-form gradient of {name} differs"
            )
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        losses.append(total.item())
        for name, term in terms.items():
            parts.setdefault(name, []).append(term.item())
    run = {"losses": losses, "parts": parts} if len(parts) > 1 else {"losses": losses}
    return run | {
        "norms": norms(parameters),
        "moved": norms({name: parameter - starts[name] for name, parameter in parameters.items()}),
    }


def norms(tensors: dict[str, torch.Tensor]) -> dict[str, float]:
    return {name: value.detach().norm().item() for name, value in tensors.items()}


def parameter(array: Any) -> torch.Tensor:
    return tensor(array).requires_grad_()


def exact(array: Any) -> np.ndarray:
    """Multiples of 1/1024, so that given weights are exact in float32."""
    return np.round(np.asarray(array) * 1024) / 1024


def steps_an_epoch(items: int) -> int:
    return -(-items // BATCH)


def finished(
    data: features.Features, run: dict[str, Any], logits: Callable[[torch.Tensor], torch.Tensor], **before: Any
) -> dict[str, Any]:
    with torch.no_grad():
        test, val = (logits(tensor(part)).numpy() for part in (data.test, data.val))
    return {**before, **run, "logits": test, "val_accuracy": data.accuracy(val), "test_accuracy": data.accuracy(test)}
