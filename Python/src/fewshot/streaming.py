"""Writing a feature folder row by row, with a journal, so that a killed process continues where it was."""

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import FileIO
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._arguments import SUBSETS, require_storable, require_subset, rows_of
from ._errors import sentence
from ._folders import LockedFolder, sync
from ._seal import json_file, json_value
from ._sealing import HEADER_SIZE, Settings, Sources, checked_classes, checked_text, conflict, npy_header, seal
from .features import FeatureFolder
from .features import open as open_features
from .writing import require_storage

# Seconds between two writes to the disk; what a power failure takes is recognized by its checksum.
_SYNC_INTERVAL = 1.0
_SETTINGS = "settings.json"


class Done(NamedTuple):
    """The rows of a subset that are written."""

    rows: int
    """The number of rows."""
    ids: list[str]
    """The names of the rows; empty if they have none."""


@dataclass
class _Subset:
    """The unfinished rows of a subset: a file of values, and a journal with their labels, names and checksums."""

    rows: FileIO
    journal: FileIO
    views: int
    row_size: int
    """The size of an item in bytes."""
    journal_size: int = 0
    labels: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    @property
    def end(self) -> int:
        """The byte offset behind the last row."""
        return HEADER_SIZE + len(self.labels) * self.row_size

    def append(self, data: bytes, record: dict[str, Any]) -> None:
        """Write rows, then their line in the journal; after an error, the next ones take their place."""
        line = _journal_line(record)
        _write(self.rows, data, self.end)
        _write(self.journal, line, self.journal_size)
        self.take(record, len(line))

    def take(self, record: dict[str, Any], line_size: int) -> None:
        """Count the rows of a journal line."""
        self.labels += record["labels"]
        if record["ids"] is not None:
            self.ids += record["ids"]
            self.known.update(record["ids"])
        self.journal_size += line_size

    def sync(self) -> None:
        for file in (self.rows, self.journal):
            os.fsync(file.fileno())

    def close(self) -> None:
        self.rows.close()
        self.journal.close()


class FeatureWriter:
    """A writer of a feature folder that takes rows in any number of pieces.

    Rows are kept in a work folder beside the output, `.NAME.unfinished`, until `close` makes the feature files of
    them. After a kill, a writer with the same arguments has the rows that were added: `done` tells which. The feature
    files depend on the rows alone, not on the pieces or interruptions, and are those that `save` makes of the rows.

        with FeatureWriter("features", classes=["cat", "dog"], dimension=512) as writer:
            for images, labels in batches[writer.done("train").rows // 64 :]:
                writer.add("train", encode(images), labels)

    As a context manager, the writer closes at the end of the block, and keeps its rows if the block raises an error.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        classes: Sequence[str],
        dimension: int,
        views: int | Mapping[str, int] = 1,
        dtype: str = "float16",
        text: ArrayLike | None = None,
        prompts: Sequence[str] | Sequence[Sequence[str]] | None = None,
        template_count: int | None = None,
        model: str | None = None,
        dataset: str | None = None,
        replace: bool = False,
    ) -> None:
        """Starts a folder, or continues an unfinished one.

        Args:
            folder: The folder to make.
            classes: The class names [C], which labels index.
            dimension: The number of values D per feature.
            views: The number of views V per item, of all subsets or by subset, such as `{"train": 11}`; 1 for the
                others.
            dtype: The type of the stored values, `float16` or `float32`.
            text: Text features [C,D] or [C,P,D].
            prompts: The encoded prompts, as for `save`.
            template_count: The number of templates among the prompts of a class, as for `save`.
            model: The name of the encoder.
            dataset: The name of the data set, by default that of the folder.
            replace: Whether to overwrite features or unfinished rows with other settings.

        Raises:
            ValueError: An argument is unusable, or the unfinished rows have other settings.
            FileExistsError: The folder has features with other settings, and `replace` is not given.
            BlockingIOError: Another writer has the folder.
        """
        require_storage(dtype)
        self._folder = os.path.abspath(os.fspath(folder))
        self._dtype = np.dtype(dtype)
        self._dimension = dimension
        self._views = {name: views if isinstance(views, int) else views.get(name, 1) for name in SUBSETS}
        for name in views if isinstance(views, Mapping) else ():
            require_subset(name)
        for name, value in {"dimension": dimension, **{f"{name} views": self._views[name] for name in SUBSETS}}.items():
            if value < 1:
                raise ValueError(sentence(name, str(value), "at least 1", "correct the number"))
        texts = checked_text(text, prompts, template_count)
        names = checked_classes(classes, 0, texts)
        self._settings = Settings(self._folder, names, texts, model, dataset, dtype, replace)
        self._subsets: dict[str, _Subset] = {}
        self._finished: FeatureFolder | None = None
        self._last_sync = time.monotonic()
        parent, name = os.path.split(self._folder)
        os.makedirs(parent, exist_ok=True)
        path = os.path.join(parent, f".{name}.unfinished")
        if not replace and not os.path.exists(os.path.join(path, _SETTINGS)):
            self._finished = self._existing()
            if self._finished and os.path.isdir(path):  # A writer was killed while it removed its rows.
                LockedFolder(path).remove()
        self._work: LockedFolder | None = None if self._finished else LockedFolder(path)
        try:
            if self._work:
                self._begin(self._work)
        except BaseException:
            self._release()
            raise

    # Rows

    def done(self, subset: str) -> Done:
        """Return the number and the names of a subset's rows that are written."""
        require_subset(subset)
        if self._finished:
            part = getattr(self._finished, subset)
            return Done(0, []) if part is None else Done(len(part), part.ids)
        rows = self._subsets.get(subset)
        return Done(0, []) if rows is None else Done(len(rows.labels), list(rows.ids))

    def add(self, subset: str, features: ArrayLike, labels: ArrayLike, ids: Sequence[str] | None = None) -> None:
        """Append rows to a subset: features [B,D] or [B,V,D], labels [B] and, for all rows or none, names [B].

        When the function returns, the rows outlive this process.

        Raises:
            ValueError: A row, a label or a name is unusable; none of the rows is added then.
        """
        require_subset(subset)
        if self._finished:
            raise FileExistsError(
                sentence(self._folder, "complete features", "unfinished ones", "add nothing, or pass replace=True")
            )
        work = self._open_work()
        rows = rows_of(subset, features, labels, ids, self._settings.classes)
        self._require_shape(subset, rows.features)
        known = self._subsets.get(subset)
        first = len(known.labels) if known else 0
        if known and first and bool(known.ids) != (rows.ids is not None):
            raise ValueError(
                sentence(
                    f"{subset} ids",
                    "rows with and without names",
                    "names for all rows or none",
                    "pass the names of all rows",
                )
            )
        for index, text in enumerate(rows.ids or ()):
            if known and text in known.known:
                raise ValueError(
                    sentence(
                        f"{subset} ids",
                        f"'{text}' in the rows {known.ids.index(text)} and {first + index}",
                        "a different name for each row",
                        "correct the names, or leave out the rows that 'done' lists",
                    )
                )
        values = require_storable(rows.features, self._dtype, f"{subset} features", first)
        data = np.ascontiguousarray(values, self._dtype.newbyteorder("<")).tobytes()
        target = known or self._create(work, subset)
        record = {
            "count": len(values),
            "digest": hashlib.sha256(data).hexdigest(),
            "ids": rows.ids,
            "labels": rows.labels.tolist(),
        }
        target.append(data, record)
        if time.monotonic() - self._last_sync >= _SYNC_INTERVAL:
            target.sync()
            self._last_sync = time.monotonic()

    def _require_shape(self, subset: str, features: NDArray[Any]) -> None:
        expected = [self._views[subset], self._dimension]
        if list(features.shape[1:]) != expected:
            raise ValueError(
                sentence(
                    f"{subset} features",
                    f"rows of the shape {list(features.shape[1:])}",
                    f"{expected}, views and dimension",
                    "correct the features, or the views and dimension of the writer",
                )
            )

    # The end

    def close(self) -> FeatureFolder:
        """Make the feature files of all rows, remove the work folder, and return the feature folder opened.

        Raises:
            ValueError: There are no rows.
            FileExistsError: The folder has features from other rows, and `replace` is not given; the rows are kept.
        """
        if self._finished:
            return self._finished
        work = self._open_work()
        try:
            sources = Sources(work)
            for name in SUBSETS:
                rows = self._subsets.get(name)
                if rows is None or not rows.labels:
                    continue
                shape = (len(rows.labels), rows.views, self._dimension)
                _write(rows.rows, npy_header(self._dtype, shape), 0)
                rows.rows.truncate(rows.end)
                rows.sync()
                sources.add(name, np.array(rows.labels, np.int64), rows.ids or None)
            if not sources.subsets:
                raise ValueError(
                    sentence(self._folder, "no rows", "rows of train, val or test", "add some before closing")
                )
            self._finished = seal(sources, self._settings)
            for rows in self._subsets.values():
                rows.close()
            # Without settings, a work folder beside complete features has no rows to continue.
            os.unlink(work.file(_SETTINGS))
            work.remove()
        finally:
            self._release()
        return self._finished

    def discard(self) -> None:
        """Remove the rows of this writer."""
        for rows in self._subsets.values():
            rows.close()
        if self._work:
            self._work.remove()
        self._release()

    def __enter__(self) -> "FeatureWriter":
        """Return the writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the writer; after an error keep its rows for another one."""
        if kind is None and (self._work or self._finished):
            self.close()
            return
        if self._work:
            for rows in self._subsets.values():
                rows.sync()
        self._release()

    def __repr__(self) -> str:
        """Return the folder and the rows."""
        counts = ", ".join(f"{name} {len(rows.labels)}" for name, rows in self._subsets.items())
        return f"<FeatureWriter of {self._folder!r}: {counts or 'no rows'}>"

    def _open_work(self) -> LockedFolder:
        if self._work is None:
            raise ValueError(sentence(self._folder, "a closed writer", "an open one", "make another writer"))
        return self._work

    def _release(self) -> None:
        for rows in self._subsets.values():
            rows.close()
        if self._work:
            self._work.release()
        self._work = None

    # Beginning and continuing

    def _existing(self) -> FeatureFolder | None:
        """Return the complete features in the output; None if there are none."""
        if not any(os.path.lexists(os.path.join(self._folder, f"{name}.h5")) for name in SUBSETS):
            return None
        folder = open_features(self._folder)
        settings = self._settings
        differences = {
            "dimension": (folder.width, self._dimension),
            "model": (folder.model, settings.model),
            "classes": (folder.classes, settings.classes),
        }
        for part in (folder.train, folder.val, folder.test):
            if part is not None:
                differences[f"{part.name} views"] = (part.shape[1], self._views[part.name])
                differences["dtype"] = (part.dtype.name, self._dtype.name)
        for name, (found, expected) in differences.items():
            if found != expected:
                raise conflict(f"{self._folder}: found features with {name} {found}, expected {expected}")
        if settings.text is not None and (
            folder.text is None or not np.array_equal(folder.text.features, settings.text.features.astype(self._dtype))
        ):
            raise conflict(f"{self._folder}: found features with other text, expected the text of this writer")
        return folder

    def _begin(self, work: LockedFolder) -> None:
        """Read the rows of an earlier writer, or record the settings."""
        path = work.file(_SETTINGS)
        settings = self._recorded()
        found = json_file(path)
        if found is not None and found != settings:
            if not self._settings.replace:
                name = next(name for name in settings if found.get(name) != settings[name])
                raise ValueError(
                    sentence(
                        work.path,
                        f"unfinished rows with other {name}",
                        "those of this writer",
                        "pass the same arguments, or begin again with replace=True",
                    )
                )
            found = None
        if found is None:
            for entry in os.listdir(work.path):
                if entry.endswith((".journal", ".npy")):
                    os.unlink(work.file(entry))
            with open(f"{path}.new", "w", encoding="utf-8") as file:
                json.dump(settings, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(f"{path}.new", path)
            sync(work.path)
        for name in SUBSETS:
            if os.path.exists(work.file(f"{name}.journal")):
                self._continue(work, name)

    def _recorded(self) -> dict[str, Any]:
        """Return the settings that the rows and files depend on."""
        text = self._settings.text
        return {
            "dimension": self._dimension,
            "views": self._views,
            "dtype": self._dtype.name,
            "classes": self._settings.classes,
            "model": self._settings.model,
            "dataset": self._settings.dataset_name,
            "text": None if text is None else hashlib.sha256(np.ascontiguousarray(text.features).data).hexdigest(),
            "prompts": None if text is None else text.prompts,
            "template_count": None if text is None else text.template_count,
        }

    def _create(self, work: LockedFolder, subset: str) -> _Subset:
        rows = FileIO(Sources(work).file(subset, "features"), "w+")
        journal = FileIO(work.file(f"{subset}.journal"), "w+")
        sync(work.path)
        self._subsets[subset] = self._opened(subset, rows, journal)
        return self._subsets[subset]

    def _opened(self, subset: str, rows: FileIO, journal: FileIO) -> _Subset:
        views = self._views[subset]
        return _Subset(rows, journal, views, views * self._dimension * self._dtype.itemsize)

    def _continue(self, work: LockedFolder, subset: str) -> None:
        """Keep the rows whose journal lines and checksums are valid, up to the first that is not."""
        path = Sources(work).file(subset, "features")
        if not os.path.exists(path):
            os.unlink(work.file(f"{subset}.journal"))
            return
        target = self._opened(subset, FileIO(path, "r+"), FileIO(work.file(f"{subset}.journal"), "r+"))
        with open(path, "rb") as rows, open(work.file(f"{subset}.journal"), "rb") as journal:
            rows.seek(HEADER_SIZE)
            for line in journal:
                record = _journal_record(line)
                if record is None:
                    break
                data = rows.read(record["count"] * target.row_size)
                if hashlib.sha256(data).hexdigest() != record["digest"]:
                    break
                target.take(record, len(line))
        target.rows.truncate(target.end)
        target.journal.truncate(target.journal_size)
        self._subsets[subset] = target


def _write(file: FileIO, data: bytes, offset: int) -> None:
    rest = memoryview(data)
    while rest:
        count = os.pwrite(file.fileno(), rest, offset)
        rest = rest[count:]
        offset += count


def _journal_line(record: dict[str, Any]) -> bytes:
    line = json.dumps(record).encode()
    return hashlib.sha256(line).hexdigest().encode() + b" " + line + b"\n"


def _journal_record(line: bytes) -> dict[str, Any] | None:
    """Return the record of a complete line; None for any other bytes."""
    digest, _, text = line.removesuffix(b"\n").partition(b" ")
    if not line.endswith(b"\n") or hashlib.sha256(text).hexdigest().encode() != digest:
        return None
    record: dict[str, Any] = json_value(text)
    return record
