"""The scikit-learn classifier against the tool, scikit-learn's own checks, and without scikit-learn."""

import contextlib
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewshot
from fewshot import FewShotClassifier
from parity_arrays import FIXTURE, rows, tool

# Conventions that the features of an encoder do not allow.
EXPECTED_FAILURES = {
    "check_estimators_dtypes": "its integers have a row of zeros, which has no direction; fit refuses it by name",
    "check_methods_subset_invariance": "float32 products of one row and of many differ in the last bits, by 1e-6",
}


@pytest.fixture(scope="module")
def text() -> Any:
    return rows("text_prompts").transpose(1, 0, 2).astype(np.float32)  # [C, P, D]


@pytest.fixture(scope="module")
def train(images: Any) -> tuple[Any, Any]:
    return images[rows("train")], rows("labels")[rows("train")]


@pytest.fixture(scope="module")
def val(images: Any) -> tuple[Any, Any]:
    return images[rows("val")], rows("labels")[rows("val")]


def direct(folder: Path, text: Any, *options: object) -> fewshot.Adapter:
    """The adapter of the tool on the same features."""
    np.save(folder / "text.npy", text)
    (folder / "classes.json").write_text(json.dumps([str(number) for number in range(7)]))
    tool(
        *("fewshot-features", "import", "npy", "--images", FIXTURE / "images.npy", "--labels", FIXTURE / "labels.npy"),
        *("--text", folder / "text.npy", "--text-layout", "classes-first", "--rows", FIXTURE, "--dtype", "float32"),
        *("--classes", folder / "classes.json", "-o", folder / "features"),
    )
    tool("fewshot-train", "--features", folder / "features", "--shots", "all", "-o", folder / "runs", *options)
    return fewshot.load(folder / "runs" / fewshot.results(folder / "runs")[0].run)


@pytest.mark.parametrize("method", ["gda", "timo", "tip-adapter-f", "linear-probe", "clip-adapter", "pseudo-tip"])
@pytest.mark.parametrize("is_validated", [False, True])
def test_the_logits_are_those_of_a_direct_run(
    method: str,
    is_validated: bool,
    train: tuple[Any, Any],
    val: tuple[Any, Any],
    text: Any,
    test_images: Any,
    tmp_path: Path,
) -> None:
    validation = val if is_validated else (None, None)
    model = FewShotClassifier(method, seed=3).fit(*train, text, *validation)
    protocol = ("--protocol", "val", "--val", "full") if is_validated else ("--protocol", "fixed")
    adapter = direct(tmp_path, text, "--method", method, "--seeds", 3, *protocol)
    assert np.array_equal(model.decision_function(test_images), adapter(test_images))
    assert model.adapter_.settings == adapter.settings
    assert [str(label) for label in model.predict(test_images)] == adapter.predict(test_images)


def test_settings_and_shots_are_options_of_the_tool(
    train: tuple[Any, Any], text: Any, test_images: Any, tmp_path: Path
) -> None:
    model = FewShotClassifier("tip-adapter", shots=4, settings={"alpha": 3, "beta": 2}).fit(*train, text)
    adapter = direct(
        tmp_path, text, "--method", "tip-adapter", "--shots", 4, "--protocol", "fixed", "--alpha", 3, "--beta", 2,
        "--seeds", 1,
    )  # fmt: skip
    assert model.adapter_.settings["alpha"] == 3 and model.adapter_.settings["beta"] == 2
    assert np.array_equal(model.decision_function(test_images), adapter(test_images))


def test_labels_of_any_sortable_type_are_classes(train: tuple[Any, Any], text: Any) -> None:
    X, y = train
    expected = FewShotClassifier().fit(X, y, text).predict_proba(X)
    names = np.array(["f g", "a", "ö", "z", '"', "b\n", ""])
    order = np.argsort(names)
    for labels, some in [
        (y - 3, text),
        (names[y], text[order]),
        (y.astype(float), text),
        (names[y].astype(object), text[order]),
    ]:
        model = FewShotClassifier().fit(X, labels, some)
        assert np.array_equal(model.classes_, np.unique(labels))
        places = np.searchsorted(model.classes_, [labels[y == number][0] for number in range(7)])
        np.testing.assert_allclose(model.predict_proba(X)[:, places], expected, atol=1e-4)
        assert set(model.predict(X)) <= set(labels.tolist())


def test_texts_by_class_are_those_in_sorted_order(train: tuple[Any, Any], text: Any) -> None:
    X, y = train
    names = np.array(["g", "f", "e", "d", "c", "b", "a"])
    by_name = {name: text[number] for number, name in enumerate(names)} | {"of no item": text[0]}
    model = FewShotClassifier().fit(X, names[y], by_name)
    expected = FewShotClassifier().fit(X, names[y], text[::-1])
    assert np.array_equal(model.decision_function(X), expected.decision_function(X))
    first = FewShotClassifier().fit(X, y, text[:, 0])
    assert np.array_equal(first.predict(X), FewShotClassifier().fit(X, y, text[:, :1]).predict(X))


def test_a_method_that_needs_texts_says_so(train: tuple[Any, Any]) -> None:
    with pytest.raises(ValueError, match=r"^method 'gda': found no text features, expected some; give fit\(X, y, text"):
        FewShotClassifier().fit(*train)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"text": np.ones((6, 32))}, r"text: found the shape \[6, 32\], expected \[7, 32\] or \[7, P, 32\]"),
        ({"text": {0: np.ones(32)}}, "text: found no text of class 1"),
        ({"text": {**{c: np.ones(32) for c in range(6)}, 6: np.ones((2, 32))}}, "expected one shape"),
        ({"text": np.zeros((7, 32))}, "^text: found only zeros"),
        ({"text": np.full((7, 32), np.nan)}, "^text: found a value that is infinite or not a number"),
        ({"X_val": np.zeros((2, 32)), "y_val": [0, 1]}, "^X: found only zeros"),
        ({"X_val": np.ones((2, 32))}, "X_val and y_val: found the shapes"),
        ({"X_val": np.ones((2, 31)), "y_val": [0, 1]}, "X_val and y_val: found the shapes"),
        ({"X_val": np.ones((2, 32)), "y_val": [0, 7]}, "y_val: found the class .*7"),
    ],
)
def test_other_shapes_are_refused_with_a_sentence(arguments: Any, sentence: str, train: tuple[Any, Any]) -> None:
    with pytest.raises(ValueError, match=sentence):
        FewShotClassifier("linear-probe").fit(*train, **arguments)


def test_errors_of_settings_are_the_sentences_of_the_tool(train: tuple[Any, Any], text: Any) -> None:
    with pytest.raises(fewshot.ToolError, match="--method: found 'gdx', expected one of zero-shot, "):
        FewShotClassifier("gdx").fit(*train, text)
    with pytest.raises(ValueError, match="expected one method, shots and seed"):
        FewShotClassifier("gda,timo").fit(*train, text)
    with pytest.raises(fewshot.ToolError, match=r"^train\.h5: found 7 of 7 classes with fewer than 99 items"):
        FewShotClassifier(shots=99).fit(*train, text)


def test_a_fitted_classifier_pickles_by_the_bytes_of_its_adapter(train: tuple[Any, Any], text: Any) -> None:
    model = FewShotClassifier().fit(*train, text)
    content = pickle.dumps(model)
    assert model.adapter_.to_bytes() in content
    assert np.array_equal(pickle.loads(content).decision_function(train[0]), model.decision_function(train[0]))


def test_no_temporary_folder_is_left(train: tuple[Any, Any], text: Any) -> None:
    for method in ("gda", "gdx"):
        with contextlib.suppress(fewshot.ToolError):
            FewShotClassifier(method).fit(*train, text)
    folders = [folder for folder in ("/dev/shm", "/tmp") if os.path.isdir(folder)]
    own = [name for folder in folders for name in os.listdir(folder) if name.startswith(f"fewshot-{os.getpid()}-")]
    assert own == []


@pytest.mark.parametrize("method", ["linear-probe", "tip-adapter"])
def test_it_passes_the_checks_of_scikit_learn(method: str) -> None:
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    checks.check_estimator(
        FewShotClassifier(method), expected_failed_checks=EXPECTED_FAILURES, on_skip=None, on_fail="raise"
    )


def test_it_works_in_searches_and_pipelines(train: tuple[Any, Any], text: Any) -> None:
    sklearn = pytest.importorskip("sklearn")
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    X, y = train
    grid = GridSearchCV(FewShotClassifier("linear-probe"), {"settings": [{"C": 0.01}, {"C": 10}]}, cv=3).fit(X, y)
    assert grid.best_estimator_.score(X, y) > 0.9
    pipeline = make_pipeline(FunctionTransformer(), FewShotClassifier())
    assert pipeline.fit(X, y, fewshotclassifier__text=text).score(X, y) > 0.9
    with sklearn.config_context(enable_metadata_routing=True):
        # scikit-learn adds the method.
        model = FewShotClassifier().set_fit_request(text=True)  # type: ignore[attr-defined]
        routed = GridSearchCV(model, {"method": ["gda", "timo"]}, cv=3).fit(X, y, text=text)
        assert routed.best_score_ > 0.9


def test_it_works_without_scikit_learn(train: tuple[Any, Any], tmp_path: Path) -> None:
    np.savez(tmp_path / "train.npz", X=train[0], y=train[1])
    code = f"""
import importlib.util, sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "sklearn":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
original = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "sklearn" else original(name, *rest)
import fewshot, numpy as np
data = np.load({str(tmp_path / "train.npz")!r})
model = fewshot.FewShotClassifier("linear-probe")
for wrong in (lambda: model.predict(data["X"]), lambda: model.fit(data["X"] * np.nan, data["y"]),
              lambda: model.fit(data["X"], data["y"][1:]), lambda: model.set_params(methods="gda"),
              lambda: model.fit(data["X"], data["y"]).predict(data["X"][:, 1:])):
    try: wrong()
    except ValueError as error: print(error)
print(model.set_params(seed=2).fit(data["X"], data["y"]).score(data["X"], data["y"]) > 0.9, model)
assert "sklearn" not in sys.modules
"""
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.splitlines() == [
        "FewShotClassifier: found no fitted classifier, expected one; call fit first.",
        "X: found values that are not finite, expected finite numbers; leave these rows out.",
        "y: found the shape [111], expected [112]; give a label per row.",
        "FewShotClassifier: found the parameter 'methods', expected one of method, shots, protocol, settings, seed, "
        "threads; correct its name.",
        "X: found 31 features, expected 32 as in fit; give features of the same encoder.",
        "True FewShotClassifier(method='linear-probe', seed=2)",
    ]
