"""The seal: the checksums in a feature file's first page, verified before anything else is read."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._bytes import FileBytes
from ._checksum import checksum, checksums
from ._errors import FeatureFileError, damaged, sentence
from ._structures import SIGNATURE, USER_BLOCK

_FIRST_LINE = b"fewshot features 1"
_PIECE = 1 << 20
# Sealed bytes that are read at a time.
_BATCH = 16
_CHECKSUM = re.compile("[0-9a-f]{16}")
_DIGEST = re.compile("[0-9a-f]{64}")
_FORMS = {"hot": "mapped", "packed": "compressed", "virtual": "virtual"}


@dataclass(frozen=True)
class Payload:
    """A byte range outside of the seal, which is verified block by block."""

    name: str
    offset: int
    size: int
    block: int

    @property
    def block_count(self) -> int:
        """The number of blocks, each with one checksum."""
        return (self.size - 1) // self.block + 1


@dataclass(frozen=True)
class Seal:
    """The content of the first page."""

    form: str
    """The form of the file: mapped, compressed or virtual."""
    length: int
    payloads: tuple[Payload, ...]
    checksums: int
    """The byte offset of the checksums of the chunks, followed by those of the payloads' blocks."""
    chunks: tuple[tuple[int, int], ...]
    """The offset and size of each chunk of a compressed file."""
    digests: dict[str, str]
    seal: int

    @property
    def block_count(self) -> int:
        """The number of chunks and payload blocks."""
        return len(self.chunks) + sum(payload.block_count for payload in self.payloads)


def json_value(text: bytes | str) -> Any:
    """Return the value of a JSON text; raise `ValueError` for any other text."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("too many brackets") from None


def json_file(path: str) -> dict[str, Any] | None:
    """Return the object in a JSON file; None if it is missing, and an empty one if it is damaged."""
    try:
        with open(path, encoding="utf-8") as file:
            value = json_value(file.read())
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def read_seal(file: FileBytes) -> Seal:
    """Read the first page and verify everything outside the payloads and chunks."""
    fields = _fields(file)
    path = file.path
    length = fields.get("length")
    if length != file.size:
        raise FeatureFileError(sentence(path, f"{file.size} bytes", f"{length} bytes", "build or copy the file again"))
    form = fields.get("form")
    if not isinstance(form, str) or form not in _FORMS:
        raise damaged(path, f"the unknown form {form!r}")
    seal = Seal(
        form=_FORMS[form],
        length=file.size,
        payloads=tuple(_payload(item, file) for item in _list(fields.get("payloads"), path)),
        checksums=_number(fields.get("checksums"), path),
        chunks=_chunks(fields.get("chunks"), _FORMS[form], file),
        digests=_digests(fields.get("digests"), path),
        seal=_checksum_field(fields.get("seal"), path),
    )
    _check(seal, file)
    return seal


def _fields(file: FileBytes) -> dict[str, Any]:
    page = file.read(0, min(file.size, USER_BLOCK))
    if not page.startswith(_FIRST_LINE + b"\n"):
        is_foreign = any(page[start:].startswith(SIGNATURE) for start in (0, 512, 1024, 2048))
        raise FeatureFileError(
            sentence(
                file.path,
                "an HDF5 file of another program" if is_foreign else "not a feature file" if page else "an empty file",
                f"a file that starts with '{_FIRST_LINE.decode()}'",
                "save its arrays with 'fewshot.save'",
            )
        )
    lines = page.split(b"\n", 3)
    if len(page) < USER_BLOCK or len(lines) < 4 or lines[3].strip(b"\0"):
        raise damaged(file.path, "a damaged first page")
    if lines[2] != f"{checksum(lines[1]):016x}".encode():
        raise damaged(file.path, "a damaged first page")
    try:
        fields = json_value(lines[1])
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise damaged(file.path, "a first page without the seal")
    return fields


def _number(value: object, path: str) -> int:
    if type(value) is not int or not 0 <= value < 1 << 56:
        raise damaged(path, "a seal with an invalid number")
    return value


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise damaged(path, "a seal with an invalid list")
    return value


def _checksum_field(value: object, path: str) -> int:
    if not isinstance(value, str) or not _CHECKSUM.fullmatch(value):
        raise damaged(path, "a seal with an invalid checksum")
    return int(value, 16)


def _digests(value: object, path: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise damaged(path, "a seal with an invalid list")
    for digest in value.values():
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise damaged(path, "a seal with an invalid digest")
    return value


def _require_range(offset: int, size: int, file: FileBytes, found: str) -> None:
    if not (size > 0 and USER_BLOCK <= offset <= file.size - size):
        raise damaged(file.path, found)


def _payload(value: object, file: FileBytes) -> Payload:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        raise damaged(file.path, "a seal with an invalid list")
    offset, size, block = (_number(value.get(key), file.path) for key in ("offset", "size", "block"))
    name = value["name"]
    _require_range(offset, size, file, f"an invalid byte range of {name!r}")
    if not block:
        raise damaged(file.path, f"an invalid byte range of {name!r}")
    return Payload(name, offset, size, block)


def _chunks(value: object, form: str, file: FileBytes) -> tuple[tuple[int, int], ...]:
    """Read the list of chunks, which the seal does not cover."""
    if (form == "compressed") != (value is not None):
        raise damaged(file.path, "a compressed file without chunks")
    if value is None:
        return ()
    if not isinstance(value, dict):
        raise damaged(file.path, "an invalid list of chunks")
    offset, count = (_number(value.get(key), file.path) for key in ("offset", "count"))
    _require_range(offset, 16 * count, file, "an invalid list of chunks")
    data = file.read(offset, 16 * count)
    if checksum(data) != _checksum_field(value.get("checksum"), file.path):
        raise damaged(file.path, "a damaged list of chunks")
    rows = [(int(start), int(size)) for start, size in np.frombuffer(data, "<u8").reshape(count, 2).tolist()]
    for start, size in rows:
        _require_range(start, size, file, "a chunk outside of the file")
    return tuple(rows)


def _check(seal: Seal, file: FileBytes) -> None:
    """Compare the sealed ranges with their checksum."""
    ranges = [*seal.chunks, *((payload.offset, payload.size) for payload in seal.payloads)]
    pieces: list[tuple[int, int]] = []
    start = USER_BLOCK
    for offset, size in [*sorted(ranges), (seal.length, 0)]:
        if offset < start:
            raise damaged(file.path, "overlapping byte ranges")
        pieces += ((first, min(_PIECE, offset - first)) for first in range(start, offset, _PIECE))
        start = offset + size
    sums: list[int] = []
    for first in range(0, len(pieces), _BATCH):
        sums += checksums([file.read(*piece) for piece in pieces[first : first + _BATCH]])
    if checksum(np.array(sums, "<u8").tobytes()) != seal.seal:
        raise damaged(file.path, "damaged bytes outside of the features")


class BlockVerifier:
    """The checksums of chunks and payload blocks, each compared on first use."""

    def __init__(self, seal: Seal, file: FileBytes) -> None:
        """Takes the seal of a file."""
        self._file = file
        self._seal = seal
        self._checked: set[int] = set()

    def payload(self, name: str) -> bytes | None:
        """Return the verified bytes of a payload; None if the file does not have it."""
        first = len(self._seal.chunks)
        for payload in self._seal.payloads:
            if payload.name == name:
                data = self._file.read(payload.offset, payload.size)
                blocks = [data[start : start + payload.block] for start in range(0, payload.size, payload.block)]
                self._compare(range(first, first + len(blocks)), blocks, name)
                return data
            first += payload.block_count
        return None

    def chunk(self, index: int) -> bytes:
        """Return the verified bytes of a chunk."""
        data = self._file.read(*self._seal.chunks[index])
        self._compare([index], [data], "features")
        return data

    def _compare(self, indices: Iterable[int], blocks: list[bytes], name: str) -> None:
        wanted = [(index, block) for index, block in zip(indices, blocks, strict=True) if index not in self._checked]
        if not wanted:
            return
        first = wanted[0][0]
        stored = self._file.read(self._seal.checksums + 8 * first, 8 * (wanted[-1][0] - first + 1))
        expected = np.frombuffer(stored, "<u8").tolist()
        for (index, _), found in zip(wanted, checksums([block for _, block in wanted]), strict=True):
            if found != expected[index - first]:
                raise damaged(self._file.path, f"damaged bytes in {name}")
            self._checked.add(index)
