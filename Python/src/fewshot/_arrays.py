"""The features of each form as arrays: mapped, decompressed on use, or joined from several files."""

import contextlib
import math
import mmap  # noqa: F401  (NumPy imports it at the first mapping, which takes longer than the mapping)
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ._errors import FeatureFileError, damaged, invalid, missing_extra, sentence
from ._file import FeatureFile
from ._seal import json_value
from ._tools import ToolError, run_tool, tool_path

# Chunks have about 512 KiB.
_CACHED_CHUNKS = 32
# The exit status of a tool that found damage.
_BAD_DATA = 65


def mapped_features(file: FeatureFile) -> NDArray[Any]:
    """Return the features [N,V,D] of a mapped file, without reading them."""
    return np.memmap(file.file, dtype=file.dtype, mode="r", offset=file.features.offset or 0, shape=file.shape)


def feature_array(file: FeatureFile) -> "NDArray[Any] | LazyArray":
    """Return the features [N,V,D] of a file of any form."""
    if file.seal.form == "mapped":
        return mapped_features(file)
    return CompressedArray(file) if file.seal.form == "compressed" else JoinedArray(file)


class LazyArray:
    """Features [N,V,D] that are read when they are indexed.

    Indexing works as for a NumPy array: the first index selects items by an integer, a slice, an array of integers or
    an array of Booleans, and the others select views and values. `numpy.asarray(array)` reads all features.
    """

    shape: tuple[int, int, int]
    """The extents [N,V,D]."""
    dtype: np.dtype[Any]
    """The type of the values, float16 or float32."""
    ndim = 3
    """The number of axes."""

    def _gather(self, items: NDArray[np.intp]) -> NDArray[Any]:
        """Return the features [B,V,D] of items, whose numbers are in range."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """The number of values."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """The size of all values in bytes."""
        return self.size * self.dtype.itemsize

    def __len__(self) -> int:
        """Return the number of items N."""
        return self.shape[0]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Yield the features [V,D] of each item."""
        for index in range(len(self)):
            yield self[index]

    def __getitem__(self, key: Any) -> NDArray[Any]:
        """Return the selected features as a NumPy array."""
        keys = key if isinstance(key, tuple) else (key,)
        if not keys or keys[0] is Ellipsis or keys[0] is None:
            return _selected(self._gather(np.arange(len(self))), keys)
        first = keys[0]
        if isinstance(first, int | np.integer):
            index = int(first) + (len(self) if first < 0 else 0)
            if not 0 <= index < len(self):
                raise IndexError(f"index {first} is out of bounds for axis 0 with size {len(self)}")
            return _selected(self._gather(np.array([index])), (0, *keys[1:]))
        if isinstance(first, slice):
            rows = self._gather(np.arange(*first.indices(len(self))))
            return _selected(rows, (slice(None), *keys[1:]))
        # Selecting from the numbers of the items has NumPy's rules and errors.
        items = np.arange(len(self))[first]
        rows = self._gather(items.reshape(-1))
        # Arrays as several indices go together in NumPy.
        return _selected(rows, (np.arange(items.size).reshape(items.shape), *keys[1:]))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all features as a new NumPy array."""
        if copy is False:
            raise ValueError("the features are read from a file, which needs a copy; use copy=None")
        return self._gather(np.arange(len(self))).astype(self.dtype if dtype is None else dtype, copy=False)

    def __repr__(self) -> str:
        """Return the type and shape."""
        return f"<{type(self).__name__} {list(self.shape)} {self.dtype}>"


def _selected(rows: NDArray[Any], keys: tuple[Any, ...]) -> NDArray[Any]:
    result: NDArray[Any] = rows[keys]
    return result


class CompressedArray(LazyArray):
    """The features of a compressed file, decompressed chunk by chunk.

    The chunks used last are kept. Decompression needs the package zstandard or Python 3.14; without either, the whole
    file is unpacked to a temporary file by `fewshot-features unpack` at the first use.
    """

    def __init__(self, file: FeatureFile) -> None:
        """Takes an open compressed file."""
        self._file = file
        self.shape = file.shape
        self.dtype = file.dtype
        self._decompress = _decompressor()
        self._chunks: OrderedDict[int, NDArray[Any]] = OrderedDict()
        self._unpacked: NDArray[Any] | None = None

    def _gather(self, items: NDArray[np.intp]) -> NDArray[Any]:
        if self._decompress is None:
            if self._unpacked is None:
                self._unpacked = _unpacked(self._file)
            result: NDArray[Any] = self._unpacked[items]
            return result
        rows = np.empty((len(items), *self.shape[1:]), self.dtype)
        numbers = items // self._file.chunk_items
        for number in np.unique(numbers).tolist():
            positions = np.flatnonzero(numbers == number)
            rows[positions] = self._chunk(number)[items[positions] - number * self._file.chunk_items]
        return rows

    def _chunk(self, number: int) -> NDArray[Any]:
        """Return the features [B,V,D] of a chunk."""
        chunk = self._chunks.get(number)
        if chunk is None:
            chunk = self._read(number)
            self._chunks[number] = chunk
            if len(self._chunks) > _CACHED_CHUNKS:
                with contextlib.suppress(KeyError):
                    self._chunks.popitem(last=False)
        with contextlib.suppress(KeyError):  # Removed by another thread since.
            self._chunks.move_to_end(number)
        return chunk

    def _read(self, number: int) -> NDArray[Any]:
        shape = (self._file.chunk_items, *self.shape[1:])
        width = self.dtype.itemsize
        size = math.prod(shape) * width
        assert self._decompress is not None
        data = self._decompress(self._file.verifier.chunk(number), size)
        if data is None or len(data) != size:
            raise damaged(self._file.path, "a chunk that cannot be decompressed")
        # The shuffle filter stores the first byte of each value, then the second one, and so on.
        planes = np.frombuffer(data, np.uint8).reshape(width, -1)
        return np.ascontiguousarray(planes.T).view(self.dtype).reshape(shape)


def _decompressor() -> Callable[[bytes, int], bytes | None] | None:
    """Return a function of a zstd frame and its expected size, which returns None for a damaged frame."""
    try:
        import zstandard
    except ImportError:
        pass
    else:

        def decompress(frame: bytes, size: int) -> bytes | None:
            try:
                # The package allocates the size that the frame claims.
                if zstandard.frame_content_size(frame) not in (-1, size):
                    return None
                return zstandard.ZstdDecompressor().decompress(frame, max_output_size=size)
            except zstandard.ZstdError:
                return None

        return decompress
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None

    def decompress_3_14(frame: bytes, size: int) -> bytes | None:
        try:
            data: bytes = zstd.ZstdDecompressor().decompress(frame, max_length=size)
        except zstd.ZstdError:
            return None
        return data

    return decompress_3_14


def _unpacked(file: FeatureFile) -> NDArray[Any]:
    """Unpack a compressed file into a temporary file, which is removed at once and lives as long as its mapping."""
    try:
        tool_path("fewshot-features")
    except FileNotFoundError:
        raise missing_extra("zstandard", "zstd", "a compressed feature file") from None
    with tempfile.TemporaryDirectory(prefix="fewshot-") as folder:
        path = os.path.join(folder, f"{file.part}.h5")
        try:
            run_tool("fewshot-features", ["unpack", file.path, "-o", path, "--threads", "2"])
            unpacked = FeatureFile(path)
        except (ToolError, FeatureFileError) as error:
            if isinstance(error, ToolError) and error.status != _BAD_DATA:
                raise
            raise FeatureFileError(str(error).replace(path, file.path)) from None
        if unpacked.identity != file.identity:
            raise FeatureFileError(
                sentence(
                    file.path, "features that changed while the file was open", "unchanged features", "open it again"
                )
            )
        return mapped_features(unpacked)


class JoinedArray(LazyArray):
    """The features of a virtual file, which are in other feature files; these are opened at their first use."""

    def __init__(self, file: FeatureFile) -> None:
        """Takes an open virtual file."""
        self._file = file
        self.shape = file.shape
        self.dtype = file.dtype
        self._sources: list[tuple[str, str]] = []
        self._opened: dict[int, NDArray[Any] | LazyArray] = {}
        ends = []
        end = 0
        for line in file.texts("parts"):
            name, count, digest = self._listed(line)
            end += count
            self._sources.append((name, digest))
            ends.append(end)
        if end != len(self):
            raise invalid(file.path, f"sources with {end} of {len(self)} items")
        self._ends = np.array(ends)

    def _listed(self, line: str) -> tuple[str, int, str]:
        try:
            listed = json_value(line)
        except ValueError:
            listed = None
        fields = listed if isinstance(listed, dict) else {}
        name, count, digest = fields.get("name"), fields.get("count"), fields.get("digest")
        if not isinstance(name, str) or type(count) is not int or not isinstance(digest, str) or "\0" in name:
            raise invalid(self._file.path, "an invalid list of source files")
        if any(piece in ("", ".", "..") for piece in name.split("/")):
            raise invalid(self._file.path, f"the source {name!r} outside of its folder")
        if not 0 < count <= len(self):
            raise invalid(self._file.path, "sources with more items than the file")
        return name, count, digest

    def _source(self, index: int) -> "NDArray[Any] | LazyArray":
        if index in self._opened:
            return self._opened[index]
        name, digest = self._sources[index]
        path = os.path.join(os.path.dirname(self._file.path), name)
        remedy = "restore the file, or run 'fewshot-features worker' and 'merge' again"
        try:
            file = FeatureFile(path)
        except FileNotFoundError:
            raise FileNotFoundError(sentence(path, "no such file", "a source of the virtual file", remedy)) from None
        count = int(self._ends[index] - (self._ends[index - 1] if index else 0))
        if (
            file.identity != digest
            or file.shape != (count, *self.shape[1:])
            or file.dtype != self.dtype
            or file.seal.form == "virtual"
        ):
            raise FeatureFileError(sentence(path, "other features", f"the features of digest {digest}", remedy))
        self._opened[index] = feature_array(file)
        return self._opened[index]

    def _gather(self, items: NDArray[np.intp]) -> NDArray[Any]:
        indices = np.searchsorted(self._ends, items, side="right")
        wanted = np.unique(indices).tolist()
        # The claims of the list are compared with the sources before memory is allocated.
        for index in wanted:
            self._source(index)
        rows = np.empty((len(items), *self.shape[1:]), self.dtype)
        for index in wanted:
            positions = np.flatnonzero(indices == index)
            first = int(self._ends[index - 1]) if index else 0
            rows[positions] = self._source(index)[items[positions] - first]
        return rows
