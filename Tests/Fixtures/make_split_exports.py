"""Writes split_exports.json: what CPython's json, csv and random make of a split whose names need care.

Usage:
    python3 Tests/Fixtures/make_split_exports.py > Tests/Fixtures/split_exports.json
"""

import csv
import io
import json
import random
import sys
from collections.abc import Sequence
from typing import Any

Item = tuple[str, int, str]  # path, label, class name
classes = [
    "plain",
    "under_score and space",
    "quotes \"double\" and 'single'",
    "back\\slash and / slash",
    "control \b\t\n\f\r\x01\x1f",
    "delete \x7f and \x80\x9f",
    "accents \u00e9 e\u0301 \u00df \u0130",
    "emoji \U0001f3d4\ufe0f and \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "beyond \U00010000 \U0010ffff \u2028 \u2029 \ufeff",
]


def items(part: str, counts: Sequence[int]) -> list[Item]:
    names = [name.replace("/", "|") for name in classes]
    # From the last class to the first: draws take classes in the order in which they appear.
    return [
        (f"{names[label]}/{part} {place}.jpg", label, classes[label])
        for place in range(max(counts))
        for label in reversed(range(len(classes)))
        if place < counts[label]
    ]


def dumped(value: Any) -> str:
    return json.dumps(value, indent=4, separators=(",", ": "))


def table() -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["path", "label", "class", "subset"])
    writer.writerows([[path, label, name, part] for part, found in split.items() for path, label, name in found])
    return text.getvalue()


def rows_by_label(part: list[Item]) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for row, (_, label, _) in enumerate(part):
        rows.setdefault(label, []).append(row)
    return rows


def drawn(part: list[Item], shots: int, fills_up: bool) -> list[int]:
    rows = []
    for found in rows_by_label(part).values():
        if len(found) >= shots:
            rows += random.sample(found, shots)
        else:
            rows += random.choices(found, k=shots) if fills_up else found
    return rows


def cross_modal(train_rows: list[int], val_rows: list[int], prefix: str) -> str:
    def part(found: list[Item], rows: list[int]) -> dict[str, Any]:
        data = [
            {"impath": prefix + path, "label": label, "classname": name}
            for path, label, name in (found[row] for row in rows)
        ]
        return {"data": data, "indices": rows}

    return dumped({"train": part(train, train_rows), "val": part(val, val_rows)})


train = items("train", [5, 1, 2, 3, 4, 6, 7, 1, 2])
val = items("val", [1, 2, 1, 2, 1, 2, 1, 2, 5])
test = items("test", [1] * len(classes))
split = {"train": train, "val": val, "test": test}

random.seed(3)
coop = (drawn(train, 4, False), drawn(val, 4, False))
random.seed(1)
tip = (drawn(train, 4, True), list(range(len(val))))

json.dump(
    {
        "classes": classes,
        "split": split,
        "coop": dumped(split),
        "csv": table(),
        "nothing": dumped({"train": train, "val": [], "test": []}),
        "drawnBySeed3": cross_modal(*coop, "./data/bilder \u00e9/all/"),
        "tip": cross_modal(*tip, "elsewhere/bilder \u00e9/all/"),
    },
    sys.stdout,
    indent=1,
)
print()
