"""Writes what Pillow and torchvision make of images, for the tests to compare with.

    python scripts/expect_images.py EXPECTED.json MADE_FOLDER IMAGE_FOLDER COUNT

IMAGE_FOLDER's JPEG files, where there are any, and COUNT made-up ones of all formats and odd sizes that are put into
MADE_FOLDER.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Fixtures"))

import numpy as np
import PIL
import pillow_heif
import torch
from PIL import Image, features

import images_views as peer


def make(folder: str, count: int) -> Iterator[str]:
    """Images of random sizes, some smooth and some noise, in every format that is decoded."""
    os.makedirs(folder)
    random = np.random.Generator(np.random.PCG64(2024))
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("jpg", "RGB", {"quality": 90}),
        ("jpg", "RGB", {"quality": 75, "subsampling": 0}),
        ("jpg", "RGB", {"quality": 60, "subsampling": 1}),
        ("jpg", "RGB", {"progressive": True}),
        ("jpg", "L", {}),
        ("jpg", "CMYK", {"quality": 95}),
        ("png", "RGB", {}),
        ("png", "RGBA", {}),
        ("png", "P", {}),
        ("png", "LA", {}),
        ("png", "1", {}),
        ("gif", "P", {}),
        ("gif", "L", {}),
        ("bmp", "RGB", {}),
        ("bmp", "P", {}),
        ("bmp", "1", {}),
        ("webp", "RGB", {"quality": 80}),
        ("webp", "RGBA", {"quality": 70}),
        ("webp", "RGB", {"lossless": True}),
        ("tif", "RGB", {}),
        ("tif", "RGB", {"compression": "tiff_lzw"}),
        ("tif", "L", {"compression": "tiff_deflate"}),
        ("heic", "RGB", {"quality": 60}),
        ("heic", "RGBA", {"quality": 40, "chroma": "444"}),
        ("heic", "RGB", {"quality": 50, "chroma": "422", "full_range_flag": 0}),
        ("heic", "RGB", {"quality": 40, "tile_size": 128}),
        ("heic", "L", {"quality": 60}),
        ("avif", "RGB", {"quality": 60, "speed": 10}),
        ("avif", "RGBA", {"quality": 50, "speed": 10, "subsampling": "4:2:2"}),
        ("avif", "RGB", {"quality": 70, "speed": 10, "subsampling": "4:4:4", "range": "limited"}),
        ("avif", "L", {"speed": 10}),
        ("ppm", "RGB", {}),
        ("pgm", "L", {}),
        ("pbm", "1", {}),
    ]
    for place in range(count):
        width, height = (int(2 ** random.uniform(0, 10)) for _ in range(2))
        y, x, c = np.mgrid[0:height, 0:width, 0:3]
        a, b = random.uniform(0, 9, 2)
        values = 127 + 90 * np.sin(a * x / (1 + c + place % 40) + b * y / 30) + 30 * ((x + y) // 7 % 2)
        values += random.normal(0, (place % 5) * 8, values.shape)
        suffix, mode, settings = kinds[place % len(kinds)]
        image = Image.fromarray(values.clip(0, 255).astype(np.uint8))
        if mode in ("RGBA", "LA"):
            image.putalpha(Image.fromarray(random.integers(0, 256, (height, width), dtype=np.uint8)))
        path = os.path.join(folder, f"{place:04}-{mode}.{suffix}")
        image.convert(mode).save(path, **settings)
        yield path


def photographs(folder: str) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        yield from (os.path.join(parent, name) for name in sorted(names) if name.lower().endswith((".jpg", ".jpeg")))


def main() -> None:
    expected, made, folder, count = sys.argv[1:]
    torch.set_num_threads(1)
    pillow_heif.register_heif_opener()
    passes = "adaptive" if int(PIL.__version__.split(".")[0]) >= 13 else "fixed"
    entries: list[dict[str, Any]] = []
    sources = ((f"under {folder}", photographs(folder)), ("made up", make(made, int(count))))
    for source, paths in sources:
        number = len(entries)
        for path in paths:
            image = Image.open(path).convert("RGB")
            item = os.path.basename(path)
            views = []
            for view, augmentation, mode in (
                (0, "tip", "shortest"),
                (0, "tip", "squash"),
                (1, "tip", "shortest"),
                (2, "dassl", "shortest"),
            ):
                # Where the detour over the whole resized image does not fit into memory there is no comparison.
                if view == 0 and mode == "shortest" and max(image.size) > 100 * min(image.size):
                    continue
                pixels = peer.view(image, 224, 11, view, item, augmentation, mode)
                views.append(
                    {
                        "view": view,
                        "augmentation": augmentation,
                        "mode": mode,
                        "tensor": peer.digest(peer.tensor(pixels)),
                        "box": peer.recorded(peer.box(image, 11, view, item, augmentation)) if view else None,
                    }
                )
            entries.append(
                {
                    "path": path,
                    "item": item,
                    "seed": 11,
                    "passes": passes,
                    "width": image.width,
                    "height": image.height,
                    "pixels": peer.digest(image),
                    "views": views,
                }
            )
        print(f"{len(entries) - number} images", source)
    versions = {
        "Pillow": PIL.__version__,
        "libjpeg-turbo": features.version("libjpeg_turbo"),
        "libavif": features.version("avif"),
        "libheif": pillow_heif.libheif_version(),
        "torch": torch.__version__,
    }
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    with open(expected, "w") as file:
        json.dump(entries, file)


main()
