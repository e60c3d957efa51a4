"""Bounds-checked reading of a file's bytes."""

import os
from typing import BinaryIO

from ._errors import invalid

# No structure of a feature file is larger; a larger claim is refused before memory is allocated for it.
_PIECE_LIMIT = 1 << 24


class FileBytes:
    """The bytes of an open file, read piece by piece; reading out of bounds raises `FeatureFileError`.

    Pieces are read rather than mapped, so that a file that is truncated meanwhile cannot end the process.
    """

    def __init__(self, file: BinaryIO, path: str) -> None:
        """Takes an open file, and its path for messages."""
        self._file = file
        self.path = path
        self.size = os.fstat(file.fileno()).st_size

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes at `offset`, of any size within the file."""
        if offset < 0 or size < 0 or offset > self.size - size:
            raise invalid(self.path, "a structure that extends beyond its end")
        pieces = []
        while size:
            piece = os.pread(self._file.fileno(), size, offset)
            if not piece:
                raise invalid(self.path, "a file that became shorter while it was read")
            pieces.append(piece)
            offset += len(piece)
            size -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def piece(self, offset: int, size: int) -> "Piece":
        """Return a structure of `size` bytes at `offset`."""
        if size > _PIECE_LIMIT:
            raise invalid(self.path, f"a structure of {size} bytes")
        return Piece(self.read(offset, size), self.path)


class Piece:
    """The bytes of one structure, read number by number."""

    def __init__(self, data: bytes, path: str) -> None:
        """Takes the bytes, and the path of their file for messages."""
        self.data = data
        self.path = path

    def __len__(self) -> int:
        """Return the number of bytes."""
        return len(self.data)

    def bytes(self, offset: int, size: int) -> bytes:
        """Return `size` bytes at `offset`."""
        if offset < 0 or size < 0 or offset > len(self.data) - size:
            raise invalid(self.path, "a structure that extends beyond its end")
        return self.data[offset : offset + size]

    def piece(self, offset: int, size: int) -> "Piece":
        """Return a part of the structure."""
        return Piece(self.bytes(offset, size), self.path)

    def number(self, offset: int, width: int) -> int:
        """Return the little-endian number of `width` bytes at `offset`, which must be below 2^56."""
        value = int.from_bytes(self.bytes(offset, width), "little")
        if value >> 56:
            raise invalid(self.path, "a number above 2^56")
        return value

    def is_absent(self, offset: int) -> bool:
        """Return whether the 8-byte address at `offset` is undefined, which is encoded by all bits set."""
        return self.bytes(offset, 8) == b"\xff" * 8

    def text(self) -> str:
        """Return all bytes up to a NUL as text."""
        try:
            return self.data.split(b"\0", 1)[0].decode()
        except UnicodeDecodeError:
            raise invalid(self.path, "a name that is not UTF-8") from None
