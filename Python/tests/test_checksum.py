"""XXH3-64 in NumPy against the package xxhash."""

import random

import pytest

from fewshot._checksum import numpy_checksums

xxhash = pytest.importorskip("xxhash")


def test_the_checksums_of_all_short_and_some_long_pieces_are_those_of_xxhash() -> None:
    generator = random.Random(1)
    # All branches by length, several blocks, and the boundaries between them.
    sizes = [*range(300), *range(1020, 1100), 2047, 2048, 2049, 100_003, 1 << 20]
    pieces = [generator.randbytes(size) for size in sizes]
    assert numpy_checksums(pieces) == [xxhash.xxh3_64_intdigest(piece) for piece in pieces]


def test_pieces_of_equal_length_have_their_own_checksums() -> None:
    pieces = [random.Random(seed).randbytes(70_000) for seed in range(5)]
    assert numpy_checksums(pieces) == [xxhash.xxh3_64_intdigest(piece) for piece in pieces]
