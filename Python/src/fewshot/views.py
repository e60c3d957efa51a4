"""The views of an image that an encoder sees, the plain one and random crops, with the same pixels as the tools'."""

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from ._checksum import checksum
from ._errors import missing_extra, sentence

if TYPE_CHECKING:
    from PIL.Image import Image

Resize = Literal["shortest", "squash"]
Interpolation = Literal["bicubic", "bilinear"]
Augmentation = Literal["tip", "dassl"]
Passes = Literal["adaptive", "fixed"]

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)

_MASK = (1 << 64) - 1
# The fractions of an image's area in a crop: those of Tip-Adapter, and of Dassl, which CoOp is based on.
_SCALES: dict[str, tuple[float, float]] = {"tip": (0.5, 1.0), "dassl": (0.08, 1.0)}
_RATIOS = (3 / 4, 4 / 3)
# Their logarithms in float32, as in PyTorch.
_LOG_RATIOS = (-0.28768205642700195, 0.28768211603164673)
_CROP_ATTEMPTS = 10
# The constants of Pillow's `Image.Resampling`.
_FILTERS: dict[str, int] = {"bilinear": 2, "bicubic": 3}
# Pixels of a resized image, before its center is cropped; more would exhaust the memory.
_PIXEL_LIMIT = 1 << 28


class UnusableImage(ValueError):
    """An image that cannot be decoded or resized; the message is the reason."""


class ViewBox(NamedTuple):
    """The rectangle of an image that a view shows, in pixels, and whether the view is mirrored horizontally."""

    left: int
    top: int
    width: int
    height: int
    is_flipped: bool


class _Generator:
    """The SplitMix64 random number generator (Steele, Lea and Flood, OOPSLA 2014)."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def next(self) -> int:
        """Return the next 64 random bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & _MASK
        return z ^ z >> 31

    def uniform(self, low: float, high: float) -> float:
        """Return a number from `low` up to `high` with 24 random bits, computed in float32 as PyTorch does."""
        first, last = np.float32(low), np.float32(high)
        return float(np.float32(self.next() >> 40) * np.float32(2**-24) * (last - first) + first)

    def below(self, count: int) -> int:
        """Return a random whole number below `count`."""
        return self.next() * count >> 64


def view_box(
    width: int, height: int, *, item: str, view: int, seed: int = 1, augmentation: Augmentation = "tip"
) -> ViewBox:
    """Return the random crop of an image of `width` × `height` pixels that a view shows.

    The crop is that of `fewshot-features build` for the same seed, item and view number, from 1. It depends on nothing
    else, so that views can be added later, and few-shot samples have the views of the whole data set. The rule is
    torchvision's `RandomResizedCrop`, followed by `RandomHorizontalFlip`.

    Args:
        width: The width of the image.
        height: The height of the image.
        item: The path of the image in its split; for its second occurrence the path and `#2`.
        view: The number of the view.
        seed: The seed of all views.
        augmentation: `tip` crops at least half of the area, as Tip-Adapter; `dassl` at least 8 %, as CoOp.

    >>> view_box(640, 480, item="cat/1.jpg", view=1)
    ViewBox(left=179, top=57, width=407, height=419, is_flipped=False)
    """
    random = _Generator(checksum(f"{seed} {view} {item}".encode()))
    area = float(width * height)
    for _ in range(_CROP_ATTEMPTS):
        target = area * random.uniform(*_SCALES[augmentation])
        ratio = float(np.float32(math.exp(random.uniform(*_LOG_RATIOS))))
        crop_width = round(math.sqrt(target * ratio))
        crop_height = round(math.sqrt(target / ratio))
        if 0 < crop_width <= width and 0 < crop_height <= height:
            top = random.below(height - crop_height + 1)
            left = random.below(width - crop_width + 1)
            return ViewBox(left, top, crop_width, crop_height, random.uniform(0, 1) < 0.5)
    crop_width, crop_height = width, height
    if width / height < _RATIOS[0]:
        crop_height = round(width / _RATIOS[0])
    elif width / height > _RATIOS[1]:
        crop_width = round(height * _RATIOS[1])
    return ViewBox(
        (width - crop_width) // 2, (height - crop_height) // 2, crop_width, crop_height, random.uniform(0, 1) < 0.5
    )


@dataclass(frozen=True)
class Preprocessing:
    """The settings that turn an image into an encoder's input [3,size,size]; the defaults are OpenAI's.

    The pixels equal those of `fewshot-features build` and of torchvision's `Resize`, `CenterCrop`, `ToTensor` and
    `Normalize` bit for bit.
    """

    size: int = 224
    """The side of the square in pixels."""
    resize: Resize = "shortest"
    """`shortest` resizes the shorter side and crops the center; `squash` ignores the aspect ratio."""
    resize_size: int | None = None
    """The length of the shorter side before the center is cropped, by default `size`."""
    interpolation: Interpolation = "bicubic"
    """The filter between pixels, antialiased."""
    passes: Passes = "adaptive"
    """The order of the two passes of a resize: that of Pillow 13 and later, or the `fixed` one before."""
    mean: tuple[float, float, float] = CLIP_MEAN
    """The mean of red, green and blue on a scale from 0 to 1."""
    std: tuple[float, float, float] = CLIP_STD
    """The standard deviation of red, green and blue."""

    def __post_init__(self) -> None:
        """Checks the settings."""
        for name, value, allowed in (
            ("resize", self.resize, get_args(Resize)),
            ("interpolation", self.interpolation, get_args(Interpolation)),
            ("passes", self.passes, get_args(Passes)),
        ):
            if value not in allowed:
                raise ValueError(sentence(name, repr(value), " or ".join(map(repr, allowed)), "choose one of them"))
        if not 1 <= self.size <= 8192 or not self.size <= self.shorter_side <= 8192:
            raise ValueError(
                sentence(
                    "size",
                    f"{self.size} of {self.shorter_side} pixels",
                    "1 to 8192 pixels, and no crop larger than the image",
                    "correct the size or resize_size",
                )
            )
        for name, values in (("mean", self.mean), ("std", self.std)):
            valid = len(values) == 3 and all(math.isfinite(value) for value in values)
            if not valid or (name == "std" and not all(np.float32(value) > 0 for value in values)):
                raise ValueError(
                    sentence(
                        name,
                        str(list(values)),
                        f"three {'positive ' if name == 'std' else ''}numbers, for red, green and blue",
                        "take them from the encoder's preprocessing",
                    )
                )

    @property
    def shorter_side(self) -> int:
        """The length of the shorter side of the resized image."""
        return self.resize_size or self.size

    def pixels(self, image: "Image", box: ViewBox | None = None) -> NDArray[np.uint8]:
        """Return the pixels [size,size,3] of an RGB image: the plain view, or the one that `box` shows."""
        size = self.size
        if box is not None:
            cropped = image.crop((box.left, box.top, box.left + box.width, box.top + box.height))
            values = np.asarray(self._resized(cropped, size, size))
            return values[:, ::-1] if box.is_flipped else values
        if self.resize == "squash":
            return np.asarray(self._resized(image, size, size))
        width, height = shorter_side_size(self.shorter_side, image.width, image.height)
        left, top = (_rounded_half(length - size) for length in (width, height))
        return np.asarray(self._resized(image, width, height).crop((left, top, left + size, top + size)))

    def _resized(self, image: "Image", width: int, height: int) -> "Image":
        """Return the image in another size, with the two passes in the order of `passes`.

        Pillow resizes one side only if the other has its length, and rounds to bytes between the passes in any case.
        """
        if width * height > _PIXEL_LIMIT:
            raise UnusableImage(f"an image of {image.width} x {image.height} pixels, which is too long to resize")
        saved = image.height - height
        is_vertical_first = saved > 0 and (
            saved > 2 * (image.width - width) if self.passes == "adaptive" else image.height > 100 * image.width
        )
        between = (image.width, height) if is_vertical_first else (width, image.height)
        resampling: Any = _FILTERS[self.interpolation]
        return image.resize(between, resampling).resize((width, height), resampling)

    def normalized(self, pixels: Any, dtype: Any = None) -> Any:
        """Return pixels [B,H,W,3], a tensor of bytes on any device, as an encoder's input [B,3,H,W]."""
        import torch

        shape = (1, 3, 1, 1)
        mean, std = (torch.tensor(values, device=pixels.device).view(shape) for values in (self.mean, self.std))
        # In float32 and torchvision's order of operations, so that the values are the same bits.
        values = pixels.permute(0, 3, 1, 2).contiguous().float().div_(255).sub_(mean).div_(std)
        return values if dtype is None else values.to(dtype)


def shorter_side_size(side: int, width: int, height: int) -> tuple[int, int]:
    """Return the size of an image whose shorter side becomes `side`; the longer one is rounded down as in torchvision.

    >>> shorter_side_size(224, 640, 480)
    (298, 224)
    """
    longer = int(side * max(width, height) / min(width, height))
    return (side, longer) if width <= height else (longer, side)


def _rounded_half(difference: int) -> int:
    """Return half of a number, rounded to even as the offset of torchvision's `CenterCrop`."""
    return round(difference / 2)


def decoded(data: bytes) -> "Image":
    """Return the first frame of an image file in RGB: alpha is dropped, profiles and EXIF's orientation are ignored."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        converted: Image.Image = image.convert("RGB")
    return converted


def require_pillow() -> None:
    """Check that Pillow is installed, and let it read HEIC images if pillow-heif is."""
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        raise missing_extra("pillow", "extract", "decoding images") from None
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return
    register_heif_opener()
