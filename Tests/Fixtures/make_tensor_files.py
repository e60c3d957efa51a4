"""Writes small tensor files with numpy, safetensors and torch, and what must be read out of them.

    python make_tensor_files.py tensors

`expected.json` maps each file to its tensors by name: shape, type, and the SHA-256 of the row-major, little-endian
bytes. Made with numpy 2, safetensors 0.8 and torch 2.13; other versions may write other bytes of the same tensors.
"""

import argparse
import hashlib
import json
import pickle
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import safetensors.torch
import torch

folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)
expected: dict[str, Any] = {}
generator = numpy.random.default_rng(5)


def note(file: str, tensors: dict[str, Any]) -> None:
    entry = {}
    for name, tensor in tensors.items():
        if isinstance(tensor, torch.Tensor):
            kind = str(tensor.dtype).removeprefix("torch.")
            flat = tensor.detach().contiguous().reshape(-1)
            raw = bytes(flat.view(torch.uint8).numpy()) if tensor.numel() else b""
        else:
            kind = tensor.dtype.name
            raw = tensor.astype(tensor.dtype.newbyteorder("<")).tobytes("C")
        entry[name] = {"shape": list(tensor.shape), "type": kind, "sha256": hashlib.sha256(raw).hexdigest()}
    expected[file] = entry


def array(kind: str, *shape: int) -> numpy.ndarray:
    if kind == "bool":
        return generator.integers(0, 2, shape).astype(bool)
    if kind.startswith(("int", "uint")):
        info = numpy.iinfo(kind)
        return generator.integers(info.min, info.max, shape, dtype=kind)
    return generator.normal(size=shape).astype(kind)


def save_array(name: str, value: numpy.ndarray, version: tuple[int, int] | None = None) -> None:
    with open(folder / f"{name}.npy", "wb") as file:
        numpy.lib.format.write_array(file, value, version=version)
    if value.dtype.kind not in "US":
        note(f"{name}.npy", {"": value})


kinds = ["float16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64", "bool"]
for kind in kinds:
    save_array(f"c-{kind}", array(kind, 3, 5))
save_array("fortran", numpy.asfortranarray(array("float32", 3, 4, 5)))
save_array("fortran-one-axis", numpy.asfortranarray(array("float32", 7)))
save_array("big-endian", array("float32", 4, 3).astype(">f4"))
save_array("big-endian-fortran", numpy.asfortranarray(array("int64", 4, 3).astype(">i8")))
save_array("version-2", array("float16", 2, 3), (2, 0))
save_array("version-3", array("float16", 2, 3), (3, 0))
save_array("scalar", numpy.array(1.5, "float32"))
save_array("no-rows", array("float32", 0, 5))
save_array("strings", numpy.array(["airport", "Strand", "pöhl 🌊", ""]))

tensors = {kind: torch.from_numpy(array(kind, 2, 3)) for kind in kinds}
tensors["bfloat16"] = torch.randn(4, 2, generator=torch.Generator().manual_seed(1)).bfloat16()
tensors["scalar"] = torch.tensor(2.5)
tensors["empty"] = torch.zeros(0, 3)
tensors['a "quoted" \\ näme\n🌊'] = torch.arange(3)
safetensors.torch.save_file(tensors, folder / "all.safetensors", metadata={"model": "a \t model"})
note("all.safetensors", tensors)


def save(name: str, value: Any, tensors: dict[str, Any], **settings: Any) -> None:
    torch.save(value, folder / f"{name}.pt", **settings)
    note(f"{name}.pt", tensors)


matrix = torch.from_numpy(array("float16", 6, 4))
forms: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    ("-protocol-4", {"pickle_protocol": 4}),
    ("-protocol-5", {"pickle_protocol": 5}),
    ("-legacy", {"_use_new_zipfile_serialization": False}),
    ("-legacy-protocol-4", {"_use_new_zipfile_serialization": False, "pickle_protocol": 4}),
]
for suffix, settings in forms:
    save(f"matrix{suffix}", matrix, {"": matrix}, **settings)
    save(f"transposed{suffix}", matrix.t(), {"": matrix.t()}, **settings)
    window = matrix[1:5:2, 1:3]
    wide = matrix[0].expand(3, 4)
    column = matrix[:, :1]
    nested = {
        "a": {"b": [window, wide], 7: (column,)},
        "epoch": 3,
        "rate": 0.5,
        "name": "run",
        "flag": True,
        "nothing": None,
        "big": 1 << 70,
        "size": torch.Size([2, 3]),
    }
    save(f"nested{suffix}", nested, {"a.b.0": window, "a.b.1": wide, "a.7.0": column}, **settings)
    torch.manual_seed(3)
    state = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)).state_dict()
    save(f"state{suffix}", state, dict(state), **settings)
    parameter = torch.nn.Parameter(torch.arange(4.0))
    save(f"parameter{suffix}", [parameter], {"0": parameter}, **settings)
every = {kind: torch.from_numpy(array(kind, 2, 3)) for kind in kinds}
every["bfloat16"] = tensors["bfloat16"]
every["scalar"] = torch.tensor(2.5)
every["empty"] = torch.zeros(0, 3)
save("all", every, every)
save("all-legacy", every, every, _use_new_zipfile_serialization=False)

# What training code saves beside the tensors.
training: dict[str, Any] = {
    "model_state_dict": dict(state),
    "best_accuracy": numpy.float64(83.2),
    "arguments": argparse.Namespace(rate=0.1, mean=torch.zeros(3)),
    "device": torch.device("cpu"),
    "type": torch.float16,
    "output": Path("runs"),
    "seen": {1, 2},
}
trained = {f"model_state_dict.{key}": value for key, value in state.items()}
save("training", training, trained)
save("training-protocol-4", training, trained, pickle_protocol=4)

# As a machine with an accelerator writes it.
usual = torch.serialization.location_tag
torch.serialization.location_tag = lambda storage: "cuda:0"
save("on-device", matrix.t(), {"": matrix.t()})
torch.serialization.location_tag = usual


def rezip(
    source: str, target: str, method: int, change: Callable[[str, bytes], bytes] = lambda name, data: data
) -> None:
    with zipfile.ZipFile(folder / source) as old, zipfile.ZipFile(folder / target, "w", method) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename), change(entry.filename, old.read(entry)), method)


rezip("matrix.pt", "deflated.pt", zipfile.ZIP_DEFLATED)
note("deflated.pt", {"": matrix})


def turned(name: str, data: bytes) -> bytes:
    if name.endswith("/byteorder"):
        return b"big"
    return numpy.frombuffer(data, "<f2").astype(">f2").tobytes() if "/data/" in name else data


rezip("matrix.pt", "big-endian.pt", zipfile.ZIP_STORED, turned)
note("big-endian.pt", {"": matrix})


class Command:
    def __reduce__(self) -> tuple[Any, ...]:
        import os

        return os.system, ("echo pwned",)


for suffix, settings in [("", {}), ("-legacy", {"_use_new_zipfile_serialization": False})]:
    torch.save({"weights": matrix, "other": Command()}, folder / f"command{suffix}.pt", **settings)
torch.save({"weights": matrix, "other": Command()}, folder / "command-protocol-4.pt", pickle_protocol=4)
(folder / "command-pickle.pt").write_bytes(pickle.dumps(Command()))
torch.save(torch.nn.Linear(2, 2), folder / "module.pt")
torch.save(torch.nn.Linear(2, 2).weight.to_sparse(), folder / "sparse.pt")

# Archives of arrays. The names of strings and of pickled objects are only listed.
members: dict[str, Any] = {
    "features": array("float16", 3, 4),
    "labels": numpy.array([2, 0, 1]),
    "big": array("float32", 2, 3).astype(">f4"),
}
others: dict[str, Any] = {"names": numpy.array(["bee", "ant", "cat"]), "objects": numpy.array([{}, []], dtype=object)}
numpy.savez(folder / "arrays.npz", **members, **others)
numpy.savez_compressed(folder / "compressed.npz", **members, **others)
note("arrays.npz", members)
note("compressed.npz", members)
save_array("byte-strings", numpy.array([b"airport", "pöhl".encode(), b""]))

# Lists of plain values beside tensors.
lists = {"features": matrix, "labels": [3, 1, 2], "paths": ["a.jpg", "b.jpg"], "mixed": [1, "a"], "nothing": []}
save("lists", lists, {"features": matrix})
for name, value in [("numpy", numpy.arange(3)), ("numpy-scalar", numpy.float32(1))]:
    (folder / f"{name}.pkl").write_bytes(pickle.dumps({"x": value}))

(folder / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
