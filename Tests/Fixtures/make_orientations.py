"""Writes orientations.json: JPEG files of each EXIF orientation and Pillow's upright pixels, and a reduced image.

Needs numpy and pillow (made with pillow 13.0.0). Pillow and the tests decode with the same library.
"""

import base64
import io
import json
import pathlib

import numpy as np
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).resolve().parent


def values(image: Image.Image) -> dict[str, object]:
    return {"width": image.width, "height": image.height, "rgb": image.convert("RGB").tobytes().hex()}


def main() -> None:
    random = np.random.default_rng(7)
    turned = []
    for orientation in range(1, 9):
        image = Image.fromarray(random.integers(0, 256, (5, 9, 3), dtype=np.uint8))
        exif = Image.Exif()
        exif[274] = orientation
        file = io.BytesIO()
        image.save(file, "jpeg", quality=95, subsampling=0, exif=exif)
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(file.getvalue())))
        turned.append({"jpeg": base64.b64encode(file.getvalue()).decode(), "upright": values(upright)})
    source = Image.fromarray(random.integers(0, 256, (31, 50, 3), dtype=np.uint8))
    small = source.resize((20, 12), Image.Resampling.BICUBIC)
    reduced = {"source": values(source), "side": 20, "reduced": values(small)}
    path = HERE / "orientations.json"
    path.write_text(json.dumps({"turned": turned, "reduced": reduced}, indent=1) + "\n")


main()
