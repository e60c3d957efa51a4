"""Writes the demo's features beside this file: synthetic, CLIP-like, hard enough for the methods to differ.

    python3 make_features.py        needs numpy; the same files every time

12 classes of 48 items, 64 wide, float16: images.npy [576,64], labels.npy [576], text_prompts.npy [16,12,64] (seven
templates, nine sentences), classnames.json, and the rows of each part, 20 / 8 / 20 a class: train.npy, val.npy,
test.npy.
"""

import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = [
    "circle",
    "square",
    "triangle",
    "star",
    "cross",
    "ring",
    "heart",
    "arrow",
    "crescent",
    "spiral",
    "wave",
    "lattice",
]
PER_CLASS, TRAIN, VAL, WIDTH, SUBSPACE, PROMPTS = 48, 20, 8, 64, 12, 16


def unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def main() -> None:
    g = np.random.default_rng(7)
    classes = len(NAMES)
    basis = np.linalg.qr(g.standard_normal((WIDTH, SUBSPACE)))[0].T

    def free(*shape: int) -> np.ndarray:
        return unit(g.standard_normal((*shape, WIDTH)))

    def shared(*shape: int) -> np.ndarray:
        return unit(g.standard_normal((*shape, SUBSPACE))) @ basis

    common, apart, prototypes = free(), free(), shared(classes)

    # What all images share, two looks of each class, and what is the item's own, mostly where classes differ.
    labels = np.repeat(np.arange(classes), PER_CLASS)
    looks = unit(prototypes[:, None] + 0.8 * shared(classes, 2))
    images = (
        0.70 * common
        + 0.48 * looks[labels, np.arange(len(labels)) % 2]
        + 0.32 * shared(len(labels))
        + 0.30 * free(len(labels))
    )
    # Texts know the class only roughly, each in another wording.
    text = 0.85 * apart + 0.25 * common + 0.20 * prototypes + 0.08 * shared(classes) + 0.10 * free(PROMPTS, classes)

    parts: dict[str, list[int]] = dict(train=[], val=[], test=[])
    for label in range(classes):
        rows = label * PER_CLASS + g.permutation(PER_CLASS)
        for name, some in zip(parts, np.split(rows, [TRAIN, TRAIN + VAL]), strict=True):
            parts[name] += sorted(some.tolist())

    def save(name: str, array: np.ndarray) -> None:
        np.save(os.path.join(HERE, name + ".npy"), array)

    save("images", (9 * unit(images)).astype(np.float16))
    save("labels", labels.astype(np.int32))
    save("text_prompts", (7 * unit(text)).astype(np.float16))
    for name, part in parts.items():
        save(name, np.array(part, dtype=np.int32))
    with open(os.path.join(HERE, "classnames.json"), "w") as file:
        json.dump(NAMES, file)
        file.write("\n")


if __name__ == "__main__":
    main()
