"""Adapters of fewshot-train in PyTorch: the class names and the logits of any adapter.safetensors.

Needs torch and safetensors. `scripts/check-export` compares the probabilities of every method with those of
`fewshot-train predict`.
"""

import json
import os

import torch
from safetensors import safe_open


def read(path: str | os.PathLike[str]) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    """The metadata and the tensors of an adapter, without the parameters in training order, whose names have a dot."""
    with safe_open(path, "pt") as file:
        names = file.keys()  # The file itself cannot be iterated over.
        return file.metadata(), {name: file.get_tensor(name) for name in names if "." not in name}


def class_names(path: str | os.PathLike[str]) -> list[str]:
    """The names of the classes, in the order of the logits."""
    return json.loads(read(path)[0]["classes"])


def logits(x: torch.Tensor, path: str | os.PathLike[str]) -> torch.Tensor:
    """The logits [N×C] of features x [N×D], as the encoder gives them.

    An adapter holds only the tensors that its method needs; each block below adds the term of one kind of tensor.
    """
    metadata, tensors = read(path)

    def number(name: str) -> float:
        return float(metadata[name])

    unit = torch.nn.functional.normalize
    features = x if metadata["features"] == "raw" else unit(x)

    if "bottleneck_up" in tensors:  # CLIP-Adapter
        hidden = (features @ tensors["bottleneck_down"].T).relu()
        ratio = number("bottleneck_ratio")
        features = unit(ratio * (hidden @ tensors["bottleneck_up"].T).relu() + (1 - ratio) * features)

    z = torch.zeros(len(x), int(metadata["class_count"]))
    if "text" in tensors:  # zero-shot logits
        z = z + number("logit_scale") * features @ tensors["text"].T

    if "weights" in tensors:  # a linear layer
        z = z + number("linear_weight") * (features @ tensors["weights"].T + tensors["bias"])

    if "keys" in tensors:  # a key-value cache
        query = features
        if "channel_weights" in tensors:
            query = unit(features * tensors["channel_weights"])
        elif "channels" in tensors:
            query = unit(features[:, tensors["channels"][0].long()])
        affinity = (number("beta") * (query @ tensors["keys"].T - 1)).exp() * tensors.get("key_strengths", 1)
        if "key_values" in tensors:
            values = tensors["key_values"]
        else:
            values = torch.eye(z.shape[1])[tensors["key_classes"][0].long()]
        z = z + number("alpha") * affinity @ values

    if "bridge_text" in tensors:  # Tip-X
        p = (features @ tensors["bridge_text"].T / 0.5).softmax(1)
        entropy = (p * p.log()).sum(1, keepdim=True)
        counts = tensors["bridge_counts"]
        divergence = counts * entropy - p @ tensors["bridge_log_sums"].T
        z = z - number("gamma") * (number("bridge_slope") * divergence + number("bridge_offset") * counts)
    return z
