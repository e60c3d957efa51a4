"""XXH3-64, the checksum of feature files, by the package xxhash or else in NumPy."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

_MASK = (1 << 64) - 1
_SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
    "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
)
_PRIMES_32 = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
_PRIMES_64 = (
    0x9E3779B185EBCA87,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)
_STRIPE = 64
_BLOCK = 1024
_STRIPES_PER_BLOCK = _BLOCK // _STRIPE
# Bytes of input in one call of the vectorized loop, so that the temporary arrays stay small.
_BATCH = 8 << 20

Words = NDArray[np.uint64]


def _word(data: bytes, offset: int, size: int = 8) -> int:
    return int.from_bytes(data[offset : offset + size], "little")


def _secret_words(offset: int) -> Words:
    return np.frombuffer(_SECRET[offset : offset + _STRIPE], "<u8").astype(np.uint64)


_STRIPE_KEYS = np.stack([_secret_words(8 * stripe) for stripe in range(_STRIPES_PER_BLOCK)])
_SCRAMBLE_KEY = _secret_words(len(_SECRET) - _STRIPE)
_LAST_KEY = _secret_words(len(_SECRET) - _STRIPE - 7)
_START = np.array(
    [_PRIMES_32[2], *_PRIMES_64[:4], _PRIMES_32[1], _PRIMES_64[4], _PRIMES_32[0]],
    dtype=np.uint64,
)
_LOW = np.uint64(0xFFFFFFFF)
_SWAPPED = np.array([1, 0, 3, 2, 5, 4, 7, 6])


def _fold(left: int, right: int) -> int:
    product = left * right
    return (product ^ product >> 64) & _MASK


def _rotated(value: int, count: int) -> int:
    return (value << count | value >> 64 - count) & _MASK


def _avalanche(value: int) -> int:
    value = (value ^ value >> 37) * 0x165667919E3779F9 & _MASK
    return value ^ value >> 32


def _avalanche_64(value: int) -> int:
    value = (value ^ value >> 33) * _PRIMES_64[1] & _MASK
    value = (value ^ value >> 29) * _PRIMES_64[2] & _MASK
    return value ^ value >> 32


def _mixed(data: bytes, offset: int, key: int) -> int:
    return _fold(
        _word(data, offset) ^ _word(_SECRET, key),
        _word(data, offset + 8) ^ _word(_SECRET, key + 8),
    )


def _up_to_16(data: bytes) -> int:
    size = len(data)
    if size > 8:
        low = _word(data, 0) ^ _word(_SECRET, 24) ^ _word(_SECRET, 32)
        high = _word(data, size - 8) ^ _word(_SECRET, 40) ^ _word(_SECRET, 48)
        swapped = int.from_bytes(low.to_bytes(8, "little"), "big")
        return _avalanche((size + swapped + high + _fold(low, high)) & _MASK)
    if size > 3:
        value = _word(data, size - 4, 4) + (_word(data, 0, 4) << 32)
        value ^= _word(_SECRET, 8) ^ _word(_SECRET, 16)
        value ^= _rotated(value, 49) ^ _rotated(value, 24)
        value = value * 0x9FB21C651E98DF25 & _MASK
        value = (value ^ (value >> 35) + size) * 0x9FB21C651E98DF25 & _MASK
        return value ^ value >> 28
    if size:
        value = data[0] << 16 | data[size >> 1] << 24 | data[-1] | size << 8
        return _avalanche_64(value ^ _word(_SECRET, 0, 4) ^ _word(_SECRET, 4, 4))
    return _avalanche_64(_word(_SECRET, 56) ^ _word(_SECRET, 64))


def _up_to_240(data: bytes) -> int:
    size = len(data)
    value = size * _PRIMES_64[0]
    if size <= 128:
        for pair in range((size - 1) // 32, -1, -1):
            value += _mixed(data, 16 * pair, 32 * pair) + _mixed(data, size - 16 * pair - 16, 32 * pair + 16)
        return _avalanche(value & _MASK)
    value += sum(_mixed(data, 16 * index, 16 * index) for index in range(8))
    value = _avalanche(value & _MASK)
    value += sum(_mixed(data, 16 * index, 16 * index - 125) for index in range(8, size // 16))
    return _avalanche(value + _mixed(data, size - 16, 119) & _MASK)


def _contribution(stripes: Words, keys: Words) -> Words:
    """Return the terms [..., 8] that stripes [..., 8] add to the accumulators."""
    keyed = stripes ^ keys
    products: Words = (keyed & _LOW) * (keyed >> np.uint64(32))
    return products + stripes[..., _SWAPPED]


def _long(pieces: NDArray[np.uint8]) -> list[int]:
    """Return the checksums of pieces [P,L] of equal length above 240 bytes.

    The terms of a block are added in any order, so that they are computed for all blocks at once; only the scrambling
    between blocks is sequential, for all pieces together.
    """
    count, size = pieces.shape
    blocks = (size - 1) // _BLOCK
    sums: Words = np.broadcast_to(_START, (count, 8)).copy()
    if blocks:
        words = np.ascontiguousarray(pieces[:, : blocks * _BLOCK]).view("<u8")
        terms = _contribution(words.reshape(count, blocks, _STRIPES_PER_BLOCK, 8), _STRIPE_KEYS).sum(2, dtype=np.uint64)
        for block in range(blocks):
            sums += terms[:, block]
            sums ^= sums >> np.uint64(47)
            sums ^= _SCRAMBLE_KEY
            sums *= np.uint64(_PRIMES_32[0])
    stripes = (size - 1 - blocks * _BLOCK) // _STRIPE
    if stripes:
        start = blocks * _BLOCK
        words = np.ascontiguousarray(pieces[:, start : start + stripes * _STRIPE]).view("<u8")
        terms = _contribution(words.reshape(count, stripes, 8), _STRIPE_KEYS[:stripes])
        sums += terms.sum(1, dtype=np.uint64)
    sums += _contribution(np.ascontiguousarray(pieces[:, size - _STRIPE :]).view("<u8"), _LAST_KEY)
    return [_merged(row, size) for row in sums.tolist()]


def _merged(sums: Sequence[int], size: int) -> int:
    value = size * _PRIMES_64[0]
    for index in range(4):
        key = 11 + 16 * index
        value += _fold(
            sums[2 * index] ^ _word(_SECRET, key),
            sums[2 * index + 1] ^ _word(_SECRET, key + 8),
        )
    return _avalanche(value & _MASK)


def numpy_checksums(pieces: Sequence[bytes]) -> list[int]:
    """Return the XXH3-64 of each piece without the package xxhash."""
    sums = [0] * len(pieces)
    long: dict[int, list[int]] = {}
    for index, piece in enumerate(pieces):
        if len(piece) > 240:
            long.setdefault(len(piece), []).append(index)
        else:
            sums[index] = _up_to_16(piece) if len(piece) <= 16 else _up_to_240(piece)
    for size, indices in long.items():
        step = max(1, _BATCH // size)
        for first in range(0, len(indices), step):
            some = indices[first : first + step]
            data = np.frombuffer(b"".join(pieces[index] for index in some), np.uint8)
            for index, value in zip(some, _long(data.reshape(len(some), size)), strict=True):
                sums[index] = value
    return sums


def _implementation() -> Callable[[Sequence[bytes]], list[int]]:
    try:
        from xxhash import xxh3_64_intdigest
    except ImportError:
        return numpy_checksums
    return lambda pieces: [xxh3_64_intdigest(piece) for piece in pieces]


checksums = _implementation()
"""Return the XXH3-64 of each piece."""


def checksum(data: bytes) -> int:
    """Return the XXH3-64 of `data`.

    >>> f"{checksum(b''):016x}"
    '2d06800538d394c2'
    """
    return checksums([data])[0]
