"""Image encoders in PyTorch: those of open_clip, transformers and timm, and any function of images."""

import contextlib
import hashlib
import math
import weakref
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any, Literal, get_args

import torch
from torch import nn

from ._errors import sentence
from .views import Preprocessing

Autocast = Literal["bf16", "fp16"]
_AUTOCAST = {"bf16": torch.bfloat16, "fp16": torch.float16}
# Prefixes of names that wrappers add: torch.compile, DataParallel.
_WRAPPERS = ("_orig_mod.", "module.")


class ImageEncoder:
    """An image encoder with its device, its weights' digest and the name under which features record it."""

    def __init__(self, encoder: Any, *, name: str | None, device: Any = None, autocast: str | None = None) -> None:
        """Takes a model or a function of images [B,3,H,W] that returns features [B,D].

        A model is moved to `device`, if one is given.
        """
        if autocast is not None and autocast not in get_args(Autocast):
            raise ValueError(sentence("autocast", repr(autocast), "'bf16' or 'fp16'", "choose one of them"))
        if not callable(encoder):
            raise TypeError(
                sentence("encoder", type(encoder).__name__, "a model or a function of images", "pass the model")
            )
        self.source = encoder
        self._autocast = None if autocast is None else _AUTOCAST[autocast]
        self._module = _module_of(encoder)
        if self._module is not None and device is not None:
            self._module.to(device)
        parameter = None if self._module is None else next(self._module.parameters(), None)
        self.device = torch.device(device or (parameter.device if parameter is not None else "cpu"))
        floating = parameter is not None and parameter.dtype.is_floating_point
        self._dtype = parameter.dtype if parameter is not None and floating else torch.float32
        self._function = _function_of(encoder)
        self.digest = None if self._module is None else weights_digest(self._module)
        if self._module is None and name is None:
            raise ValueError(
                sentence(
                    "model",
                    "no name",
                    "the name of the encoder, as a function has no weights to tell it from others",
                    "pass a name that changes with the weights",
                )
            )
        self.name = name or _name_of(encoder)
        if self.digest is not None:
            self.name += f" sha256:{self.digest[:16]}"

    def preprocessing(self) -> Preprocessing:
        """Return the preprocessing that the model describes, as open_clip's and timm's do."""
        visual = getattr(self._module, "visual", None)
        for owner, attribute, read in (
            (visual, "preprocess_cfg", _open_clip_preprocessing),
            (self._module, "pretrained_cfg", _timm_preprocessing),
        ):
            settings = getattr(owner, attribute, None)
            if isinstance(settings, dict):
                return read(settings)
        raise ValueError(
            sentence(
                "preprocess",
                "none, and an encoder that describes none",
                "the encoder's preprocessing",
                "pass fewshot.Preprocessing(size=..., mean=..., std=...) or the function that came with the model",
            )
        )

    @contextlib.contextmanager
    def evaluating(self) -> Iterator[None]:
        """Switch the model to evaluation, and back at the end."""
        modules = [] if self._module is None else [module for module in self._module.modules() if module.training]
        for module in modules:
            module.training = False
        try:
            yield
        finally:
            for module in modules:
                module.training = True

    def __call__(self, images: torch.Tensor, preprocessing: Preprocessing | None) -> torch.Tensor:
        """Return the features [B,D] of images: pixels [B,H,W,3] to preprocess, or [B,3,H,W] without `preprocessing`."""
        kind = self.device.type
        with torch.inference_mode(), torch.autocast(kind, self._autocast, enabled=self._autocast is not None):
            values = images.to(self.device, non_blocking=True)
            # Autocast converts by itself; before that all layers take float32.
            dtype = torch.float32 if self._autocast is not None else self._dtype
            if preprocessing is not None:
                values = preprocessing.normalized(values)
            features = _tensor_of(self._function(values.to(dtype)))
        if features.ndim != 2 or len(features) != len(images):
            raise ValueError(
                sentence(
                    "encoder",
                    f"features of the shape {list(features.shape)}",
                    f"[{len(images)}, width]",
                    "pass a function that returns one feature per image",
                )
            )
        return features.float()


def weights_digest(module: nn.Module) -> str:
    """Return the SHA-256 of a model's state dict: the names, types, shapes and bytes of all tensors, sorted by name.

    The digest of an unchanged model is computed once. It is the same on every device, and for a model that is wrapped
    by `torch.compile` or `DataParallel`.
    """
    named = [(_plain_name(name), value) for name, value in module.state_dict().items()]
    tensors = sorted(((name, value) for name, value in named if isinstance(value, torch.Tensor)), key=itemgetter(0))
    state = tuple((name, tensor.data_ptr(), _version(tensor), tuple(tensor.shape)) for name, tensor in tensors)
    known = _digests.get(module)
    if known is not None and known[0] == state and None not in (version for _, _, version, _ in state):
        return known[1]
    hasher = hashlib.sha256(b"fewshot weights 1\0")
    for name, tensor in tensors:
        kind = str(tensor.dtype).removeprefix("torch.")
        hasher.update(f"{name}\0{kind}\0{','.join(map(str, tensor.shape))}\0".encode())
        values = tensor.detach().cpu().contiguous().reshape(-1)
        if values.numel():
            hasher.update(values.view(torch.uint8).numpy().data)
    digest = hasher.hexdigest()
    _digests[module] = (state, digest)
    return digest


_digests: "weakref.WeakKeyDictionary[nn.Module, tuple[Any, str]]" = weakref.WeakKeyDictionary()


def _version(tensor: torch.Tensor) -> int | None:
    """Return the number of changes in place; None for a tensor without such a counter."""
    return None if tensor.is_inference() else tensor._version


def _plain_name(name: str) -> str:
    for prefix in _WRAPPERS:
        name = name.removeprefix(prefix)
    return name


def _module_of(encoder: Any) -> nn.Module | None:
    """Return the model that an encoder is, or whose method it is."""
    owner = getattr(encoder, "__self__", encoder)
    return owner if isinstance(owner, nn.Module) else None


def _function_of(encoder: Any) -> Callable[[torch.Tensor], Any]:
    """Return the function from images to features: of the image tower, and before a classifier."""
    for name in ("encode_image", "get_image_features"):
        function = getattr(encoder, name, None)
        if callable(function):
            return _callable(function)
    if isinstance(encoder, nn.Module) and hasattr(encoder, "forward_features") and hasattr(encoder, "forward_head"):
        model: Any = encoder
        return lambda images: model.forward_head(model.forward_features(images), pre_logits=True)
    return _callable(encoder)


def _callable(value: Any) -> Callable[[torch.Tensor], Any]:
    function: Callable[[torch.Tensor], Any] = value
    return function


def _tensor_of(output: Any) -> torch.Tensor:
    """Return the features in a model's output, which is a tensor or has one by a name of transformers'."""
    for value in (output, getattr(output, "image_embeds", None), getattr(output, "pooler_output", None)):
        if isinstance(value, torch.Tensor):
            return value
    raise TypeError(
        sentence(
            "encoder",
            f"{type(output).__name__} as its result",
            "features [B,D]",
            "pass a function such as 'lambda images: model(images).last_hidden_state[:, 0]'",
        )
    )


def _name_of(encoder: Any) -> str:
    """Return a model's own name: that of its repository or architecture, or of its class."""
    module: Any = _module_of(encoder)
    settings = getattr(module, "pretrained_cfg", None)
    if isinstance(settings, dict) and settings.get("architecture"):
        return ".".join(str(settings[key]) for key in ("architecture", "tag") if settings.get(key))
    path = str(getattr(getattr(module, "config", None), "name_or_path", "") or "").rstrip("/")
    # A folder's own name, but no path of a machine.
    return (path.rsplit("/", 1)[-1] if path.startswith(("/", ".")) else path) or type(module).__name__


def _open_clip_preprocessing(settings: dict[str, Any]) -> Preprocessing:
    size = settings.get("size", 224)
    sides = {size} if isinstance(size, int) else {*size}
    mode, interpolation = settings.get("resize_mode", "shortest"), settings.get("interpolation", "bicubic")
    _require(len(sides) == 1 and mode in ("shortest", "squash"), f"the size {size} and the resize mode '{mode}'")
    return Preprocessing(
        size=next(iter(sides)),
        resize=mode,
        # open_clip chooses "random" for training only.
        interpolation="bilinear" if interpolation == "bilinear" else "bicubic",
        mean=_three(settings["mean"]),
        std=_three(settings["std"]),
    )


def _timm_preprocessing(settings: dict[str, Any]) -> Preprocessing:
    _, height, width = settings["input_size"]
    mode, interpolation = settings.get("crop_mode", "center"), settings.get("interpolation", "bicubic")
    crop = float(settings.get("crop_pct") or 1)
    is_squash = mode == "squash"
    _require(
        height == width and (mode == "center" or (is_squash and crop == 1)) and interpolation in _INTERPOLATIONS,
        f"the size {height} x {width}, the crop mode '{mode}' and the interpolation '{interpolation}'",
    )
    return Preprocessing(
        size=height,
        resize="squash" if is_squash else "shortest",
        resize_size=None if is_squash else math.floor(height / crop),
        interpolation=interpolation,
        mean=_three(settings["mean"]),
        std=_three(settings["std"]),
    )


_INTERPOLATIONS = ("bicubic", "bilinear")


def _three(values: Any) -> tuple[float, float, float]:
    first, second, third = (float(value) for value in values)
    return first, second, third


def _require(condition: bool, found: str) -> None:
    if not condition:
        raise ValueError(
            sentence(
                "preprocess",
                f"a model with {found}",
                "a square, resized by its shorter side or squashed, bicubic or bilinear",
                "pass the function from an image to a tensor that came with the model",
            )
        )
