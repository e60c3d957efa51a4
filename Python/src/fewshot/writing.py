"""Writing arrays as a feature folder."""

import os
from collections.abc import Mapping, Sequence

from numpy.typing import ArrayLike

from ._arguments import SUBSETS, Rows, label_names, label_numbers, require_subset, rows_of
from ._errors import sentence
from ._folders import TemporaryFolder
from ._sealing import Settings, Sources, Text, checked_classes, checked_text, seal, write_npy
from .features import FeatureFolder

Labelled = tuple[ArrayLike, ArrayLike]


def save(
    folder: str | os.PathLike[str],
    *,
    train: Labelled | None = None,
    val: Labelled | None = None,
    test: Labelled | None = None,
    classes: Sequence[str] | None = None,
    text: ArrayLike | None = None,
    ids: Mapping[str, Sequence[str]] | None = None,
    prompts: Sequence[str] | Sequence[Sequence[str]] | None = None,
    template_count: int | None = None,
    model: str | None = None,
    dataset: str | None = None,
    dtype: str | None = None,
    replace: bool = False,
) -> FeatureFolder:
    """Write arrays as a feature folder, and return it opened.

    Every array is checked before anything is written: shapes, labels, finite values, rows of zeros. The files appear
    together, when they are complete. Files that were made from the same arrays are reused; equal arrays give equal
    bytes. Arrays are NumPy's or PyTorch's, on any device.

    Args:
        folder: The folder to make.
        train: Image features [N,D] or [N,V,D], of which view 0 is the plain one, and labels [N]: numbers from 0, or
            class names.
        val: The same of the images to choose settings on.
        test: The same of the images to measure accuracy on.
        classes: The class names [C], which labels index. By default the numbers of the classes, or the different
            labels in order if these are names.
        text: Text features [C,D], or [C,P,D] with P prompts per class.
        ids: The names of the rows by subset, such as `{"train": ["a.jpg", ...]}`. By default their numbers.
        prompts: The encoded prompts: P templates with `{}` for the class name, or P prompts for each class.
        template_count: The number of templates among the prompts of a class; the rest are sentences. By default all.
        model: The name of the encoder, such as `OpenAI CLIP RN50`. Features of different encoders are never mixed.
        dataset: The name of the data set, by default that of the folder.
        dtype: The type of the stored values, `float16` or `float32`. By default that of each array; float32 for
            float64.
        replace: Whether to overwrite files that were made from other arrays.

    Raises:
        ValueError: An array, a label or a name is unusable; nothing is written then.
        FileExistsError: The folder has features from other arrays, and `replace` is not given.
        ToolError: Writing failed.
    """
    output = os.path.abspath(os.fspath(folder))
    given = {name: pair for name, pair in zip(SUBSETS, (train, val, test), strict=True) if pair is not None}
    require_storage(dtype)
    texts = checked_text(text, prompts, template_count)
    if not given and texts is None:
        raise ValueError(
            sentence("train", "no features", "train, val, test or text", "pass the features and labels of a subset")
        )
    for name, pair in given.items():
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise ValueError(sentence(name, "no pair", "a pair (features, labels)", "pass both as a tuple"))
    for name in ids or {}:
        require_subset(name)
        if name not in given:
            raise ValueError(sentence(f"{name} ids", f"no {name} features", "both or none", "pass the features"))
    names = checked_classes(*_classes(classes, given, texts), texts)
    rows = {
        name: rows_of(name, features, labels, (ids or {}).get(name), names)
        for name, (features, labels) in given.items()
    }
    _require_one_width(rows)
    settings = Settings(output, names, texts, model, dataset, dtype, replace)
    os.makedirs(os.path.dirname(output), exist_ok=True)
    with TemporaryFolder(output) as work:
        sources = Sources(work)
        for name, items in rows.items():
            write_npy(sources.file(name, "features"), items.features)
            sources.add(name, items.labels, items.ids)
        return seal(sources, settings)


def _require_one_width(rows: Mapping[str, Rows]) -> None:
    first = next(iter(rows), "")
    for name, items in rows.items():
        width = rows[first].features.shape[2]
        if items.features.shape[2] != width:
            raise ValueError(
                sentence(
                    f"{name} features",
                    f"width {items.features.shape[2]}",
                    f"{width} as in the {first} features",
                    "use features of a single model",
                )
            )


def require_storage(dtype: str | None) -> None:
    """Check the type of the stored values."""
    if dtype not in (None, "float16", "float32"):
        raise ValueError(sentence("dtype", repr(dtype), "'float16' or 'float32'", "choose one of them"))


def _classes(
    classes: Sequence[str] | None, given: Mapping[str, Labelled], text: Text | None
) -> tuple[Sequence[str] | None, int]:
    """Return the class names, and the number of classes that labels use."""
    if classes is not None:
        return classes, 0
    used = 0
    found: set[str] = set()
    for subset, (_, labels) in given.items():
        names = label_names(labels)
        if names is None:
            numbers = label_numbers(labels, f"{subset} labels", None)
            used = max(used, int(numbers.max(initial=-1)) + 1)
        else:
            found |= set(names)
    if found and (used or text is not None):
        raise ValueError(
            sentence(
                "classes",
                "no class names, and names as labels",
                "the class names in the order of the text features" if text else "numbers or names in all subsets",
                "pass the class names",
            )
        )
    return sorted(found) if found else None, used
