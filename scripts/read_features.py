#!/usr/bin/env python3
"""Reads mapped, compressed and virtual feature files with h5py, hdf5plugin, numpy and xxhash alone, all from PyPI.

Checks the seal, the checksums and the digests as Sources/FeatureStore/Format/FORMAT.md defines them, then prints what
is in the file. Exits with 65 if something is wrong.

    python3 scripts/read_features.py FILE_OR_FOLDER ...
"""

import hashlib
import json
import os
import struct
import sys
from typing import Any

import h5py
import hdf5plugin  # noqa: F401  (registers the zstd filter)
import numpy as np
import xxhash

PAGE = 4096
PIECE = 1 << 20


def seal_of(data: bytes) -> dict[str, Any]:
    """The seal in the first page, whose own checksum is compared."""
    first, line, checksum, rest = data[:PAGE].split(b"\n", 3)
    assert first == b"fewshot features 1", "no feature file"
    assert xxhash.xxh3_64_hexdigest(line).encode() == checksum and not rest.strip(b"\0"), "damaged first page"
    return json.loads(line)


def chunks_of(data: bytes, seal: dict[str, Any]) -> list[tuple[int, int]]:
    """Where each chunk of a packed file starts and ends."""
    table = seal.get("chunks")
    if not table:
        return []
    rows = data[table["offset"] : table["offset"] + 16 * table["count"]]
    assert xxhash.xxh3_64_hexdigest(rows) == table["checksum"], "a damaged list of chunks"
    return [(start, start + size) for start, size in struct.iter_unpack("<QQ", rows)]


def check_seal(data: bytes, seal: dict[str, Any]) -> None:
    """Everything outside the first page, the payloads and the chunks."""
    assert len(data) == seal["length"], f"{len(data)} bytes, expected {seal['length']}"
    sums, start = b"", PAGE
    open_ranges = [(p["offset"], p["offset"] + p["size"]) for p in seal["payloads"]] + chunks_of(data, seal)
    for stop, resume in [*sorted(open_ranges), (len(data), len(data))]:
        for piece in range(start, stop, PIECE):
            sums += struct.pack("<Q", xxhash.xxh3_64_intdigest(data[piece : min(piece + PIECE, stop)]))
        start = resume
    assert xxhash.xxh3_64_hexdigest(sums) == seal["seal"], "damaged bytes outside the payloads"


def check_blocks(data: bytes, seal: dict[str, Any], file: h5py.File) -> None:
    """The chunks, and the payloads block by block."""
    expected = iter(file["checksums"][...])
    for start, end in chunks_of(data, seal):
        assert xxhash.xxh3_64_intdigest(data[start:end]) == next(expected), "a damaged chunk"
    for payload in seal["payloads"]:
        end = payload["offset"] + payload["size"]
        for start in range(payload["offset"], end, payload["block"]):
            block = data[start : min(start + payload["block"], end)]
            assert xxhash.xxh3_64_intdigest(block) == next(expected), f"damaged bytes in {payload['name']}"
    assert next(expected, None) is None, "more checksums than blocks"


def check_parts(path: str, file: h5py.File) -> None:
    """The files that hold the rows of a virtual one: each is what the list says."""
    assert file["features"].is_virtual, "features of its own"
    for line in file["parts"].asstr()[...]:
        listed = json.loads(line)
        name = os.path.join(os.path.dirname(path), listed["name"])
        data = np.memmap(name, dtype=np.uint8, mode="r").tobytes()
        seal = seal_of(data)
        check_seal(data, seal)
        with h5py.File(name) as part:
            check_blocks(data, seal, part)
            assert identity(seal, part) == listed["digest"], f"other features in {name}"
            assert len(part["features"]) == listed["count"], f"other items in {name}"


def identity(seal: dict[str, Any], file: h5py.File) -> str:
    """The SHA-256 that hot, packed and virtual files of the same content share."""
    features = file["features"]
    fields = {
        "digests": seal["digests"],
        "normalized": bool(file.attrs["normalized"]),
        "part": file.attrs["part"].decode(),
        "shape": list(features.shape),
        "type": features.dtype.name,
    }
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read(path: str) -> None:
    data = np.memmap(path, dtype=np.uint8, mode="r").tobytes()
    seal = seal_of(data)
    check_seal(data, seal)
    with h5py.File(path) as file:
        check_blocks(data, seal, file)
        for name, digest in seal["digests"].items():
            found = hashlib.sha256(np.ascontiguousarray(file[name][...]).tobytes()).hexdigest()
            assert found == digest, f"other content in {name}"
        if seal["form"] == "virtual":
            check_parts(path, file)
        features = file["features"]
        values = features[...].astype(np.float32)
        norms = np.linalg.norm(values, axis=-1)
        classes = file["classes"].asstr()[...]
        print(f"{path}: {file.attrs['part'].decode()}, {seal['form']}")
        print(f"  features  {list(features.shape)} {features.dtype}, norms {norms.min():.3f} to {norms.max():.3f}")
        print(f"  identity  {identity(seal, file)}")
        print(f"  classes   {len(classes)}: {classes[0]} ... {classes[-1]}")
        if "labels" in file:
            labels = file["labels"][...]
            assert labels.min() >= 0 and labels.max() < len(classes), "a label without a class"
            if "rows" in file:
                rows, whole = file["rows"][...], file["part_labels"][...]
                assert (whole[rows] == labels).all(), "items at other places of the whole part"
                print(f"  draws     {len(rows)} of the part's {len(whole)} items")
            print(f"  labels    {labels[:5]} ..., ids {list(file['ids'].asstr()[:2])} ...")
        else:
            print(f"  prompts   {file['prompts'].asstr()[0, 0]!r} ({file['kinds'].asstr()[0]}) ...")
        print(f"  made by   {json.loads(file.attrs['provenance'])['tool']}")


def main(arguments: list[str]) -> int:
    status = 0
    for argument in arguments:
        names = [f"{part}.h5" for part in ("train", "val", "test", "text")]
        folder = [os.path.join(argument, name) for name in names if os.path.exists(os.path.join(argument, name))]
        for path in folder if os.path.isdir(argument) else [argument]:
            try:
                read(path)
            except (AssertionError, ValueError, OSError, KeyError) as error:
                print(f"{path}: {error}", file=sys.stderr)
                status = 65
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
