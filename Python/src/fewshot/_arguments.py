"""Checks of arrays, labels and names that callers pass, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._errors import sentence

SUBSETS = ("train", "val", "test")
_LISTED = 5


@dataclass(frozen=True)
class Rows:
    """The checked rows of a subset."""

    features: NDArray[Any]
    """[N,V,D]"""
    labels: NDArray[np.int64]
    """[N]"""
    ids: list[str] | None


def numpy_array(value: ArrayLike) -> NDArray[Any]:
    """Return an array or tensor, from any device and attached to a graph or not, as a NumPy array."""
    tensor: Any = value
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu()
        # NumPy has no bfloat16; float32 holds all its values.
        tensor = (tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor).numpy()
    return np.asarray(tensor)


def stacked_features(value: ArrayLike, name: str, axis: str) -> NDArray[Any]:
    """Return features [N,D] or [N,V,D] as [N,V,D]; `axis` is the name of the second axis."""
    array = numpy_array(value)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype not in (np.float16, np.float32, np.float64):
        raise ValueError(
            sentence(name, f"{array.dtype} values", "float16, float32 or float64", "pass the features of the encoder")
        )
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise ValueError(
            sentence(
                name,
                f"the shape {list(array.shape)}",
                f"[items, width] or [items, {axis}, width] without zeros",
                "pass the features of the encoder",
            )
        )
    return array[:, None] if array.ndim == 2 else array


def label_names(value: ArrayLike) -> list[str] | None:
    """Return labels that are names; None for numbers."""
    array = numpy_array(value)
    if array.dtype.kind == "U":
        return [str(name) for name in array.reshape(-1).tolist()]
    if array.dtype.kind == "O" and all(isinstance(name, str) for name in array.reshape(-1).tolist()):
        return [str(name) for name in array.reshape(-1).tolist()]
    return None


def label_numbers(value: ArrayLike, name: str, classes: Sequence[str] | None) -> NDArray[np.int64]:
    """Return labels, numbers from 0 or names of classes, as numbers."""
    names = label_names(value)
    if names is not None and classes is not None:
        positions = {text: index for index, text in reversed(list(enumerate(classes)))}
        for row, text in enumerate(names):
            if text not in positions:
                raise ValueError(
                    sentence(
                        name,
                        f"the label '{text}' in row {row}",
                        f"one of {_listed(classes)}",
                        "correct the labels or the class names",
                    )
                )
        return np.array([positions[text] for text in names], np.int64)
    array = numpy_array(value)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError(
            sentence(
                name,
                f"{array.dtype} labels of the shape {list(array.shape)}",
                "one whole number or class name per row",
                "pass the index of each row's class",
            )
        )
    end = (1 << 20) if classes is None else len(classes)
    wrong = np.flatnonzero((array < 0) | (array >= end))
    if wrong.size:
        raise ValueError(
            sentence(
                name,
                f"label {array[wrong[0]]} in row {wrong[0]}",
                f"0 to {end - 1}",
                "correct the labels or the class names",
            )
        )
    return array.astype(np.int64)


def id_list(value: Sequence[str], name: str, count: int) -> list[str]:
    """Return the names of rows, which must be different."""
    ids = [str(text) for text in value]
    if len(ids) != count:
        raise ValueError(
            sentence(name, f"{len(ids)} names", f"{count}, one per row", "use the names of these features")
        )
    require_text(ids, name)
    rows: dict[str, int] = {}
    for row, text in enumerate(ids):
        first = rows.setdefault(text, row)
        if first != row:
            raise ValueError(
                sentence(
                    name,
                    f"'{text}' in the rows {first} and {row}",
                    "a different name for each row",
                    "correct the names",
                )
            )
    return ids


def class_list(value: Sequence[str]) -> list[str]:
    """Return the class names."""
    if isinstance(value, str):
        raise ValueError(sentence("classes", "a text", "a list of class names", "pass one name per class"))
    classes = [str(name) for name in numpy_array(value).tolist()] if hasattr(value, "dtype") else [*value]
    if not classes or not all(isinstance(name, str) and name for name in classes):
        raise ValueError(sentence("classes", "no name or an empty one", "one name per class", "correct the list"))
    require_text(classes, "classes")
    return classes


def require_text(texts: Sequence[str], name: str) -> None:
    """Check that texts can be stored: UTF-8 without NUL, at which reading would stop."""
    for index, text in enumerate(texts):
        try:
            is_storable = b"\0" not in text.encode()
        except UnicodeEncodeError:
            is_storable = False
        if not is_storable:
            raise ValueError(
                sentence(
                    name,
                    f"a NUL or a lone surrogate in entry {index}",
                    "text without such characters",
                    "correct the names",
                )
            )


def rows_of(
    subset: str, features: ArrayLike, labels: ArrayLike, ids: Sequence[str] | None, classes: Sequence[str]
) -> Rows:
    """Return the checked rows of a subset."""
    array = stacked_features(features, f"{subset} features", "views")
    numbers = label_numbers(labels, f"{subset} labels", classes)
    if len(numbers) != len(array):
        raise ValueError(
            sentence(
                f"{subset} labels",
                f"{len(numbers)} labels",
                f"{len(array)}, one per row of the {subset} features",
                "use the labels of these features",
            )
        )
    return Rows(array, numbers, None if ids is None else id_list(ids, f"{subset} ids", len(array)))


def require_subset(name: str) -> None:
    """Check the name of a subset."""
    if name not in SUBSETS:
        raise ValueError(sentence("subset", repr(name), "'train', 'val' or 'test'", "name one of them"))


def require_storable(rows: NDArray[Any], dtype: np.dtype[Any], name: str, first: int) -> NDArray[Any]:
    """Return rows [N,V,D] in the type of a file; refuse those that no feature file may have.

    `first` is the number of rows that are already there, for messages.
    """
    with np.errstate(over="ignore"):
        stored = rows.astype(dtype)
    limit = f"at most {float(np.finfo(dtype).max):.6g} in {dtype}"
    checks = (
        (np.isfinite(rows), "a value that is infinite or not a number", "finite features", "correct the source"),
        (np.isfinite(stored), "a value that is too large", limit, "write with dtype='float32'"),
        (stored != 0, "only zeros", "a feature", "leave the row out or encode its image again"),
    )
    for values, found, expected, remedy in checks:
        valid = values.any(2) if found == "only zeros" else values.all(2)
        if not valid.all():
            row, view = (int(index) for index in np.argwhere(~valid)[0])
            place = f"row {first + row}" if rows.shape[1] == 1 else f"row {first + row}, view {view}"
            raise ValueError(sentence(name, f"{found} in {place}", expected, remedy))
    return stored


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_LISTED])
    return shown if len(names) <= _LISTED else f"{shown} and {len(names) - _LISTED} others"
