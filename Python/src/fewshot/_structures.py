"""The subset of HDF5 that feature files use, read without the HDF5 library.

The library is not safe for hostile files, and a valid seal only proves that a file is unchanged. FORMAT.md lists the
structures; anything else is refused.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import DTypeLike

from ._bytes import FileBytes, Piece
from ._errors import invalid

USER_BLOCK = 4096
SIGNATURE = b"\x89HDF\r\n\x1a\n"
# A feature file has at most ten datasets, and its root group about twenty messages.
_LINK_LIMIT = 64
_MESSAGE_LIMIT = 256
# The registered numbers of the filters: byte shuffle, then zstd.
_COMPRESSION = [2, 32015]

_DATASPACE, _LINK_INFO, _DATATYPE, _LINK, _LAYOUT, _FILTERS, _ATTRIBUTE, _CONTINUATION = (
    0x01,
    0x02,
    0x03,
    0x06,
    0x08,
    0x0B,
    0x0C,
    0x10,
)
_KINDS = {_DATASPACE, _LINK_INFO, _DATATYPE, _LINK, _LAYOUT, _FILTERS, _ATTRIBUTE, _CONTINUATION}

# A stored type is these bytes, except for the version in the high half of the first byte.
_NUMBERS: dict[bytes, DTypeLike] = {
    bytes([1, 0x20, 15, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0]): "<f2",
    bytes([1, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]): "<f4",
    bytes([0, 8, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0]): "<i4",
    bytes([0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 64, 0]): "<u8",
    bytes([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0]): "u1",
}


@dataclass(frozen=True)
class Dataset:
    """The description of a dataset."""

    dtype: np.dtype[np.generic] | None
    """The type of the elements; None if feature files do not use it."""
    shape: tuple[int, ...]
    """The extents, at most four; empty for a scalar."""
    offset: int | None = None
    """The byte offset in the file; None unless the dataset is contiguous."""
    chunk: tuple[int, ...] | None = None
    """The extents of a chunk; None unless the dataset is chunked, byte-shuffled and compressed by zstd."""


@dataclass
class RootGroup:
    """The datasets and attributes of a feature file."""

    datasets: dict[str, Dataset] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """The attributes of fixed-length text."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The attributes of one byte."""


def read_root_group(file: FileBytes) -> RootGroup:
    """Read the structures behind the user block.

    Raises `FeatureFileError` for structures that feature files do not use.
    """
    start = file.piece(USER_BLOCK, min(44, max(0, file.size - USER_BLOCK)))
    if (
        start.bytes(0, 8) != SIGNATURE
        or start.number(8, 1) not in (2, 3)
        or start.number(9, 2) != 0x0808
        or start.number(12, 8) != USER_BLOCK
    ):
        raise invalid(file.path, "no HDF5 structures of version 1.8 to 1.10")
    links: dict[str, int] = {}
    group = RootGroup()
    for kind, content in _messages(file, start.number(36, 8)):
        if kind == _LINK:
            _add(_link(content)[:2], links, file)
        elif kind == _LINK_INFO:
            for link in _heaped_links(content, file):
                _add(link, links, file)
        elif kind == _ATTRIBUTE:
            _read_attribute(content, group)
    group.datasets = {name: _dataset(file, address) for name, address in links.items()}
    return group


def _add(link: tuple[str, int | None], links: dict[str, int], file: FileBytes) -> None:
    name, address = link
    if address is None:
        return
    if name in links:
        raise invalid(file.path, f"two datasets '{name}'")
    if len(links) == _LINK_LIMIT:
        raise invalid(file.path, f"a group of more than {_LINK_LIMIT} objects")
    links[name] = address


def _offset(file: FileBytes, address: int) -> int:
    """Return the byte offset in the file of an address, which is relative to the end of the user block."""
    if address >= file.size - USER_BLOCK:
        raise invalid(file.path, "an address outside of the file")
    return address + USER_BLOCK


def _messages(file: FileBytes, address: int) -> list[tuple[int, Piece]]:
    """Return the messages of the object header at `address`, of the kinds that matter."""
    offset = _offset(file, address)
    head = file.piece(offset, min(34, file.size - offset))
    if head.bytes(0, 4) != b"OHDR" or head.number(4, 1) != 2:
        raise invalid(file.path, "an object without a header")
    flags = head.number(5, 1)
    # Optional times and limits of attributes.
    start = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    blocks = [(offset + start + width, head.number(start, width))]
    messages: list[tuple[int, Piece]] = []
    for block_start, size in blocks:  # Each continuation message adds a block.
        first = len(messages)
        _read_messages(file.piece(block_start, size), messages, is_ordered=bool(flags & 4))
        for kind, content in messages[first:]:
            if kind == _CONTINUATION:
                next_start = _offset(file, content.number(0, 8))
                next_size = content.number(8, 8)
                if next_size < 8 or file.read(next_start, 4) != b"OCHK":
                    raise invalid(file.path, "a header with an invalid continuation")
                blocks.append((next_start + 4, next_size - 8))
    return messages


def _read_messages(block: Piece, messages: list[tuple[int, Piece]], is_ordered: bool) -> None:
    prefix = 6 if is_ordered else 4
    offset = 0
    while offset + prefix <= len(block):
        kind = block.number(offset, 1)
        size = block.number(offset + 1, 2)
        flags = block.number(offset + 3, 1)
        offset += prefix
        content = block.piece(offset, size)
        offset += size
        if kind not in _KINDS:
            continue
        if flags & 2:
            raise invalid(block.path, "a shared message")
        if len(messages) == _MESSAGE_LIMIT:
            raise invalid(block.path, "an object with too many messages")
        messages.append((kind, content))


def _link(message: Piece) -> tuple[str, int | None, int]:
    """Return the name, the address (None unless the link is hard), and the size of the link in `message`."""
    if message.number(0, 1) != 1:
        raise invalid(message.path, "a link of an unknown version")
    flags = message.number(1, 1)
    offset = 2
    is_hard = True
    if flags & 8:
        is_hard = message.number(offset, 1) == 0
        offset += 1
    # Skips the creation order and the character set.
    offset += (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
    width = 1 << (flags & 3)
    length = message.number(offset, width)
    offset += width
    name = message.piece(offset, length).text()
    offset += length
    return name, message.number(offset, 8) if is_hard else None, offset + 8


def _heaped_links(info: Piece, file: FileBytes) -> list[tuple[str, int | None]]:
    """Return the links in a fractal heap, which the library uses if they do not fit in the header."""
    if info.number(0, 1) != 0:
        raise invalid(file.path, "links of an unknown version")
    offset = 2 + (8 if info.number(1, 1) & 1 else 0)
    if info.is_absent(offset):
        return []
    count, block = _heap_block(file, info.number(offset, 8))
    if count > _LINK_LIMIT:
        raise invalid(file.path, f"a group of {count} objects")
    links: list[tuple[str, int | None]] = []
    start = 0
    for _ in range(count):
        name, address, size = _link(block.piece(start, len(block) - start))
        if address is None or size > len(block) - start:
            raise invalid(file.path, "a link to another file")
        links.append((name, address))
        start += size
    return links


def _heap_block(file: FileBytes, address: int) -> tuple[int, Piece]:
    """Return the number of objects and the only block of a small fractal heap."""
    header = file.piece(_offset(file, address), 142)
    # Only heaps without filters and with a single block are supported.
    if header.bytes(0, 4) != b"FRHP" or header.number(4, 1) or header.number(7, 2) or header.number(140, 2):
        raise invalid(file.path, "a fractal heap of an unknown layout")
    count = header.number(70, 8)
    is_summed = header.number(9, 1) & 2
    size = header.number(112, 8)
    start = _offset(file, header.number(132, 8))
    prefix = 13 + (header.number(128, 2) + 7) // 8 + (4 if is_summed else 0)
    if size < prefix:
        raise invalid(file.path, "a structure that extends beyond its end")
    block = file.piece(start, size)
    if block.bytes(0, 4) != b"FHDB" or block.number(4, 1):
        raise invalid(file.path, "a fractal heap of an unknown layout")
    return count, block.piece(prefix, size - prefix)


def _read_attribute(message: Piece, group: RootGroup) -> None:
    if message.number(0, 1) != 3 or message.number(1, 1):
        raise invalid(message.path, "an attribute of an unknown version")
    name_size, type_size, space_size = (message.number(2 + 2 * index, 2) for index in range(3))
    name = message.piece(9, name_size).text()
    dtype = _stored_type(message.piece(9 + name_size, type_size))
    space = 9 + name_size + type_size
    extents = _extents(message.piece(space, space_size))
    if dtype is None or extents is None or any(extent != 1 for extent in extents):
        return
    value = message.piece(space + space_size, dtype.itemsize)
    if dtype.kind == "S":
        group.texts[name] = value.text()
    elif dtype == np.uint8:
        group.numbers[name] = value.number(0, 1)


def _extents(space: Piece) -> tuple[int, ...] | None:
    """Return the extents of a dataspace; None for more than four axes or an unsupported version."""
    if space.number(0, 1) != 2:
        return None
    rank = space.number(1, 1)
    if rank > 4 or space.number(3, 1) > 1:
        return None
    return tuple(space.number(4 + 8 * axis, 8) for axis in range(rank))


def _stored_type(stored: Piece) -> np.dtype[np.generic] | None:
    """Return a stored type; None if feature files do not use it."""
    head = stored.number(0, 1)
    size = stored.number(4, 4)
    if not 1 <= head >> 4 <= 3:
        return None
    if head & 15 == 3:
        return np.dtype(f"S{size}") if 0 < size <= 1 << 20 else None
    data = bytes([head & 15]) + stored.data[1:]
    return next((np.dtype(name) for prefix, name in _NUMBERS.items() if data.startswith(prefix)), None)


def _dataset(file: FileBytes, address: int) -> Dataset:
    messages = _messages(file, address)

    def content(kind: int) -> Piece | None:
        return next((piece for found, piece in messages if found == kind), None)

    space, stored, layout = content(_DATASPACE), content(_DATATYPE), content(_LAYOUT)
    if space is None or stored is None or layout is None:
        raise invalid(file.path, "a dataset without a shape, type, or layout")
    dtype = _stored_type(stored)
    shape = _extents(space) or ()
    version = layout.number(0, 1)
    kind = layout.number(1, 1)
    # Virtual datasets need version 4.
    if version != 3 and not (version == 4 and kind == 3):
        raise invalid(file.path, "a dataset of an unknown layout")
    if kind == 1 and not layout.is_absent(2):
        return Dataset(dtype, shape, offset=_offset(file, layout.number(2, 8)))
    if kind == 2:
        filters = content(_FILTERS)
        if filters is not None and _filter_numbers(filters) == _COMPRESSION:
            rank = layout.number(2, 1) - 1
            if rank != len(shape):
                raise invalid(file.path, "chunks of a rank other than the dataset's")
            return Dataset(dtype, shape, chunk=tuple(layout.number(11 + 4 * axis, 4) for axis in range(rank)))
    return Dataset(dtype, shape)


def _filter_numbers(pipeline: Piece) -> list[int]:
    if pipeline.number(0, 1) != 2:
        return []
    numbers = []
    offset = 2
    for _ in range(pipeline.number(1, 1)):
        number = pipeline.number(offset, 2)
        name_size = 0
        if number >= 256:  # Only third-party filters have a name.
            name_size = pipeline.number(offset + 2, 2)
            offset += 2
        offset += 6 + name_size + 4 * pipeline.number(offset + 4, 2)
        numbers.append(number)
    return numbers
