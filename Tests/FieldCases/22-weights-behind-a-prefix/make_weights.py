"""Writes weights as `torch.save` does, without PyTorch."""

import io
import json
import os
import pickle
import sys
import types
import zipfile
from collections import OrderedDict
from pathlib import Path

STORAGES = {"F16": "HalfStorage", "F32": "FloatStorage", "BF16": "BFloat16Storage"}


def rebuild(*arguments: object) -> None:
    """Stands for PyTorch's function in the pickle."""


class Storage:
    def __init__(self, kind: type, number: int, count: int) -> None:
        self.kind, self.number, self.count = kind, number, count


class Tensor:
    def __init__(self, storage: Storage, shape: list[int]) -> None:
        self.storage, self.shape = storage, shape

    def __reduce__(self) -> tuple[object, ...]:
        strides = [1]
        for side in self.shape[:0:-1]:
            strides.insert(0, strides[0] * side)
        strides = strides if self.shape else []
        return rebuild, (self.storage, 0, tuple(self.shape), tuple(strides), False, OrderedDict())


class Pickler(pickle.Pickler):
    def persistent_id(self, value: object) -> object:
        if not isinstance(value, Storage):
            return None
        return ("storage", value.kind, str(value.number), "cpu", value.count)


def declare(module: str, name: str, value: object) -> object:
    """Lets pickles name `value` as PyTorch's own."""
    parent = sys.modules.setdefault(module, types.ModuleType(module))
    setattr(parent, name, value)
    value.__module__, value.__name__, value.__qualname__ = module, name, name  # type: ignore[attr-defined]
    return value


def save(value: object, path: str, contents: list[bytes]) -> None:
    page = io.BytesIO()
    Pickler(page, protocol=2).dump(value)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", page.getvalue())
        archive.writestr("archive/version", "3\n")
        for number, content in enumerate(contents):
            archive.writestr(f"archive/data/{number}", content)


declare("torch", "Tensor", Tensor)
declare("torch._utils", "_rebuild_tensor_v2", rebuild)
kinds = {code: declare("torch", name, type(name, (), {})) for code, name in STORAGES.items()}
data = (Path(os.environ["MODEL"]) / "open_clip_model.safetensors").read_bytes()
start = 8 + int.from_bytes(data[:8], "little")
tensors: OrderedDict[str, Tensor] = OrderedDict()
contents: list[bytes] = []
for name, entry in json.loads(data[8:start]).items():
    if name == "__metadata__":
        continue
    first, end = entry["data_offsets"]
    size = 4 if entry["dtype"] == "F32" else 2
    storage = Storage(kinds[entry["dtype"]], len(contents), (end - first) // size)  # type: ignore[arg-type]
    tensors[name] = Tensor(storage, entry["shape"])
    contents.append(data[start + first : start + end])

Path("in").mkdir(exist_ok=True)
save({"model_state_dict": tensors, "best_acc": 83.2}, "in/best.pt", contents)
inner = OrderedDict((f"model.{name}", tensor) for name, tensor in tensors.items())
state = {"epoch": 3, "global_step": 10, "pytorch-lightning_version": "2.0", "state_dict": inner}
save(state, "in/last.ckpt", contents)
save({"state_dict": OrderedDict((f"clip_model.{name}", t) for name, t in tensors.items())}, "in/wrapped.pt", contents)
