"""A split of ImageNet's size as a user of CPython's json and random meets it; prints one JSON line.

Usage:
    python splits.py make DIR        imagenet/classnames.txt, imagenet.txt (a listing) and split.json (CoOp's format)
                                     in DIR
    python splits.py split-build|split-read|split-draw --data DIR
"""

import argparse
import json
import os
import platform
import random
import resource
import sys
import time
from typing import Any

CLASSES, TRAIN, TEST = 1000, 1_281_167, 50_000


def make(folder: str) -> None:
    names = [(f"n{1_440_764 + 13_331 * c:08d}", f"thing number {c}") for c in range(CLASSES)]
    os.makedirs(f"{folder}/imagenet", exist_ok=True)
    with open(f"{folder}/imagenet/classnames.txt", "w") as file:
        file.writelines(f"{wnid} {name}\n" for wnid, name in names)
    # Class sizes as uneven as ImageNet's, in the order in which a file system might name the files.
    train = [
        (f"train/{names[i % CLASSES][0]}/{names[i % CLASSES][0]}_{i * 7919 % TRAIN}.JPEG", i % CLASSES)
        for i in range(TRAIN)
    ]
    test = [(f"val/{names[i % CLASSES][0]}/ILSVRC2012_val_{i + 1:08d}.JPEG", i % CLASSES) for i in range(TEST)]
    with open(f"{folder}/imagenet.txt", "w") as file:
        file.writelines(f"images/{path}\n" for path, _ in train + test)
    split = {
        "train": [(p, c, names[c][1]) for p, c in train],
        "val": [],
        "test": [(p, c, names[c][1]) for p, c in test],
    }
    with open(f"{folder}/split.json", "w") as file:
        json.dump(split, file, indent=4, separators=(",", ": "))


def build(folder: str) -> float:
    """The listing put in order and labelled as CoOp does it, then written with its json.dump."""
    start = time.perf_counter()
    with open(f"{folder}/imagenet/classnames.txt") as file:
        names = dict(line.rstrip("\n").split(" ", 1) for line in file)
    with open(f"{folder}/imagenet.txt") as file:
        paths = sorted(line.rstrip("\n").split("/") for line in file)
    parts = {}
    for part, source in (("train", "train"), ("test", "val")):
        folders = sorted({p[2] for p in paths if p[1] == source})
        label = {f: c for c, f in enumerate(folders)}
        parts[part] = [("/".join(p[1:]), label[p[2]], names[p[2]]) for p in paths if p[1] == source]
    with open(f"{folder}/split_peer.json", "w") as file:
        json.dump({"train": parts["train"], "val": [], "test": parts["test"]}, file, indent=4, separators=(",", ": "))
    return time.perf_counter() - start


def read(folder: str) -> float:
    start = time.perf_counter()
    with open(f"{folder}/split.json") as file:
        json.load(file)
    return time.perf_counter() - start


def draw(folder: str) -> float:
    with open(f"{folder}/split.json") as file:
        train = json.load(file)["train"]
    start = time.perf_counter()
    random.seed(1)
    classes: dict[int, list[Any]] = {}
    for item in train:
        classes.setdefault(item[1], []).append(item)
    drawn = [item for items in classes.values() for item in random.sample(items, 16)]
    seconds = time.perf_counter() - start
    assert len(drawn) == 16 * CLASSES
    return seconds


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        p = argparse.ArgumentParser()
        p.add_argument("row", choices=["split-build", "split-read", "split-draw"])
        p.add_argument("--data", required=True)
        a = p.parse_args()
        seconds = {"split-build": build, "split-read": read, "split-draw": draw}[a.row](a.data)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(dict(row=a.row, seconds=seconds, peak_mb=peak, peer=f"CPython {platform.python_version()}")))
