"""The examples of docs/extraction.md, with the tiny CLIP in place of a large one."""

import doctest
import json
import os
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT


def test_the_examples_of_the_guide_to_extraction_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("torch", "PIL", "safetensors"):
        pytest.importorskip(package)
    from tiny_clip import model_and_tokenizer

    tool = Path(os.environ["FEWSHOT_TOOLS"], "fewshot-split")
    subprocess.run([tool, "draw", "badges", "-o", tmp_path / "photos"], check=True, capture_output=True)
    split = json.loads((tmp_path / "photos/badges.split.json").read_text("utf-8"))
    for name, step in (("train", 4), ("val", 2), ("test", 10)):
        split[name] = split[name][::step]
    (tmp_path / "photos.split.json").write_text(json.dumps(split), "utf-8")
    monkeypatch.chdir(tmp_path)
    model, tokenizer = model_and_tokenizer()
    results = doctest.testfile(
        str(ROOT / "docs/extraction.md"),
        module_relative=False,
        globs={"model": model, "tokenizer": tokenizer, "device": "cpu"},
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert results.attempted >= 6
    assert results.failed == 0
