"""Reads the feature files, adapters and items of scripts/check-interop in the current folder: SOURCE."""

import glob
import json
import os
import sys

import h5py
import hdf5plugin  # noqa: F401  makes h5py read filter 32015
import numpy as np
import pyarrow.parquet
from safetensors.numpy import load_file


def check_features(source: str) -> None:
    images, labels = (np.load(f"{source}/{name}.npy") for name in ("images", "labels"))
    for part in ("train", "val", "test"):
        wanted = np.load(f"{source}/{part}.npy")
        for form in ("hot", "packed"):
            with h5py.File(f"{form}/{part}.h5") as file:
                assert np.array_equal(file["features"][:, 0], images[wanted]), (form, part, "features")
                assert np.array_equal(file["labels"][:], labels[wanted]), (form, part, "labels")
                assert file.attrs["part"] in (part, part.encode()), (form, part, "attribute")
                json.loads(file.attrs["provenance"])


def check_adapters() -> None:
    adapters = sorted(glob.glob("runs/**/adapter.safetensors", recursive=True))
    assert len(adapters) == 2, adapters
    for path in adapters:
        tensors = load_file(path)
        assert tensors and all(np.isfinite(t).all() for t in tensors.values()), path
        print(os.path.basename(os.path.dirname(path)), {name: t.shape for name, t in tensors.items()})


def check_items() -> None:
    table = pyarrow.parquet.read_table("items.parquet")
    with open("items.jsonl", encoding="utf-8") as file:
        items = [json.loads(line) for line in file]
    rows = table.to_pylist()
    assert len(rows) == len(items) == 576, len(rows)
    for row, item in zip(rows, items, strict=True):
        assert row["id"] == item["item"] and all(row[name] == item[name] for name in ("subset", "label", "right"))
        classes = [("prediction", "confidence"), ("class_2", "probability_2"), ("class_3", "probability_3")]
        for (name, probability), found in zip(classes, item["classes"], strict=True):
            assert row[name] == found["name"], row
            assert np.float32(row[probability]) == np.float32(found["probability"]), row
        assert np.float32(row["x"]) == np.float32(item["x"]) and np.float32(row["y"]) == np.float32(item["y"])
    print("items", table.schema.names)


check_features(sys.argv[1])
check_adapters()
check_items()
print("h5py, hdf5plugin, safetensors and pyarrow read what was written")
