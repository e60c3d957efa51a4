"""Damaged and hostile files: anything is read or refused, and nothing else happens."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewshot
from fewshot._checksum import checksum

PIECE = 1 << 20
SEED = 20_260_301


def resealed(data: bytearray, change: Callable[[dict[str, Any]], None] = lambda fields: None) -> bytes:
    """The file with a seal that fits its bytes, so that they reach the parser of the structures."""
    lines = bytes(data[:4096]).split(b"\n", 3)
    fields = json.loads(lines[1])
    fields["length"] = len(data)
    ranges = [(item["offset"], item["size"]) for item in fields["payloads"]]
    if "chunks" in fields:
        table = fields["chunks"]
        rows = bytes(data[table["offset"] : table["offset"] + 16 * table["count"]])
        table["checksum"] = f"{checksum(rows):016x}"
        ranges += [tuple(row) for row in np.frombuffer(rows, "<u8").reshape(-1, 2).tolist()]
    sums = []
    start = 4096
    for offset, size in [*sorted(ranges), (len(data), 0)]:
        sums += [checksum(bytes(data[first : min(first + PIECE, offset)])) for first in range(start, offset, PIECE)]
        start = offset + size
    fields["seal"] = f"{checksum(np.array(sums, '<u8').tobytes()):016x}"
    change(fields)
    line = json.dumps(fields).encode()
    page = b"\n".join([lines[0], line, f"{checksum(line):016x}".encode(), b""])
    return page.ljust(4096, b"\0")[:4096] + bytes(data[4096:])


def outcome(path: Path) -> str:
    """Reads everything; returns `read`, or `refused` where the file was refused properly."""
    try:
        for part in fewshot.open(path):
            np.asarray(part.features)
            repr(part), part.provenance, part.identity
            for name in ("labels", "ids", "images", "rows", "part_labels", "prompts", "kinds"):
                getattr(part, name, None)
    except (fewshot.FeatureFileError, FileNotFoundError) as error:
        assert str(path.parent) in str(error)
        return "refused"
    return "read"


FILES = ["mapped/train.h5", "mapped/text.h5", "compressed/train.h5", "few/train.h5", "virtual/train.h5"]


@pytest.mark.parametrize("name", FILES)
def test_mutated_structures_behind_a_valid_seal_are_read_or_refused(
    samples: Path, built: Path, tmp_path: Path, name: str
) -> None:
    source = (built if name.startswith(("few", "virtual")) else samples) / name
    original = source.read_bytes()
    generator = random.Random(SEED)
    path = tmp_path / "file.h5"
    path.write_bytes(resealed(bytearray(original)))
    outcomes = [outcome(path)]
    assert outcomes == ["read" if name.split("/", maxsplit=1)[0] != "virtual" else "refused"]
    used = [index for index in range(4096, len(original)) if original[index]]
    for _ in range(250):
        data = bytearray(original)
        for _ in range(generator.choice([1, 1, 2, 8])):
            # Bytes in use, and some that are not.
            position = generator.choice(used) if generator.random() < 0.9 else generator.randrange(4096, len(data))
            data[position] = generator.choice([0, 1, 0x7F, 0x80, 0xFF, generator.randrange(256)])
        try:
            sealed = resealed(data)
        except (ValueError, OverflowError, MemoryError):
            continue  # A list of chunks that cannot be sealed.
        path.write_bytes(sealed)
        outcomes.append(outcome(path))
    assert outcomes.count("refused") > 5


VALUES: list[Any] = [None, True, -1, 0, 1, 4096, 2**40, 2**63, 10**300, 1.5, "", "x", "0" * 16, [], {}, [[]], [{}]]


@pytest.mark.parametrize("name", FILES)
def test_any_value_in_the_seal_is_read_or_refused(samples: Path, built: Path, tmp_path: Path, name: str) -> None:
    source = (built if name.startswith(("few", "virtual")) else samples) / name
    original = bytearray(source.read_bytes())
    path = tmp_path / "file.h5"

    def places(fields: Any) -> list[tuple[Any, Any]]:
        pairs = fields.items() if isinstance(fields, dict) else enumerate(fields) if isinstance(fields, list) else ()
        return [(fields, key) for key, _ in pairs] + [place for _, value in pairs for place in places(value)]

    count = len(places(json.loads(bytes(original[:4096]).split(b"\n", 3)[1])))
    for index in range(count):
        for value in VALUES:

            def change(fields: dict[str, Any], index: int = index, value: Any = value) -> None:
                container, key = places(fields)[index]
                container[key] = value

            path.write_bytes(resealed(original, change))
            outcome(path)


@pytest.mark.parametrize("line", [b"[" * 4000, b"9" * 4000, b"null", b"\xff", b"{}", b'{"form":{}}', b"NaN"])
def test_a_first_page_with_any_json_is_refused(samples: Path, tmp_path: Path, line: bytes) -> None:
    data = (samples / "mapped/train.h5").read_bytes()
    page = b"\n".join([b"fewshot features 1", line, f"{checksum(line):016x}".encode(), b""])
    path = tmp_path / "file.h5"
    path.write_bytes(page.ljust(4096, b"\0") + data[4096:])
    assert outcome(path) == "refused"


def test_random_bytes_are_refused(tmp_path: Path) -> None:
    generator = random.Random(SEED)
    path = tmp_path / "file.h5"
    for size in (0, 1, 18, 19, 4095, 4096, 10_000):
        path.write_bytes(generator.randbytes(size))
        assert outcome(path) == "refused"
        path.write_bytes((b"fewshot features 1\n" + generator.randbytes(size))[:size])
        assert outcome(path) == "refused"


def test_a_frame_that_claims_to_be_large_is_refused_before_memory_is_allocated(samples: Path, tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    from fewshot._arrays import _decompressor

    decompress = _decompressor()
    assert decompress is not None
    frame = bytearray(zstandard.ZstdCompressor().compress(bytes(1000)))
    assert decompress(bytes(frame), 1000) == bytes(1000)
    assert decompress(bytes(frame), 999) is None
    # A header with a content size of 8 bytes: 2^60.
    header = b"\x28\xb5\x2f\xfd\xe0" + (1 << 60).to_bytes(8, "little")
    assert decompress(header + bytes(frame[6:]), 1000) is None
