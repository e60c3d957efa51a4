"""Writes what open_clip makes of drawn pictures and prompts with Demo's encoder: Tests/Fixtures/drawing/features.json.

    python Tests/Fixtures/make_demo_features.py

Needs open_clip_torch, torch, torchvision, numpy, Pillow and a C compiler. Model, preprocessing and tokenizer are
open_clip's, built from the encoder's folder; Demo's Python only draws. Features are raw outputs, computed in float32.
"""

import gzip
import hashlib
import json
import pathlib
import sys
import tempfile
from typing import Any

import torch

try:
    import open_clip
except RuntimeError:
    # PyPI's torchvision lacks its compiled operators beside a torch for processors; none of them is used here.
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import open_clip
from PIL import Image

fixtures = pathlib.Path(__file__).resolve().parent
demo = fixtures.parent.parent / "Demo"
sys.path.insert(0, str(demo))

import tasks  # noqa: E402
from drawing import draw  # noqa: E402

SEED = 1
PICTURES = [("badges", "plain", 0, 3), ("badges", "crayon", 4, 11), ("toys", "paper", 9, 25), ("toys", "chalk", 7, 42)]
PROMPTS = [
    "a photo of a red star inside a white circle.",
    "a drawing of an arrow above a bar.",
    "A blurry picture of a small teal, striped ZEBRA; isn't it?",
    "a",
]


def tokenizer(folder: pathlib.Path, context: int) -> Any:
    # open_clip reads compressed merges only.
    with tempfile.NamedTemporaryFile(suffix=".txt.gz") as file:
        file.write(gzip.compress((folder / "merges.txt").read_bytes()))
        file.flush()
        return open_clip.tokenizer.SimpleTokenizer(bpe_path=file.name, context_length=context)


def rows(features: torch.Tensor) -> list[list[float]]:
    return [[float(f"{value:.9g}") for value in row] for row in features.tolist()]


folder = demo / "tiny-clip"
model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{folder}")
model.eval()
pictures = draw([tasks.scene(task, label, number, SEED, style).record() for task, style, label, number in PICTURES])
tokens = tokenizer(folder, model.context_length)(PROMPTS)
with torch.no_grad():
    images = rows(model.encode_image(torch.stack([preprocess(Image.fromarray(pixels)) for pixels in pictures])))
    texts = rows(model.encode_text(tokens))
values = {
    "seed": SEED,
    "pictures": [
        {
            "task": task,
            "style": style,
            "label": label,
            "number": number,
            "pixels": hashlib.sha256(pixels.tobytes()).hexdigest(),
            "features": features,
        }
        for (task, style, label, number), pixels, features in zip(PICTURES, pictures, images, strict=True)
    ],
    "prompts": [
        {"text": text, "tokens": row, "features": features}
        for text, row, features in zip(PROMPTS, tokens.tolist(), texts, strict=True)
    ],
}
(fixtures / "drawing" / "features.json").write_text(json.dumps(values) + "\n")
