"""CLIP models with random weights that behave like trained ones, and inputs for them.

Needs torch, open_clip_torch, safetensors and numpy.
"""

import collections
import os
import re
from collections.abc import Mapping

import torch

try:
    import open_clip
except RuntimeError:
    # PyPI's torchvision lacks its compiled operators beside a torch for processors; none of them is used here.
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import open_clip


def randomise(model: torch.nn.Module, seed: int = 20261121) -> torch.nn.Module:
    """Values of the size that trained weights have: every layer moves its input, and none drowns what came before.

    Norms get gains, offsets and statistics that are not the neutral ones, also where an initialisation leaves zeros.
    """
    generator = torch.Generator().manual_seed(seed)
    blocks = collections.Counter(
        m.group(1) for n, _ in model.named_parameters() if (m := re.match(r"(.*)\.\d+\.bn3\.weight$", n))
    )
    for name, value in list(model.named_parameters()) + list(model.named_buffers()):
        if not value.is_floating_point() or name.endswith(("attn_mask", "logit_scale")):
            continue
        noise = torch.randn(value.shape, generator=generator)
        if name.endswith("running_var"):
            value.data = 0.5 + torch.rand(value.shape, generator=generator)
        elif value.ndim == 1 and name.endswith("weight"):
            # The gain of a norm. The last one of a residual block gets smaller with the number of blocks in sequence:
            # otherwise the sum, and rounding errors with it, would grow from block to block as in no trained model.
            stage = re.match(r"(.*)\.\d+\.bn3\.weight$", name)
            value.data = (1 + 0.2 * noise) * (min(0.4, blocks[stage.group(1)] ** -0.5) if stage else 1)
        elif value.ndim <= 1:
            value.data = 0.1 * noise
        elif "embedding" in name:
            value.data = (0.1 if "attnpool" in name else 0.5) * noise
        else:
            fan = value.shape[0] if name.endswith(("visual.proj", "text_projection")) else value[0].numel()
            # What is added to a residual is smaller, as it is after training.
            value.data = (
                (0.4 if name.endswith(("out_proj.weight", "c_proj.weight", "fc2.weight")) else 1.2) * noise / fan**0.5
            )
    return model


def make(name: str, seed: int = 20261121) -> torch.nn.Module:
    """open_clip's model `name` with random weights, in float32."""
    # Its own initialisation takes longer than all else with large models, and is not wanted.
    skipped = {
        n: getattr(torch.nn.init, n) for n in ("kaiming_uniform_", "xavier_uniform_", "normal_", "trunc_normal_")
    }
    for n in skipped:
        setattr(torch.nn.init, n, lambda tensor, *a, **k: tensor)
    try:
        model = open_clip.create_model(name, pretrained=None, precision="fp32")
    finally:
        for n, function in skipped.items():
            setattr(torch.nn.init, n, function)
    return randomise(model.eval(), seed)


def activation(name: str) -> str:
    """What open_clip's configuration `name` bends values with; OpenAI's ResNets and ViTs say so in their names."""
    return "quick_gelu" if open_clip.get_model_config(name).get("quick_gelu") else "gelu"


def save(state: Mapping[str, torch.Tensor], path: str) -> None:
    from safetensors.torch import save_file

    os.makedirs(os.path.dirname(path), exist_ok=True)
    save_file({key: value.contiguous() for key, value in state.items()}, path)


def images(count: int, side: int, seed: int = 3) -> torch.Tensor:
    """Normalised pixels [count, 3, side, side]: smooth, as photographs are, with some noise."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.randn(count, 3, 7, 7, generator=generator)
    smooth = torch.nn.functional.interpolate(coarse, size=(side, side), mode="bicubic")
    return smooth + 0.3 * torch.randn(count, 3, side, side, generator=generator)


def prompts(count: int, context: int = 77, vocabulary: int = 49408, seed: int = 4) -> torch.Tensor:
    """Tokens [count, context] of prompts as long as `a photo of a tabby cat.`: start, 5 to 12 words, end, zeros."""
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.zeros(count, context, dtype=torch.long)
    for row in range(count):
        words = min(context - 2, int(torch.randint(5, 13, (1,), generator=generator)))
        tokens[row, 1 : words + 1] = torch.randint(256, vocabulary - 2, (words,), generator=generator)
        tokens[row, 0], tokens[row, words + 1] = vocabulary - 2, vocabulary - 1
    return tokens
