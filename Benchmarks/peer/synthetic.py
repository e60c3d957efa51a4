"""Writes the features that both sides of a benchmark row read: CLIP-like, synthetic, the same for a given shape.

    python synthetic.py ROW OUT_DIR

A CLIP image feature is mostly what all images share, then its class, then itself. A row here is a common direction, a
class prototype and noise in the squared proportions 60 : 10 : 30. Prototypes and half of the noise lie in one subspace
of 32 dimensions, so that classes get in each other's way: cosines run from .31 to .82 around .60, zero-shot classifies
half to three quarters of the items, Tip-Adapter 8 points more and a searched one 20. All rows are unit float32. Files:
train/val/test.npy [N,D], *_labels.npy [N] int32, text.npy [C,D] and slots.npy [16,C,D].
"""

import os
import sys

import numpy as np

SHAPES = {
    "cluster-adapter": dict(classes=196, shots=16, width=1024, val=1635, test=8041),
    "tip-adapter-f": dict(classes=1000, shots=16, width=1024, val=0, test=0),
    "search": dict(classes=1000, shots=16, width=1024, val=50000, test=0),
}


def unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def features(classes: int, shots: int, width: int, val: int, test: int, seed: int = 1) -> dict[str, np.ndarray]:
    g = np.random.default_rng(seed)
    basis = np.linalg.qr(g.standard_normal((width, 32)))[0].T.astype(np.float32)

    def free(*shape: int) -> np.ndarray:
        return unit(g.standard_normal((*shape, width), dtype=np.float32))

    def shared(*shape: int) -> np.ndarray:
        return unit(g.standard_normal((*shape, 32), dtype=np.float32)) @ basis

    common, apart, prototypes = free(), free(), shared(classes)

    def weight(square: float) -> np.float32:
        return np.float32(square**0.5)

    def images(labels: np.ndarray) -> np.ndarray:
        n = len(labels)
        return unit(weight(0.6) * common + weight(0.1) * prototypes[labels] + weight(0.15) * (shared(n) + free(n)))

    out = {}
    for part, labels in (
        ("train", np.repeat(np.arange(classes), shots)),
        ("val", np.arange(val) % classes),
        ("test", np.arange(test) % classes),
    ):
        out[part], out[part + "_labels"] = images(labels), labels.astype(np.int32)
    slots = (
        np.float32(0.85) * apart
        + np.float32(0.25) * common
        + np.float32(0.2) * prototypes
        + np.float32(0.1) * shared(classes)
    )
    out["slots"] = unit(slots + np.float32(0.15) * free(16, classes))
    out["text"] = unit(out["slots"].mean(0))
    return out


if __name__ == "__main__":
    row, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for name, array in features(**SHAPES[row]).items():
        assert array.dtype in (np.float32, np.int32)
        np.save(os.path.join(folder, name + ".npy"), array)
