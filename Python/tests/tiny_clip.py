"""The tiny CLIP of Demo/ in PyTorch, for tests of encoders."""

import sys
from collections.abc import Callable
from typing import Any

from conftest import ROOT

FOLDER = ROOT / "Demo/tiny-clip"
TEMPLATES = (ROOT / "Demo/templates.txt").read_text("utf-8").splitlines()


def tiny_clip() -> tuple[Any, Callable[[list[str]], Any]]:
    """The model, with open_clip's description of its preprocessing, and the function from prompts to features."""
    model, tokenizer = model_and_tokenizer()
    return model, lambda prompts: model.encode_text(tokenizer(prompts))


def model_and_tokenizer() -> tuple[Any, Callable[[list[str]], Any]]:
    """The model, and the function from prompts to tokens."""
    import torch

    sys.path.insert(0, str(ROOT / "Demo"))
    try:
        import encoder
    finally:
        sys.path.remove(str(ROOT / "Demo"))
    torch.set_num_threads(1)  # The model is too small for two.
    model, tokenizer = encoder.read(FOLDER)
    model.visual.preprocess_cfg = {
        "size": (48, 48),
        "mode": "RGB",
        "mean": (0.48145466, 0.4578275, 0.40821073),
        "std": (0.26862954, 0.26130258, 0.27577711),
        "interpolation": "bicubic",
        "resize_mode": "shortest",
    }
    return model, lambda prompts: torch.tensor([tokenizer(text) for text in prompts])
