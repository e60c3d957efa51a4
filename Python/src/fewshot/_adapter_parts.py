"""The content of adapter.safetensors, checked: the tensors and numbers of a fitted classifier, and its metadata."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import NoReturn

import numpy as np

from ._errors import sentence
from ._safetensors import AdapterError, Array, StoredTensor, read_safetensors

# The digest's names of the types.
_TYPE_NAMES = {"F32": "float32", "F16": "float16", "BF16": "bfloat16", "F64": "float64", "I32": "int32", "I64": "int64"}
# A channel's index is stored as float32, and below this limit every integer is exact.
_INDEX_LIMIT = 1 << 20


class AdapterParts:
    """The tensors and numbers that inference needs, each checked against the others.

    `floats` has float32 tensors, `indices` int64 ones: `key_classes` [M] and `channels` [Q]. `numbers` has the factors
    of the terms. A missing tensor means that the adapter has no such term.
    """

    def __init__(self, content: bytes, source: str) -> None:
        """Reads the bytes of an adapter.safetensors; `source` is its name in error messages."""
        self.source = source
        self.metadata, tensors = read_safetensors(content, source)
        if self.metadata.get("format") != "fewshot-adapter" or self.metadata.get("version") != "1":
            self._refuse("no adapter", "format fewshot-adapter, version 1", "name a run that fewshot-train has written")
        _require_digest(self.metadata, tensors, source)
        self.method = self._text("method")
        self.classes = self._class_names()
        self.reads_raw = self.metadata.get("features") == "raw"
        self.floats: dict[str, Array] = {}
        self.indices: dict[str, Array] = {}
        self.numbers: dict[str, float] = {}
        # Tensors called "trained.…" are the fitted parameters, kept for the record.
        stored = {
            name: self._matrix(name, tensor) for name, tensor in tensors.items() if not name.startswith("trained.")
        }
        self._take(stored)

    def _take(self, stored: Mapping[str, Array]) -> None:
        """Takes the tensors of each term with the shapes that they must have."""
        c = len(self.classes)
        widths = []  # D, by each term that states it
        if (down := stored.get("bottleneck_down")) is not None:
            self.floats["bottleneck_down"] = down  # [H×D]
            self._float(stored, "bottleneck_up", down.shape[1], down.shape[0])
            self._number("bottleneck_ratio")
            widths.append(down.shape[1])
        if "text" in stored:
            widths.append(self._float(stored, "text", c, None).shape[1])
            self.numbers["logit_scale"] = 100.0
            if "logit_scale" in self.metadata:
                self._number("logit_scale")
        if "weights" in stored:
            widths.append(self._float(stored, "weights", c, None).shape[1])
            self._float(stored, "bias", 1, c)
            self._number("linear_weight")
        if "bridge_text" in stored:
            text = self._float(stored, "bridge_text", None, None)
            self._float(stored, "bridge_log_sums", c, len(text))
            self._float(stored, "bridge_counts", 1, c)
            for name in ("bridge_slope", "bridge_offset", "gamma"):
                self._number(name)
            widths.append(text.shape[1])
        if "keys" in stored:
            widths += self._take_cache(stored, c)
        if not {"text", "weights", "bridge_text", "keys"} & self.floats.keys():
            self._refuse("no tensors that give logits", "texts, weights or keys")
        if not widths or min(widths) == 0 or min(widths) != max(widths):
            self._refuse(f"tensors of widths {widths}", "one width")
        self.width = widths[0]
        channels = self.indices.get("channels")
        if channels is not None and channels.max(initial=0) >= self.width:
            self._refuse("a channel beyond the features", f"at most {self.width - 1}")

    def _take_cache(self, stored: Mapping[str, Array], c: int) -> list[int]:
        """Takes the tensors of the cache, and returns the width that it states, if it does."""
        keys = self._float(stored, "keys", None, None)  # [M×D], or [M×Q] with channels
        m, q = keys.shape
        self._index(stored, "key_classes", m, c)
        for name in ("alpha", "beta"):
            self._number(name)
        for name, rows, columns in [("channel_weights", 1, q), ("key_strengths", 1, m), ("key_values", m, c)]:
            if name in stored:
                self._float(stored, name, rows, columns)
        if "channels" not in stored:
            return [q]
        self._index(stored, "channels", q, _INDEX_LIMIT)
        return []

    @property
    def parameter_count(self) -> int:
        """The number of values in all tensors."""
        return sum(int(tensor.size) for tensor in [*self.floats.values(), *self.indices.values()])

    def _class_names(self) -> tuple[str, ...]:
        text = self._text("classes")
        try:
            names = json.loads(text)
        except (ValueError, RecursionError):
            names = None
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            self._refuse("classes that are no list of names", "a list of class names")
        if self.metadata.get("class_count") != str(len(names)):
            self._refuse(f"{len(names)} class names", f"{self.metadata.get('class_count')} as class_count says")
        return tuple(names)

    def _matrix(self, name: str, tensor: StoredTensor) -> Array:
        if tensor.code != "F32" or len(tensor.shape) != 2:
            self._refuse(f"{name!r} of shape {list(tensor.shape)} and type {tensor.code}", "two axes of F32")
        array = tensor.array
        if not np.isfinite(array).all():
            self._refuse(f"a value of {name!r} that is not finite", "finite tensors")
        return array

    def _float(self, stored: Mapping[str, Array], name: str, rows: int | None, columns: int | None) -> Array:
        array = stored.get(name)
        if array is None:
            self._refuse(f"no {name}", "one")
        if rows not in (None, array.shape[0]) or columns not in (None, array.shape[1]):
            expected = f"[{'any' if rows is None else rows}, {'any' if columns is None else columns}]"
            self._refuse(f"{name} {list(array.shape)}", expected)
        self.floats[name] = array
        return array

    def _index(self, stored: Mapping[str, Array], name: str, count: int, limit: int) -> None:
        row = self._float(stored, name, 1, count)[0]
        del self.floats[name]
        if not ((row >= 0) & (row < limit) & (row == np.floor(row))).all():
            self._refuse(f"{name} with an entry out of range", f"whole numbers from 0 to {limit - 1}")
        self.indices[name] = row.astype(np.int64)

    def _number(self, name: str) -> None:
        text = self._text(name)
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        # float32 as in the tools; greater numbers have no finite value.
        if not abs(number) < np.finfo(np.float32).max:
            self._refuse(f"{name} {text[:40]!r}", "a number")
        self.numbers[name] = float(np.float32(number))

    def _text(self, name: str) -> str:
        if name not in self.metadata:
            self._refuse(f"no {name}", "one")
        return self.metadata[name]

    def _refuse(self, found: str, expected: str, remedy: str = "train the run again") -> NoReturn:
        raise AdapterError(sentence(self.source, found, expected, remedy))


def _require_digest(metadata: Mapping[str, str], tensors: Mapping[str, StoredTensor], source: str) -> None:
    """Compares the file with the SHA-256 that it states, which detects damage but no manipulation."""
    rest = {name: text for name, text in metadata.items() if name != "digest"}
    line = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Each text is closed by a zero byte.
    hasher = hashlib.sha256(line.encode("utf-8", "surrogatepass") + b"\0")
    for name in sorted(tensors):
        tensor = tensors[name]
        described = f"{name} {_TYPE_NAMES[tensor.code]} [{', '.join(map(str, tensor.shape))}]\0"
        hasher.update(described.encode("utf-8", "surrogatepass"))
        hasher.update(tensor.data)
    if hasher.hexdigest() != metadata.get("digest"):
        found, expected = "other content than its digest says", "the adapter as it was written"
        raise AdapterError(sentence(source, found, expected, "copy it again, or train the run again with --replace"))
