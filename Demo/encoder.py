"""The encoder's folder: weights in float16, the configuration that open_clip reads, the tokenizer's merges."""

import json
import pathlib
from typing import Any

from safetensors.torch import load_file, save_file

from drawing import SIDE
from model import CHANNEL_DEVIATIONS, CHANNEL_MEANS, CLIP, HEAD_WIDTH
from tokenizer import Tokenizer, read_merges, write_merges

WEIGHTS, CONFIGURATION, MERGES = "open_clip_model.safetensors", "open_clip_config.json", "merges.txt"


def configuration(model: CLIP) -> dict[str, Any]:
    """What open_clip builds the model from; sizes are read off its tensors."""
    image, text = model.visual, model.transformer
    context, width = model.positional_embedding.shape
    return {
        "model_cfg": {
            "embed_dim": model.text_projection.shape[1],
            "quick_gelu": True,
            "vision_cfg": {
                "image_size": SIDE,
                "layers": len(image.transformer.resblocks),
                "width": image.proj.shape[0],
                "head_width": HEAD_WIDTH,
                "patch_size": image.conv1.weight.shape[-1],
            },
            "text_cfg": {
                "context_length": context,
                "vocab_size": len(model.token_embedding.weight),
                "width": width,
                "heads": text.resblocks[0].attn.heads,
                "layers": len(text.resblocks),
            },
        },
        "preprocess_cfg": {
            "mean": CHANNEL_MEANS,
            "std": CHANNEL_DEVIATIONS,
            "interpolation": "bicubic",
            "resize_mode": "shortest",
        },
    }


def write(folder: pathlib.Path, model: CLIP, merges: list[tuple[str, str]]) -> None:
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: value.half().contiguous() for name, value in model.state_dict().items()}, folder / WEIGHTS)
    (folder / CONFIGURATION).write_text(json.dumps(configuration(model), indent=2) + "\n")
    write_merges(merges, folder / MERGES)


def read(folder: pathlib.Path) -> tuple[CLIP, Tokenizer]:
    """The model, computing in float32, and its tokenizer."""
    folder = pathlib.Path(folder)
    tokenizer = Tokenizer(read_merges(folder / MERGES))
    model = CLIP(tokenizer.count)
    model.load_state_dict({name: value.float() for name, value in load_file(folder / WEIGHTS).items()})
    return model.eval(), tokenizer
