"""Writes small images of every kind with Pillow and pillow-heif, and what they read from them.

    python Tests/Fixtures/make_images.py

AVIFs of more than eight bits need libavif's `avifenc`. expected.json holds, for each file, its size and the bytes of
`convert("RGB")` in hexadecimal, or of a larger one the start of their SHA-256, where ours decodes it.
"""

import hashlib
import json
import os
import struct
import subprocess
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

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
    deep_gray = Image.fromarray(deep[..., 0] % 400)
    deep_gray.save(path("gray16.tif"))
    deep_gray.save(path("gray16-packed.tif"), compression="tiff_lzw")
    photograph.save(path("refused-turned.tif"), tiffinfo={274: 6})
    tiffs(path, photograph)


def heics(path: Callable[[str], str]) -> None:
    """HEICs of every layout of colors, rotated, in tiles, with thumbnails and profiles."""
    pillow_heif.register_heif_opener()
    many = np.random.Generator(np.random.PCG64(9))
    photograph = Image.fromarray(smooth(3))
    noise = Image.fromarray(many.integers(0, 256, (18, 14, 4), dtype=np.uint8))
    for chroma in ("420", "422", "444"):
        photograph.save(path(f"{chroma}.heic"), quality=60, chroma=chroma)
        noise.convert("RGB").save(path(f"noise-{chroma}.heic"), quality=50, chroma=chroma)
    noise.save(path("alpha.heic"), quality=50)
    noise.convert("L").save(path("gray.heic"), quality=60)
    limits = {"matrix_coefficients": 1, "full_range_flag": 0}
    noise.convert("RGB").save(path("limited.heic"), quality=50, **limits)
    noise.convert("RGB").save(path("bt2020.heic"), quality=50, matrix_coefficients=9, full_range_flag=1)
    noise.convert("RGB").save(path("no-profile.heic"), quality=50, save_nclx_profile=False)
    noise.convert("RGB").save(path("identity.heic"), quality=50, chroma="444", matrix_coefficients=0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photograph.save(path("profile.heic"), quality=60, icc_profile=profile)
    turned = Image.Exif()
    for orientation in (2, 3, 6, 7):
        turned[0x0112] = orientation
        noise.convert("RGB").save(path(f"turned{orientation}.heic"), quality=50, exif=turned.tobytes())
    big = Image.fromarray(smooth(3, 90, 70))
    big.save(path("tiles.heic"), quality=20, tile_size=64, thumbnails=[16])
    others = [photograph.rotate(180), photograph]
    photograph.save(path("several.heic"), quality=60, save_all=True, append_images=others, primary_index=1)
    deep = many.integers(0, 65536, (18, 14, 4)).astype(np.uint16)
    for bits in (10, 12):
        pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
        for mode, channels, chroma in (("RGB;16", 3, "420"), ("RGB;16", 3, "444"), ("RGBA;16", 4, "422")):
            name = f"{mode[:-3].lower()}-{chroma}-{bits}.heic"
            values = deep[..., :channels].tobytes()
            pillow_heif.encode(mode, (14, 18), values, path(name), quality=50, chroma=chroma)
        pillow_heif.encode("L;16", (14, 18), (deep[..., 0] % 900).tobytes(), path(f"gray{bits}.heic"), quality=50)


def avifs(path: Callable[[str], str]) -> None:
    """AVIFs of every layout of colors, by Pillow and, of more than eight bits, by avifenc."""
    many = np.random.Generator(np.random.PCG64(10))
    noise = Image.fromarray(many.integers(0, 256, (18, 14, 4), dtype=np.uint8))
    for chroma in ("4:2:0", "4:2:2", "4:4:4", "4:0:0"):
        name = chroma.replace(":", "")
        noise.convert("RGB").save(path(f"{name}.avif"), quality=50, subsampling=chroma)
        noise.save(path(f"alpha-{name}.avif"), quality=50, subsampling=chroma, range="limited")
    noise.convert("L").save(path("gray.avif"), quality=50)
    noise.crop((0, 0, 13, 9)).convert("RGB").save(path("odd.avif"), quality=60)
    noise.convert("RGB").save(
        path("moving.avif"), quality=40, save_all=True, append_images=[noise.rotate(180).convert("RGB")]
    )
    turned = Image.Exif()
    turned[0x0112] = 6
    noise.convert("RGB").save(path("turned.avif"), quality=50, exif=turned.tobytes())
    source = path("source.png")
    for name, channels, arguments in (
        ("10", 3, ["-d", "10", "-y", "420"]),
        ("12", 3, ["-d", "12", "-y", "444"]),
        ("alpha-10", 4, ["-d", "10", "-y", "422"]),
        ("alpha-12", 4, ["-d", "12", "-y", "444", "-r", "limited"]),
        ("gray-10", 3, ["-d", "10", "-y", "400"]),
        ("identity", 3, ["-d", "10", "-y", "444", "--cicp", "1/13/0"]),
        ("bt2020", 3, ["-d", "10", "-y", "420", "--cicp", "9/16/9"]),
    ):
        Image.fromarray(np.asarray(noise)[..., :channels].copy()).save(source)
        command = ["avifenc", "-s", "8", *arguments, source, path(f"{name}.avif")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    Image.fromarray(smooth(3, 128, 64)).save(source)
    command = ["avifenc", "-s", "8", "--max", "63", "-y", "420", "--grid", "2x1", source, path("tiles.avif")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    os.remove(source)


def portable(path: Callable[[str], str]) -> None:
    """PBM, PGM and PPM, as bytes and as text, with comments and other largest values than 255."""
    many = np.random.Generator(np.random.PCG64(11))
    values = many.integers(0, 256, (9, 13, 3), dtype=np.uint8)
    deep = many.integers(0, 65536, (9, 13, 3))

    def write(name: str, header: str, content: bytes) -> None:
        Path(path(name)).write_bytes(header.encode() + content)

    def text(numbers: np.ndarray) -> bytes:
        return "\n".join(" ".join(map(str, row.flat)) for row in numbers).encode()

    Image.fromarray(values).save(path("plain.ppm"))
    Image.fromarray(values[..., 0].copy()).save(path("plain.pgm"))
    Image.fromarray(values[..., 0].copy()).convert("1").save(path("plain.pbm"))
    write("text.ppm", "P3 # by hand\n13 9\n# white\n255\n", text(values) + b"\n")
    write("text.pgm", "P2\n1#a comment splits no number\n3 9 255\n", text(values[..., 0]))
    write("comment.pgm", "P2 13 9 200\n", text(values[..., 0] % 200).replace(b" ", b" # note 7\n", 3))
    write("text.pbm", "P1\n13 9\n", text(values[..., 0] % 2))
    write("dense.pbm", "P1 13 9\n", text(values[..., 0] % 2).replace(b" ", b""))
    write("fifteen.pgm", "P5\t13\r9\n15\n", (values[..., 0] % 18).tobytes())
    write("seven.ppm", "P6 13 9 7\n", (values % 8).tobytes())
    write("deep.ppm", "P6 13 9 65535\n", deep.astype(">u2").tobytes())
    write("deep1000.ppm", "P6 13 9 1000\n", (deep % 1010).astype(">u2").tobytes())
    write("deep.pgm", "P5 13 9 65535\n", (deep[..., 0] % 400).astype(">u2").tobytes())
    write("deep1000.pgm", "P5 13 9 1000\n", (deep[..., 1] % 5).astype(">u2").tobytes())
    write("deep-text.ppm", "P3 13 9 1000\n", text(deep % 1001))
    write("deep-text.pgm", "P2 13 9 4095\n", text(deep[..., 2] % 20))


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
    heics(path)
    avifs(path)
    portable(path)

    expected = {}
    for name in sorted(os.listdir(FOLDER)):
        if name in ("expected.json", "claims"):
            continue
        image = Image.open(path(name))
        image_format = "heic" if image.format == "HEIF" else (image.format or "").lower()
        expected[name] = {"format": image_format, "width": image.width, "height": image.height}
        if not name.startswith("refused-"):
            pixels = np.asarray(image.convert("RGB")).tobytes()
            if len(pixels) > 1500:
                expected[name]["digest"] = hashlib.sha256(pixels).hexdigest()[:32]
            else:
                expected[name]["rgb"] = pixels.hex()
    Path(path("expected.json")).write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


main()
