"""Results of studies against the tool and pandas."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fewshot
from parity_arrays import tool


def written(folder: Path, *lines: dict[str, Any] | str) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "results.jsonl").write_text("".join(text + "\n" for text in texts))
    return folder


def line(**fields: Any) -> dict[str, Any]:
    base = {
        "method": "gda", "dataset": "d", "shots": 4, "seed": 1, "protocol": "val", "run": "d/gda.4shot.s1.val",
        "identity": "0" * 64, "val_accuracy": 90.0,
    }  # fmt: skip
    return base | fields


def test_rows_are_the_lines_of_the_file(study: str) -> None:
    lines = [json.loads(text) for text in Path(study, "results.jsonl").read_text().splitlines()]
    results = fewshot.results(study)
    assert len(results) == len(lines) == 21
    for row, expected in zip(results, lines, strict=True):
        for name, value in expected.items():
            assert getattr(row, name) == value
        assert Path(row.path, "adapter.safetensors").exists()
    assert results == fewshot.results(Path(study, "results.jsonl"))
    assert results[1:3] == fewshot.results([study])[1:3]


def test_a_run_that_was_trained_again_has_its_last_line(tmp_path: Path) -> None:
    shift = {"task": "shift", "dataset": "other", "classes": 3}
    first, other = line(val_accuracy=1.0), line(run="d/timo.4shot.s1.val", method="timo")
    written(tmp_path, first, other, line(evaluation=shift), "", line(val_accuracy=2.0))
    results = fewshot.results(tmp_path)
    assert [row.val_accuracy for row in results] == [2.0, 90.0, 90.0]
    assert [row.evaluation is None for row in results] == [True, True, False]
    assert results[2].evaluation is not None and vars(results[2].evaluation) == shift


def test_the_tool_replaces_a_line_and_so_do_results(features: str, tmp_path: Path) -> None:
    common = ("--features", features, "--method", "gda", "--shots", 2, "--seeds", 1, "-o", tmp_path / "runs")
    tool("fewshot-train", *common)
    before = fewshot.results(tmp_path / "runs")
    tool("fewshot-train", *common, "--protocol", "val", "--val", "full", "--replace")
    after = fewshot.results(tmp_path / "runs")
    assert len(before) == len(after) == 1 and before[0].identity != after[0].identity
    assert after[0].settings["validation"] == "whole"


def test_settings_and_numbers_of_items_are_in_the_record(study: str) -> None:
    row = fewshot.results(study).filter(method="gda")[0]
    assert row.settings["shots"] == "4" and row.settings["settings.alpha"] == "0.1"
    assert row.test_items == 140
    assert row.record["result"]["run"] == row.run


def test_results_are_filtered_by_values_lists_and_functions(study: str) -> None:
    results = fewshot.results(study)
    assert {row.method for row in results.filter(method=["gda", "timo"], shots=4)} == {"gda", "timo"}
    assert len(results.filter(features="synthetic")) == 21 and not results.filter(shots=16)
    above = results.filter(lambda row: (row.test_accuracy or 0) > 97, protocol="val")
    assert above == fewshot.studies.Results(row for row in results if (row.test_accuracy or 0) > 97)
    with pytest.raises(TypeError, match=r"'shot', expected one of .*shots"):
        results.filter(shot=4)


def test_the_best_run_is_that_of_the_tool(study: str, features: str, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    methods = "zero-shot,tip-adapter,gda,proker,linear-probe"
    tool("fewshot-train", "--features", features, "--methods", methods, "--shots", "1,2", "--seeds", "1-3", "-o", out)
    for folder in (study, str(out)):
        expected = json.loads(tool("fewshot-train", "best", folder, "--json"))
        best = fewshot.results(folder).best_by_features()
        assert {name: row.path for name, row in best.items()} == {each["features"]: each["path"] for each in expected}
        assert fewshot.results(folder).best().run == expected[0]["result"]["run"]
        assert fewshot.load(folder).source.startswith(expected[0]["path"])


def test_the_best_of_two_folders_must_be_asked_for(tmp_path: Path) -> None:
    written(tmp_path, line(), line(run="e/gda.4shot.s1.val"), line(run="f/gda.4shot.s1.val"))
    for name in "de":
        folder = tmp_path / name / "gda.4shot.s1.val"
        folder.mkdir(parents=True)
        (folder / "run.json").touch()
    results = fewshot.results(tmp_path)
    with pytest.raises(ValueError, match="results of 2 feature folders, expected those of one of d, e"):
        results.best()
    assert results.filter(features="e").best().features == "e"
    with pytest.raises(ValueError, match="no accuracy on validation"):
        results.filter(features="f").best()


def test_a_data_frame_has_a_row_per_result(study: str) -> None:
    pandas = pytest.importorskip("pandas")
    results = fewshot.results(study)
    frame = results.pandas()
    expected = pandas.read_json(Path(study, "results.jsonl"), lines=True)
    for name in ("method", "shots", "seed", "protocol", "run", "test_accuracy", "val_accuracy", "alpha", "epoch"):
        pandas.testing.assert_series_equal(frame[name], expected[name], check_dtype=False)
    gda = frame[frame.method == "gda"].iloc[0]
    assert gda["chosen.alpha"] == results.filter(method="gda")[0].chosen["alpha"]
    records = results.pandas(records=True)
    assert set(records["test_items"]) == {140} and set(records["setting.protocol"]) == {"val"}
    assert "method" in results.filter(method="none").pandas()


def test_results_of_a_thousand_runs_open_no_run(tmp_path: Path) -> None:
    written(tmp_path, *(line(run=f"d/gda.4shot.s{seed}.val", seed=seed) for seed in range(1000)))
    # No folder exists.
    assert [row.seed for row in fewshot.results(tmp_path)] == list(range(1000))


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "1", "null", "[" * 100_000, json.dumps({"method": "gda"}), json.dumps(line(shots=-1)),
        json.dumps(line(shots=1.5)), json.dumps(line(shots=True)), json.dumps(line(seed="1")),
        json.dumps(line(val_accuracy=101)), json.dumps(line(test_accuracy=float("nan"))),
        json.dumps(line(run="../elsewhere")), json.dumps(line(run="/etc")), json.dumps(line(run="a//b")),
        json.dumps(line(run="a\0b")), json.dumps(line(method=["gda"])), json.dumps(line(evaluation=[])),
        json.dumps(line(evaluation={"task": [], "dataset": "d", "classes": 1})), json.dumps(line(chosen=1)),
        json.dumps(line(epoch="1")), json.dumps(line(alpha=True)),
    ],
    ids=range(22),
)  # fmt: skip
def test_a_line_that_is_no_result_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    written(tmp_path, line(), text)
    with pytest.raises(ValueError, match=r"results.jsonl, line 2: found .*, expected a result .*\.$"):
        fewshot.results(tmp_path)


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="found no results, expected the output folder of a study"):
        fewshot.results(tmp_path)


def test_pandas_is_asked_for_by_its_extra(study: str) -> None:
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        "import fewshot\n"
        f"try: fewshot.results({study!r}).pandas()\n"
        "except ImportError as error: print(error)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pip install 'fewshot[pandas]'" in output
