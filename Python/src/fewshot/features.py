"""Feature folders: image and text features with labels and names, as NumPy arrays, PyTorch data sets and tables."""

import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ._arrays import LazyArray, feature_array
from ._errors import FeatureFileError, missing_extra, sentence
from ._file import FeatureFile
from ._tools import ToolError, run_tool

if TYPE_CHECKING:
    import pandas

    from .datasets import FeatureDataset, Views

Subset = Literal["train", "val", "test"]
_NAMES = ("train", "val", "test", "text")
# Exists while a build moves its complete files into the folder.
_COMPLETE = os.path.join(".unfinished", "complete.json")


class _Features:
    """The common part of image and text features: one open feature file."""

    def __init__(self, file: FeatureFile) -> None:
        self._file = file

    @property
    def path(self) -> str:
        """The path of the file."""
        return self._file.path

    @property
    def shape(self) -> tuple[int, int, int]:
        """The extents of `features`: [N,V,D], or [C,P,D] for text."""
        return self._file.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of `features`: float16 or float32."""
        return self._file.dtype

    @property
    def form(self) -> str:
        """The form of the file: `mapped`, `compressed` or `virtual`."""
        return self._file.seal.form

    @cached_property
    def features(self) -> "NDArray[Any] | LazyArray":
        """The features: [N,V,D] of images, of which view 0 is the plain one, or [C,P,D] of text.

        A mapped file gives a read-only `numpy.memmap`: nothing is read before it is used, and nothing is copied. Its
        values are not compared with their checksums; `verify` does that. The file must not be cut short while it is
        mapped; replacing it is safe. A compressed or virtual file gives an array-like that reads and checks the items
        that it is indexed with.
        """
        return feature_array(self._file)

    @property
    def classes(self) -> list[str]:
        """The class names [C], which labels index."""
        return list(self._file.classes)

    @property
    def normalized(self) -> bool:
        """Whether all features have unit length."""
        return self._file.normalized

    @property
    def identity(self) -> str:
        """The SHA-256 of the content without its provenance, in hexadecimal; equal for all forms of the file."""
        return self._file.identity

    @property
    def provenance(self) -> dict[str, Any]:
        """The origin of the features: `tool`, `version`, `inputs`, `settings` and `findings`."""
        return self._file.provenance()

    @property
    def model(self) -> str | None:
        """The name of the encoder, if it was recorded."""
        settings = self.provenance.get("settings")
        model = settings.get("model") if isinstance(settings, dict) else None
        return model if isinstance(model, str) else None

    def verify(self) -> None:
        """Compare every byte with its checksum, by `fewshot-features verify`.

        Raises `FeatureFileError` if the file is damaged.
        """
        _verify(self.path)

    def __len__(self) -> int:
        """Return the number of items N, or of classes C for text."""
        return self.shape[0]

    def _summary(self) -> str:
        form = "" if self.form == "mapped" else f", {self.form}"
        return f"{list(self.shape)} {self.dtype}, {len(self._file.classes)} classes{form}"

    def __repr__(self) -> str:
        """Return the file, its shape and type."""
        return f"<{type(self).__name__} {self._file.part} of {self.path!r}: {self._summary()}>"


class Part(_Features):
    """The image features of a subset, with labels and names. Parts are pickled by path."""

    @property
    def name(self) -> str:
        """The subset: `train`, `val` or `test`."""
        return self._file.part

    @cached_property
    def labels(self) -> NDArray[np.int32]:
        """The class of each item [N], as an index into `classes`."""
        return self._file.labels()

    @cached_property
    def ids(self) -> list[str]:
        """The name of each item [N]: the path of its image in the split, or its row number."""
        return self._file.texts("ids")

    @cached_property
    def images(self) -> NDArray[np.uint64] | None:
        """The XXH3-64 of each item's image file [N]; None if they were not recorded."""
        return self._file.numbers("images")

    @cached_property
    def rows(self) -> NDArray[np.int32] | None:
        """The index of each item in the complete subset [N]; None if the file has all of its items."""
        return self._file.numbers("rows")

    @cached_property
    def part_labels(self) -> NDArray[np.int32] | None:
        """The class of each item of the complete subset [M]; None if the file has all of its items."""
        return None if self.rows is None else self._file.labels("part_labels")

    def torch(self, views: "Views" = "first", dtype: str | None = "float32") -> "FeatureDataset":
        """Return a PyTorch data set of pairs: the features of an item and its label.

        `views` selects view 0 [D] with `first`, all views [V,D] with `all`, or with `random` one view [D] that
        PyTorch's generator chooses at each access. `dtype` is the type of the tensors, by default float32; with None
        the stored one. The data set can be sent to the workers of a `DataLoader`, forked or spawned.
        """
        try:
            import torch  # noqa: F401
        except ImportError:
            raise missing_extra("torch", "torch", "a PyTorch data set") from None
        from .datasets import FeatureDataset

        return FeatureDataset(self, views, dtype)

    def pandas(self, features: bool = False, view: int = 0) -> "pandas.DataFrame":
        """Return a table of the items with the columns `id`, `label` and `class`.

        With `features`, the columns `f0`, `f1` and so on have the values of the given view.
        """
        try:
            import pandas
        except ImportError:
            raise missing_extra("pandas", "pandas", "a table of items") from None
        labels = self.labels
        columns: dict[str, Any] = {
            "id": self.ids,
            "label": labels,
            "class": pandas.Categorical.from_codes(labels.tolist(), categories=pandas.Index(_unique(self.classes))),
        }
        frame: pandas.DataFrame = pandas.DataFrame(columns)
        if not features:
            return frame
        values = pandas.DataFrame(
            np.asarray(self.features[:, view]), columns=[f"f{index}" for index in range(self.shape[2])]
        )
        joined: pandas.DataFrame = pandas.concat([frame, values], axis=1)
        return joined

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        """Pickles the path and the identity."""
        return _reopened, (os.path.abspath(self.path), self.identity)


class TextPart(_Features):
    """The text features of the classes, with their prompts. Pickled by path."""

    @cached_property
    def prompts(self) -> list[list[str]]:
        """The encoded prompts [C,P]; empty texts if they were not recorded."""
        texts = self._file.texts("prompts")
        count = self.shape[1]
        return [texts[start : start + count] for start in range(0, len(texts), count)]

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each prompt [P]: `template` or `sentence`."""
        return self._file.texts("kinds")

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        """Pickles the path and the identity."""
        return _reopened, (os.path.abspath(self.path), self.identity)


class FeatureFolder:
    """The feature files of a folder, which agree in width, classes and model."""

    def __init__(self, path: str, parts: Sequence[Part | TextPart]) -> None:
        """Takes the open files of the folder; `fewshot.open` finds them."""
        self._parts = {part._file.part: part for part in parts}
        self.path = path
        """The folder, or the file if one was opened."""

    def _part(self, name: str) -> Part | None:
        part = self._parts.get(name)
        return part if isinstance(part, Part) else None

    @property
    def train(self) -> Part | None:
        """The images to learn from; None if there is no `train.h5`."""
        return self._part("train")

    @property
    def val(self) -> Part | None:
        """The images to choose settings on; None if there is no `val.h5`."""
        return self._part("val")

    @property
    def test(self) -> Part | None:
        """The images to measure accuracy on; None if there is no `test.h5`."""
        return self._part("test")

    @property
    def text(self) -> TextPart | None:
        """The text features; None if there is no `text.h5`."""
        part = self._parts.get("text")
        return part if isinstance(part, TextPart) else None

    @property
    def classes(self) -> list[str]:
        """The class names [C], which labels index."""
        return next(iter(self)).classes

    @property
    def width(self) -> int:
        """The number of values D per feature."""
        return next(iter(self)).shape[2]

    @property
    def model(self) -> str | None:
        """The name of the encoder, if it was recorded."""
        return next((part.model for part in self if part.model is not None), None)

    def verify(self) -> None:
        """Compare every byte of all files with its checksum, by `fewshot-features verify`.

        Raises `FeatureFileError` if a file is damaged.
        """
        _verify(self.path)

    def __iter__(self) -> Iterator[Part | TextPart]:
        """Yield the existing parts in the order train, val, test, text."""
        return iter(self._parts.values())

    def __repr__(self) -> str:
        """Return the folder and a line per file."""
        lines = [f"  {name:5} {part._summary()}" for name, part in self._parts.items()]
        return "\n".join([f"<FeatureFolder {self.path!r}", *lines]) + ">"


def open(path: str | os.PathLike[str], *, verify: bool = False) -> FeatureFolder:
    """Open a feature folder, or one feature file.

    Opening takes the same time for any number of images: the first page, the structures and the class names of each
    file are read and compared with their checksums. Labels, names and compressed values are compared at their first
    use. With `verify`, every byte is compared before the function returns, by `fewshot-features verify`.

    Raises `FileNotFoundError` if there is no feature file, and `FeatureFileError` if one is damaged, is not a feature
    file, or does not agree with the others.
    """
    folder = os.fspath(path)
    if os.path.isdir(folder):
        paths = _files(folder)
    elif os.path.exists(folder):
        paths = [folder]
    else:
        raise FileNotFoundError(
            sentence(
                folder,
                "no such file or directory",
                "a folder with train.h5, val.h5, test.h5, or text.h5",
                "check the path",
            )
        )
    parts: list[Part | TextPart] = []
    for file_path in paths:
        file = FeatureFile(file_path)
        name = os.path.splitext(os.path.basename(file_path))[0]
        if os.path.isdir(folder) and file.part != name:
            raise FeatureFileError(
                sentence(file_path, f"'{file.part}' features", f"'{name}' features", "use another file")
            )
        part = TextPart(file) if file.part == "text" else Part(file)
        if parts:
            _require_agreement(parts[0], part)
        parts.append(part)
    if verify:
        _verify(folder)
    return FeatureFolder(folder, parts)


def _files(folder: str) -> list[str]:
    if os.path.exists(os.path.join(folder, _COMPLETE)):
        raise FeatureFileError(
            sentence(
                folder,
                "an incomplete set of feature files",
                "a finished build",
                "wait for the build, or run it again if it was stopped",
            )
        )
    paths = [os.path.join(folder, f"{name}.h5") for name in _NAMES]
    paths = [path for path in paths if os.path.exists(path)]
    if not paths:
        raise FileNotFoundError(
            sentence(
                folder,
                "no feature file",
                "train.h5, val.h5, test.h5, or text.h5",
                "make them with 'fewshot.save' or 'fewshot-features import'",
            )
        )
    return paths


def _require_agreement(first: Part | TextPart, other: Part | TextPart) -> None:
    """Check that two files of a folder agree; a text file may have only some of the classes."""
    names = first.classes
    theirs = other.classes
    has_some = isinstance(other, TextPart) and len(theirs) < len(names) and set(theirs) <= set(names)
    if first.shape[2] != other.shape[2]:
        found, expected = f"width {other.shape[2]}", f"width {first.shape[2]}"
    elif first.model is not None and other.model is not None and first.model != other.model:
        found, expected = f"the model '{other.model}'", f"the model '{first.model}'"
    elif has_some or names == theirs:
        return
    elif len(names) != len(theirs):
        found, expected = f"{len(theirs)} classes", f"{len(names)} classes"
    else:
        label = next(index for index, name in enumerate(names) if name != theirs[index])
        found, expected = f"'{theirs[label]}' as class {label}", f"'{names[label]}' as class {label}"
    raise FeatureFileError(
        sentence(
            other.path, found, f"{expected} as in {first.path}", "build both files from the same model and classes"
        )
    )


def _verify(path: str) -> None:
    try:
        run_tool("fewshot-features", ["verify", path, "--json"])
    except ToolError as error:
        failures = _failures(error.output)
        if not failures:
            raise
        raise FeatureFileError(failures[0]) from None


def _failures(report: str) -> list[str]:
    """Return the failed checks in a report of `fewshot-features verify`, each with the file."""
    try:
        files = json.loads(report)["reports"]
        return [
            finding["detail"] if finding["detail"].startswith(file["path"]) else f"{file['path']}: {finding['detail']}"
            for file in files
            for finding in file["findings"]
            if not finding["isSound"]
        ]
    except (ValueError, LookupError, TypeError, AttributeError):
        return []


def _unique(names: list[str]) -> list[str]:
    """Return the names, with their index behind those that occur before."""
    seen: set[str] = set()
    unique = []
    for index, name in enumerate(names):
        unique.append(f"{name} ({index})" if name in seen else name)
        seen.add(unique[-1])
    return unique


def _reopened(path: str, identity: str) -> Part | TextPart:
    file = FeatureFile(path)
    if file.identity != identity:
        raise FeatureFileError(
            sentence(
                path, "features that changed since they were opened", "unchanged features", "open the folder again"
            )
        )
    return TextPart(file) if file.part == "text" else Part(file)
