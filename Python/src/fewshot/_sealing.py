"""Feature folders from files of arrays, by `fewshot-features import`, published by renaming."""

import json
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._arguments import SUBSETS, class_list, require_text, stacked_features
from ._errors import FeatureFileError, sentence
from ._file import FeatureFile
from ._folders import LockedFolder, sync
from ._tools import ToolError, run_tool
from .features import FeatureFolder, Part, TextPart, _require_agreement
from .features import open as open_features

# Of all files alike, so that rows can be written before their number is known.
HEADER_SIZE = 128
# Bad data, a wrong command line, and unsuitable settings.
_ARGUMENT_ERRORS = (65, 64, 78)


def npy_header(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    """Return the header of an `.npy` file, the same bytes with any version of NumPy.

    >>> len(npy_header(np.dtype("float32"), (10, 1, 512)))
    128
    """
    description = f"{{'descr': '{dtype.newbyteorder('<').str}', 'fortran_order': False, 'shape': {shape}, }}"
    head = b"\x93NUMPY\x01\x00" + (HEADER_SIZE - 10).to_bytes(2, "little")
    return head + description.encode().ljust(HEADER_SIZE - 11) + b"\n"


def write_npy(path: str, array: NDArray[Any]) -> None:
    """Write an array as an `.npy` file, piece by piece."""
    dtype = array.dtype.newbyteorder("<")
    step = max(1, (16 << 20) // max(1, array[:1].nbytes))
    with open(path, "wb") as file:
        file.write(npy_header(dtype, array.shape))
        for start in range(0, len(array), step):
            file.write(np.ascontiguousarray(array[start : start + step], dtype).data)


def write_json(path: str, value: Any) -> None:
    """Write a JSON file."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False)


@dataclass(frozen=True)
class Text:
    """Text features with their prompts."""

    features: NDArray[Any]
    """[C,P,D]"""
    prompts: list[str] | list[list[str]] | None
    template_count: int | None


@dataclass(frozen=True)
class Settings:
    """The settings of a feature folder beside its rows."""

    folder: str
    classes: list[str]
    text: Text | None = None
    model: str | None = None
    dataset: str | None = None
    dtype: str | None = None
    replace: bool = False

    @property
    def dataset_name(self) -> str:
        """The name of the data set, by default that of the folder."""
        return self.dataset or os.path.basename(self.folder)


@dataclass
class Sources:
    """The files in a work folder that an import reads, by their names in messages."""

    work: LockedFolder
    subsets: list[str] = field(default_factory=list)
    with_ids: set[str] = field(default_factory=set)

    def file(self, subset: str, role: str) -> str:
        """Return the path of a file of a subset: `features`, `labels` or `ids`."""
        return self.work.file(f"{subset}_{role}.{'json' if role == 'ids' else 'npy'}")

    def add(self, subset: str, labels: NDArray[np.int64], ids: list[str] | None) -> None:
        """Write the labels and names of a subset, whose features are there."""
        write_npy(self.file(subset, "labels"), labels)
        if ids is not None:
            write_json(self.file(subset, "ids"), ids)
            self.with_ids.add(subset)
        self.subsets.append(subset)


def checked_text(
    features: ArrayLike | None, prompts: Sequence[str] | Sequence[Sequence[str]] | None, template_count: int | None
) -> Text | None:
    """Return text features [C,D] or [C,P,D] with their prompts: P templates with `{}`, or P prompts per class."""
    if features is None:
        if prompts is not None or template_count is not None:
            raise ValueError(
                sentence("prompts", "prompts without text features", "both or none", "pass the text features as text")
            )
        return None
    array = stacked_features(features, "text", "prompts")
    lists: list[str] | list[list[str]] | None = None
    if prompts is not None:
        if isinstance(prompts, str):
            raise ValueError(sentence("prompts", "a text", "a list of prompts", "pass one prompt per text feature"))
        nested = [[*item] for item in prompts if not isinstance(item, str)]
        flat = [item for item in prompts if isinstance(item, str)]
        require_text([*flat, *(text for item in nested for text in item)], "prompts")
        lists = nested or flat
    return Text(array, lists, template_count)


def checked_classes(classes: Sequence[str] | None, used: int, text: Text | None) -> list[str]:
    """Return the class names, by default numbers; there is one per class of the text features."""
    count = max(used, 1) if text is None else len(text.features)
    if classes is None:
        return [str(index) for index in range(count)]
    names = class_list(classes)
    if text is not None and len(names) != count:
        raise ValueError(
            sentence(
                "classes", f"{len(names)} class names", f"{count} as in text", "use the class names of these features"
            )
        )
    return names


def seal(sources: Sources, settings: Settings) -> FeatureFolder:
    """Import the files of a work folder, and publish the feature folder."""
    work = sources.work
    for entry in os.listdir(work.path):
        if entry.startswith("sealed."):
            shutil.rmtree(work.file(entry), ignore_errors=True)
    # A new name each time, as the tool of a killed process may still write to the former one.
    staged = work.file(f"sealed.{secrets.token_hex(6)}")
    write_json(work.file("classes.json"), settings.classes)
    texts = _write_text(work, settings)
    names = _argument_names(sources)
    subsets = sources.subsets
    if not subsets:
        # An import needs image features; those of this row are not published.
        subsets = ["test"]
        width = settings.text.features.shape[2] if settings.text else 1
        write_npy(sources.file("test", "features"), np.ones((1, 1, width), np.float32))
        write_npy(sources.file("test", "labels"), np.zeros(1, np.int64))
    for subset in subsets:
        arguments: list[object] = ["import", "npy", "--part", subset, "--output", staged]
        arguments += ["--images", sources.file(subset, "features"), "--labels", sources.file(subset, "labels")]
        arguments += ["--classes", work.file("classes.json"), "--dataset", settings.dataset_name]
        if subset in sources.with_ids:
            arguments += ["--ids", sources.file(subset, "ids")]
        if settings.model is not None:
            arguments += ["--model", settings.model]
        if settings.dtype is not None:
            arguments += ["--dtype", settings.dtype]
        if subset == subsets[0]:
            arguments += texts
        try:
            run_tool("fewshot-features", arguments)
        except ToolError as error:
            message = _worded(str(error), names, staged, settings.folder)
            if error.status in _ARGUMENT_ERRORS:
                raise ValueError(message) from None
            raise ToolError(error.tool, error.status, message, error.output) from None
    published = [f"{subset}.h5" for subset in sources.subsets] + ([] if settings.text is None else ["text.h5"])
    publish(staged, published, settings)
    return open_features(settings.folder)


def _write_text(work: LockedFolder, settings: Settings) -> list[object]:
    """Write the text features and return the options that name them."""
    text = settings.text
    if text is None:
        return []
    write_npy(work.file("text.npy"), text.features)
    arguments: list[object] = ["--text", work.file("text.npy"), "--text-layout", "classes-first"]
    if text.prompts is not None:
        write_json(work.file("prompts.json"), text.prompts)
        arguments += ["--prompts", work.file("prompts.json")]
    if text.template_count is not None:
        arguments += ["--template-count", text.template_count]
    return arguments


def _argument_names(sources: Sources) -> dict[str, str]:
    """Return the names of the caller's arguments for the files of a work folder."""
    files = {
        sources.file(subset, role): f"{subset} {role}" for subset in SUBSETS for role in ("features", "labels", "ids")
    }
    files |= {sources.work.file(f"{name}.json"): name for name in ("classes", "prompts")}
    return files | {sources.work.file("text.npy"): "text"}


def _worded(message: str, names: dict[str, str], staged: str, folder: str) -> str:
    """Return a tool's sentence with arguments in place of files and options."""
    for path, name in [*names.items(), (staged, folder)]:
        message = message.replace(path, name)
    for option, argument in {
        "--dtype float32": "dtype='float32'",
        "--template-count": "template_count",
        "--classes": "classes",
    }.items():
        message = message.replace(option, argument)
    return message


def publish(staged: str, names: Sequence[str], settings: Settings) -> None:
    """Move complete files into the output, unless it has the same ones.

    Raises `FileExistsError` if it has others and they are not to be replaced; nothing is changed then.
    """
    folder = settings.folder
    for entry in os.listdir(staged):
        if entry in names:
            sync(os.path.join(staged, entry))
        else:
            path = os.path.join(staged, entry)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    sync(staged)
    if not os.path.lexists(folder):
        try:
            os.rename(staged, folder)
        except OSError:  # Another process has made it since.
            if not os.path.lexists(folder):
                raise
        else:
            sync(os.path.dirname(folder))
            return
    if not os.path.isdir(folder):
        raise FileExistsError(sentence(folder, "a file", "a folder", "choose another folder"))
    _require_agreement_of_rest(staged, names, folder)
    changed = [name for name in names if not _is_reusable(staged, name, settings)]
    for name in changed:
        os.replace(os.path.join(staged, name), os.path.join(folder, name))
    sync(folder)


def _part(path: str) -> Part | TextPart:
    file = FeatureFile(path)
    return TextPart(file) if file.part == "text" else Part(file)


def _require_agreement_of_rest(staged: str, names: Sequence[str], folder: str) -> None:
    """Check that files that stay agree with the new ones."""
    new = _part(os.path.join(staged, names[0]))
    for subset in (*SUBSETS, "text"):
        path = os.path.join(folder, f"{subset}.h5")
        if f"{subset}.h5" in names or not os.path.exists(path):
            continue
        try:
            old = _part(path)
            if isinstance(new, TextPart):
                _require_agreement(old, new)
            else:
                _require_agreement(new, old)
        except FeatureFileError as error:
            message = str(error).rsplit("; ", 1)[0].replace(staged, folder)
            raise FileExistsError(f"{message}; choose another folder, or remove {path}.") from None


def _is_reusable(staged: str, name: str, settings: Settings) -> bool:
    """Whether the existing file was made from the same arrays; otherwise the new one takes its place."""
    path = os.path.join(settings.folder, name)
    if not os.path.exists(path):
        return False
    new = _part(os.path.join(staged, name))
    try:
        old = _part(path)
        difference = difference_between(new, old)
    except FeatureFileError as error:
        if settings.replace:
            return False
        raise conflict(str(error).rsplit("; ", 1)[0]) from None
    if difference is None:
        if not settings.replace:
            return True
        # With `replace` the bytes are compared: the record alone may describe a damaged file.
        try:
            old.verify()
        except FeatureFileError:
            return False
        return True
    if settings.replace:
        return False
    raise conflict(f"{path}: found {difference[0]}, expected {difference[1]}")


def conflict(problem: str) -> FileExistsError:
    """Return the error of an existing output with other content."""
    return FileExistsError(f"{problem}; choose another folder, or replace it with replace=True.")


def difference_between(new: Part | TextPart, old: Part | TextPart) -> tuple[str, str] | None:
    """Return how two files differ in content or origin: what the old one has, and what the new one has."""
    mine = new.provenance
    theirs = old.provenance
    for key in ("tool", "version", "settings", "inputs"):
        one, other = mine.get(key), theirs.get(key)
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            for setting in sorted({*one, *other}):
                if one.get(setting) != other.get(setting):
                    return (
                        f"features made with {setting} '{other.get(setting, 'none')}'",
                        f"'{one.get(setting, 'none')}' as requested",
                    )
        if key == "inputs":
            return "features made from other arrays", "features made from these"
        return f"features made with {key} '{other}'", f"'{one}' as requested"
    if mine and old.identity != new.identity:
        return "other features", "the same features"
    return None
