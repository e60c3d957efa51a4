"""One row of the benchmark as a user of PyTorch meets it; prints one JSON line.

    python peer.py ROW --data DIR [--repeat N] [--threads 2]

The methods are reference.py's. Work that would take hours is timed on a slice and scaled; `scaled` says by how much and
from what. `seconds` is the median over the repetitions, `all` holds every one of them.
"""

import argparse
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

import reference as R

Times = tuple[list[float], dict[str, Any]]  # seconds of each repetition, and what else is printed
CLUSTER = dict(
    init_alpha=6.5,
    init_beta=1.0,
    t1=0.1,
    t2=0.13,
    t3=0.07,
    ls1=10,
    ls2=20,
    ls3=0.5,
    lr=0.001,
    lr1=2.5,
    lr2=0.1,
    iw=15,
    ta=0.5,
    shots=16,
)


def load(folder: str, *names: str) -> list[torch.Tensor]:
    tensors = [torch.from_numpy(np.load(os.path.join(folder, n + ".npy"))) for n in names]
    return [t.long() if n.endswith("labels") else t for n, t in zip(names, tensors, strict=True)]


def one_hot(labels: torch.Tensor) -> torch.Tensor:
    return F.one_hot(labels).float()


def clock(body: Callable[[], object]) -> float:
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def cluster_adapter(folder: str, repeat: int) -> Times:
    """Training with the published test pass after every epoch, then the published search.

    The search runs both adapters anew for each of its 4,000 pairs. Three epochs and eight pairs are timed, and scaled
    to 30 and 4,000.
    """
    train, y, val, val_y, test, test_y, slots = load(
        folder, "train", "train_labels", "val", "val_labels", "test", "test_labels", "slots"
    )
    values, g = one_hot(y), torch.Generator().manual_seed(1)
    epochs, pairs, beta_grid, alpha_grid = 3, 8, R.grid(20, 200), R.grid(10, 20)

    def once() -> tuple[float, float]:
        orders = [torch.randperm(len(y), generator=g) for _ in range(epochs)]
        state = {}

        def fit() -> None:
            state["m"] = R.train_cluster_adapter(
                [train], y, train, values, slots, orders, test, test_y, CLUSTER, dropout=0.2
            )[1]

        training = clock(fit) * 30 / epochs
        m = state["m"]

        @torch.no_grad()
        def search() -> None:
            best = 0.0
            for i in range(pairs):
                beta, alpha = beta_grid[i * 25], alpha_grid[i]
                logits = R.zero_shot(val, m.texts()) + alpha * m.cluster(val, beta, CLUSTER["iw"])
                best = max(best, R.accuracy(logits, val_y))

        return training, clock(search) * 4000 / pairs

    parts = [once() for _ in range(repeat)]
    return [a + b for a, b in parts], dict(
        training=statistics.median(a for a, _ in parts),
        search=statistics.median(b for _, b in parts),
        scaled="3 of 30 epochs, 8 of 4,000 pairs",
    )


def tip_adapter_f(folder: str, repeat: int) -> Times:
    """One training step: forward, backward, AdamW, schedule. The mean over five steps, after two to warm up."""
    train, y, text = load(folder, "train", "train_labels", "text")
    values, w = one_hot(y), train.clone().requires_grad_(True)
    opt = torch.optim.AdamW([w], lr=1e-3, eps=1e-4)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 20 * 63)
    g = torch.Generator().manual_seed(1)

    def steps(count: int) -> None:
        for _ in range(count):
            b = torch.randint(len(y), (256,), generator=g)
            loss = F.cross_entropy(R.zero_shot(train[b], text) + 1.17 * R.cache_logits(train[b], w, values, 1.0), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            loss.item()

    steps(2)
    return [clock(lambda: steps(5)) / 5 for _ in range(repeat)], dict(scaled="")


def search(folder: str, repeat: int) -> Times:
    """The published loop: affinity, exponential and product with the one-hot values anew for each of 200 x 20 pairs.
    One pair on 4,096 of the 50,000 items is timed, after one to warm up, and scaled to all."""
    keys, y, val, val_y, text = load(folder, "train", "train_labels", "val", "val_labels", "text")
    values, items = one_hot(y), 4096
    x, labels = val[:items], val_y[:items]

    @torch.no_grad()
    def pair(beta: float = 3.0, alpha: float = 1.0) -> float:
        return R.accuracy(R.zero_shot(x, text) + alpha * R.cache_logits(x, keys, values, beta), labels)

    accuracy = pair()
    scale = 4000 * len(val) / items
    return [clock(pair) * scale for _ in range(repeat)], dict(
        scaled="1 of 4,000 pairs on 4,096 of 50,000 items", slice_accuracy=accuracy
    )


ROWS = {"cluster-adapter": cluster_adapter, "tip-adapter-f": tip_adapter_f, "search": search}

if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("row", choices=ROWS)
    p.add_argument("--data", required=True)
    p.add_argument("--repeat", type=int, default=3)
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    times, more = ROWS[a.row](a.data, a.repeat)
    print(
        json.dumps(
            dict(
                row=a.row,
                seconds=statistics.median(times),
                least=min(times),
                all=times,
                peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                peer=f"PyTorch {torch.__version__}",
                **more,
            )
        )
    )
