"""Writes small images of every kind with Pillow, and what Pillow reads from them.

    python Tests/Fixtures/make_images.py

expected.json holds, for each file, its size and the bytes of `convert("RGB")` in hexadecimal, where ours decodes it.
"""

import json
import os
import struct
import zlib

import numpy as np
from PIL import Image

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")
random = np.random.Generator(np.random.PCG64(7))


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def write_png16(path, values, colors):
    """A PNG of 16 bits a value: [H, W, C], which Pillow writes for gray only."""
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", width, height, 16, colors, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)))
        file.write(chunk(b"IEND", b""))


def smooth(channels, width=13, height=9):
    """A picture that survives JPEG: [H, W, C]."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    return (40 + 11 * x + 7 * y + 20 * c * (x > y)).clip(0, 255).astype(np.uint8)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    path = lambda name: os.path.join(FOLDER, name)
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
    data = open(path("gamma.png"), "rb").read()
    with open(path("gamma.png"), "wb") as file:
        file.write(data[:33] + chunk(b"gAMA", struct.pack(">I", 100000)) + data[33:])
    deep = random.integers(0, 65536, (5, 7, 3), dtype=np.uint16)
    write_png16(path("rgb16.png"), deep, 2)
    write_png16(path("gray16.png"), deep[..., :1], 0)

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

    expected = {}
    for name in sorted(os.listdir(FOLDER)):
        if name == "expected.json":
            continue
        image = Image.open(path(name))
        expected[name] = {"format": image.format.lower(), "width": image.width, "height": image.height}
        if name.endswith((".png", ".jpg")):
            # Pillow's own way from 16-bit gray to RGB depends on its version: the high byte is what all mean.
            pixels = np.asarray(image)
            rgb8 = (
                np.repeat((pixels >> 8).astype(np.uint8)[..., None], 3, 2)
                if image.mode.startswith("I")
                else np.asarray(image.convert("RGB"))
            )
            expected[name]["rgb"] = rgb8.tobytes().hex()
    with open(path("expected.json"), "w") as file:
        json.dump(expected, file, indent=1, sort_keys=True)
        file.write("\n")


main()
