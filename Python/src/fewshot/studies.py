"""The results of studies: one row per run, from `results.jsonl`."""

import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from ._errors import missing_extra, sentence

if TYPE_CHECKING:
    import pandas

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class Evaluation:
    """An evaluation on other data than a run's own test subset."""

    task: str
    """The relation to the training data: `shift`, `new` or `transfer`."""
    dataset: str
    """The evaluated data set."""
    classes: int
    """The number of classes to choose from."""


@dataclass(frozen=True)
class Result:
    """A run and its results; accuracies are in percent."""

    method: str
    """The name of the method."""
    dataset: str
    """The data set of the training features."""
    shots: int | Literal["all"]
    """The number of shots, 0 for methods without a sample."""
    seed: int
    """The seed of the sample and of the training."""
    protocol: str
    """The protocol by which epochs and settings were chosen."""
    run: str
    """The run's folder, relative to the study's."""
    identity: str
    """The SHA-256 of the run's inputs and settings."""
    study: str
    """The study's folder."""
    model: str | None = None
    """The model that encoded the features."""
    val_accuracy: float | None = None
    """The accuracy on validation; None without validation items."""
    test_accuracy: float | None = None
    """The accuracy on the test subset; None without one."""
    test_top5: float | None = None
    """The share of test items whose label is among the five highest logits."""
    test_mean_per_class: float | None = None
    """The mean over classes of the test accuracy within each class."""
    alpha: float | None = None
    """The weight of the cache."""
    beta: float | None = None
    """The sharpness of the cache."""
    chosen: dict[str, Any] = field(default_factory=dict, hash=False)
    """Further settings chosen on validation, by name."""
    classes: str | None = None
    """The name of the trained classes, such as `base`; None for all."""
    evaluation: Evaluation | None = None
    """The evaluation on other data; None for the run itself."""
    epoch: int | None = None
    """The chosen epoch, counted from 1."""
    note: str | None = None
    """`selected on test` if the epoch or a setting was chosen on test."""

    @property
    def path(self) -> str:
        """The run's folder."""
        return os.path.join(self.study, self.run)

    @property
    def features(self) -> str:
        """The name of the feature folder."""
        return self.run.partition("/")[0]

    @cached_property
    def record(self) -> dict[str, Any]:
        """The content of the run's `run.json`, read at the first use."""
        path = os.path.join(self.path, "run.json")
        try:
            with open(path, encoding="utf-8") as file:
                record = json.load(file)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or record.get("format") != "fewshot-run":
            raise ValueError(sentence(path, "another document", "the record of a run", "train it again with --replace"))
        return record

    @property
    def settings(self) -> dict[str, str]:
        """All settings that decided the run, from its folder; the method's own are called `settings.NAME`."""
        return dict(self.record["identity"]["settings"])

    @property
    def test_items(self) -> int | None:
        """The number of test items, from the run's folder; None without a test subset."""
        scores = self.record.get("scores")
        return scores["items"] if scores else None


class Results(Sequence[Result]):
    """Results in the order in which the runs were first listed."""

    def __init__(self, rows: Iterable[Result], notes: Iterable[str] = ()) -> None:
        """Takes rows, and notes of the training."""
        self._rows = tuple(rows)
        self.notes = tuple(notes)
        """What `fewshot-train` had to note, such as a setting at the end of its range."""

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> "Results": ...
    def __getitem__(self, index: int | slice) -> "Result | Results":
        """Return one result, or the results of a slice."""
        return Results(self._rows[index]) if isinstance(index, slice) else self._rows[index]

    def __len__(self) -> int:
        """Return the number of results."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Result]:
        """Iterate over the results."""
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        """Return whether both have equal rows."""
        return self._rows == other._rows if isinstance(other, Results) else NotImplemented

    def __hash__(self) -> int:
        """Return a hash of the rows."""
        return hash(self._rows)

    def __repr__(self) -> str:
        """Return the numbers of results and of methods."""
        methods = len({row.method for row in self})
        return f"<{len(self)} results of {methods} method{'s' if methods != 1 else ''}>"

    def filter(self, where: Callable[[Result], bool] | None = None, /, **values: object) -> "Results":
        """Return the results for which `where` is true and that have these values.

        A list, tuple or set stands for any of its values: `filter(method=["gda", "timo"], shots=16)`.
        """
        for name in values:
            if not hasattr(Result, name) and name not in _FIELDS:
                known = ", ".join(sorted(_FIELDS | {"features"}))
                raise TypeError(sentence("filter", f"the field {name!r}", f"one of {known}", "correct its name"))

        def has(row: Result) -> bool:
            for name, value in values.items():
                wanted = value if isinstance(value, list | tuple | set | frozenset | range) else (value,)
                if getattr(row, name) not in wanted:
                    return False
            return where is None or where(row)

        return Results(row for row in self if has(row))

    def pandas(self, *, records: bool = False) -> "pandas.DataFrame":
        """Return a data frame with a row per result; needs pandas.

        Chosen settings are columns `chosen.NAME`. With `records`, every run's folder is read too: its settings are
        columns `setting.NAME`, its number of test items is `test_items`.
        """
        try:
            import pandas
        except ModuleNotFoundError:
            raise missing_extra("pandas", "pandas", "Results.pandas()") from None
        rows = [_flat(row, records) for row in self]
        frame = pandas.DataFrame(rows, columns=None if rows else sorted(_FIELDS - {"chosen", "evaluation"}))
        # A study's folder and a digest are of use last.
        last = [name for name in ("run", "path", "identity") if name in frame]
        ordered: pandas.DataFrame = frame[[name for name in frame if name not in last] + last]
        return ordered

    def best(self) -> Result:
        """Return the best run on validation, by the rule of `fewshot-train best`.

        Of the runs with the most shots, it is the best run of the method with the highest mean accuracy on validation
        over its seeds; of equal methods, that with the fewest parameters. Methods without a few-shot sample take part,
        test accuracy does not.
        """
        best = self.best_by_features()
        if len(best) == 1:
            return next(iter(best.values()))
        if not best:
            raise ValueError(sentence("best", "no accuracy on validation", "one", "name a run, or validate the runs"))
        found, names = f"results of {len(best)} feature folders", ", ".join(best)
        remedy = "filter(features=...), or take best_by_features()"
        raise ValueError(sentence("best", found, f"those of one of {names}", remedy))

    def best_by_features(self) -> dict[str, Result]:
        """Return the best run on each feature folder, like `best()`."""
        folders: dict[str, list[Result]] = {}
        for row in self:
            # A line may be of an earlier training, whose folder was removed.
            is_there = os.path.isfile(os.path.join(row.path, "run.json"))
            if is_there and row.evaluation is None and row.val_accuracy is not None:
                folders.setdefault(row.features, []).append(row)
        return {name: _best(rows) for name, rows in folders.items()}


_FIELDS = {entry.name for entry in fields(Result)}


def _flat(row: Result, records: bool) -> dict[str, Any]:
    flat = {name: getattr(row, name) for name in _ORDER}
    flat |= {f"chosen.{name}": value for name, value in row.chosen.items()}
    if row.evaluation is not None:
        flat |= {f"evaluation.{name}": value for name, value in vars(row.evaluation).items()}
    if records:
        flat |= {"test_items": row.test_items}
        flat |= {f"setting.{name.removeprefix('settings.')}": value for name, value in row.settings.items()}
    return flat


# The columns of a data frame.
_ORDER = (
    "features dataset model method shots seed protocol classes val_accuracy test_accuracy test_top5 "
    "test_mean_per_class alpha beta epoch note run path identity"
).split()


def _best(rows: list[Result]) -> Result:
    """The best of results on one feature folder, all with an accuracy on validation."""

    def shots(row: Result) -> float:
        return math.inf if row.shots == "all" else row.shots

    # Runs with fewer shots are validated on fewer items, of which a lucky run may have all right.
    most = max(map(shots, rows))
    rows = [row for row in rows if row.shots == 0 or shots(row) == most]
    groups: dict[tuple[str, str, str | None], list[Result]] = {}
    for row in rows:
        groups.setdefault((row.method, row.protocol, row.classes), []).append(row)

    def accuracy(row: Result) -> float:
        return row.val_accuracy or 0.0

    means = {key: sum(map(accuracy, group)) / len(group) for key, group in groups.items()}
    # A sum of equal accuracies in another order may differ in the last bit. max() returns the first of equals.
    tops = [max(groups[key], key=accuracy) for key in groups if means[key] > max(means.values()) - 1e-9]
    if len(tops) == 1:
        return tops[0]
    from .adapters import load

    return min(sorted(tops, key=rows.index), key=lambda row: load(row.path).parameter_count)


def results(path: PathLike | Iterable[PathLike]) -> Results:
    """Return the results of a study's folder, of a `results.jsonl`, or of several of them.

    There is one row per run and evaluation: of a run that was trained again, the last. Only `results.jsonl` is read;
    the files of a run are read where a `Result` is asked for its `record`, `settings` or `test_items`. Times are not
    recorded: equal work gives equal files.
    """
    paths = [path] if isinstance(path, str | os.PathLike) else list(path)
    return Results(row for each in paths for row in _read(os.fspath(each)))


def _read(path: str) -> Iterable[Result]:
    file = os.path.join(path, "results.jsonl") if os.path.isdir(path) else path
    try:
        with open(file, encoding="utf-8", errors="replace") as lines:
            texts = lines.read().split("\n")
    except FileNotFoundError:
        raise FileNotFoundError(
            sentence(file, "no results", "the output folder of a study", "name the folder given with --output")
        ) from None
    rows: dict[tuple[str, Evaluation | None], Result] = {}
    for number, text in enumerate(texts, 1):
        if text.strip():
            row = parse_result(text, os.path.dirname(file), f"{file}, line {number}")
            # Assigning to a key keeps its place.
            rows[row.run, row.evaluation] = row
    return rows.values()


def parse_result(line: str | dict[str, Any], study: str, location: str) -> Result:
    """Return the result in a line of `results.jsonl`, or in the object that it holds.

    Fields of later versions are ignored. `location` names the line in error messages.
    """
    expected = "a result written by fewshot-train"
    try:
        values = line if isinstance(line, dict) else json.loads(line)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise ValueError(sentence(location, "no JSON object", expected, "correct the file"))
    known = {name: value for name, value in values.items() if name in _FIELDS and value is not None}
    evaluation = known.pop("evaluation", None)
    try:
        if evaluation is not None:
            known["evaluation"] = Evaluation(evaluation["task"], evaluation["dataset"], evaluation["classes"])
        result = Result(**known | {"study": study})
    except (TypeError, KeyError):
        raise ValueError(sentence(location, "missing fields", expected, "correct the file")) from None
    for name in _FIELDS - {"study"}:
        value = getattr(result, name)
        if not _is_valid(name, value):
            raise ValueError(sentence(location, f"{name} {value!r}", expected, "correct the file"))
    return result


def _is_valid(name: str, value: object) -> bool:
    """Whether a field has a value of its type and range."""
    if value is None:
        return name not in _REQUIRED
    return _VALID.get(name, _is_text)(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_percent(value: object) -> bool:
    return _is_number(value) and 0 <= cast(float, value) <= 100


def _is_folder(value: object) -> bool:
    """Whether a run's folder lies in the study's."""
    return isinstance(value, str) and "\0" not in value and not {"", ".", ".."} & set(value.split("/"))


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


_REQUIRED = {"method", "dataset", "shots", "seed", "protocol", "run", "identity", "chosen"}
# The checks of fields that are no texts.
_VALID: dict[str, Callable[[object], bool]] = {
    "shots": lambda value: value == "all" or _is_count(value),
    "seed": _is_count,
    "epoch": _is_count,
    "run": _is_folder,
    "val_accuracy": _is_percent,
    "test_accuracy": _is_percent,
    "test_top5": _is_percent,
    "test_mean_per_class": _is_percent,
    "alpha": _is_number,
    "beta": _is_number,
    "chosen": lambda value: isinstance(value, dict),
    "evaluation": lambda value: (
        isinstance(value, Evaluation) and _is_text(value.task) and _is_text(value.dataset) and _is_count(value.classes)
    ),
}
