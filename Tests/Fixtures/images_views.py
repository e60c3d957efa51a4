"""Writes results of Pillow and torchvision on made-up images: digests of tensors, boxes of random crops.

    python Tests/Fixtures/images_views.py

images_views.json holds what Pillow 13 makes, images_views_fixed.json what an earlier one does: whichever is installed
is written. Needs Pillow, torch, torchvision, numpy and xxhash. scripts/check-images uses the same functions on real
images.
"""

import hashlib
import json
import os
import sys
import types
from collections.abc import Iterable
from typing import Any

# torchvision's operators for detection need a build that fits torch's; its transforms do not.
sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")

import numpy as np
import PIL
import torch
import xxhash
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)
BICUBIC = transforms.InterpolationMode.BICUBIC
SCALES = {"tip": (0.5, 1.0), "dassl": (0.08, 1.0)}
MASK = (1 << 64) - 1


class Generator:
    """The numbers that a view draws: SplitMix64 from the XXH3 of seed, view and id on."""

    def __init__(self, seed: int, view: int, item: str) -> None:
        self.state = xxhash.xxh3_64_intdigest(f"{seed} {view} {item}".encode())

    def next(self) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        return z ^ z >> 31

    def uniform(self, low: float, high: float) -> np.float32:
        least, most = np.float32(low), np.float32(high)
        return np.float32(self.next() >> 40) * np.float32(2**-24) * (most - least) + least


class Room:
    """What `torch.empty` gives while the draws are ours."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator

    def uniform_(self, low: float, high: float) -> torch.Tensor:
        return torch.tensor([self.generator.uniform(float(low), float(high))])


def box(image: Image.Image, seed: int, view: int, item: str, augmentation: str) -> tuple[int, int, int, int, bool]:
    """torchvision's own rule, fed with our numbers: left, top, width, height, flipped."""
    generator = Generator(seed, view, item)
    empty, randint = torch.empty, torch.randint
    torch.empty = lambda *size: Room(generator)
    torch.randint = lambda low, high, size: torch.tensor([low + (generator.next() * (high - low) >> 64)])
    try:
        top, left, height, width = transforms.RandomResizedCrop.get_params(image, SCALES[augmentation], (3 / 4, 4 / 3))
    finally:
        torch.empty, torch.randint = empty, randint
    return left, top, width, height, bool(generator.uniform(0, 1) < 0.5)


def recorded(box: tuple[int, int, int, int, bool]) -> dict[str, int | bool]:
    """The box with names, as the tests read it."""
    return dict(zip(("left", "top", "width", "height", "isFlipped"), box, strict=True))


def view(
    image: Image.Image,
    size: int,
    seed: int,
    number: int,
    item: str,
    augmentation: str,
    mode: str = "shortest",
) -> Image.Image:
    """The view before its values are normalised, as an image."""
    if number == 0 and mode == "squash":
        return functional.resize(image, [size, size], BICUBIC)
    if number == 0:
        return functional.center_crop(functional.resize(image, size, BICUBIC), size)
    left, top, width, height, flipped = box(image, seed, number, item, augmentation)
    image = functional.resized_crop(image, top, left, height, width, [size, size], BICUBIC)
    return functional.hflip(image) if flipped else image


def tensor(image: Image.Image) -> torch.Tensor:
    return functional.normalize(functional.to_tensor(image), MEAN, STD)


def digest(values: Any) -> str:
    """Of an image's or a tensor's bytes: half of a SHA-256."""
    array = values.contiguous().numpy() if isinstance(values, torch.Tensor) else np.asarray(values)
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:32]


def made_up(width: int, height: int) -> Image.Image:
    """An image that a line of arithmetic gives, with edges and noise."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    values = (x * x * 3 + y * y * 5 + x * y * 7 + 40 * c) >> 3 ^ (x * 11 + y * 17 + ((x * y) >> 5) * c)
    return Image.fromarray((values & 255).astype(np.uint8))


def main() -> None:
    images = [
        (1, 1),
        (1, 500),
        (500, 1),
        (3, 7),
        (7, 3),
        (223, 225),
        (224, 224),
        (224, 300),
        (300, 224),
        (225, 224),
        (301, 200),
        (640, 480),
        (97, 333),
        (2, 1000),
        (1500, 1100),
        (13, 9),
    ]
    cases = []
    for width, height in [*images, (1, 5000), (5000, 1)]:
        image = made_up(width, height)
        entry: dict[str, Any] = {"width": width, "height": height, "views": []}
        # The longest sides only where torchvision's detour over the whole resized image fits into memory.
        sides = (32, 33) if max(width, height) > 1000 * min(width, height) else (32, 33, 224)
        for side in sides:
            for mode in ("shortest", "squash"):
                made = view(image, side, 0, 0, "", "tip", mode)
                entry["views"].append({"size": side, "mode": mode, "view": 0, "tensor": digest(tensor(made))})
        for number in range(1, 13):
            augmentation = "tip" if number % 2 else "dassl"
            name = f"class é/{width}x{height}.jpg"
            made = view(image, 64, 7, number, name, augmentation)
            entry["views"].append(
                {
                    "size": 64,
                    "mode": "shortest",
                    "view": number,
                    "item": name,
                    "seed": 7,
                    "augmentation": augmentation,
                    "box": recorded(box(image, 7, number, name, augmentation)),
                    "tensor": digest(tensor(made)),
                }
            )
        cases.append(entry)
    boxes = []
    for place in range(400):
        width, height = (1 + (37 * place) % 640, 1 + (101 * place) % 480)
        crop = box(Image.new("RGB", (width, height)), place, 1 + place % 9, f"item {place}", "dassl")
        boxes.append({"width": width, "height": height, "box": recorded(crop)})
    resizes = []
    for width in range(1, 400, 7):
        for height in (1, 2, 3, 99, 224, 225, 333, 501):
            resized = transforms.functional._compute_resized_output_size((height, width), [224])
            resizes.append([width, height, resized[1], resized[0]])

    def line(values: Iterable[Any]) -> str:
        return ",\n".join(json.dumps(value, ensure_ascii=False, sort_keys=True) for value in values)

    # Since Pillow 13 the pass over the columns may come first.
    name = "images_views.json" if int(PIL.__version__.split(".")[0]) >= 13 else "images_views_fixed.json"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            '{"boxes": [\n'
            + line(boxes)
            + '],\n"cases": [\n'
            + line(cases)
            + '],\n"sizes": [\n'
            + line(resizes)
            + "]}\n"
        )


if __name__ == "__main__":
    main()
