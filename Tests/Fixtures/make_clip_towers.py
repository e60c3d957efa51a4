#!/usr/bin/env python3
"""Makes Tests/Fixtures/clip: tiny CLIPs of random weights in open_clip's names, inputs, and open_clip's features.

    python3 Tests/Fixtures/make_clip_towers.py          needs torch, open_clip_torch, safetensors, numpy

Weights are stored as float16 and the features are those of the stored values, computed in float32.
"""

import copy
import json
import os
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
from safetensors.torch import save_file

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clip")
MODELS: dict[str, dict[str, Any]] = {
    "vit": dict(
        images=5,
        embed_dim=24,
        vision_cfg=dict(image_size=24, layers=2, width=48, head_width=24, patch_size=8, mlp_ratio=1.0),
        text_cfg=dict(context_length=12, vocab_size=50, width=32, heads=2, layers=2, mlp_ratio=2.0),
    ),
    "resnet": dict(
        images=2,
        embed_dim=16,
        vision_cfg=dict(image_size=64, layers=[1, 2, 1, 1], width=4),
        text_cfg=dict(context_length=8, vocab_size=20, width=16, heads=1, layers=1, mlp_ratio=1.0),
    ),
}

# A larger grid, and a smaller one beside which some pixels are not seen.
RESIZED = (40, 20)


def randomise(model: torch.nn.Module, generator: torch.Generator) -> None:
    """Values of the size that trained weights have, so that no layer is idle."""
    for name, value in list(model.named_parameters()) + list(model.named_buffers()):
        if not value.is_floating_point() or name in {"attn_mask", "logit_scale"}:
            continue
        noise = torch.randn(value.shape, generator=generator)
        if name.endswith("running_var"):
            value.data = 0.5 + torch.rand(value.shape, generator=generator)
        elif value.ndim == 1 and name.endswith("weight"):
            value.data = 1 + 0.2 * noise
        elif value.ndim <= 1:
            value.data = 0.2 * noise
        elif "embedding" in name:
            value.data = 0.5 * noise
        else:
            fan = value.shape[0] if name.endswith(("proj", "projection")) else value[0].numel()
            value.data = 1.5 * noise / fan**0.5


def prompts(configuration: dict[str, Any], generator: torch.Generator) -> torch.Tensor:
    """Start, some tokens, end, zeros; one as short as can be, one as long."""
    length, end = configuration["context_length"], configuration["vocab_size"] - 1
    tokens = torch.zeros(5, length, dtype=torch.long)
    for row, count in enumerate([2, length, 5, 3, length - 1]):
        tokens[row, :count] = torch.randint(1, end - 1, (count,), generator=generator)
        tokens[row, 0], tokens[row, count - 1] = end - 1, end
    return tokens


def resized(
    configuration: dict[str, Any], state: dict[str, torch.Tensor], generator: torch.Generator
) -> dict[str, torch.Tensor]:
    """Features of other image sizes, for which open_clip resizes the positional embedding when it loads the weights."""
    golden = {}
    for size in RESIZED:
        changed = copy.deepcopy(configuration)
        changed["vision_cfg"]["image_size"] = size
        model = open_clip.CLIP(**changed, quick_gelu=True).eval()
        values = {key: value.float() for key, value in state.items()}
        open_clip.model.resize_pos_embed(values, model)
        model.load_state_dict(values, strict=False)
        pixels = torch.randn(2, 3, size, size, generator=generator).half().float()
        with torch.no_grad():
            golden[f"{size}.image"] = model.encode_image(pixels).float()
        golden[f"{size}.pixels"] = pixels.permute(0, 2, 3, 1).contiguous().half()
        golden[f"{size}.positions"] = values["visual.positional_embedding"].contiguous()
    return golden


def main() -> None:
    for seed, (name, configuration) in enumerate(MODELS.items()):
        generator = torch.Generator().manual_seed(20261121 + seed)
        folder = os.path.join(HERE, name)
        os.makedirs(folder, exist_ok=True)
        golden = {}
        size = configuration["vision_cfg"]["image_size"]
        pixels = torch.randn(configuration.pop("images"), 3, size, size, generator=generator).half().float()
        tokens = prompts(configuration["text_cfg"], generator)
        state = None
        for activation in ("gelu", "quick_gelu"):
            model = open_clip.CLIP(**copy.deepcopy(configuration), quick_gelu=activation == "quick_gelu").eval()
            if state is None:
                randomise(model, generator)
                state = {key: value.half() for key, value in model.state_dict().items() if value.is_floating_point()}
            model.load_state_dict({key: value.float() for key, value in state.items()}, strict=False)
            with torch.no_grad():
                golden[f"image.{activation}"] = model.encode_image(pixels).float()
                golden[f"text.{activation}"] = model.encode_text(tokens).float()
        golden["pixels"] = pixels.permute(0, 2, 3, 1).contiguous().half()
        golden["tokens"] = tokens
        save_file(state, os.path.join(folder, "open_clip_model.safetensors"))
        save_file(golden, os.path.join(folder, "golden.safetensors"))
        if name == "vit" and state is not None:
            save_file(resized(configuration, state, generator), os.path.join(folder, "resized.safetensors"))
        with open(os.path.join(folder, "open_clip_config.json"), "w") as file:
            json.dump(
                {
                    "model_cfg": {**configuration, "quick_gelu": True},
                    "preprocess_cfg": {
                        "mean": [0.48145466, 0.4578275, 0.40821073],
                        "std": [0.26862954, 0.26130258, 0.27577711],
                    },
                },
                file,
                indent=1,
            )
            file.write("\n")
        print(
            name,
            {key: tuple(value.shape) for key, value in golden.items()},
            sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder)),
        )

    # What OpenAI's own files are: a program with its tensors.
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), os.path.join(HERE, "scripted.pt"))


if __name__ == "__main__":
    main()
