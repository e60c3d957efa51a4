"""Pictures from records of scenes, through draw.c, which is compiled when it has changed."""

import ctypes
import hashlib
import os
import pathlib
import subprocess
from collections.abc import Sequence

import numpy as np

SIDE, CELLS = 48, 96
HEAD, FIGURE, MOST_FIGURES = 20, 22, 4
STRIDE = HEAD + FIGURE * MOST_FIGURES


def _library() -> ctypes.CDLL:
    here = pathlib.Path(__file__).resolve().parent
    source = b"".join((here / name).read_bytes() for name in ("draw.c", "tables.h"))
    built = here / ".build" / f"draw-{hashlib.sha256(source).hexdigest()[:16]}.so"
    if not built.exists():
        built.parent.mkdir(exist_ok=True)
        partial = built.with_suffix(f".{os.getpid()}.partial")
        flags = ["-O3", "-shared", "-fPIC"]
        subprocess.run([os.environ.get("CC", "cc"), *flags, str(here / "draw.c"), "-o", str(partial)], check=True)
        partial.rename(built)
    return ctypes.CDLL(str(built))


_draw = _library()


def _pointer(array: np.ndarray) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def draw(records: Sequence[Sequence[int]]) -> np.ndarray:
    """Pictures [N, 48, 48, 3] of records [N, STRIDE]."""
    numbers = np.ascontiguousarray(records, np.int32)
    pictures = np.empty((len(numbers), SIDE, SIDE, 3), np.uint8)
    _draw.draw_all(_pointer(numbers), len(numbers), STRIDE, _pointer(pictures))
    return pictures


def stages(record: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The canvas, the picture before the camera and the picture of one record."""
    numbers = np.ascontiguousarray(record, np.int32)
    canvas = np.empty((CELLS, CELLS, 3), np.int32)
    plain = np.empty((SIDE, SIDE, 3), np.int32)
    picture = np.empty((SIDE, SIDE, 3), np.uint8)
    _draw.draw(_pointer(numbers), _pointer(canvas), _pointer(plain), _pointer(picture))
    return canvas, plain, picture
