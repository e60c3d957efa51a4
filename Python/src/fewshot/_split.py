"""Split files: the class and the subset of each image of a data set."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from ._arguments import SUBSETS
from ._errors import sentence
from ._seal import json_value

_EXPECTED = "a split of fewshot (*.split.json, version 1)"


@dataclass(frozen=True)
class Items:
    """The items of a subset."""

    paths: list[str]
    labels: list[int]

    @property
    def ids(self) -> list[str]:
        """The paths; `path#2` for the second occurrence of one, which has its own random views.

        >>> Items(["a", "b", "a"], [0, 1, 0]).ids
        ['a', 'b', 'a#2']
        """
        occurrences: dict[str, int] = {}
        ids = []
        for path in self.paths:
            count = occurrences[path] = occurrences.get(path, 0) + 1
            ids.append(path if count == 1 else f"{path}#{count}")
        return ids

    def digest(self, root: str, classes: Sequence[str]) -> str:
        """Return the SHA-256 of the items, the class names and the folder, as feature files record it."""
        hasher = hashlib.sha256()
        for text in ("fewshot part 1", root, *classes):
            hasher.update(text.encode() + b"\0")
        for path, label in zip(self.paths, self.labels, strict=True):
            hasher.update(f"{path}\0{label}\0".encode())
        return hasher.hexdigest()


@dataclass(frozen=True)
class Split:
    """The content of a split file."""

    path: str
    dataset: str
    root: str
    """The folder of the items' paths below the data root; `.` for the data root itself."""
    classes: list[str]
    subsets: dict[str, Items]
    """The items by subset, of those that have any."""

    def folder(self, data_root: str) -> str:
        """Return the folder of the items' paths."""
        return data_root if self.root == "." else os.path.join(data_root, self.root)


def read_split(path: str | os.PathLike[str]) -> Split:
    """Read a split file and check its labels and paths, which must stay below the data root."""
    name = os.fspath(path)
    with open(name, encoding="utf-8") as file:
        try:
            values = json_value(file.read())
        except ValueError as error:
            raise ValueError(sentence(name, f"no JSON ({error})", _EXPECTED, "name a split file")) from None
    if not isinstance(values, dict) or values.get("format") != "fewshot-split" or values.get("version") != 1:
        raise ValueError(
            sentence(
                name,
                "another format or version",
                _EXPECTED,
                f"convert a file of CoOp's with 'fewshot-split import coop {name} -o NAME.split.json'",
            )
        )
    try:
        dataset, root, classes = values["dataset"], values["root"], values["classes"]
        lists = {subset: [(str(item), int(label)) for item, label in values[subset]] for subset in SUBSETS}
        valid = isinstance(dataset, str) and isinstance(root, str) and isinstance(classes, list)
        if not valid or not classes or not all(isinstance(text, str) and text.strip() for text in classes):
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            sentence(name, "items or classes of another form", _EXPECTED, "make the split again")
        ) from None
    if root != ".":
        _require_below(root, name, "root")
    for subset, items in lists.items():
        for row, (item, label) in enumerate(items):
            _require_below(item, name, f"{subset} item {row}")
            if not 0 <= label < len(classes):
                raise ValueError(
                    sentence(
                        name,
                        f"the label {label} at {subset} item {row}",
                        f"a label from 0 to {len(classes) - 1}",
                        "correct the label",
                    )
                )
    subsets = {
        subset: Items([item for item, _ in items], [label for _, label in items])
        for subset, items in lists.items()
        if items
    }
    if not subsets:
        raise ValueError(sentence(name, "no items", "images in train, val or test", "name another split"))
    return Split(name, dataset, root, classes, subsets)


def _require_below(path: str, split: str, place: str) -> None:
    """Check that a path of a split, which may come from anywhere, stays below the data root."""
    if "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
        raise ValueError(
            sentence(
                split,
                f"the path {json.dumps(path)} at {place}",
                "a path below the data root",
                "write paths relative to the data root",
            )
        )
