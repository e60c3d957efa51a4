"""Reads the feature files and adapters of scripts/check-interop in the current folder: SOURCE."""

import glob
import json
import os
import sys

import h5py
import hdf5plugin  # noqa: F401  makes h5py read filter 32015
import numpy as np
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


check_features(sys.argv[1])
check_adapters()
print("h5py, hdf5plugin and safetensors read what was written")
