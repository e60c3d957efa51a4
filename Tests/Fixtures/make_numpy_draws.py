"""Writes draws of NumPy's legacy RandomState and of CoOp's linear probe, which the project repeats number for number.

Usage:
    python make_numpy_draws.py numpy_draws.json
"""

import json
import sys

import numpy as np

permutations = []
for seed in [0, 1, 2, 3, 42, 3407, 2**31, 2**32 - 1]:
    for count in (1, 2, 3, 16, 17, 100, 700):
        np.random.seed(seed)
        first = np.random.permutation(count).tolist()
        last = int(np.random.permutation(1 << 12)[-1])
        permutations.append({"seed": seed, "count": count, "numbers": first, "lastOfTheNext": last})

# Labels that do not come in order, of classes of several sizes; the rule of CoOp's lpclip/linear_probe.py.
train = np.array([5, 5, 2, 2, 2, 9, 9, 2, 5, 0, 0, 0, 0] + [7] * 90 + [5, 2, 9, 9, 0] * 20)
val = np.array([9, 7, 5, 2, 0] * 6 + [7] * 10)
draws = []
for seed in (1, 2, 3, 10):
    for shots in (1, 2, 4, 8, 16):
        np.random.seed(seed)
        parts = []
        for labels, count in ((train, shots), (val, min(shots, 4))):
            rows = []
            for label in np.unique(train):
                rows += np.random.choice(np.where(labels == label)[0], size=count, replace=False).tolist()
            parts.append(rows)
        draws.append({"seed": seed, "shots": shots, "train": parts[0], "val": parts[1]})

with open(sys.argv[1], "w") as file:
    json.dump(
        {"permutations": permutations, "train": train.tolist(), "val": val.tolist(), "draws": draws},
        file,
        separators=(",", ":"),
    )
    file.write("\n")
