"""An open feature file: its seal, structures and tables, checked for consistency with each other."""

import hashlib
import json
import math
import os
import weakref
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ._bytes import FileBytes
from ._errors import FeatureFileError, damaged, invalid, sentence
from ._seal import BlockVerifier, Payload, json_value, read_seal
from ._structures import USER_BLOCK, Dataset, RootGroup, read_root_group

_PIECE = 1 << 20
_FEATURE_BLOCK = 512 << 10
# The tables that may be large and are verified block by block on first use.
_LAZY = {"labels", "ids", "images", "rows", "part_labels"}
_ITEM_TABLES = ("labels", "ids", "classes")
_OPTIONAL_TABLES = ("images", "rows", "part_labels")
_TEXT_TABLES = ("prompts", "kinds", "classes")


@dataclass(frozen=True)
class _Table:
    """A dataset other than the features."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    offset: int

    @property
    def size(self) -> int:
        return self.dtype.itemsize * math.prod(self.shape)


class FeatureFile:
    """A feature file whose seal is verified; its tables are read on request.

    Opening takes the same time for any number of features.
    """

    def __init__(self, path: str) -> None:
        """Opens the file at `path`.

        Raises `FileNotFoundError` if it is missing, and `FeatureFileError` if it is damaged or not a feature file.
        """
        if os.path.exists(path) and not os.path.isfile(path):
            found = "a folder" if os.path.isdir(path) else "no regular file"
            raise FeatureFileError(sentence(path, found, "a feature file", "check the path"))
        try:
            self.file: BinaryIO = open(path, "rb")  # noqa: SIM115
        except FileNotFoundError:
            raise FileNotFoundError(sentence(path, "no such file", "a feature file", "check the path")) from None
        # Files that are left to the garbage collector are closed without a warning.
        weakref.finalize(self, self.file.close)
        self.path = path
        self.bytes = FileBytes(self.file, path)
        self.seal = read_seal(self.bytes)
        self.verifier = BlockVerifier(self.seal, self.bytes)
        group = read_root_group(self.bytes)
        self._read_attributes(group)
        self._read_features(group.datasets.get("features"))
        required = _TEXT_TABLES if self.part == "text" else _ITEM_TABLES
        optional = () if self.part == "text" else _OPTIONAL_TABLES
        names = [*required, *(name for name in optional if name in group.datasets)]
        self._tables = {name: self._table(name, group.datasets.get(name)) for name in names}
        self._sources = self._table("parts", group.datasets.get("parts")) if self.seal.form == "virtual" else None
        self._check()
        self.classes = self.texts("classes")

    def _read_attributes(self, group: RootGroup) -> None:
        normalized = group.numbers.get("normalized")
        version = group.numbers.get("version")
        part = group.texts.get("part")
        line = group.texts.get("provenance")
        if (
            group.texts.get("format") != "fewshot-features"
            or version is None
            or normalized is None
            or line is None
            or part not in ("train", "val", "test", "text")
        ):
            raise invalid(self.path, "incomplete attributes")
        if version != 1:
            raise FeatureFileError(sentence(self.path, f"version {version}", "1", "install a newer fewshot"))
        self.part = part
        self.normalized = bool(normalized)
        self._provenance = line

    def _read_features(self, features: Dataset | None) -> None:
        if features is None or features.dtype is None or features.dtype.kind != "f":
            raise invalid(self.path, "features of a type other than float16 and float32")
        if len(features.shape) != 3:
            raise invalid(self.path, f"features of rank {len(features.shape)}")
        self.dtype = features.dtype
        self.shape: tuple[int, int, int] = (features.shape[0], features.shape[1], features.shape[2])
        if min(self.shape) < 1 or math.prod(self.shape) * self.dtype.itemsize >> 56:
            raise FeatureFileError(
                sentence(
                    self.path,
                    f"features of the shape {list(self.shape)}",
                    "positive extents",
                    "provide at least one row with at least one value",
                )
            )
        self.features = features

    @property
    def feature_bytes(self) -> int:
        """The uncompressed size of the features in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def chunk_items(self) -> int:
        """The number of items per chunk of a compressed file."""
        return self.features.chunk[0] if self.features.chunk else 0

    def _table(self, name: str, stored: Dataset | None) -> _Table:
        if stored is None or stored.dtype is None or stored.offset is None or not all(stored.shape):
            raise invalid(self.path, f"no valid '{name}'")
        expected: tuple[int, ...]
        if name in ("labels", "ids", "images", "rows"):
            expected = self.shape[:1]
        elif name == "prompts":
            expected = self.shape[:2]
        elif name == "kinds":
            expected = self.shape[1:2]
        else:
            expected = self.shape[:1] if self.part == "text" else stored.shape[:1]
        if name in ("labels", "rows", "part_labels"):
            is_fitting = stored.dtype == np.int32 and stored.offset % 8 == 0
        elif name == "images":
            is_fitting = stored.dtype == np.uint64 and stored.offset % 8 == 0
        else:
            is_fitting = stored.dtype.kind == "S"
        if stored.shape != expected or not expected or not is_fitting:
            raise invalid(self.path, f"'{name}' of the shape {list(stored.shape)} instead of {list(expected)}")
        table = _Table(stored.dtype, stored.shape, stored.offset)
        if table.offset < USER_BLOCK or table.offset > self.bytes.size - table.size:
            raise invalid(self.path, f"'{name}' outside the file")
        return table

    def _check(self) -> None:
        """Checks that the seal and the structures name the same byte ranges, so that all bytes read are verified."""
        seal = self.seal
        if seal.form == "mapped":
            offset = self.features.offset
            if offset is None or offset % 8 or offset > seal.length - self.feature_bytes:
                raise invalid(self.path, "features outside the file")
        elif seal.form == "compressed":
            items = self.chunk_items
            if (
                not 0 < items <= self.shape[0]
                or self.features.chunk != (items, *self.shape[1:])
                or len(seal.chunks) != (self.shape[0] - 1) // items + 1
                # A small file must not decompress to more than the memory.
                or self.feature_bytes // 1024 > seal.length + (1 << 14)
            ):
                raise invalid(self.path, "features that are neither contiguous nor compressed")
        elif self.features.offset is not None or self.features.chunk is not None or self.part == "text":
            raise invalid(self.path, "stored features in a virtual file")
        if ("rows" in self._tables) != ("part_labels" in self._tables):
            raise invalid(self.path, "'rows' or 'part_labels' without the other")
        if (
            self._expected_payloads() != seal.payloads
            or set(seal.digests) != {*self._tables, "features"}
            or not USER_BLOCK <= seal.checksums <= seal.length - 8 * seal.block_count
        ):
            raise invalid(self.path, "a seal that does not match the HDF5 structures")

    def _expected_payloads(self) -> tuple[Payload, ...]:
        payloads = []
        for name, table in self._tables.items():
            width = table.dtype.itemsize
            if name in _LAZY:
                payloads.append(Payload(name, table.offset, table.size, width * max(1, _PIECE // width)))
        if self.seal.form == "mapped" and self.features.offset is not None:
            row = self.shape[2] * self.dtype.itemsize
            block = row * max(1, _FEATURE_BLOCK // row)
            payloads.append(Payload("features", self.features.offset, self.feature_bytes, block))
        return tuple(sorted(payloads, key=lambda payload: payload.offset))

    def _table_bytes(self, name: str, table: _Table) -> bytes:
        data = self.verifier.payload(name)
        return self.bytes.read(table.offset, table.size) if data is None else data

    def texts(self, name: str) -> list[str]:
        """Return the texts of a table, row by row, without their padding."""
        table = self._sources if name == "parts" else self._tables.get(name)
        if table is None:
            return []
        values = np.frombuffer(self._table_bytes(name, table), table.dtype).tolist()
        # All texts are decoded at once, which takes a third of the time.
        joined = b"\0".join(values)
        if joined.count(b"\0") != len(values) - 1:
            joined = b"\0".join(value.split(b"\0", 1)[0] for value in values)
        try:
            return joined.decode().split("\0")
        except UnicodeDecodeError:
            raise invalid(self.path, f"an entry of '{name}' that is not UTF-8") from None

    def numbers(self, name: str) -> NDArray[Any] | None:
        """Return the numbers of a table; None if the file does not have it."""
        table = self._tables.get(name)
        if table is None:
            return None
        return np.frombuffer(self._table_bytes(name, table), table.dtype)

    def labels(self, name: str = "labels") -> NDArray[np.int32]:
        """Return the labels [N], each the index of a class."""
        labels: NDArray[np.int32] | None = self.numbers(name)
        if labels is None:
            raise invalid(self.path, f"no '{name}'")
        wrong = np.flatnonzero((labels < 0) | (labels >= len(self.classes)))
        if wrong.size:
            raise FeatureFileError(
                sentence(
                    self.path,
                    f"label {labels[wrong[0]]} in row {wrong[0]}",
                    f"0 to {len(self.classes) - 1}",
                    "correct the labels or the class names",
                )
            )
        return labels

    def provenance(self) -> dict[str, Any]:
        """Return the origin of the features."""
        try:
            value = json_value(self._provenance)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise damaged(self.path, "a provenance that is not a JSON object")
        return value

    @property
    def identity(self) -> str:
        """The SHA-256 of the content, equal for all forms of the same features."""
        fields = {
            "digests": self.seal.digests,
            "normalized": self.normalized,
            "part": self.part,
            "shape": list(self.shape),
            "type": self.dtype.name,
        }
        line = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(line.encode()).hexdigest()
