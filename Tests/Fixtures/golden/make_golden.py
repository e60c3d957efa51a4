"""Writes made-up features and what every method makes of them, for the Swift tests to compare with.

    python Tests/Fixtures/golden/make_golden.py

Plain NumPy and PyTorch in float64, written from the methods' formulas. Needs numpy, scipy, scikit-learn and torch.
"""

import json
import pathlib
from typing import Any

import numpy as np
import torch

import adapters
import class_vectors as vectors
import features
import schedules
import training_free_methods as free

METHODS = {
    "zero-shot": free.zero_shot,
    "linear-probe": free.linear_probe,
    "tip-x": free.tip_x,
    "ape": free.ape,
    "gda": free.gda,
    "proker": free.proker,
    "timo": free.timo,
    "timo-s": free.timo_s,
    "task-res": vectors.task_res,
    "clap": vectors.clap,
    "zs-lp": vectors.zs_lp,
    "lp-plus-plus": vectors.lp_plus_plus,
    "ape-t": adapters.ape_t,
    "graph-adapter": vectors.graph_adapter,
    "cross-modal": vectors.cross_modal,
    "up-adapter": adapters.up_adapter,
    "clip-adapter": adapters.clip_adapter,
    "schedules": schedules.schedules,
}


def plain(value: Any) -> Any:
    """Lists and numbers for JSON, real numbers with nine significant digits."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        assert np.isfinite(value)
        return float(f"{value:.9g}")
    return int(value) if isinstance(value, np.integer) else value


def rows_on_lines(value: Any, indent: str = "") -> str:
    """JSON with one line for every list of plain values."""
    deeper = indent + " "
    if isinstance(value, dict) and value:
        inside = (f"{deeper}{json.dumps(key)}: {rows_on_lines(item, deeper)}" for key, item in value.items())
        return "{\n" + ",\n".join(inside) + "\n" + indent + "}"
    if isinstance(value, list) and any(isinstance(item, (list, dict)) for item in value):
        return "[\n" + ",\n".join(deeper + rows_on_lines(item, deeper) for item in value) + "\n" + indent + "]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(path: pathlib.Path, value: Any) -> None:
    text = rows_on_lines(plain(value)) + "\n"
    assert len(text.encode()) < 60_000, f"{path.name} is too large"
    path.write_text(text)


def main() -> None:
    torch.set_num_threads(1)
    folder = pathlib.Path(__file__).resolve().parent
    drawn = features.draw(features.SEED)
    assert all(
        np.array_equal(drawn[part], drawn[part].astype(np.float16)) for part in ("train", "val", "test", "prompts")
    )
    write(folder / "features.json", drawn)
    assert np.array_equal(np.array(json.loads((folder / "features.json").read_text())["train"]), drawn["train"])
    data = features.Features(drawn)
    for name, method in METHODS.items():
        result = method(data)
        write(folder / f"{name}.json", result)
        print(f"{name:14}", result.get("val_accuracy", ""), result.get("test_accuracy", ""))


if __name__ == "__main__":
    main()
