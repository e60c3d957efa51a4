"""Feature folders that the tools make for the tests."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from trained_runs import features, images, study, test_images  # noqa: F401 (fixtures)

ROOT = Path(__file__).resolve().parents[2]
# The tools of the checkout, unless others are named.
os.environ.setdefault("FEWSHOT_TOOLS", str(ROOT / ".build/release"))

Run = Callable[..., str]


def run_features(*arguments: object) -> str:
    """Runs `fewshot-features` and returns its output."""
    tool = Path(os.environ["FEWSHOT_TOOLS"], "fewshot-features")
    return subprocess.run(
        [tool, *map(str, arguments)], check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True
    ).stdout


def sample_arrays(count: int = 40, views: int = 3, width: int = 8, classes: int = 4) -> dict[str, NDArray[Any]]:
    """Features, labels and names that are the same in every run."""
    generator = np.random.default_rng(1)
    return {
        "features": generator.normal(size=(count, views, width)).astype(np.float32),
        "labels": np.arange(count) % classes,
        "text": generator.normal(size=(classes, 5, width)).astype(np.float32),
    }


CLASSES = ["Käfer", "甲虫", "beetle", "жук"]
IDS = [f"images/{CLASSES[index % 4]}/{index:03}.jpg" for index in range(40)]
PROMPTS = ["a photo of a {}.", "ein Foto: {}.", "{}!", "a {}", "one {}"]


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one feature folder per form: mapped, half (float16), compressed, and large with several chunks."""
    folder = tmp_path_factory.mktemp("samples")
    arrays = sample_arrays()
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    generator = np.random.default_rng(2)
    np.save(folder / "wide.npy", generator.normal(size=(500, 2, 900)).astype(np.float32))
    np.save(folder / "wide_labels.npy", np.arange(500) % 4)
    for name, value in {"classes": CLASSES, "ids": IDS, "prompts": PROMPTS}.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
    common = ["--labels", folder / "labels.npy", "--classes", folder / "classes.json", "--ids", folder / "ids.json"]
    for name, dtype in (("mapped", "float32"), ("half", "float16")):
        run_features(
            *("import", "npy", "--images", folder / "features.npy", *common, "--part", "train", "--dtype", dtype),
            *("--text", folder / "text.npy", "--prompts", folder / "prompts.json", "--template-count", 2),
            *("--model", "sample", "--dataset", "sample", "-o", folder / name),
        )
    run_features(
        *("import", "npy", "--images", folder / "wide.npy", "--labels", folder / "wide_labels.npy"),
        *("--classes", folder / "classes.json", "--part", "test", "-o", folder / "wide"),
    )
    for name, packed in (("mapped", "compressed"), ("half", "compressed_half"), ("wide", "compressed_wide")):
        run_features("pack", folder / name, "-o", folder / packed, "--threads", 2)
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with features of drawn images: `few` with few-shot samples, and `virtual` over the outputs of shards."""
    folder = tmp_path_factory.mktemp("built")
    split = Path(os.environ["FEWSHOT_TOOLS"], "fewshot-split")
    subprocess.run(
        [split, "draw", "badges", "--style", "crayon", "-o", folder / "badges"],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    source = [
        *("--split", folder / "badges/badges.split.json", "--root", folder / "badges"),
        *("--model", ROOT / "Demo/tiny-clip", "--prompts", ROOT / "Demo/templates.txt", "--precision", "f32"),
    ]
    run_features("build", *source, "--shots", 2, "--views", 2, "--threads", 2, "-o", folder / "few")
    run_features("plan", *source, "--views", 1, "--shards", 3, "-o", folder / "virtual")
    run_features("worker", folder / "virtual", "--shard", "0-2", "--threads", 2)
    run_features("merge", folder / "virtual", "--virtual", "--threads", 2)
    return folder
