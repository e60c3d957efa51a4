"""Draws 2,000 scenes with Demo's Python and C and writes digests of every stage, which the Swift drawing must meet.

    python Tests/Fixtures/make_drawing_values.py

Needs numpy, Pillow and a C compiler. Pillow reads each PNG file that is put together here, to equal pixels.
"""

import hashlib
import io
import json
import pathlib
import struct
import sys
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image

fixtures = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(fixtures.parent.parent / "Demo"))

import tasks  # noqa: E402
from captions import caption  # noqa: E402
from drawing import stages  # noqa: E402
from scene import Scene, training_scene  # noqa: E402
from streams import Stream  # noqa: E402

SEED = 2024


def png(pixels: np.ndarray) -> bytes:
    """A PNG file with one stored block, its sums from zlib."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    assert len(rows) <= 0xFFFF
    block = b"\x78\x01\x01" + struct.pack("<HH", len(rows), 0xFFFF - len(rows)) + rows
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", block + struct.pack(">I", zlib.adler32(rows))),
        (b"IEND", b""),
    ]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    assert (np.array(Image.open(io.BytesIO(file))) == pixels).all()
    return file


def digests(scenes: Iterable[Scene]) -> dict[str, str]:
    names = ["record", "canvas", "view", "picture", "png"]
    hashes = {name: hashlib.sha256() for name in names}
    for scene in scenes:
        record = np.array(scene.record(), "<i4")
        canvas, view, picture = stages(record)
        parts = [record, canvas.astype("<i4"), view.astype("<i4"), picture]
        for name, data in zip(names, [*(part.tobytes() for part in parts), png(picture)], strict=True):
            hashes[name].update(data)
    return {name: hash.hexdigest() for name, hash in hashes.items()}


def task_scenes(task: str, style: str, count: int) -> list[Scene]:
    return [
        tasks.scene(task, label, number, SEED, style)
        for label in range(len(tasks.class_names(task)))
        for number in range(count)
    ]


def words(seed: int, index: int, purpose: int, visit: int) -> dict[str, Any]:
    stream = Stream(seed, index, purpose, visit)
    return {
        "seed": str(seed),
        "index": str(index),
        "purpose": purpose,
        "visit": str(visit),
        "words": [stream.word() for _ in range(4)],
    }


training = [training_scene(SEED, index) for index in range(632)]
groups = [{"count": 632, **digests(scene.scene for scene in training)}]
for task, count in ("badges", 5), ("toys", 4):
    for style in tasks.STYLES:
        groups.append({"task": task, "style": style, "count": count, **digests(task_scenes(task, style, count))})
values = {
    "seed": SEED,
    "streams": [words(*of) for of in [(0, 0, 0, 0), (1, 5, 1, 3), (2**64 - 1, 2**63 + 1, 2, 2**40), (7, 2**41, 2, 0)]],
    "record": training[0].scene.record(),
    "captions": [caption(training[index], SEED, index, visit) for index in range(60) for visit in (0, 7)],
    "classes": {task: tasks.class_names(task) for task in tasks.TASKS},
    "groups": groups,
}
text = json.dumps(values, indent=1)
(fixtures / "drawing" / "values.json").write_text(text + "\n")
