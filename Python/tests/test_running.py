"""Studies that are run from Python."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

import fewshot
from fewshot.running import option_arguments
from parity_arrays import tool


def test_results_are_those_of_the_tool(features: str, tmp_path: Path) -> None:
    found = fewshot.run(
        features, methods=["gda", "timo"], shots=[1, 2], seeds=range(1, 3), out=tmp_path / "a", threads=2
    )
    arguments = ("--methods", "gda,timo", "--shots", "1,2", "--seeds", "1-2", "-o", tmp_path / "b")
    tool("fewshot-train", "--features", features, *arguments)
    expected = fewshot.results(tmp_path / "b")
    assert [replace(row, study="") for row in found] == [replace(row, study="") for row in expected]
    assert found.filter(method="gda").best().study == str(tmp_path / "a")
    # Only the runs that were asked for.
    again = fewshot.run(features, methods="gda", shots=1, seeds=1, out=tmp_path / "a")
    assert [row.run for row in again] == ["synthetic/gda.1shot.s1.val"]


def test_options_have_the_names_of_the_tool() -> None:
    class Folder:
        path = Path("b")

    given = {
        "features": ["a", Folder()], "val_from_train": True, "resume": False, "alpha": None, "beta": -1.5,
        "search_scale": (7, 3), "set": {"gda.alpha": 0.5, "ape.w_training": [1, 2]}, "evaluate": "new",
    }  # fmt: skip
    assert list(option_arguments(given)) == [
        "--features=a", "--features=b", "--val-from-train", "--beta=-1.5", "--search-scale=7,3",
        "--set=gda.alpha=0.5", "--set=ape.w_training=1,2", "--evaluate=new",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        ({"methods": "gdx"}, 64, "--method: found 'gdx', expected one of zero-shot, "),
        ({"bogus": 3}, 64, "Unknown option '--bogus'; see 'fewshot-train run --help'."),
        ({"bogus": True}, 64, "Unknown option '--bogus'; see 'fewshot-train run --help'."),
        ({"protocol": "x"}, 64, "The value 'x' is invalid for '--protocol <protocol>'."),
        ({"set": {"gda.foo": 1}, "methods": "gda"}, 78, "gda.foo: found a setting that none of gda has"),
        ({"methods": "gda", "shots": 99}, 65, "expected 99 items per class"),
    ],
)
def test_errors_are_the_sentences_of_the_tool(
    options: dict[str, object], status: int, sentence: str, features: str, tmp_path: Path
) -> None:
    with pytest.raises(fewshot.ToolError) as error:
        fewshot.run(features, out=tmp_path, **options)  # type: ignore[arg-type]
    assert sentence in str(error.value) and error.value.status == status


@pytest.mark.parametrize("name", ["json", "help", "version", "output", "method"])
def test_options_of_other_purpose_are_refused(name: str, features: str, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=f"found the option '{name}'"):
        fewshot.run(features, out=tmp_path, **{name: True})  # type: ignore[arg-type]


def test_a_failed_run_is_an_error_and_the_others_are_finished(features: str, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    fewshot.run(features, methods="gda", shots=1, seeds=1, out=out)
    with pytest.raises(fewshot.ToolError, match="found a run whose validation is few-shot, expected whole"):
        fewshot.run(features, methods=["gda", "timo"], shots=1, seeds=1, out=out, val="full")
    assert {row.method for row in fewshot.results(out)} >= {"timo"}


def test_the_progress_bar_counts_runs(features: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fewshot.run(features, methods=["gda", "timo"], shots=1, seeds=1, out=tmp_path / "a", progress=True)
    shown = capsys.readouterr().err
    assert "1/2 runs" in shown and "2/2 runs" in shown
    # The last state is removed.
    assert not shown.split("\r")[-1].strip()
    fewshot.run(features, methods="gda", shots=1, seeds=2, out=tmp_path / "a")
    assert capsys.readouterr().err == ""


def test_an_interruption_stops_the_tool_and_the_same_call_continues(features: str, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    options = f"methods='cluster-adapter', shots=16, seeds='1-40', epochs=500, threads=1, out={str(out)!r}"
    code = textwrap.dedent(
        f"""
        import fewshot
        try:
            fewshot.run({features!r}, {options})
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        while not list(out.glob("*/*/run.json")):
            assert process.poll() is None, "the tool ended before it was interrupted"
            time.sleep(0.01)
        # Ctrl-C in a terminal reaches the whole process group.
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate()
    finally:
        process.kill()
    assert output == "interrupted\n"
    assert not _is_running(str(out))
    assert len(list(out.glob("*/*/run.json"))) < 40
    # What is finished is reused.
    run = next(out.glob("*/*/run.json"))
    before = run.stat().st_mtime_ns
    assert len(fewshot.run(features, methods="cluster-adapter", shots=16, seeds="1-2", epochs=500, out=out)) == 2
    assert run.stat().st_mtime_ns == before


def _is_running(argument: str) -> bool:
    """Whether a process has an argument that contains the text; the tool's end was waited for."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "fewshot-train" in command and argument in command:
            return True
    return False
