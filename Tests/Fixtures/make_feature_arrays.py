"""Writes features as other programs save them: archives of NumPy and dictionaries of PyTorch.

    python make_feature_arrays.py feature-arrays

18 images of 3 classes: rows 0 to 8 are train, 9 to 11 val and 12 to 17 test. Value c of row i is
((37 i + 11 c) mod 61 - 30) / 16, the class of row i is i mod 3, and text features are the rows 20 to 22.
"""

import sys
from pathlib import Path
from typing import Any

import numpy
import torch

folder = Path(sys.argv[1])
WIDTH = 8
CLASSES = ["apple", "black_cat", "car"]
SUBSETS = {"train": range(9), "val": range(9, 12), "test": range(12, 18)}


def features(rows: range) -> numpy.ndarray:
    return numpy.array([[((37 * i + 11 * c) % 61 - 30) / 16 for c in range(WIDTH)] for i in rows], "float32")


def labels(rows: range) -> numpy.ndarray:
    return numpy.array([i % 3 for i in rows])


def paths(rows: range) -> list[str]:
    return [f"images/{i}.jpg" for i in rows]


def place(name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def dictionary(rows: range) -> dict[str, Any]:
    return {"features": torch.tensor(features(rows)), "labels": torch.tensor(labels(rows)), "paths": paths(rows)}


for name, rows in SUBSETS.items():
    # CoOp's lpclip.
    numpy.savez(place(f"lpclip/{name}.npz"), feature_list=features(rows).tolist(), label_list=labels(rows).tolist())
    # CLIP_benchmark.
    torch.save(torch.tensor(features(rows)), place(f"benchmark/features_{name}.pt"))
    torch.save(torch.tensor(labels(rows)), place(f"benchmark/targets_{name}.pt"))
# cross_modal_adaptation.
few = {name: dictionary(SUBSETS[name]) for name in ("train", "val")}
torch.save(few, place("cross-modal/shot.pth"))
torch.save(dictionary(SUBSETS["test"]), place("cross-modal/test.pth"))

every = range(18)
text = features(range(20, 23))
numpy.savez(place("short-names.npz"), x=features(every), y=labels(every), t=text)
numpy.savez(place("no-names.npz"), features(every), labels(every))
numpy.savez_compressed(place("columns.npz"), features=features(every).T, labels=labels(every) + 1, text=text.T)
named = numpy.array([CLASSES[i] for i in labels(every)])
numpy.savez(place("names.npz"), image_features=features(every), labels=named, image_paths=paths(every))
numpy.savez(
    place("one-hot.npz"),
    X_train=features(SUBSETS["train"]),
    y_train=numpy.eye(3)[labels(SUBSETS["train"])],
    X_test=features(SUBSETS["test"]),
    y_test=numpy.eye(3, dtype=bool)[labels(SUBSETS["test"])],
)
for name, rows in SUBSETS.items():
    mask = numpy.zeros(18, bool)
    mask[rows] = True
    numpy.save(place(f"masks/{name}.npy"), mask)
numpy.savez(place("objects.npz"), features=features(every), labels=numpy.array([*labels(every)], dtype=object))
# A classifier per template [P×D×C], which no reader takes.
numpy.save(place("classifiers.npy"), numpy.stack([text.T, 2 * text.T]))
