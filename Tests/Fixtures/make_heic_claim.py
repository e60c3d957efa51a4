"""Writes a HEIC of some hundred bytes whose HEVC stream announces pictures of 65,528 x 65,528 pixels.

    python Tests/Fixtures/make_heic_claim.py

The boxes of the file announce a small image, so that only the stream's own header shows the size.
"""

import io
from pathlib import Path

import pillow_heif
from PIL import Image

TARGET = Path(__file__).resolve().parent / "images/claims/stream.heic"
SIDE = 65_528
# The bits before the numbers of a sequence parameter set: the unit's header, the number of layers, profile and level.
FIXED_BITS = 16 + 8 + 88 + 8


def unescaped(unit: bytes) -> bytes:
    """The unit without the bytes that only prevent a start code."""
    return unit.replace(b"\0\0\3", b"\0\0")


def escaped(unit: bytes) -> bytes:
    result = bytearray()
    for byte in unit:
        if byte <= 3 and result[-2:] == b"\0\0":
            result.append(3)
        result.append(byte)
    return bytes(result)


def read_number(bits: str, place: int) -> tuple[int, int]:
    """A number in Exp-Golomb code, and the place after it."""
    zeros = bits.index("1", place) - place
    end = place + 2 * zeros + 1
    return int(bits[place + zeros : end], 2) - 1, end


def code(number: int) -> str:
    digits = f"{number + 1:b}"
    return "0" * (len(digits) - 1) + digits


def enlarged(unit: bytes) -> bytes:
    """The sequence parameter set with other numbers of columns and rows."""
    bits = "".join(f"{byte:08b}" for byte in unescaped(unit))
    _, place = read_number(bits, FIXED_BITS)
    _, place = read_number(bits, place)
    _, end = read_number(bits, place)
    _, end = read_number(bits, end)
    changed = bits[:place] + code(SIDE) + code(SIDE) + bits[end : bits.rindex("1") + 1]
    changed += "0" * (-len(changed) % 8)
    return escaped(int(changed, 2).to_bytes(len(changed) // 8, "big"))


def main() -> None:
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.new("RGB", (32, 24), "orange").save(file, "HEIF", quality=50)
    data = file.getvalue()
    start = data.index(b"\x42\x01", data.index(b"hvcC"))
    length = int.from_bytes(data[start - 2 : start], "big")
    unit = enlarged(data[start : start + length])
    grown = len(unit) - length
    changed = bytearray(data[: start - 2] + len(unit).to_bytes(2, "big") + unit + data[start + length :])
    for name in (b"hvcC", b"ipco", b"iprp", b"meta"):
        place = changed.index(name) - 4
        size = int.from_bytes(changed[place : place + 4], "big") + grown
        changed[place : place + 4] = size.to_bytes(4, "big")
    content = data.index(b"mdat") + 4
    place = changed.index(content.to_bytes(4, "big"), changed.index(b"iloc"))
    changed[place : place + 4] = (content + grown).to_bytes(4, "big")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(bytes(changed))


main()
