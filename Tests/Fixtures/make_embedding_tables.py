#!/usr/bin/env python3
"""Writes embeddings in Parquet tables and the output of clip-retrieval: Tests/Fixtures/feature-arrays/tables.

18 images as in make_feature_arrays.py: value c of row i is ((37 i + 11 c) mod 61 - 30) / 16, its class i mod 3.

Needs pyarrow: python3 Tests/Fixtures/make_embedding_tables.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet

FOLDER = Path(__file__).parent / "feature-arrays" / "tables"
ROWS, WIDTH = 18, 8
CLASSES = ["apple", "black_cat", "car"]
VALUES = numpy.array([[((37 * i + 11 * c) % 61 - 30) / 16 for c in range(WIDTH)] for i in range(ROWS)])
LABELS = [i % 3 for i in range(ROWS)]


def table(embedding: pyarrow.Array, **columns: pyarrow.Array) -> pyarrow.Table:
    paths = [f"images/{i}.jpg" for i in range(ROWS)]
    return pyarrow.table({"path": paths, "label": LABELS, "embedding": embedding} | columns)


def lists(kind: pyarrow.DataType, values: numpy.ndarray = VALUES) -> pyarrow.Array:
    return pyarrow.array([list(row.astype(kind.to_pandas_dtype())) for row in values], type=pyarrow.list_(kind))


def write(name: str, content: pyarrow.Table, **options: object) -> None:
    pyarrow.parquet.write_table(content, FOLDER / f"{name}.parquet", **options)


FOLDER.mkdir(parents=True, exist_ok=True)
write("single", table(lists(pyarrow.float32())))
write("double", table(lists(pyarrow.float64())), compression="zstd", data_page_version="2.0")
write("half", table(lists(pyarrow.float16())), compression="none")
write("groups", table(lists(pyarrow.float32())), row_group_size=5, use_dictionary=False, data_page_size=64)
fixed = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(VALUES.ravel(), type=pyarrow.float32()), WIDTH)
write("fixed", table(fixed), data_page_version="2.0", data_page_size=64, compression="gzip")
write("uneven", table(pyarrow.array([list(map(float, range(8 - (i == 11)))) for i in range(ROWS)])))
write("absent", table(pyarrow.array([None if i == 4 else [1.0] * WIDTH for i in range(ROWS)])))
write("hole", table(pyarrow.array([[1.0, None if i == 4 else 2.0] for i in range(ROWS)])))
hugging = {"info": {"features": {"label": {"names": CLASSES, "_type": "ClassLabel"}}}}
named = table(lists(pyarrow.float32())).replace_schema_metadata({"huggingface": json.dumps(hugging)})
write("class-labels", named)

pieces = FOLDER / "clip-retrieval"
for folder in ("img_emb", "metadata"):
    (pieces / folder).mkdir(parents=True, exist_ok=True)
for number, rows in enumerate([range(7), range(7, 16), range(16, ROWS)]):
    numpy.save(pieces / "img_emb" / f"img_emb_{number:02}.npy", VALUES[rows.start : rows.stop].astype("float16"))
    paths = [f"/data/photos/{CLASSES[LABELS[i]]}/{i}.jpg" for i in rows]
    metadata = pyarrow.table({"image_path": paths, "caption": ["" for _ in rows]})
    pyarrow.parquet.write_table(metadata, pieces / "metadata" / f"metadata_{number:02}.parquet")
