"""Runs of every method, trained once for all tests."""

import json
import os
from typing import Any

import numpy as np
import pytest

from parity_arrays import FIXTURE, rows, tool

# Small products are slower on several threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def images() -> Any:
    return rows("images").astype(np.float32)


@pytest.fixture(scope="session")
def test_images(images: Any) -> Any:
    return images[rows("test")]


@pytest.fixture(scope="session")
def features(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A feature folder whose class names need care in JSON."""
    folder = tmp_path_factory.mktemp("features")
    names = ['a "quote"', "back\\slash", "und/oder", "Käfer 甲虫", "emoji 🙂", "a\u2028b\u007fc", "tab\tand line"]
    (folder / "classes.json").write_text(json.dumps(names))
    tool(
        *("fewshot-features", "import", "npy", "--images", FIXTURE / "images.npy", "--labels", FIXTURE / "labels.npy"),
        *("--text", FIXTURE / "text_prompts.npy", "--template-count", 7, "--rows", FIXTURE, "--model", "synthetic"),
        *("--classes", folder / "classes.json", "--dtype", "float32", "-o", folder / "synthetic"),
    )
    return str(folder / "synthetic")


@pytest.fixture(scope="session")
def study(features: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A study of every method with 4 shots."""
    out = tmp_path_factory.mktemp("study") / "runs"
    tool("fewshot-train", "--features", features, "--shots", 4, "--seeds", 1, "--threads", 2, "-o", out)
    return str(out)
