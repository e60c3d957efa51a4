"""Writes train/val/test.npy beside this file: row numbers of the synthetic features, per class 20 / 8 / 12 of 40.

    python3 make_rows.py

The features are those of ../parity/synthetic-16shot, whose own rows leave nothing to draw 16 shots from.
"""
import os
import random

CLASSES, PER_CLASS, TRAIN, VAL = 7, 40, 20, 8


def save(path, rows):
    """A version 1.0 .npy file of little-endian 64-bit integers."""
    header = "{'descr': '<i8', 'fortran_order': False, 'shape': (%d,), }" % len(rows)
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
        file.write(b"".join(row.to_bytes(8, "little") for row in rows))


if __name__ == "__main__":
    draw, parts = random.Random(1), dict(train=[], val=[], test=[])
    for label in range(CLASSES):
        rows = draw.sample(range(label * PER_CLASS, (label + 1) * PER_CLASS), PER_CLASS)
        parts["train"] += sorted(rows[:TRAIN])
        parts["val"] += sorted(rows[TRAIN:TRAIN + VAL])
        parts["test"] += sorted(rows[TRAIN + VAL:])
    for name, rows in parts.items():
        save(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".npy"), rows)
