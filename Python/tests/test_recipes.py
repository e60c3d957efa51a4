"""The code of docs/python.md, run from top to bottom."""

import re
from pathlib import Path

import pytest

import fewshot
from parity_arrays import ROOT, rows


def test_the_recipes_run_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for package in ("torch", "pandas", "sklearn"):
        pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    images, labels = rows("images").astype("float32"), rows("labels")
    train, val, test = ((images[rows(name)], labels[rows(name)]) for name in ("train", "val", "test"))
    names = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu"]
    text = rows("text_prompts").transpose(1, 0, 2).astype("float32")
    fewshot.save("features/photos", train=train, val=val, test=test, classes=names, text=text)

    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(), re.S)
    # A few methods give the same columns as all of them.
    some = blocks[0].replace("seeds=[1, 2, 3]", "seeds=[1, 2], methods='zero-shot,tip-adapter,gda'")
    assert len(blocks) == 6 and some != blocks[0]
    scope: dict[str, object] = {}
    for block in [some, *blocks[1:]]:
        exec(compile(block, "docs/python.md", "exec"), scope)
    printed = capsys.readouterr().out
    # zero-shot's row in the first table, and the accuracy of the last block.
    assert re.search(r"^zero-shot +97\.9", printed, re.M)
    assert 0.9 < float(printed.splitlines()[-1]) <= 1
