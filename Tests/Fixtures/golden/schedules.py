"""The published schedules of trainings that run in Dassl, by PyTorch's own scheduler, and cross-modal's grid."""

import itertools
from typing import Any

import torch

import features


def dassl(rate: float, epochs: int) -> list[float]:
    """The rate of every epoch: one epoch at 1e-5, then PyTorch's cosine over all epochs from its start."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    rates = [1e-5]
    while len(rates) < epochs:
        rates.append(cosine.get_last_lr()[0])
        optimizer.step()
        cosine.step()
    return rates


def schedules(data: features.Features) -> dict[str, Any]:
    """CoOp's configuration of ResNet-50 for CLIP-Adapter; GraphAdapter's paper, with Dassl's warm-up."""
    # The order of the loops of train.py over the values of engine/optimizer/default.py.
    grid = itertools.product([1e-3, 1e-4], [0.0, 0.01, 1e-4], [8, 32])
    return {
        "clip-adapter": {"epochs": 200, "batch_size": 32, "rates": dassl(2e-3, 200)},
        "graph-adapter": {"epochs": 100, "batch_size": 256, "rates": dassl(1e-3, 100)},
        "cross-modal": {"grid": [list(point) for point in grid]},
    }
