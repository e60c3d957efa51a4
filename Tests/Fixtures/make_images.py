"""Writes small images of every kind with Pillow, and what Pillow reads from them.

    python Tests/Fixtures/make_images.py

expected.json holds, for each file, its size and the bytes of `convert("RGB")` in hexadecimal, where ours decodes it.
"""

import json
import os
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")
random = np.random.Generator(np.random.PCG64(7))


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def write_png(path: str, values: np.ndarray, colors: int, interlaced: bool = False) -> None:
    """A PNG of 8 or 16 bits a value: [H, W, C], also of kinds that Pillow does not write."""
    height, width = values.shape[:2]
    deep = values.dtype == np.uint16
    # Adam7: first column and row, and the steps between them, of each pass.
    adam = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    parts = [values[y::dy, x::dx] for x, y, dx, dy in adam] if interlaced else [values]
    rows = b"".join(
        b"\0" + row.astype(">u2" if deep else "u1").tobytes() for part in parts if part.size for row in part
    )
    header = struct.pack(">IIBBBBB", width, height, 16 if deep else 8, colors, 0, 0, interlaced)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)))
        file.write(chunk(b"IEND", b""))


def smooth(channels: int, width: int = 13, height: int = 9) -> np.ndarray:
    """A picture that survives JPEG: [H, W, C]."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    return (40 + 11 * x + 7 * y + 20 * c * (x > y)).clip(0, 255).astype(np.uint8)


def write_bmp(
    path: str, bits: int, masks: Sequence[int], rows: Sequence[bytes], palette: bytes = b"", top_first: bool = False
) -> None:
    """A bitmap of rows of bytes, the bottom row first, also of kinds that Pillow does not write."""
    width = 13
    content = b"".join(row + bytes(-len(row) % 4) for row in rows)
    mask = b"".join(struct.pack("<I", value) for value in masks)
    offset = 54 + len(mask) + len(palette)
    height = -len(rows) if top_first else len(rows)
    with open(path, "wb") as file:
        file.write(struct.pack("<2sIHHI", b"BM", offset + len(content), 0, 0, offset))
        file.write(
            struct.pack(
                "<IiiHHIIiiII", 40, width, height, 1, bits, 3 if masks else 0, len(content), 0, 0, len(palette) // 4, 0
            )
        )
        file.write(mask + palette + content)


def write_gif(
    path: str,
    image: Image.Image,
    place: Sequence[int],
    screen: Sequence[int],
    flags: int,
    transparent: int | None = None,
    interlaced: bool = False,
) -> None:
    """Moves the picture of a GIF that Pillow wrote: the rest of the screen stays free. [H, W] places."""
    image.save(path, interlace=1 if interlaced else 0)
    data = bytearray(Path(path).read_bytes())
    data[6:10] = struct.pack("<HH", *screen)
    start = 13 + (3 << (data[10] & 7) + 1 if data[10] & 128 else 0)
    control = b"" if transparent is None else b"!\xf9\x04\x01\0\0" + bytes([transparent]) + b"\0"
    assert data[start : start + 1] == b",", data[start]
    data[start + 1 : start + 5] = struct.pack("<HH", *place)
    with open(path, "wb") as file:
        file.write(bytes(data[:start]) + control + bytes(data[start:]))


def write_tiff(path: str, tags: dict[int, Any], blocks: Sequence[bytes], places: int) -> None:
    """A TIFF of short numbers with its blocks of pixels at the tag `places`; also of kinds that Pillow cannot write."""
    tags = {**tags, places: [0] * len(blocks), places + 1 if places == 324 else 279: [len(block) for block in blocks]}
    start = 8 + 2 + 12 * len(tags) + 4
    spill = sum(4 * len(values) for values in tags.values() if len(values) > 1)
    tags[places] = [start + spill + sum(map(len, blocks[:index])) for index in range(len(blocks))]
    entries, more = b"", b""
    for tag, values in sorted(tags.items()):
        # A pair of short numbers fits in an entry, and so does a single long one; room is kept for each of the rest.
        is_long = tag in (places, 279, 325)
        packed = struct.pack(f"<{len(values)}{'I' if is_long else 'H'}", *values)
        if len(packed) > 4:
            value, more = struct.pack("<I", start + len(more)), more + packed.ljust(4 * len(values), b"\0")
        else:
            value = packed.ljust(4, b"\0")
        entries += struct.pack("<HHI", tag, 4 if is_long else 3, len(values)) + value
    with open(path, "wb") as file:
        file.write(b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4))
        file.write(more.ljust(spill, b"\0") + b"".join(blocks))


def tiffs(path: Callable[[str], str], photograph: Image.Image) -> None:
    """TIFFs in tiles, in planes, and packed in ways of their own."""
    pixels = np.asarray(photograph)
    height, width = pixels.shape[:2]
    common = {256: [width], 257: [height], 258: [8, 8, 8], 262: [2], 277: [3]}
    tile = np.zeros((16, 16, 3), np.uint8)
    tile[:height, :width] = pixels
    tags = {**common, 259: [1], 284: [1], 322: [16], 323: [16]}
    write_tiff(path("refused-tiles.tif"), tags, [tile.tobytes()], 324)
    planes = [pixels[..., channel].tobytes() for channel in range(3)]
    write_tiff(path("refused-planes.tif"), {**common, 259: [1], 278: [height], 284: [2]}, planes, 273)
    photograph.save(path("refused-jpeg.tif"), compression="jpeg")
    photograph.convert("1").save(path("refused-fax.tif"), compression="group4")


def more_kinds(path: Callable[[str], str], photograph: Image.Image) -> None:
    more = np.random.Generator(np.random.PCG64(8))
    noise = more.integers(0, 256, (9, 13, 4), dtype=np.uint8)
    deep = more.integers(0, 65536, (9, 13, 4), dtype=np.uint16)
    write_png(path("rgba16.png"), deep, 6)
    write_png(path("gray-alpha16.png"), deep[..., :2], 4)
    write_png(path("interlaced.png"), noise[..., :3], 2, True)
    write_png(path("interlaced-gray16.png"), deep[..., :1] % 400, 0, True)
    for bits in (2, 4):
        photograph.quantize(1 << bits).save(path(f"palette{bits}.png"), bits=bits)

    places = Image.fromarray(noise[..., 0] % 40)
    places.putpalette(list(more.integers(0, 256, 120)))
    places.save(path("interlaced.gif"), interlace=1)
    write_gif(path("free.gif"), places, (3, 2), (20, 15), 0, interlaced=True)
    write_gif(path("transparent.gif"), places, (3, 2), (20, 15), 0, transparent=7)
    write_gif(path("beyond.gif"), places, (3, 2), (10, 8), 0)
    Image.fromarray(noise[..., 1]).save(path("gray.gif"))
    Image.fromarray(more.integers(0, 256, (64, 200), dtype=np.uint8)).save(path("long.gif"))
    photograph.save(path("moving.gif"), save_all=True, append_images=[photograph.rotate(180)])

    Image.fromarray(noise[..., 0]).save(path("gray.bmp"))
    places.save(path("palette.bmp"))
    Image.fromarray(noise[..., 0]).convert("1").save(path("bits.bmp"))
    colors = more.integers(0, 256, 64, dtype=np.uint8).tobytes()
    write_bmp(path("four.bmp"), 4, (), [row.tobytes() for row in noise[:, :7, 0]], colors)
    words = [row.astype("<u2").tobytes() for row in deep[..., 0]]
    write_bmp(path("555.bmp"), 16, (), words)
    write_bmp(path("565.bmp"), 16, (0xF800, 0x7E0, 0x1F), words)
    write_bmp(path("32.bmp"), 32, (), [row.tobytes() for row in noise])
    write_bmp(path("32-masks.bmp"), 32, (0xFF000000, 0xFF0000, 0xFF00), [row.tobytes() for row in noise])
    write_bmp(path("top.bmp"), 24, (), [row[:, :3].tobytes() for row in noise], top_first=True)

    alpha = Image.fromarray(np.dstack([np.asarray(photograph), noise[..., 3]]))
    alpha.save(path("alpha.webp"), quality=60)
    moved = alpha.rotate(180)
    alpha.save(path("moving.webp"), save_all=True, append_images=[moved], lossless=True)

    gray = Image.fromarray(noise[..., 2])
    gray.save(path("gray.tif"), compression="tiff_deflate")
    gray.convert("1").save(path("bits.tif"))
    photograph.save(path("packbits.tif"), compression="packbits")
    alpha.save(path("refused-alpha.tif"))
    photograph.convert("CMYK").save(path("refused-cmyk.tif"))
    Image.fromarray(deep[..., 0]).save(path("refused-gray16.tif"))
    photograph.save(path("refused-turned.tif"), tiffinfo={274: 6})
    tiffs(path, photograph)


def main() -> None:
    os.makedirs(FOLDER, exist_ok=True)

    def path(name: str) -> str:
        return os.path.join(FOLDER, name)

    noise = random.integers(0, 256, (5, 7, 4), dtype=np.uint8)
    gray, rgb, alpha = (Image.fromarray(v) for v in (noise[..., 0].copy(), noise[..., :3].copy(), noise))
    gray.save(path("gray.png"))
    gray.convert("1").save(path("bits.png"))
    rgb.save(path("rgb.png"))
    rgb.quantize(9).save(path("palette.png"))
    transparent = rgb.quantize(9)
    transparent.info["transparency"] = 3
    transparent.save(path("palette-alpha.png"), transparency=3)
    alpha.save(path("alpha.png"))
    alpha.convert("LA").save(path("gray-alpha.png"))
    rgb.crop((0, 0, 1, 1)).save(path("one.png"))
    # A gamma and a colour space that a converting reader would apply.
    rgb.save(path("gamma.png"))
    data = Path(path("gamma.png")).read_bytes()
    with open(path("gamma.png"), "wb") as file:
        file.write(data[:33] + chunk(b"gAMA", struct.pack(">I", 100000)) + data[33:])
    deep = random.integers(0, 65536, (5, 7, 3), dtype=np.uint16)
    write_png(path("rgb16.png"), deep, 2)
    write_png(path("gray16.png"), deep[..., :1], 0)

    photograph = Image.fromarray(smooth(3))
    photograph.save(path("rgb.jpg"), quality=90)
    photograph.save(path("full.jpg"), quality=95, subsampling=0)
    photograph.save(path("progressive.jpg"), quality=85, progressive=True)
    Image.fromarray(smooth(1)[..., 0]).save(path("gray.jpg"))
    Image.fromarray(smooth(4), "CMYK").save(path("cmyk.jpg"), quality=95)
    photograph.crop((0, 0, 1, 1)).save(path("one.jpg"))
    exif = Image.Exif()
    exif[0x010E] = "x" * 5000
    photograph.save(path("exif.jpg"), exif=exif)

    photograph.save(path("plain.gif"))
    photograph.save(path("plain.bmp"))
    photograph.save(path("lossy.webp"))
    photograph.save(path("lossless.webp"), lossless=True)
    alpha.save(path("extended.webp"), lossless=True, exif=exif.tobytes()[:60])
    photograph.save(path("plain.tif"))
    photograph.save(path("packed.tif"), compression="tiff_lzw")

    more_kinds(path, photograph)

    expected = {}
    for name in sorted(os.listdir(FOLDER)):
        if name == "expected.json":
            continue
        image = Image.open(path(name))
        expected[name] = {"format": image.format.lower(), "width": image.width, "height": image.height}
        if not name.startswith("refused-"):
            expected[name]["rgb"] = np.asarray(image.convert("RGB")).tobytes().hex()
    Path(path("expected.json")).write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


main()
