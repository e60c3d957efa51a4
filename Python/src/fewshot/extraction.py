"""Feature folders from images, by an image encoder in PyTorch on a GPU or the processor."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from ._errors import missing_extra, sentence
from ._extraction_record import ExtractionRecord, SkippedItem
from ._split import Items, Split, read_split
from ._texts import Prompts, TextEncoder, Texts, array_digest, texts_of
from .features import FeatureFolder
from .streaming import FeatureWriter
from .views import Augmentation, Preprocessing, require_pillow

if TYPE_CHECKING:
    import torch

    from ._encoders import ImageEncoder
    from ._loading import ImageLoader, ItemBatch, ViewMaker

Progress = Callable[[str, int, int], None]
# The sides of the image that identifies a function for preprocessing: no square, and no usual size.
_CARD = (311, 257)


def extract(
    encoder: Any,
    split: str | os.PathLike[str],
    root: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    preprocess: Any = None,
    text: TextEncoder | ArrayLike | None = None,
    prompts: Prompts | None = None,
    template_count: int | None = None,
    views: int = 10,
    view_seed: int = 1,
    augmentation: Augmentation = "tip",
    batch_size: int = 256,
    device: Any = None,
    autocast: Literal["bf16", "fp16"] | None = None,
    dtype: Literal["float16", "float32"] = "float16",
    workers: int | None = None,
    skip_bad: int = 0,
    model: str | None = None,
    dataset: str | None = None,
    replace: bool = False,
    progress: bool | Progress = True,
) -> FeatureFolder:
    """Encode the images of a split with any image encoder in PyTorch, and return the feature folder opened.

    Items, views and prompts are those of `fewshot-features build`, and with the same weights the features agree with
    its own within rounding. Threads decode images while the encoder works. After a kill, the same call continues:
    images are encoded in batches of a fixed composition, each of which is kept or encoded again as a whole. So the
    files have the same bytes as without the kill, if the encoder's arithmetic is deterministic.

        model, _, _ = open_clip.create_model_and_transforms("ViT-B-16-SigLIP", pretrained="webli")
        tokenizer = open_clip.get_tokenizer("ViT-B-16-SigLIP")
        fewshot.extract(
            model.cuda(), "pets.split.json", "data", "features/pets", autocast="bf16",
            text=lambda prompts: model.encode_text(tokenizer(prompts).cuda()),
        )

    Args:
        encoder: A model of open_clip, transformers or timm, or a function from images, a tensor [B,3,H,W], to
            features [B,D]. Features are stored as they are, without normalization.
        split: The split file, `*.split.json`.
        root: The data root, which contains the data set's folder.
        folder: The feature folder to make.
        preprocess: A `Preprocessing`, the function from a PIL image to a tensor [3,S,S] that came with the model, or
            an image processor of transformers. By default the one that a model of open_clip or timm describes.
        text: Text features [C,D] or [C,P,D], or a function from prompts, a list of B strings, to features [B,D].
        prompts: The prompts that `text` encodes: the name of a template set as for `build --prompts`, P templates with
            `{}` for the class name, or P prompts for each class. By default `tip` if `text` is a function.
        template_count: The number of templates among the prompts of a class; the rest are sentences. By default all.
        views: The number of random views per training image, besides the plain view.
        view_seed: The seed of the random views.
        augmentation: The random crops: `tip` has at least half of an image's area, `dassl` at least 8 %.
        batch_size: The number of views that are encoded together. Features depend on it within rounding.
        device: The device of the images, to which a model is moved. By default that of the model.
        autocast: The type of PyTorch's automatic mixed precision, `bf16` or `fp16`. By default none.
        dtype: The type of the stored values.
        workers: The number of threads that decode images. By default one per core.
        skip_bad: The number of unusable images that may be left out; `errors.tsv` in the folder lists them.
        model: The name of the encoder, by default the model's own. The features record it with the SHA-256 of the
            weights, so that features of different weights are never mixed. A function needs a name.
        dataset: The name of the data set, by default the split's.
        replace: Whether to overwrite finished or unfinished features with other settings.
        progress: Whether to show the progress on a terminal; or a function of the subset and the numbers of its
            finished items and of all.

    Raises:
        ValueError: An argument, the split or more than `skip_bad` images are unusable; encoded images are kept.
        FileExistsError: The folder has features with other settings, and `replace` is not given.
        BlockingIOError: Another process writes the folder.
    """
    try:
        import torch  # noqa: F401
    except ImportError:
        raise missing_extra("torch", "extract", "encoding images") from None
    require_pillow()
    _require_least({"views": (views, 0), "batch_size": (batch_size, 1), "skip_bad": (skip_bad, 0)})
    _require_least({} if workers is None else {"workers": (workers, 1)})
    if augmentation not in get_args(Augmentation):
        raise ValueError(sentence("augmentation", repr(augmentation), "'tip' or 'dassl'", "choose one of them"))
    from ._encoders import ImageEncoder

    source = read_split(split)
    images = ImageEncoder(encoder, name=model, device=device, autocast=autocast)
    maker, preprocessing = _view_maker(images, preprocess, view_seed, augmentation)
    texts = texts_of(source, text, prompts, template_count)
    settings = {
        "dataset": dataset or source.dataset,
        "model": images.name,
        "weights": images.digest,
        "dtype": dtype,
        "autocast": autocast or "none",
        **preprocessing,
        "views": views,
        "view seed": view_seed if views else None,
        "augmentation": augmentation if views else None,
        "text": texts.identity(),
        "split": {name: items.digest(source.root, source.classes) for name, items in source.subsets.items()},
    }
    computation = {"batch size": batch_size, "device": images.device.type}
    record = ExtractionRecord(os.path.abspath(os.fspath(folder)), settings, computation)
    existing = record.existing(replace)
    if existing is not None:
        return existing
    show = _Terminal() if progress is True else progress or None
    work = _Extraction(images, maker, source, record, os.fspath(root), views, batch_size, skip_bad, show)
    with images.evaluating():
        return work.run(texts, dtype, workers or len(os.sched_getaffinity(0)), replace)


def _require_least(numbers: dict[str, tuple[int, int]]) -> None:
    for name, (value, least) in numbers.items():
        if value < least:
            raise ValueError(sentence(name, str(value), f"{least} or more", "correct the number"))


def _view_maker(
    encoder: "ImageEncoder", preprocess: Any, seed: int, augmentation: Augmentation
) -> "tuple[ViewMaker, dict[str, Any]]":
    """Return the maker of views, and the settings by which features record its preprocessing."""
    from PIL import Image

    from ._loading import ViewMaker, transformed

    settings = encoder.preprocessing() if preprocess is None else preprocess
    if isinstance(settings, Preprocessing):
        identity: dict[str, Any] = {
            "size": settings.size,
            "resize": settings.resize,
            "resize size": settings.shorter_side,
            "interpolation": settings.interpolation,
            "passes": settings.passes,
            "mean": list(settings.mean),
            "std": list(settings.std),
        }
        return ViewMaker(settings, None, seed, augmentation), identity
    if not callable(settings):
        raise TypeError(
            sentence("preprocess", type(settings).__name__, "a Preprocessing or a function", "pass one of them")
        )
    # A function is identified by its result on an image with edges and gradients.
    y, x, c = np.mgrid[0 : _CARD[1], 0 : _CARD[0], 0:3]
    result = transformed(settings, Image.fromarray((((x * (c + 1)) ^ (y * 3)) & 255).astype(np.uint8)))
    size = int(result.shape[-1])
    identity = {"size": size, "preprocess": array_digest(result.numpy())}
    return ViewMaker(Preprocessing(size=size), settings, seed, augmentation), identity


@dataclass
class _Extraction:
    """One extraction: the encoder, the items and the folder."""

    encoder: "ImageEncoder"
    maker: "ViewMaker"
    split: Split
    record: ExtractionRecord
    root: str
    views: int
    batch_size: int
    skip_bad: int
    progress: Progress | None
    skipped: list[SkippedItem] = field(default_factory=list)

    def run(self, texts: Texts, dtype: str, workers: int, replaces: bool) -> FeatureFolder:
        """Encode what is missing, and finish the folder."""
        from ._loading import ImageLoader

        begun = self.record.is_begun()
        width = self._width()
        if not begun:
            self._clear(width, dtype, replaces)
            self.record.begin()
        self.skipped = self.record.skipped()
        features = texts.array if texts.encode is None else self.record.text()
        if features is None and texts.encode is not None:
            features = texts.encoded(self.batch_size)
            self.record.keep_text(features)
        writer = FeatureWriter(
            self.record.folder,
            classes=self.split.classes,
            dimension=width,
            views={"train": self.views + 1},
            dtype=dtype,
            text=features,
            prompts=texts.prompts,
            template_count=texts.template_count,
            model=self.encoder.name,
            dataset=self.record.settings["dataset"],
            replace=replaces,
        )
        loader = ImageLoader(
            self.split.folder(self.root), self.maker, workers, is_pinned=self.encoder.device.type == "cuda"
        )
        try:
            with writer:
                for subset, items in self.split.subsets.items():
                    self._encode(subset, items, writer, loader)
                folder = writer.close()
        finally:
            loader.close()
        self.record.publish()
        return folder

    def _clear(self, width: int, dtype: str, replaces: bool) -> None:
        """Remove the unfinished rows of other settings."""
        FeatureWriter(
            self.record.folder, classes=self.split.classes, dimension=width, dtype=dtype, replace=replaces
        ).discard()

    def _width(self) -> int:
        """Return the number of values per feature, by a gray image."""
        import torch

        shape, kind = self.maker.shape(1)
        features = self.encoder(torch.full(shape, 127, dtype=kind), self._preprocessing)
        return int(features.shape[1])

    @property
    def _preprocessing(self) -> Preprocessing | None:
        return self.maker.preprocessing if self.maker.transform is None else None

    def _encode(self, subset: str, items: Items, writer: FeatureWriter, loader: "ImageLoader") -> None:
        """Encode the batches of a subset that are not written yet."""
        views = self.views + 1 if subset == "train" else 1
        step = max(1, self.batch_size // views)
        ids = items.ids
        count = len(ids)
        written = writer.done(subset).ids
        # Batches are written as a whole, except for items that were left out.
        last = ids.index(written[-1]) if written else -1
        first = min(count, (last // step + 1) * step)
        ranges = [range(start, min(count, start + step)) for start in range(first, count, step)]
        done = first
        for batch, features in self._features(loader.batches(items.paths, ids, views, ranges)):
            self._skip(subset, items, batch)
            kept = [item for item in batch.items if item not in batch.bad]
            if kept:
                rows = features.reshape(len(batch.items), views, -1)[[item - batch.items.start for item in kept]]
                writer.add(subset, rows.numpy(), [items.labels[item] for item in kept], [ids[item] for item in kept])
            done += len(batch.items)
            if self.progress:
                self.progress(subset, done, count)

    def _features(self, batches: "Iterator[ItemBatch]") -> "Iterator[tuple[ItemBatch, torch.Tensor]]":
        """Yield batches with their features on the processor, one behind the encoder, as a GPU works by itself."""
        before: tuple[ItemBatch, torch.Tensor] | None = None
        for batch in batches:
            features = self.encoder(batch.images, self._preprocessing)
            if before is not None:
                yield before[0], before[1].cpu()
            before = (batch, features)
        if before is not None:
            yield before[0], before[1].cpu()

    def _skip(self, subset: str, items: Items, batch: "ItemBatch") -> None:
        """Update the list of unusable images by a batch; raise if there are more than allowed."""
        # Images of the batch that were unusable in an earlier process may be repaired now.
        paths = {items.paths[item] for item in batch.items}
        skipped = [item for item in self.skipped if item.subset != subset or item.path not in paths]
        for item, reason in batch.bad.items():
            path = items.paths[item]
            skipped.append(SkippedItem(subset, path, reason))
            if len(skipped) > self.skip_bad:
                others = len(skipped) - 1
                raise ValueError(
                    sentence(
                        os.path.join(self.split.folder(self.root), path),
                        f"{reason}, and {others} unusable images before" if others else reason,
                        f"at most {self.skip_bad} unusable images" if self.skip_bad else "an image",
                        f"list all such images with 'fewshot-split check {self.split.path} --root {self.root} "
                        "--decode', then repair them or leave them out with skip_bad=N; encoded images are kept",
                    )
                )
        if skipped != self.skipped:
            self.skipped = skipped
            self.record.keep_skipped(skipped)


class _Terminal:
    """A line on the terminal with the number of finished items."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._first: dict[str, int] = {}

    def __call__(self, subset: str, done: int, count: int) -> None:
        if not sys.stderr.isatty():
            return
        first = self._first.setdefault(subset, done)
        if done == first:
            self._began = time.monotonic()
        rate = (done - first) / max(1e-9, time.monotonic() - self._began)
        speed = f", {rate:.0f} images/s" if done > first else ""
        print(f"\r{subset}: {done} of {count} images{speed}\x1b[K", end="", file=sys.stderr, flush=True)
        if done == count:
            print(file=sys.stderr)
