"""JPEGs to an encoder's normalised values as a user of Pillow and torchvision makes them; prints one JSON line.

    python pictures.py make DIR         0.jpg ... of made-up photographs in DIR
    python pictures.py jpeg-tensor --data DIR

One thread. `sha256` is of all values in order, `passes` says which order of resizing this Pillow has.
"""

import argparse
import hashlib
import json
import os
import resource
import statistics
import time
from typing import Any

import numpy as np
import PIL
import torch
from PIL import Image

try:
    import torchvision
except RuntimeError:
    # PyPI's torchvision lacks its compiled operators beside a torch for processors; none of them is used here.
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
from torchvision import transforms

SIZES = [(500, 375), (500, 333), (375, 500), (640, 480), (500, 500), (1024, 768), (500, 375), (1600, 1200)]
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


def photograph(width: int, height: int, random: np.random.Generator) -> Image.Image:
    """Light and colour at every scale from the whole picture to one pixel, weaker at each finer scale, and grain."""
    total = np.zeros((height, width, 3))
    side = 2
    while side < max(width, height):
        coarse = random.normal(size=(side, side, 3)) * np.array([1, 0.9, 0.8]) + random.normal(size=(side, side, 1))
        scaled = [
            np.asarray(Image.fromarray(coarse[..., c].astype(np.float32)).resize((width, height), Image.BICUBIC))
            for c in range(3)
        ]
        total += np.stack(scaled, -1) * side**-0.6
        side *= 2
    total += 0.02 * random.normal(size=total.shape)
    return Image.fromarray(np.clip(128 + 70 * total, 0, 255).astype(np.uint8))


def make(folder: str) -> None:
    random = np.random.default_rng(1)
    os.makedirs(folder, exist_ok=True)
    for i in range(32):
        photograph(*SIZES[i % len(SIZES)], random).save(f"{folder}/{i}.jpg", quality=[92, 85, 96, 75][i // 8 % 4])


def run(folder: str) -> dict[str, Any]:
    torch.set_num_threads(1)
    prepare = transforms.Compose(
        [
            transforms.Resize(224, interpolation=transforms.InterpolationMode.BICUBIC),
            transforms.CenterCrop(224),
            lambda image: image.convert("RGB"),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )
    count = len([name for name in os.listdir(folder) if name.endswith(".jpg")])
    times = []
    for _ in range(5):
        start = time.perf_counter()
        tensors = [prepare(Image.open(f"{folder}/{i}.jpg")) for i in range(count)]
        times.append((time.perf_counter() - start) / count)
    digest = hashlib.sha256()
    for tensor in tensors:
        # Ours has the values of a pixel side by side, as the encoders read them.
        digest.update(tensor.permute(1, 2, 0).contiguous().numpy().tobytes())
    return dict(
        seconds=statistics.median(times),
        sha256=digest.hexdigest(),
        peer=f"Pillow {PIL.__version__}, torchvision {torchvision.__version__.split('+')[0]}",
        passes="adaptive" if int(PIL.__version__.split(".")[0]) >= 13 else "fixed",
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("row", choices=["make", "jpeg-tensor"])
    p.add_argument("folder", nargs="?")
    p.add_argument("--data")
    a = p.parse_args()
    if a.row == "make":
        make(a.folder)
    else:
        print(json.dumps(dict(row=a.row, **run(a.data))))
