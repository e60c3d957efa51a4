"""Adapters as PyTorch modules; importing this needs PyTorch."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from ._adapter_parts import AdapterParts
from ._safetensors import Array


class AdapterModule(nn.Module):
    """The classifier of an adapter: logits [B, C] of features [B, D], as the encoder gave them.

    Tensors and factors such as `alpha` are buffers under the names of adapter.safetensors, so they are in the
    `state_dict` and move with the module.
    """

    text: Tensor  # [C, D]
    logit_scale: Tensor
    weights: Tensor  # [C, D]
    bias: Tensor  # [1, C]
    linear_weight: Tensor
    bridge_text: Tensor  # [J, D]
    bridge_log_sums: Tensor  # [C, J]
    bridge_counts: Tensor  # [1, C]
    bridge_slope: Tensor
    bridge_offset: Tensor
    gamma: Tensor
    keys: Tensor  # [M, D], or [M, Q] with channels
    key_classes: Tensor  # [M]
    key_strengths: Tensor  # [1, M]
    key_values: Tensor  # [M, C]
    channels: Tensor  # [Q]
    channel_weights: Tensor  # [1, D]
    alpha: Tensor
    beta: Tensor
    bottleneck_down: Tensor  # [H, D]
    bottleneck_up: Tensor  # [D, H]
    bottleneck_ratio: Tensor

    def __init__(self, parts: AdapterParts, *, trainable: bool = False) -> None:
        """Copies the tensors of an adapter; see `Adapter.module()`."""
        super().__init__()
        self.classes = list(parts.classes)
        self.method = parts.method
        self.reads_raw = parts.reads_raw
        self._add(parts.floats, trainable)
        self._add(parts.indices, trainable=False)
        for name, number in parts.numbers.items():
            self.register_buffer(name, torch.tensor(number, dtype=torch.float32))

    def _add(self, arrays: Mapping[str, Array], trainable: bool) -> None:
        for name, array in arrays.items():
            tensor = torch.from_numpy(array.copy())
            if trainable:
                self.register_parameter(name, nn.Parameter(tensor))
            else:
                self.register_buffer(name, tensor)

    def _has(self, name: str) -> bool:
        return name in self._buffers or name in self._parameters

    def extra_repr(self) -> str:
        """Return the method and the number of classes."""
        return f"{self.method}, classes={len(self.classes)}"

    def forward(self, features: Tensor) -> Tensor:
        """Return the logits [B, C] of features [B, D]; each block adds the term of one kind of tensor."""
        v = features if self.reads_raw else functional.normalize(features, dim=1)

        if self._has("bottleneck_up"):  # CLIP-Adapter
            hidden = (v @ self.bottleneck_down.T).relu()
            residual = (hidden @ self.bottleneck_up.T).relu()
            v = functional.normalize(self.bottleneck_ratio * residual + (1 - self.bottleneck_ratio) * v, dim=1)

        z = v.new_zeros(v.shape[0], len(self.classes))
        if self._has("text"):  # zero-shot logits
            z = z + self.logit_scale * (v @ self.text.T)

        if self._has("weights"):  # a linear layer
            z = z + self.linear_weight * (v @ self.weights.T + self.bias)

        if self._has("bridge_text"):  # Tip-X
            log_p = functional.log_softmax(v @ self.bridge_text.T / 0.5, dim=1)
            p = log_p.exp()
            divergence = self.bridge_counts * (p * log_p).sum(1, keepdim=True) - p @ self.bridge_log_sums.T
            z = z - self.gamma * (self.bridge_slope * divergence + self.bridge_offset * self.bridge_counts)

        if self._has("keys"):
            z = z + self.alpha * self._cache(v)
        return z

    def _cache(self, v: Tensor) -> Tensor:
        """The sums of a key-value cache [B, C]."""
        query = v
        if self._has("channels"):
            query = functional.normalize(v[:, self.channels], dim=1)
        elif self._has("channel_weights"):
            query = functional.normalize(v * self.channel_weights, dim=1)
        weights = (self.beta * (query @ self.keys.T - 1)).exp()
        if self._has("key_values"):
            return weights @ self.key_values
        if self._has("key_strengths"):
            weights = weights * self.key_strengths
        return v.new_zeros(v.shape[0], len(self.classes)).index_add(1, self.key_classes, weights)
