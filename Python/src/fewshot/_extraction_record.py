"""The record of an extraction, by which a later call recognizes its features and continues it."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._arguments import SUBSETS
from ._errors import FeatureFileError, sentence
from ._folders import sync
from ._seal import json_file
from ._sealing import conflict, write_npy
from .features import FeatureFolder
from .features import open as open_features

_NAME = "extraction.json"
_ERRORS = "errors.tsv"
_TEXT = "text.npy"


class SkippedItem(NamedTuple):
    """An item that has no rows, as its image cannot be used."""

    subset: str
    path: str
    reason: str


@dataclass(frozen=True)
class ExtractionRecord:
    """The settings that decide the features of a folder.

    It is written before the first row into `.NAME.extraction`, a folder beside the output, and moved into the output
    as `extraction.json` behind the last one; whenever a process is killed, one of the two exists.
    """

    folder: str
    settings: Mapping[str, Any]
    """What the features of finished and unfinished folders must have in common."""
    computation: Mapping[str, Any]
    """What all batches of one folder must have in common."""

    @property
    def _work(self) -> str:
        parent, name = os.path.split(self.folder)
        return os.path.join(parent, f".{name}.extraction")

    def _file(self, name: str) -> str:
        return os.path.join(self._work, name)

    def existing(self, replaces: bool) -> FeatureFolder | None:
        """Return the finished features of these settings; None if there are none.

        Raises `FileExistsError` if there are others, finished or not, that are not to be replaced.
        """
        pending = _read(self._file(_NAME))
        has_features = any(os.path.lexists(os.path.join(self.folder, f"{name}.h5")) for name in (*SUBSETS, "text"))
        if pending is None and has_features:
            found = _read(os.path.join(self.folder, _NAME))
            difference = "features that 'extract' did not make" if found is None else self._difference(found, False)
            if difference is None:
                folder = open_features(self.folder)
                expected = [*self.settings["split"], *(["text"] if self.settings["text"] else [])]
                missing = [name for name in expected if getattr(folder, name) is None]
                if not missing:
                    self.remove()  # What a process that was killed at its very end has left.
                    return folder
                difference = f"features without {missing[0]}.h5"
            if not replaces:
                raise conflict(f"{self.folder}: found {difference}, expected features with these settings")
        if pending is not None and not replaces:
            difference = self._difference(pending, True)
            if difference is not None:
                raise conflict(f"{self.folder}: found {difference}, expected unfinished features with these settings")
        return None

    def is_begun(self) -> bool:
        """Whether unfinished features have these settings."""
        pending = _read(self._file(_NAME))
        return pending is not None and self._difference(pending, True) is None

    def begin(self) -> None:
        """Write the record, and forget what an extraction with other settings has left."""
        self.remove()
        os.makedirs(self._work)
        versions = {"torch": _version("torch"), "pillow": _version("PIL")}
        content = {
            "format": "fewshot-extraction",
            "version": 1,
            "settings": self.settings,
            "computation": self.computation,
            "made with": versions,
        }
        _write(self._file(_NAME), json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def remove(self) -> None:
        """Remove the record of unfinished features."""
        if os.path.isdir(self._work):
            # First the record, so that what is left of a killed removal has no settings.
            if os.path.exists(self._file(_NAME)):
                os.unlink(self._file(_NAME))
            shutil.rmtree(self._work)

    def publish(self) -> None:
        """Move the record and the list of skipped items into the finished folder."""
        errors = os.path.join(self.folder, _ERRORS)
        if os.path.exists(self._file(_ERRORS)):
            shutil.copyfile(self._file(_ERRORS), f"{errors}.new")
            os.replace(f"{errors}.new", errors)
        elif os.path.exists(errors):
            os.unlink(errors)
        shutil.copyfile(self._file(_NAME), os.path.join(self.folder, f"{_NAME}.new"))
        os.replace(os.path.join(self.folder, f"{_NAME}.new"), os.path.join(self.folder, _NAME))
        sync(self.folder)
        self.remove()

    def _difference(self, found: Mapping[str, Any], is_unfinished: bool) -> str | None:
        """Return the first setting in which a record differs from this one, in words."""
        for part, values in (("settings", self.settings), ("computation", self.computation)):
            if part == "computation" and not is_unfinished:
                continue
            theirs = found.get(part)
            if not isinstance(theirs, dict):
                return "a damaged record of features"
            # As read back from JSON, where all sequences are lists.
            mine = json.loads(json.dumps(values))
            for name in sorted({*mine, *theirs}):
                if mine.get(name) != theirs.get(name):
                    return f"features made with {name} {_shown(theirs.get(name))} instead of {_shown(mine.get(name))}"
        return None

    # Text features

    def text(self) -> NDArray[Any] | None:
        """Return the text features that were computed for the unfinished features."""
        try:
            array: NDArray[Any] = np.load(self._file(_TEXT), allow_pickle=False)
        except (OSError, ValueError):
            return None
        return array

    def keep_text(self, features: NDArray[Any]) -> None:
        """Keep computed text features."""
        write_npy(self._file(f"{_TEXT}.new"), features)
        sync(self._file(f"{_TEXT}.new"))
        os.replace(self._file(f"{_TEXT}.new"), self._file(_TEXT))

    # Skipped items

    def skipped(self) -> list[SkippedItem]:
        """Return the items that were left out so far."""
        try:
            with open(self._file(_ERRORS), encoding="utf-8") as file:
                lines = file.read().splitlines()[1:]
        except FileNotFoundError:
            return []
        return [SkippedItem(*fields) for line in lines if len(fields := line.split("\t")) == 3]

    def keep_skipped(self, items: list[SkippedItem]) -> None:
        """Replace the list of the items that were left out."""
        lines = ["\t".join(" ".join(text.split()) for text in item) for item in items]
        _write(self._file(_ERRORS), "\n".join(["part\titem\treason", *lines]) + "\n")


def _write(path: str, text: str) -> None:
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.new", path)


def _read(path: str) -> dict[str, Any] | None:
    """Return a record; None if there is none."""
    value = json_file(path)
    if value is None:
        return None
    if value.get("format") != "fewshot-extraction" or value.get("version") != 1:
        raise FeatureFileError(
            sentence(path, "another or a damaged file", "the record of an extraction", "remove the file's folder")
        )
    return value


def _version(module: str) -> str:
    from importlib import import_module

    return str(getattr(import_module(module), "__version__", "unknown"))


def _shown(value: Any) -> str:
    text = "none" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:99]}…"
