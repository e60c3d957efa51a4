"""The base of estimators: scikit-learn's own where it is installed, otherwise its conventions in short.

Only importing this module imports scikit-learn.
"""

import inspect
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ._errors import sentence
from ._safetensors import Array

HAS_SKLEARN = find_spec("sklearn") is not None


class PlainEstimator:
    """Parameters by name and the accuracy, as scikit-learn's classifiers have them."""

    classes_: Array
    n_features_in_: int

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's parameters by name."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def set_params(self, **parameters: Any) -> "PlainEstimator":
        """Set parameters of the constructor."""
        known = self.get_params()
        for name, value in parameters.items():
            if name not in known:
                found, expected = f"the parameter {name!r}", f"one of {', '.join(known)}"
                raise ValueError(sentence(type(self).__name__, found, expected, "correct its name"))
            setattr(self, name, value)
        return self

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the share of rows whose predicted class is that of `y`."""
        predicted: Array = self.predict(X)  # type: ignore[attr-defined]
        return float(np.mean(predicted == np.asarray(y)))

    def __repr__(self) -> str:
        """Return the call that makes an equal estimator."""
        defaults = inspect.signature(type(self)).parameters
        changed = [f"{n}={v!r}" for n, v in self.get_params().items() if v is not defaults[n].default]
        return f"{type(self).__name__}({', '.join(changed)})"


if TYPE_CHECKING or not HAS_SKLEARN:
    Estimator = PlainEstimator
else:
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Estimator(ClassifierMixin, BaseEstimator):
        """The conventions of scikit-learn's classifiers."""


def checked_rows(estimator: Estimator, X: ArrayLike) -> Array:
    """Return the rows X [N, D] of finite numbers for a prediction, which has the number of features of the fit."""
    name = type(estimator).__name__
    if HAS_SKLEARN:
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(estimator)
        rows: Array = _sklearn_validation(estimator, X, reset=False)
        return rows
    if not hasattr(estimator, "classes_"):
        raise ValueError(sentence(name, "no fitted classifier", "one", "call fit first"))
    rows = _plain_rows(X)
    if rows.shape[1] != estimator.n_features_in_:
        expected = f"{estimator.n_features_in_} as in fit"
        raise ValueError(sentence("X", f"{rows.shape[1]} features", expected, "give features of the same encoder"))
    return rows


def checked_items(estimator: Estimator, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return the rows X [N, D] of finite numbers and the labels y [N] for a fit, and record the number of features."""
    rows: Array
    labels: Array
    if HAS_SKLEARN:
        from sklearn.utils.multiclass import check_classification_targets

        rows, labels = _sklearn_validation(estimator, X, y)
        check_classification_targets(labels)
    else:
        rows, labels = _plain_rows(X), np.asarray(y)
        if labels.shape != rows.shape[:1]:
            found = f"the shape {list(labels.shape)}"
            raise ValueError(sentence("y", found, f"[{len(rows)}]", "give a label per row"))
        estimator.n_features_in_ = rows.shape[1]
    # A row of zeros has no direction.
    empty = np.flatnonzero(~rows.any(axis=1))
    if len(empty):
        raise ValueError(sentence("X", f"only zeros in row {empty[0]}", "a feature", "leave the row out"))
    return rows, labels


def _plain_rows(X: ArrayLike) -> Array:
    array: Array = np.asarray(X)
    if array.dtype.kind not in "fiub" or array.ndim != 2 or 0 in array.shape:
        raise ValueError(sentence("X", f"{array.dtype} {list(array.shape)}", "numbers [N, D]", "give features"))
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(sentence("X", "values that are not finite", "finite numbers", "leave these rows out"))
    return array


def _sklearn_validation(estimator: Any, *arguments: Any, **options: Any) -> Any:
    try:  # From scikit-learn 1.6 on.
        from sklearn.utils.validation import validate_data
    except ImportError:
        return estimator._validate_data(*arguments, **options)
    return validate_data(estimator, *arguments, **options)
