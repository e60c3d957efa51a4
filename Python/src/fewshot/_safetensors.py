"""A strict reader of .safetensors files: a header in JSON and the bytes of arrays. Nothing in a file is executed."""

import json
import math
import os
import stat
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from ._errors import sentence

Array = np.ndarray[Any, Any]

# Adapters for 20,000 classes have headers of a megabyte.
_HEADER_LIMIT = 1 << 24
# NumPy has no bfloat16: its 16 bits are the upper half of a float32.
_DTYPES = {"F32": "<f4", "F16": "<f2", "BF16": "<u2", "F64": "<f8", "I32": "<i4", "I64": "<i8"}


class AdapterError(ValueError):
    """An adapter that is damaged, or a file that is no adapter.

    The message is one sentence: the file, what was found, what was expected, and what to do.
    """


@dataclass(frozen=True)
class StoredTensor:
    """A tensor of a file: the format's name for its type, its shape, and its bytes."""

    code: str
    shape: tuple[int, ...]
    data: memoryview

    @property
    def array(self) -> Array:
        """The values, read-only and without a copy; bfloat16 values are converted to float32."""
        # Bytes at any address: NumPy reads values that are not aligned too.
        flat: Array = np.frombuffer(self.data, dtype=_DTYPES[self.code])
        if self.code == "BF16":
            flat = (flat.astype("<u4") << 16).view("<f4")
        return flat.reshape(self.shape)


def file_bytes(path: str) -> bytes:
    """Return the content of a regular file; anything else, such as a pipe, is refused."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise AdapterError(sentence(path, "something other than a file", "a .safetensors file", "name a file"))
        return file.read()


def read_safetensors(content: bytes, source: str) -> tuple[dict[str, str], dict[str, StoredTensor]]:
    """Return the metadata and the tensors of a file; `source` is its name in error messages.

    The whole header is checked before any value is read: its length, its JSON, and that the tensors cover the data
    without gaps or overlaps.
    """

    def refuse(found: str, expected: str, remedy: str = "copy the file again") -> NoReturn:
        raise AdapterError(sentence(source, found, expected, remedy))

    if len(content) < 8:
        refuse(f"{len(content)} bytes", "at least the 8 bytes of the header's length")
    (length,) = struct.unpack_from("<Q", content)
    if length > _HEADER_LIMIT:
        refuse(f"a header of {length} bytes", f"at most {_HEADER_LIMIT}", "check that it is a .safetensors file")
    if length > len(content) - 8:
        refuse(f"a header of {length} bytes in a file of {len(content)}", "the complete header")
    try:
        header = json.loads(
            content[8 : 8 + length].decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_no_float,
        )
    except (ValueError, RecursionError) as error:
        # The text of a JSON error can quote the file; its kind is enough.
        reason = str(error) if isinstance(error, _InvalidHeader) else "a header that is no JSON"
        refuse(reason, "the header of a .safetensors file")
    if not isinstance(header, dict):
        refuse("a header that is no JSON object", "the header of a .safetensors file")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        refuse("metadata other than texts by name", "texts by name")

    data = memoryview(content)[8 + length :]
    spans: list[tuple[int, int, str]] = []
    tensors: dict[str, StoredTensor] = {}
    for name, entry in header.items():
        code, shape, start, stop = _entry(entry) or refuse(
            f"an entry for tensor {name!r} that is not dtype, shape and data_offsets", "these three", "write it again"
        )
        if code not in _DTYPES:
            refuse(f"tensor {name!r} of type {code!r}", f"one of {', '.join(_DTYPES)}", "convert it")
        # Python's integers do not overflow, however large the sizes are that a header claims.
        if stop - start != math.prod(shape) * np.dtype(_DTYPES[code]).itemsize:
            refuse(f"{stop - start} bytes for tensor {name!r}", f"the size of {code} {list(shape)}")
        spans.append((start, stop, name))
        tensors[name] = StoredTensor(code, shape, data[start:stop])
    end = 0
    for start, stop, name in sorted(spans):
        if start != end:
            refuse(f"tensor {name!r} at byte {start}", f"byte {end}, the end of the previous tensor")
        end = stop
    if end != len(data):
        refuse(f"{len(data)} bytes of data", f"{end} bytes, the total of the header")
    return metadata, tensors


class _InvalidHeader(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise _InvalidHeader("a name that occurs twice in the header")
    return entries


def _no_constant(text: str) -> NoReturn:
    raise _InvalidHeader(f"{text} in the header")


def _no_float(text: str) -> NoReturn:
    raise _InvalidHeader("a fraction in the header")


def _entry(entry: object) -> tuple[str, tuple[int, ...], int, int] | None:
    """Return type, shape, start and stop of a header's entry; None if it has another form."""
    if not isinstance(entry, Mapping) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        return None
    code, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(code, str) or not isinstance(shape, list) or not isinstance(offsets, list):
        return None
    # NumPy has at most 32 axes (64 from version 2 on).
    if len(shape) > 8 or len(offsets) != 2:
        return None
    # A Boolean is an integer in Python.
    if not all(type(number) is int and 0 <= number < 1 << 62 for number in [*shape, *offsets]):
        return None
    start, stop = offsets
    return (code, tuple(shape), start, stop) if start <= stop else None
