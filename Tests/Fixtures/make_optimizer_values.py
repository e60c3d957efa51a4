"""Prints what PyTorch's optimizers make of two steps, and schedules of a learning rate.

The numbers stand in OptimizerTests.swift and LearningRateTests.swift.
"""

from collections.abc import Callable
from typing import Any

import torch

G = [[0.1, -0.2, 0.3], [0.3, 0.1, -0.1]]


def run(make: Callable[[list[torch.Tensor]], torch.optim.Optimizer]) -> list[float]:
    p = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
    optimizer = make([p])
    for g in G:
        p.grad = torch.tensor(g)
        optimizer.step()
    return p.tolist()


def rates(
    base: float,
    count: int,
    successor: Callable[[torch.optim.Optimizer], Any],
    warm: tuple[int, Callable[[int], float] | None],
) -> list[float]:
    """`warm` at each step below its length, and from there on `successor` from its own start."""
    length, first = warm
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base)
    schedule = successor(optimizer)
    out = []
    for step in range(count):
        if first and step < length:
            out.append(first(step))
            continue
        out.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return out


def cosine(length: int) -> Callable[[torch.optim.Optimizer], Any]:
    return lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, float(length))


if __name__ == "__main__":
    print("AdamW", run(lambda p: torch.optim.AdamW(p, lr=0.05, eps=1e-4)))
    print("Adam", run(lambda p: torch.optim.Adam(p, lr=0.05, eps=1e-4, weight_decay=0.1)))
    print("SGD", run(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=5e-4)))
    print("cosine, 6 steps from 0.001", rates(0.001, 6, cosine(6), (0, None)))
    print("Dassl, 5 epochs from 0.002", rates(0.002, 5, cosine(5), (1, lambda e: 1e-5)))
    print("warm-up of 3, 8 steps from 0.001", rates(0.001, 8, cosine(8), (3, lambda t: 0.001 * t / 3 if t else 1e-5)))
