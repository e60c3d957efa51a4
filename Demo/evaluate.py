"""Zero-shot accuracy of a model on the drawn tasks, and that of the nearest class mean for some shots.

    python evaluate.py tiny-clip badges/plain badges/crayon

The split is that of 'fewshot-split draw': 16 images a class to take shots from in their order, the last 40 to test on.
"""

import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

import encoder
from drawing import draw
from model import CLIP, prepared
from tasks import class_names, scene
from tokenizer import Tokenizer

COUNT, TRAIN, TEST, SHOTS = 60, 16, 20, (1, 2, 4, 8, 16)


@torch.no_grad()
def evaluated(
    model: CLIP, tokenizer: Tokenizer, templates: list[str], task: str, style: str, seed: int = 1
) -> tuple[float, dict[int, float]]:
    """Percent right of zero-shot classification, and of the nearest class mean by the number of images per class."""
    names = class_names(task)
    records = [
        scene(task, label, number, seed, style).record() for label in range(len(names)) for number in range(COUNT)
    ]
    images = torch.cat([model.encode_image(prepared(part)) for part in np.array_split(draw(records), 8)])
    images = F.normalize(images, dim=-1).view(len(names), COUNT, -1)
    tokens = [torch.tensor([tokenizer(template.format(name)) for name in names]) for template in templates]
    texts = torch.stack([F.normalize(model.encode_text(rows), dim=-1) for rows in tokens])
    classes = F.normalize(texts.mean(0), dim=-1)

    def accuracy(means: torch.Tensor) -> float:
        right = (images[:, TEST:] @ means.T).argmax(-1) == torch.arange(len(names))[:, None]
        return 100 * right.float().mean().item()

    shots = {k: accuracy(F.normalize(images[:, :k].mean(1), dim=-1)) for k in SHOTS if k <= TRAIN}
    return accuracy(classes), shots


def main() -> None:
    model, tokenizer = encoder.read(pathlib.Path(sys.argv[1]))
    templates = (pathlib.Path(__file__).parent / "templates.txt").read_text().splitlines()
    for task in sys.argv[2:] or ["badges/plain", "badges/crayon"]:
        zero_shot, shots = evaluated(model, tokenizer, templates, *task.split("/"))
        means = ", ".join(f"{k}: {accuracy:.1f}" for k, accuracy in shots.items())
        print(f"{task}: zero-shot {zero_shot:.1f}; nearest class mean {means}", flush=True)


if __name__ == "__main__":
    main()
