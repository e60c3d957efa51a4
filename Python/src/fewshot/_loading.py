"""Images read, decoded and preprocessed by threads ahead of the encoder, in batches of a fixed composition."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from ._errors import sentence
from .views import Augmentation, Preprocessing, UnusableImage, ViewBox, decoded, view_box

if TYPE_CHECKING:
    from PIL.Image import Image

Transform = Callable[["Image"], Any]
# Batches in work besides the one that is being encoded.
_AHEAD = 2


@dataclass(frozen=True)
class ViewMaker:
    """The views of an item: the plain one and random ones, as bytes to normalize or as tensors of a function."""

    preprocessing: Preprocessing
    """The settings; of a function only the size is used."""
    transform: Transform | None
    seed: int
    augmentation: Augmentation

    def shape(self, rows: int) -> tuple[tuple[int, ...], torch.dtype]:
        """Return the shape and type of a batch of views."""
        size = self.preprocessing.size
        return ((rows, size, size, 3), torch.uint8) if self.transform is None else ((rows, 3, size, size), torch.float)

    def write(self, image: "Image", item: str, target: torch.Tensor) -> None:
        """Write the views 0, 1, ... of an item into `target` [V,...]."""
        for view in range(len(target)):
            box = None
            if view:
                box = view_box(*image.size, item=item, view=view, seed=self.seed, augmentation=self.augmentation)
            if self.transform is None:
                target[view].numpy()[:] = self.preprocessing.pixels(image, box)
            else:
                target[view] = self._transformed(image, box, tuple(target.shape[1:]))

    def _transformed(self, image: "Image", box: ViewBox | None, shape: tuple[int, ...]) -> torch.Tensor:
        if box is not None:
            from PIL import Image

            # The function leaves the size of this image as it is.
            image = Image.fromarray(np.ascontiguousarray(self.preprocessing.pixels(image, box)))
        return transformed(self.transform, image, shape)


def transformed(transform: Any, image: "Image", shape: tuple[int, ...] | None = None) -> torch.Tensor:
    """Return the result [3,H,W] of a function of images, or of an image processor of transformers."""
    values = transform(images=image, return_tensors="pt") if hasattr(transform, "image_mean") else transform(image)
    if not isinstance(values, torch.Tensor):
        values = values["pixel_values"][0]
    tensor: torch.Tensor = values.detach().float().cpu()
    expected = shape or (3, tensor.shape[-1], tensor.shape[-1])
    if tuple(tensor.shape) != expected:
        raise ValueError(
            sentence(
                "preprocess",
                f"a tensor of the shape {list(tensor.shape)}",
                f"{list(expected)} for every image",
                "pass the preprocessing for evaluation",
            )
        )
    return tensor


class ItemBatch(NamedTuple):
    """Consecutive items of a subset with their views; a view of an unusable image is all zeros."""

    items: range
    images: torch.Tensor
    bad: dict[int, str]
    """The reason by item, of the images that cannot be used."""


class ImageLoader:
    """Loads the items of a subset with several threads.

    Decoding and resizing release Python's lock, so threads use all cores, and nothing is copied between processes.
    """

    def __init__(self, folder: str, maker: ViewMaker, workers: int, is_pinned: bool) -> None:
        """Starts the threads; `is_pinned` is for batches that are copied to a GPU."""
        self._folder = folder
        self._maker = maker
        self._is_pinned = is_pinned
        self._pool = ThreadPoolExecutor(workers, "fewshot-load")

    def close(self) -> None:
        """End the threads; the images that wait are not read."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def batches(
        self, paths: Sequence[str], ids: Sequence[str], views: int, ranges: Sequence[range]
    ) -> Iterator[ItemBatch]:
        """Yield the batches of the items in `ranges`, in order."""
        waiting: deque[tuple[range, torch.Tensor, list[Future[str | None]]]] = deque()
        rest = iter(ranges)
        while True:
            while len(waiting) <= _AHEAD and (items := next(rest, None)) is not None:
                shape, dtype = self._maker.shape(len(items) * views)
                images = torch.empty(shape, dtype=dtype, pin_memory=self._is_pinned)
                futures = [
                    self._pool.submit(self._load, paths[item], ids[item], images[place * views : (place + 1) * views])
                    for place, item in enumerate(items)
                ]
                waiting.append((items, images, futures))
            if not waiting:
                return
            items, images, futures = waiting.popleft()
            reasons = {item: future.result() for item, future in zip(items, futures, strict=True)}
            yield ItemBatch(items, images, {item: reason for item, reason in reasons.items() if reason is not None})

    def _load(self, path: str, item: str, target: torch.Tensor) -> str | None:
        """Write the views of an image; return the reason if it cannot be used."""
        try:
            self._maker.write(_image(os.path.join(self._folder, path)), item, target)
        except UnusableImage as error:
            target.zero_()
            return str(error)
        return None


def _image(path: str) -> "Image":
    """Return the decoded image of a file; raise `UnusableImage` if that is impossible."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        # Other errors are the disk's, not the image's.
        raise UnusableImage("no file") from None
    if not data:
        raise UnusableImage("an empty file")
    try:
        return decoded(data)
    except MemoryError:
        raise
    except Exception as error:  # Decoders raise many types.
        text = str(error) or type(error).__name__
        raise UnusableImage("no image of a known format" if "BytesIO" in text else text) from None
