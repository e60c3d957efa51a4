"""Adapters: classifiers that `fewshot-train` has fitted, for NumPy arrays and for PyTorch."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ._adapter_parts import AdapterParts
from ._errors import missing_extra, sentence
from ._safetensors import Array, file_bytes

if TYPE_CHECKING:
    from .torch_module import AdapterModule

# Intermediate values per block of items, 64 MB.
_BLOCK_VALUES = 1 << 24


class Adapter:
    """A fitted classifier.

    Call it with features to get logits. Every method's adapter is a sum of terms: texts, a linear layer, a cache of
    keys, and the class distributions of Tip-X, after a change of the features for CLIP-Adapter.

    Features are those of a feature file, as the encoder gave them, [N, D] or [N, V, D]; of several views, view 0 is
    classified, the image without augmentation.
    """

    def __init__(self, content: bytes, source: str = "the adapter") -> None:
        """Reads the bytes of an adapter.safetensors; `source` is its name in error messages."""
        self._parts = AdapterParts(content, source)
        self._content = content

    def __reduce__(self) -> tuple[type["Adapter"], tuple[bytes, str]]:
        """Pickles the bytes of the file."""
        return type(self), (self._content, self.source)

    def __repr__(self) -> str:
        """Return the method, the numbers of classes and channels, and the source."""
        return f"<Adapter {self.method}: {len(self.classes)} classes, features [N, {self.width}], {self.source}>"

    @property
    def source(self) -> str:
        """The path of the file."""
        return self._parts.source

    @property
    def method(self) -> str:
        """The name of the method that fitted it."""
        return self._parts.method

    @property
    def classes(self) -> list[str]:
        """The names of the classes, in the order of the logits."""
        return list(self._parts.classes)

    @property
    def width(self) -> int:
        """The number of channels of the features, D."""
        return int(self._parts.width)

    @property
    def settings(self) -> dict[str, float]:
        """The factors of the terms by name, such as `alpha`, `beta` and `logit_scale`."""
        return dict(self._parts.numbers)

    @property
    def metadata(self) -> Mapping[str, str]:
        """The metadata of the file."""
        return MappingProxyType(self._parts.metadata)

    @property
    def parameter_count(self) -> int:
        """The number of values in all tensors."""
        return self._parts.parameter_count

    def to_bytes(self) -> bytes:
        """Return the bytes of the file."""
        return self._content

    def __call__(self, features: ArrayLike) -> Array:
        """Return the logits [N, C], float32, of features [N, D] or [N, V, D]."""
        plain = self._plain(features)
        keys = self._parts.floats.get("keys")
        size = max(256, min(4096, _BLOCK_VALUES // max(1, 0 if keys is None else len(keys))))
        logits = np.empty((len(plain), len(self.classes)), np.float32)
        for start in range(0, len(plain), size):
            logits[start : start + size] = _logits(self._parts, plain[start : start + size].astype(np.float32))
        return logits

    def predict_proba(self, features: ArrayLike) -> Array:
        """Return the softmax of the logits [N, C]; it is not calibrated."""
        return softmax(self(features))

    def predict(self, features: ArrayLike) -> list[str]:
        """Return the name of the most probable class of each item."""
        names = self._parts.classes
        # Of equals the first class, as everywhere.
        return [names[c] for c in self(features).argmax(1)]

    def module(self, *, trainable: bool = False) -> "AdapterModule":
        """Return a `torch.nn.Module` with the same logits; needs PyTorch.

        Its tensors are buffers; with `trainable`, those with floating-point values are parameters.
        """
        try:
            from .torch_module import AdapterModule
        except ModuleNotFoundError as error:
            if error.name != "torch":
                raise
            raise missing_extra("torch", "torch", "Adapter.module()") from None
        return AdapterModule(self._parts, trainable=trainable)

    def _plain(self, features: ArrayLike) -> Array:
        """View 0 of the features [N, D]."""
        # Of a compressed or virtual feature file, the other views need not be read.
        given: Any = features
        if getattr(given, "ndim", 0) == 3 and given.shape[1] > 0:
            given = given[:, 0]
        array: Array = np.asarray(given)
        if array.dtype.kind not in "fiu" or array.ndim not in (2, 3) or array.shape[-1] != self.width:
            raise ValueError(
                sentence(
                    "features",
                    f"{array.dtype} {list(array.shape)}",
                    f"numbers [N, {self.width}] or [N, views, {self.width}]",
                    "give the features of the model that the adapter was trained with",
                )
            )
        if array.ndim == 3:
            # Lists, and features of no view.
            if array.shape[1] == 0:
                raise ValueError(sentence("features", "no views", "at least one", "give view 0"))
            array = array[:, 0]
        return array


def load(path: str | os.PathLike[str], name: str | None = None) -> Adapter:
    """Load an adapter.

    `path` is a run's folder, an `adapter.safetensors`, or a study's folder. In a study's folder, `name` is the name of
    a run, such as `features/gda.16shot.s1.val`, or a method, whose best run is loaded; without a name it is the
    study's best run, by the rule of `fewshot-train best`.
    """
    path = os.fspath(path)
    if name is None and os.path.isfile(os.path.join(path, "adapter.safetensors")):
        return _read(os.path.join(path, "adapter.safetensors"))
    if not os.path.isdir(path) and name is None:
        return _read(path)
    if name is not None and _is_inside(name) and os.path.isfile(os.path.join(path, name, "adapter.safetensors")):
        return _read(os.path.join(path, name, "adapter.safetensors"))

    from .studies import results

    found = results(path)
    chosen = found if name is None else found.filter(method=name)
    if not chosen:
        methods = ", ".join(dict.fromkeys(result.method for result in found))
        raise ValueError(
            sentence(path, f"no run and no method {name!r}", f"a run's name, or one of {methods}", "name one")
        )
    return _read(os.path.join(chosen.best().path, "adapter.safetensors"))


def _is_inside(name: str) -> bool:
    return "\0" not in name and all(piece not in ("", ".", "..") for piece in name.split("/"))


def _read(path: str) -> Adapter:
    try:
        content = file_bytes(path)
    except FileNotFoundError:
        expected = "a run's folder, a study's folder, or an adapter.safetensors"
        raise FileNotFoundError(sentence(path, "no such file or directory", expected, "correct the path")) from None
    return Adapter(content, path)


def _logits(parts: AdapterParts, x: Array) -> Array:
    """The logits [B, C] of features x [B, D]; each block adds the term of one kind of tensor."""
    floats, numbers = parts.floats, parts.numbers
    v = x if parts.reads_raw else _unit(x)

    if "bottleneck_up" in floats:  # CLIP-Adapter
        hidden = np.maximum(v @ floats["bottleneck_down"].T, 0)
        residual = np.maximum(hidden @ floats["bottleneck_up"].T, 0)
        ratio = np.float32(numbers["bottleneck_ratio"])
        v = _unit(ratio * residual + (1 - ratio) * v)

    z = np.zeros((len(x), len(parts.classes)), np.float32)
    if "text" in floats:  # zero-shot logits
        z += np.float32(numbers["logit_scale"]) * (v @ floats["text"].T)

    if "weights" in floats:  # a linear layer
        z += np.float32(numbers["linear_weight"]) * (v @ floats["weights"].T + floats["bias"])

    if "bridge_text" in floats:  # Tip-X
        p = softmax(v @ floats["bridge_text"].T / np.float32(0.5))
        # p log p is 0 where p is.
        negentropy = (p * np.log(np.where(p > 0, p, 1))).sum(1, keepdims=True)
        counts = floats["bridge_counts"]
        divergence = counts * negentropy - p @ floats["bridge_log_sums"].T
        slope, offset = np.float32(numbers["bridge_slope"]), np.float32(numbers["bridge_offset"])
        z -= np.float32(numbers["gamma"]) * (slope * divergence + offset * counts)

    if "keys" in floats:  # a key-value cache
        query = v
        if "channels" in parts.indices:
            query = _unit(v[:, parts.indices["channels"]])
        elif "channel_weights" in floats:
            query = _unit(v * floats["channel_weights"])
        weights = np.exp(np.float32(numbers["beta"]) * (query @ floats["keys"].T - 1))
        # Votes of each key for every class, or the sum over the keys of a class.
        votes = floats.get("key_values")
        strengths = floats.get("key_strengths", 1)
        sums = _class_sums(weights * strengths, parts) if votes is None else weights @ votes
        z += np.float32(numbers["alpha"]) * sums
    return z


def _class_sums(weights: Array, parts: AdapterParts) -> Array:
    """The sums [B, C] of the columns [B, M] over the keys of each class."""
    key_classes = parts.indices["key_classes"]
    order = np.argsort(key_classes, kind="stable")
    present, starts = np.unique(key_classes[order], return_index=True)
    sums = np.zeros((len(weights), len(parts.classes)), np.float32)
    if len(order):
        sums[:, present] = np.add.reduceat(weights[:, order], starts, axis=1)
    return sums


def _unit(x: Array) -> Array:
    """The rows with length 1; a row of zeros is left alone."""
    unit: Array = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), np.float32(1e-12))
    return unit


def softmax(logits: Array) -> Array:
    """Return the softmax of each row [N, C], in the type of the logits."""
    odds: Array = np.exp(logits - logits.max(1, keepdims=True))
    odds /= odds.sum(1, keepdims=True)
    return odds
