"""The arrays that runs are trained on, and the tools that train them."""

import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "Tests/Fixtures/parity/synthetic-16shot"
# The tools of the checkout, unless others are named.
os.environ.setdefault("FEWSHOT_TOOLS", str(ROOT / ".build/release"))


def tool(name: str, *arguments: object) -> str:
    """Runs a tool, and returns its output."""
    command = [os.path.join(os.environ["FEWSHOT_TOOLS"], name), *map(str, arguments)]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def rows(name: str) -> Any:
    return np.load(FIXTURE / f"{name}.npy")
