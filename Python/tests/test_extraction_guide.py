"""The examples of docs/extraction.md, with the tiny CLIP in place of a large one."""

import doctest
import os
import shutil
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
    shutil.copy(tmp_path / "photos/badges.split.json", tmp_path / "photos.split.json")
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
