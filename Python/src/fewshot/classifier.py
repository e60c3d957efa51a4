"""A scikit-learn classifier that is trained by `fewshot-train`."""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._errors import sentence
from ._estimator import Estimator, checked_items, checked_rows
from ._safetensors import Array
from ._tools import ToolError, run_tool
from .adapters import Adapter, load, softmax
from .running import option_arguments

# The methods that train without text features, as `fewshot-train methods --json` lists them.
_WITHOUT_TEXT = "linear-probe, tip-adapter or tip-adapter-f"
# Files in memory need no disk; the folder exists on Linux.
_MEMORY = "/dev/shm"


class FewShotClassifier(Estimator):
    """A classifier of features by any method of `fewshot-train`.

    Rows are features as the encoder gave them. Most methods need the texts' features as well, which `fit` takes.
    All rows are trained on unless `shots` is a number. Without validation rows the protocol is `fixed`: the method's
    default settings and its last epoch. With `X_val` and `y_val`, or a `protocol`, epochs and settings are chosen on
    validation, on all of its rows; with `protocol="val"` and `shots`, on other rows of `X` if there is no `X_val`.

    Fitted classifiers have `classes_`, the sorted classes; `n_features_in_`; `adapter_`, the `Adapter`; and
    `chosen_`, the settings that were chosen on validation. They pickle by the bytes of the adapter.
    """

    def __init__(
        self,
        method: str = "gda",
        *,
        shots: int | str = "all",
        protocol: str | None = None,
        settings: Mapping[str, Any] | None = None,
        seed: int = 1,
        threads: int | None = None,
    ) -> None:
        """Takes the options of `fewshot-train` with these names; `settings` are its `--set`."""
        self.method = method
        self.shots = shots
        self.protocol = protocol
        self.settings = settings
        self.seed = seed
        self.threads = threads

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        text: ArrayLike | Mapping[Any, ArrayLike] | None = None,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
    ) -> "FewShotClassifier":
        """Train on features X [N, D] and labels y [N].

        `text` has the features of the texts [C, D] or [C, P, D] of P prompts per class, in the sorted order of the
        classes, or is a mapping from each class to [D] or [P, D].
        """
        rows, labels = checked_items(self, X, y)
        rows = rows.astype(np.float32, copy=False)
        classes, targets = np.unique(labels, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(sentence("y", f"{len(classes)} class", "at least 2 classes", "give items of each class"))
        val = None if X_val is None else _validation(X_val, y_val, classes, rows.shape[1])
        texts = _text(text, classes, rows.shape[1])
        size = 4 * (rows.size + (val[0].size if val else 0))
        with tempfile.TemporaryDirectory(prefix=f"fewshot-{os.getpid()}-", dir=_scratch(size)) as folder:
            _write_features(folder, (rows, targets), val, texts, _names(classes))
            self.adapter_, self.chosen_ = self._train(folder, has_val=val is not None, has_text=texts is not None)
        self.classes_ = classes
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """Return the logits [N, C]; of two classes, the second's less the first's [N]."""
        logits = self._logits(X)
        return logits if len(self.classes_) > 2 else logits[:, 1] - logits[:, 0]

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the softmax of the logits [N, C]; it is not calibrated."""
        # Sums of float32 values would differ from 1 by more than some users of probabilities allow.
        return softmax(self._logits(X).astype(np.float64))

    def predict(self, X: ArrayLike) -> Array:
        """Return the most probable class of each row."""
        best = self._logits(X).argmax(axis=1)
        labels: Array = self.classes_[best]
        return labels

    def _logits(self, X: ArrayLike) -> Array:
        rows = checked_rows(self, X)
        return self.adapter_(rows)

    def _train(self, folder: str, has_val: bool, has_text: bool) -> tuple[Adapter, dict[str, Any]]:
        """The adapter that `fewshot-train` fits to the features in a folder, and the settings that it chose."""
        protocol = self.protocol or ("val" if has_val else "fixed")
        options = {
            "features": os.path.join(folder, "features"),
            "method": self.method,
            "shots": self.shots,
            "seeds": self.seed,
            "protocol": protocol,
            "val": "full" if has_val else None,
            "val_from_train": protocol == "val" and not has_val,
            "set": self.settings or None,
            "threads": self.threads,
            "output": os.path.join(folder, "runs"),
        }
        try:
            lines = json.loads(run_tool("fewshot-train", ["run", "--json", *option_arguments(options)]))
        except ToolError as error:
            if has_text or "no text features" not in str(error):
                # The folder is temporary, so its name is of no use.
                sentence_of_tool = str(error).replace(f"{folder}/features/", "")
                raise ToolError(error.tool, error.status, sentence_of_tool, error.output) from None
            remedy = f"give fit(X, y, text=...), or take {_WITHOUT_TEXT}"
            raise ValueError(sentence(f"method {self.method!r}", "no text features", "some", remedy)) from None
        if len(lines) != 1:
            raise ValueError(sentence("method", repr(self.method), "one method, shots and seed", "name one"))
        # The folder is removed, so the adapter is named by its method in messages.
        adapter = load(os.path.join(folder, "runs", lines[0]["run"]))
        return Adapter(adapter.to_bytes(), f"the {self.method} adapter"), lines[0].get("chosen", {})


def _validation(X: ArrayLike, y: ArrayLike | None, classes: Array, width: int) -> tuple[Array, Array]:
    """The rows and class numbers of validation."""
    rows, labels = np.asarray(X, np.float32), np.asarray([] if y is None else y)
    if rows.ndim != 2 or rows.shape[1] != width or labels.shape != rows.shape[:1]:
        found = f"the shapes {list(rows.shape)} and {list(labels.shape)}"
        raise ValueError(sentence("X_val and y_val", found, f"[N, {width}] and [N]", "give a label per row"))
    targets = np.searchsorted(classes, labels)
    known = targets < len(classes)
    known[known] = classes[targets[known]] == labels[known]
    if not known.all():
        found = f"the class {labels[~known][0]!r}"
        raise ValueError(sentence("y_val", found, "classes of y", "leave out the items of other classes"))
    return rows, targets


def _text(text: ArrayLike | Mapping[Any, ArrayLike] | None, classes: Array, width: int) -> Array | None:
    """The features of the texts [C, P, D] in the order of the classes."""
    if text is None:
        return None
    if isinstance(text, Mapping):
        missing = [name for name in classes.tolist() if name not in text]
        if missing:
            raise ValueError(sentence("text", f"no text of class {missing[0]!r}", "one per class", "add it"))
        shapes = {np.shape(text[name]) for name in classes.tolist()}
        if len(shapes) > 1:
            raise ValueError(sentence("text", f"the shapes {sorted(shapes)}", "one shape", "give equally many prompts"))
        text = np.stack([np.asarray(text[name]) for name in classes.tolist()])
    array = np.asarray(text, np.float32)
    if array.ndim == 2:
        array = array[:, None]
    if array.ndim != 3 or (len(array), array.shape[2]) != (len(classes), width):
        expected = f"[{len(classes)}, {width}] or [{len(classes)}, P, {width}]"
        raise ValueError(sentence("text", f"the shape {list(np.shape(text))}", expected, "give a text per class"))
    return array


def _names(classes: Array) -> list[str]:
    """The classes as the names in the adapter, or their numbers where they have no distinct names."""
    names = [str(name) for name in classes.tolist()]
    if len(set(names)) == len(names) and all(name.isprintable() and name.strip() == name != "" for name in names):
        return names
    return [str(number) for number in range(len(names))]


def _scratch(size: int) -> str | None:
    """The folder for temporary features of `size` bytes: in memory, unless there is little; None for the usual one."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 4 * size:
        return _MEMORY
    return None


def _write_features(
    folder: str, train: tuple[Array, Array], val: tuple[Array, Array] | None, text: Array | None, names: list[str]
) -> None:
    """Writes `features` in a folder, by one process for all subsets, which `save` starts one each for."""

    def write(name: str, array: Array) -> str:
        path = os.path.join(folder, f"{name}.npy")
        np.save(path, array, allow_pickle=False)
        return path

    subsets = [train] if val is None else [train, val]
    images, labels = (np.concatenate(arrays) for arrays in zip(*subsets, strict=True))
    arguments = ["--images", write("X", images), "--labels", write("y", labels)]
    write("train", np.arange(len(train[0])))
    if val is not None:
        write("val", np.arange(len(train[0]), len(images)))
    if text is not None:
        arguments += ["--text", write("text", text), "--text-layout", "classes-first"]
    classes = os.path.join(folder, "classes.json")
    with open(classes, "w", encoding="utf-8") as file:
        json.dump(names, file)
    output = os.path.join(folder, "features")
    try:
        run_tool(
            "fewshot-features", ["import", "npy", *arguments, "--rows", folder, "--classes", classes, "-o", output]
        )
    except ToolError as error:
        # The names of the files are those of the arguments.
        raise ValueError(str(error).replace(f"{folder}/", "").replace(".npy:", ":")) from None
