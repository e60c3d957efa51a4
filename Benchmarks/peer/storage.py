"""The storage rows as a user of numpy and h5py meets them; prints one JSON line.

Usage:
    python storage.py make-packed DIR ROWS WIDTH    images.npy, labels.npy, rows/*.npy and packed_h5py.h5 in DIR
    python storage.py make-hot DIR                  DIR/hot.npy, 10 GiB without a block on disk
    python storage.py packed-read|hot-open|hot-open-first --data DIR
"""

import argparse
import functools
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Times = tuple[float, dict[str, Any]]  # seconds, and what else is printed


def make_packed(folder: str, rows: int, width: int) -> None:
    """CLIP-like float16: what all share, a class and noise, with about the byte entropies of real features."""
    import h5py
    import hdf5plugin

    g = np.random.default_rng(1)
    os.makedirs(f"{folder}/rows", exist_ok=True)
    common, classes = g.standard_normal(width, dtype=np.float32), g.standard_normal((100, width), dtype=np.float32)
    images, labels = np.empty((rows + 200, width), np.float16), np.arange(rows + 200) % 100
    for a in range(0, len(images), 8192):
        some = labels[a : a + 8192]
        x = 0.77 * common + 0.32 * classes[some] + 0.55 * g.standard_normal((len(some), width), dtype=np.float32)
        images[a : a + 8192] = 0.25 * x
    np.save(f"{folder}/images.npy", images)
    np.save(f"{folder}/labels.npy", labels.astype(np.int64))
    for part, span in (("train", (0, rows)), ("val", (rows, rows + 100)), ("test", (rows + 100, rows + 200))):
        np.save(f"{folder}/rows/{part}.npy", np.arange(*span))
    with h5py.File(f"{folder}/packed_h5py.h5", "w") as file:
        # Chunks of whole rows, half a MiB each; h5py's own choice cuts rows apart and reads slower.
        file.create_dataset(
            "features",
            data=images[:rows],
            chunks=((1 << 19) // (2 * width), width),
            shuffle=True,
            **hdf5plugin.Zstd(clevel=3),
        )


def make_hot(folder: str) -> None:
    np.lib.format.open_memmap(f"{folder}/hot.npy", mode="w+", dtype=np.float16, shape=(5_242_880, 1024)).flush()


def clock(body: Callable[[], object]) -> float:
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def packed_read(folder: str) -> Times:
    """The fastest of h5py on its own packed file and on ours, whole and in blocks; float16 as it comes."""
    import h5py
    import hdf5plugin

    def read(path: str, size: int) -> None:
        with h5py.File(path) as file:
            features = file["features"]
            for start in range(0, len(features), size):
                features[start : start + size]

    times = {}
    for name, path in (("own", f"{folder}/packed_h5py.h5"), ("ours", f"{folder}/packed/train.h5")):
        for way, size in (("whole", 1 << 40), ("blocks", 32768)):
            times[f"{name}, {way}"] = statistics.median(clock(functools.partial(read, path, size)) for _ in range(7))
    return min(times.values()), dict(peer=f"h5py {h5py.__version__} + hdf5plugin {hdf5plugin.version}", ways=times)


def first_batch(folder: str) -> None:
    np.load(f"{folder}/hot.npy", mmap_mode="r")[:256].astype(np.float32)


def hot_open(folder: str) -> Times:
    """In a process at work: the median of 200 times."""
    return statistics.median(clock(lambda: first_batch(folder)) for _ in range(200)), dict(
        peer=f"numpy {np.__version__} memmap"
    )


def hot_open_first(folder: str) -> Times:
    """As the first thing that a process does."""
    return clock(lambda: first_batch(folder)), dict(peer=f"numpy {np.__version__} memmap")


ROWS = {"packed-read": packed_read, "hot-open": hot_open, "hot-open-first": hot_open_first}


if __name__ == "__main__":
    if sys.argv[1] == "make-packed":
        make_packed(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1] == "make-hot":
        make_hot(sys.argv[2])
    else:
        p = argparse.ArgumentParser()
        p.add_argument("row", choices=ROWS)
        p.add_argument("--data", required=True)
        a = p.parse_args()
        seconds, more = ROWS[a.row](a.data)
        print(
            json.dumps(
                dict(
                    row=a.row,
                    seconds=seconds,
                    peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                    **more,
                )
            )
        )
