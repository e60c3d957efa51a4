"""Trains the tiny CLIP: stage 1 from nothing, stage 2 on new scenes while the logit scale goes to 100.

    python train.py 1 --out stage1.pt
    python train.py 2 --from stage1.pt --out tiny-clip

Everything is counted in steps and every draw has a seed; only the rounding of sums may differ between machines.
"""

import argparse
import math
import time
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F

import encoder
from captions import WORDS, caption
from drawing import draw
from model import CLIP, prepared
from scene import COLOURS, SHAPES, TEXTURES, TrainingScene, training_scene
from streams import Stream
from tokenizer import Tokenizer, learned_merges

STAGES: dict[int, dict[str, Any]] = {
    1: dict(seed=1, scenes=100_000, steps=4400, rate=1e-3, has_head=True),
    2: dict(seed=2, scenes=24_000, steps=560, rate=4e-4, has_head=False),
}
# Purpose of the streams that batches are shuffled by, beside those of scenes, captions and pixels.
ORDER = 3


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("stage", type=int, choices=STAGES)
    parser.add_argument("--out", required=True, help="stage 1: a checkpoint; stage 2: the folder of the encoder")
    parser.add_argument("--from", dest="source", help="stage 2: the checkpoint of stage 1")
    parser.add_argument("--scenes", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-compile", action="store_true", help="for a short run: leave the image tower as it is")
    return parser.parse_args()


def permutation(seed: int, epoch: int, count: int) -> list[int]:
    order = list(range(count))
    Stream(seed, epoch, ORDER).shuffle(order)
    return order


def batches(seed: int, count: int, size: int) -> Iterator[tuple[int, list[int]]]:
    """Endless batches of scenes, each with the number of times that all were seen before."""
    epoch = 0
    while True:
        order = permutation(seed, epoch, count)
        for start in range(0, count - size + 1, size):
            yield epoch, order[start : start + size]
        epoch += 1


def attributes(scenes: list[TrainingScene]) -> torch.Tensor:
    """Which shapes, textures and colours each scene has [N, 34]."""
    marks = torch.zeros(len(scenes), len(SHAPES) + len(TEXTURES) + len(COLOURS))
    colours = list(COLOURS)
    for row, scene in enumerate(scenes):
        for thing in scene.things:
            marks[row, SHAPES.index(thing.shape)] = 1
            marks[row, len(SHAPES) + TEXTURES.index(thing.texture)] = 1
            marks[row, len(SHAPES) + len(TEXTURES) + colours.index(thing.colour)] = 1
    return marks


def parameter_groups(model: CLIP, head: torch.nn.Linear) -> list[dict[str, Any]]:
    def is_matrix(name: str, p: torch.Tensor) -> bool:
        return p.ndim >= 2 and "embedding" not in name

    named = list(model.named_parameters())
    return [
        dict(params=[p for n, p in named if is_matrix(n, p)], weight_decay=0.1),
        dict(params=[p for n, p in named if not is_matrix(n, p)], weight_decay=0),
        dict(params=list(head.parameters()), weight_decay=0),
    ]


def main() -> None:
    options = arguments()
    settings = dict(STAGES[options.stage])
    settings.update({k: v for k in ("scenes", "steps") if (v := getattr(options, k)) is not None})
    seed, count, steps = settings["seed"], settings["scenes"], settings["steps"]
    if (options.source is None) != (options.stage == 1):
        raise SystemExit("--from goes with stage 2")
    torch.set_num_threads(options.threads)
    torch.manual_seed(seed)

    merges = learned_merges(WORDS)
    tokenizer = Tokenizer(merges)
    scenes = [training_scene(seed, index) for index in range(count)]
    pictures = draw([scene.scene.record() for scene in scenes])
    model = CLIP(tokenizer.count)
    if options.source:
        model.load_state_dict(torch.load(options.source, weights_only=True))
    head = torch.nn.Linear(model.visual.proj.shape[0], len(SHAPES) + len(TEXTURES) + len(COLOURS))
    marks = attributes(scenes)
    is_compiled = options.stage == 1 and not options.no_compile
    class_token = torch.compile(model.visual.class_token, dynamic=False) if is_compiled else model.visual.class_token
    optimizer = torch.optim.AdamW(parameter_groups(model, head), lr=settings["rate"], betas=(0.9, 0.98), eps=1e-6)
    first_scale, last_scale = model.logit_scale.item(), math.log(100)
    print(f"{count} scenes, {len(merges)} merges, {sum(p.numel() for p in model.parameters())} parameters", flush=True)

    start, mean_loss, mean_right = time.monotonic(), 0.0, 0.0
    for step, (visit, rows) in zip(range(steps), batches(seed, count, options.batch), strict=False):
        done = step / steps
        rate = settings["rate"] * min(1, (step + 1) / 100) * (0.49 * (1 + math.cos(math.pi * done)) + 0.02)
        for group in optimizer.param_groups:
            group["lr"] = rate
        if options.stage == 2:
            model.logit_scale.data.fill_(first_scale + (last_scale - first_scale) * min(1, done / 0.6))
        tokens = torch.tensor([tokenizer(caption(scenes[row], seed, row, visit)) for row in rows])
        with torch.autocast("cpu", torch.bfloat16):
            token = class_token(prepared(pictures[rows]))
            images, texts = token @ model.visual.proj, model.encode_text(tokens)
        images, texts = F.normalize(images.float(), dim=-1), F.normalize(texts.float(), dim=-1)
        logits, labels = model.logit_scale.exp() * images @ texts.T, torch.arange(len(rows))
        loss = contrast = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2
        if settings["has_head"]:
            marked = F.binary_cross_entropy_with_logits(head(token.float()), marks[rows], reduction="none")
            loss = contrast + max(0.0, 1 - done / 0.8) * marked.sum(1).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        model.logit_scale.data.clamp_(0, last_scale)

        mean_loss += 0.05 * (contrast.item() - mean_loss)
        mean_right += 0.05 * ((logits.argmax(1) == labels).float().mean().item() - mean_right)
        every = 50 if steps > 200 else 5
        if (step + 1) % every == 0 or step + 1 == steps:
            seen = 1 - 0.95 ** (step + 1)
            pace = (time.monotonic() - start) / (step + 1) * 1000
            print(
                f"{step + 1} loss {mean_loss / seen:.3f} top-1 {mean_right / seen:.3f} "
                f"scale {model.logit_scale.exp().item():.1f}, {pace:.0f} ms a step",
                flush=True,
            )

    if options.stage == 1:
        torch.save(model.state_dict(), options.out)
    else:
        encoder.write(options.out, model, merges)


if __name__ == "__main__":
    main()
