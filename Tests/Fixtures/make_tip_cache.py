"""Writes a small cache folder as Tip-Adapter's code does: 3 classes, 2 shots, features 4 wide.

    python make_tip_cache.py tip-cache

The keys of 1 shot are 6 wide, as if they were left from another model; the values of 4 shots are not one-hot.
"""

import sys
from pathlib import Path

import torch

folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)


def features(rows: int, width: int) -> torch.Tensor:
    # Exact in half precision, and no two rows alike.
    return ((torch.arange(rows * width).reshape(rows, width) * 7 % 23 - 9) / 8).half()


def save(name: str, tensor: torch.Tensor) -> None:
    torch.save(tensor, folder / f"{name}.pt")


for shots, width in ((1, 6), (2, 4), (4, 4)):
    save(f"keys_{shots}shots", features(3 * shots, width).permute(1, 0))
    values = torch.nn.functional.one_hot(torch.arange(3).repeat_interleave(shots)).half()
    if shots == 4:
        values[5, 0] = 1
    save(f"values_{shots}shots", values)
save("val_f", features(5, 4))
save("val_l", torch.tensor([0, 1, 2, 2, 1]))
save("test_f", features(7, 4))
save("test_l", torch.tensor([2, 1, 0, 0, 1, 2, 0]))
